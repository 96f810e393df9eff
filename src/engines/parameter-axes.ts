import { squareRootOf } from '../kernels/square-root.js';

/** Step along an axis, in standard deviations: estimates are smooth on that scale. */
const step = 1e-3;

/**
 * What one standard deviation along each principal axis of the estimates' covariance adds to quantities that depend on the
 * parameters, by central differences [PRED-1].
 * @param V    n x n, covariance of the estimated parameters
 * @param at   the quantities with this vector (n) added to the estimates; a new array each time
 * @returns    quantities x n, row-major; an axis along which something is not finite, as at the edge of the parameters, is zero
 */
export function parameterAxes(V: Float64Array, n: number, at: (offset: Float64Array) => Float64Array): Float64Array {
  const offset = new Float64Array(n);
  const count = at(offset).length;
  const axes = new Float64Array(count * n);
  const S = squareRootOf(V, n);
  if (!S.every(Number.isFinite)) return axes;
  for (let k = 0; k < n; k++) {
    for (let r = 0; r < n; r++) offset[r] = step * S[r + k * n];
    const ahead = at(offset);
    for (let r = 0; r < n; r++) offset[r] = -offset[r];
    const behind = at(offset);
    const slopes = ahead.map((v, i) => (v - behind[i]) / (2 * step));
    if (slopes.every(Number.isFinite)) for (let i = 0; i < count; i++) axes[i * n + k] = slopes[i];
  }
  return axes;
}
