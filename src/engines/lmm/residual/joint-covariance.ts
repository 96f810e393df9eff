import { solveLowerInPlace, solveLowerTransposedInPlace } from '../../../optim/cholesky-solve.js';
import { untransformCovariance } from '../column-transform.js';
import { residualColumns } from '../deviance-gradient.js';
import type { LmmWork } from '../lmm-work.js';
import { outerGradient } from '../satterthwaite.js';
import { rawResiduals } from './raw-residuals.js';
import { addQuadraticGradient } from './residual-gradient.js';

/**
 * What the uncertainty of the variance parameters adds to the covariance of beta [LMM-RES-9]: J cov(theta) J' with
 *   J_p = dbeta/dtheta_p = -C X'V^-1 V_p V^-1 (y - X beta),   C = (X'V^-1 X)^-1,
 * which makes it that of the joint Hessian of all parameters. sigma does not move beta.
 * @param covariance  of (theta, log sigma), as `varianceCovariance` gives it
 * @returns           P x P, in the columns' own units
 */
export function spreadByVariances(work: LmmWork, covariance: Float64Array): Float64Array {
  const { P, q, RX, residual, parameters: n, scratch, products } = work;
  const { columns } = q > 0 ? residualColumns(work, true) : { columns: 1 };
  const E = scratch.product;
  const D = scratch.columns;
  const effects = { values: scratch.scaled, stride: columns };
  const e = Float64Array.from({ length: q }, (_, i) => E[i * columns]);
  const u = Float64Array.from({ length: q }, (_, i) => D[i * columns]);
  const errors =
    residual === null
      ? null
      : rawResiduals(work, residual, 1, work.beta, { ...effects, combination: Float64Array.of(1) });
  const J = new Float64Array(P * n); // row-major
  for (let j = 0; j < P; j++) {
    const z = new Float64Array(P); // RX'^-1 times the unit vector
    z[j] = 1;
    solveLowerInPlace(RX, P, z);
    const own = new Float64Array(q);
    const back = new Float64Array(q);
    for (let i = 0; i < q; i++)
      for (let k = 0; k < P; k++) {
        own[i] += E[i * columns + 1 + k] * z[k];
        back[i] += D[i * columns + 1 + k] * z[k];
      }
    const slopes = new Float64Array(n);
    outerGradient(work, own, u, -1, slopes);
    outerGradient(work, e, back, -1, slopes);
    if (residual !== null && errors !== null) {
      const a = z.slice();
      solveLowerTransposedInPlace(RX, P, a);
      const combination = new Float64Array(1 + P);
      for (let k = 0; k < P; k++) combination[1 + k] = -z[k];
      const f = rawResiduals(work, residual, 0, a, { ...effects, combination });
      // f here is -(X a - Z b); f'R^-1 e is a quarter of (f + e)'R^-1 (f + e) - (f - e)'R^-1 (f - e)
      const sum = f.map((v, i) => errors[i] - v);
      const difference = f.map((v, i) => errors[i] + v);
      addQuadraticGradient(residual, work.theta, sum, slopes, 1 / 4);
      addQuadraticGradient(residual, work.theta, difference, slopes, -1 / 4);
    }
    J.set(slopes, j * n);
  }
  const { length } = products.response;
  const added = new Float64Array(P * P);
  for (let c = 0; c < P; c++)
    for (let p = 0; p < n; p++) {
      let t = 0;
      for (let r = 0; r < n; r++) t += covariance[p + r * (n + 1)] * J[c * n + r];
      for (let r = 0; r < P; r++) added[r + c * P] += length * length * J[r * n + p] * t;
    }
  return untransformCovariance(products.transform, added);
}
