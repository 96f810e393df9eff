import { type FixedTransform, untransformCovariance } from './column-transform.js';
import { invert, multiply, traceOf } from './dense-products.js';

/** What the adjustment is made from; C and all P x P matrices in one unit of variance [LMM-14]. */
export interface KenwardRogerParts {
  readonly P: number;
  readonly C: Float64Array; // (X'V^-1 X)^-1
  readonly first: readonly Float64Array[]; // X'V^-1 V_i V^-1 X
  readonly second: readonly Float64Array[]; // X'V^-1 V_i V^-1 V_j V^-1 X, j outer, i >= j
  /** X'V^-1 V_ij V^-1 X as `second`, V_ij second derivatives; null where V is linear in its parameters. */
  readonly curvature: readonly Float64Array[] | null;
}

/**
 * Covariance of the variance parameters from their expected REML information; null where that is singular.
 * @param traces  tr V^-1 V_i V^-1 V_j, r x r
 */
export function expectedCovariance(
  { P, C, first, second }: KenwardRogerParts,
  traces: Float64Array,
): Float64Array | null {
  const r = first.length;
  const PC = first.map((p) => multiply(p, C, P, P, P));
  const information = traces.slice();
  for (let j = 0, at = 0; j < r; j++)
    for (let i = j; i < r; i++, at++) {
      const trace = traceOf(PC[i], PC[j], P) - 2 * traceOf(second[at], C, P);
      information[i + j * r] += trace;
      if (i !== j) information[j + i * r] += trace;
    }
  return invert(information, r)?.map((v) => 2 * v) ?? null;
}

/**
 * Adjusted covariance and degrees of freedom of each coefficient.
 * @param W  covariance of the variance parameters, r x r
 */
export function adjust(
  { P, C, first, second, curvature }: KenwardRogerParts,
  W: Float64Array,
  transform: FixedTransform,
): { covariance: Float64Array; df: Float64Array } {
  const r = first.length;
  const PC = first.map((p) => multiply(p, C, P, P, P));
  const U = new Float64Array(P * P);
  for (let j = 0, at = 0; j < r; j++)
    for (let i = j; i < r; i++, at++) {
      const weight = W[i + j * r];
      const PCP = multiply(PC[i], first[j], P, P, P);
      // Q_ij - P_i C P_j - R_ij / 4
      const term = second[at].map((v, k) => v - PCP[k] - (curvature === null ? 0 : curvature[at][k] / 4));
      for (let c = 0; c < P; c++)
        for (let k = 0; k < P; k++)
          U[k + c * P] += weight * (i === j ? term[k + c * P] : term[k + c * P] + term[c + k * P]);
    }
  const CUC = multiply(multiply(C, U, P, P, P), C, P, P, P);
  const covariance = untransformCovariance(
    transform,
    C.map((v, k) => v + 2 * CUC[k]),
  );

  // one coefficient: 2 v^2 / sum W_ij v_i v_j with v = l'Cl, v_i = l'C P_i C l
  const parts = PC.map((pc) => untransformCovariance(transform, multiply(C, pc, P, P, P)));
  const base = untransformCovariance(transform, C);
  const df = new Float64Array(P);
  for (let c = 0; c < P; c++) {
    let spread = 0;
    for (let j = 0; j < r; j++)
      for (let i = 0; i < r; i++) spread += W[i + j * r] * parts[i][c + c * P] * parts[j][c + c * P];
    df[c] = (2 * base[c + c * P] ** 2) / spread;
  }
  return { covariance, df };
}
