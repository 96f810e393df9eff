import { InternalError } from '../../../diagnostics/internal-error.js';

/** How a free angle t makes the correlation phi of one unit of distance, and the root of 1 - phi^(2g) without a kink. */
export interface SerialDecay {
  phi(t: number): number;
  slope(t: number): number; // dphi/dt
  /** side(t) sqrt(ratio(t, g)) is a root of 1 - phi^(2g), of either sign; its derivative is sideSlope / sqrt(ratio). */
  side(t: number): number;
  ratio(t: number, gap: number): number;
  sideSlope(t: number, gap: number): number;
}

/**
 * Factor of sd^2 phi^|p_r - p_c| for ascending positions p [LMM-4]:
 *   Lambda_rc = sd phi^(p_r - p_c) q_c,   q_0 = 1,   q_c = root of 1 - phi^(2 (p_c - p_(c-1))).
 */
export function serialFactorInto(
  decay: SerialDecay,
  lambda: Float64Array,
  start: number,
  size: number,
  sd: number,
  t: number,
  positions: Float64Array | null,
): void {
  if (positions === null) throw new InternalError('a serial covariance needs positions');
  const phi = decay.phi(t);
  for (let c = 0; c < size; c++) {
    const column = start + c * size;
    const q = c === 0 ? sd : sd * decay.side(t) * Math.sqrt(decay.ratio(t, positions[c] - positions[c - 1]));
    for (let r = 0; r < c; r++) lambda[column + r] = 0;
    for (let r = c; r < size; r++) lambda[column + r] = q * phi ** (positions[r] - positions[c]);
  }
}

/** Adds the derivatives of [LMM-4] by sd and t, weighted with G, to gradient[at] and gradient[at + 1]. */
export function serialGradientInto(
  decay: SerialDecay,
  gradient: Float64Array,
  at: number,
  G: Float64Array,
  start: number,
  size: number,
  sd: number,
  t: number,
  positions: Float64Array | null,
): void {
  if (positions === null) throw new InternalError('a serial covariance needs positions');
  const phi = decay.phi(t);
  const slope = decay.slope(t);
  let bySd = 0;
  let byAngle = 0;
  for (let c = 0; c < size; c++) {
    const column = start + c * size;
    let q = 1;
    let dq = 0;
    if (c > 0) {
      const gap = positions[c] - positions[c - 1];
      const root = Math.sqrt(decay.ratio(t, gap));
      q = decay.side(t) * root;
      dq = decay.sideSlope(t, gap) / root;
    }
    for (let r = c; r < size; r++) {
      const distance = positions[r] - positions[c];
      const power = phi ** distance;
      const g = G[column + r];
      bySd += g * power * q;
      byAngle += g * (power * dq + (distance > 0 ? distance * phi ** (distance - 1) * slope * q : 0));
    }
  }
  gradient[at] += bySd;
  gradient[at + 1] += sd * byAngle;
}
