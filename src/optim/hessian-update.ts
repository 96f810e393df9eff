import { dot, norm } from './vectors.js';

/**
 * Corrects an approximate Hessian by one observed pair: step s, change of gradient y [OPT-2].
 * Symmetric rank one where its denominator is safe (it learns curvature of either sign, from rejected steps too),
 * BFGS where it is not and the pair shows positive curvature; else the pair is skipped.
 * @param B  n x n, column-major, symmetric; overwritten
 * @returns  whether B changed
 */
export function updateHessian(B: Float64Array, s: Float64Array, y: Float64Array): boolean {
  const n = s.length;
  const Bs = new Float64Array(n);
  for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) Bs[i] += B[i + j * n] * s[j];
  const r = Float64Array.from(y, (v, i) => v - Bs[i]);
  const rNorm = norm(r);
  // the pair tells nothing new: what is left is rounding in the gradients
  if (!(rNorm > 1e-10 * (norm(y) + norm(Bs)))) return false;
  const rs = dot(r, s);
  if (Math.abs(rs) > 1e-6 * rNorm * norm(s)) {
    for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) B[i + j * n] += (r[i] * r[j]) / rs;
    return true;
  }
  const sy = dot(s, y);
  const sBs = dot(s, Bs);
  if (!(sy > 1e-10 * norm(s) * norm(y)) || !(sBs > 0)) return false;
  for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) B[i + j * n] += (y[i] * y[j]) / sy - (Bs[i] * Bs[j]) / sBs;
  return true;
}
