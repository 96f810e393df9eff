import { symmetricEigen } from '../kernels/symmetric-eigen.js';

/** Step along an axis of the estimates' covariance, in standard deviations: the modes are smooth on that scale. */
const step = 1e-3;

/**
 * Variance of the conditional modes that comes from the parameters being estimates: the diagonal of J V J', with
 * J = d b~ / d parameters by central differences along the axes of V [MODE-1].
 * @param V        n x n, covariance of the estimated parameters
 * @param modesAt  modes with this vector (n) added to the estimates; it may overwrite the result it gave before
 * @returns        one variance per mode; zeros where V or a mode is not finite, as at the edge of the parameters
 */
export function modeVariance(
  V: Float64Array,
  n: number,
  modesAt: (offset: Float64Array) => Float64Array,
): Float64Array {
  const offset = new Float64Array(n);
  const total = new Float64Array(modesAt(offset).length);
  if (n === 0 || !V.every(Number.isFinite)) return total;
  const { values, vectors } = symmetricEigen(V, n);
  for (let k = 0; k < n; k++) {
    if (!(values[k] > 0)) continue;
    const h = step * Math.sqrt(values[k]);
    for (let r = 0; r < n; r++) offset[r] = h * vectors[r + k * n];
    const ahead = modesAt(offset).slice();
    for (let r = 0; r < n; r++) offset[r] = -offset[r];
    const behind = modesAt(offset);
    for (let i = 0; i < total.length; i++) {
      const slope = (ahead[i] - behind[i]) / (2 * step);
      if (Number.isFinite(slope)) total[i] += slope * slope;
    }
  }
  return total;
}
