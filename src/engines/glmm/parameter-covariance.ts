import { symmetricEigen } from '../../kernels/symmetric-eigen.js';
import { untransformBeta } from '../lmm/column-transform.js';
import type { GlmmModel } from './glmm-model.js';
import type { Preconditioner } from './optimize-glmm.js';
import type { ParameterSpace } from './parameters.js';

/** Below this fraction of the largest, an eigenvalue of the Hessian says nothing of a standard error. */
const flatBelow = 1e-9;

/**
 * Covariance of the estimates in transformed coordinates: twice the inverse of the deviance's Hessian, turned back from the
 * optimizer's coordinates x = start + T z [GLMM-10]. n x n over the free parameters; directions without curvature get the
 * largest variance that can be told from none.
 */
export function freeCovariance(hessian: Float64Array, { T }: Preconditioner, n: number): Float64Array {
  const V = new Float64Array(n * n);
  if (n === 0 || !hessian.every(Number.isFinite)) return V.fill(Number.NaN);
  const { values, vectors } = symmetricEigen(hessian, n);
  const largest = Math.max(0, ...values);
  const x = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const variance = 2 / Math.max(values[k], flatBelow * largest);
    x.fill(0);
    for (let c = 0; c < n; c++) for (let r = 0; r < n; r++) x[r] += T[r + c * n] * vectors[c + k * n];
    for (let c = 0; c < n; c++)
      for (let r = 0; r < n; r++) {
        const t = x[r] * x[c];
        if (t !== 0) V[r + c * n] += t * variance;
      }
  }
  return V;
}

/** Covariance of the coefficients in the design's own columns, P x P; those that are held have zeros. */
export function coefficientCovariance(model: GlmmModel, space: ParameterSpace, V: Float64Array): Float64Array {
  const { free } = space;
  const n = free.length;
  const P = model.coefficients;
  const offset = model.layout.thetas;
  const all = new Float64Array(P * P);
  free.forEach((i, r) => {
    free.forEach((j, c) => {
      if (i >= offset && i < offset + P && j >= offset && j < offset + P)
        all[i - offset + (j - offset) * P] = V[r + c * n];
    });
  });
  // M V M', one side at a time
  for (let side = 0; side < 2; side++) {
    const column = new Float64Array(P);
    for (let c = 0; c < P; c++) {
      for (let r = 0; r < P; r++) column[r] = all[r + c * P];
      for (const { fixed } of model.predictors) {
        if (fixed.kind !== 'columns' || fixed.transform === null) continue;
        const own = Float64Array.from(fixed.columns, (k) => column[k]);
        untransformBeta(fixed.transform, own);
        fixed.columns.forEach((k, j) => {
          column[k] = own[j];
        });
      }
      for (let r = 0; r < P; r++) all[r + c * P] = column[r];
    }
    transpose(all, P);
  }
  return all;
}

function transpose(a: Float64Array, n: number): void {
  for (let c = 0; c < n; c++)
    for (let r = 0; r < c; r++) {
      const t = a[r + c * n];
      a[r + c * n] = a[c + r * n];
      a[c + r * n] = t;
    }
}
