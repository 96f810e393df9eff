import { symmetricEigen } from '../kernels/symmetric-eigen.js';
import { shiftedCholesky, solveLowerInPlace, solveLowerTransposedInPlace } from './cholesky-solve.js';
import { norm } from './vectors.js';

export interface TrustRegionStep {
  readonly step: Float64Array;
  /** Decrease of the quadratic model, -(g's + s'Bs/2) >= 0. */
  readonly predicted: number;
  /** True for the Newton step itself: B is positive definite and its minimum lies inside the radius. */
  readonly interior: boolean;
}

/**
 * Minimises g's + s'Bs/2 over |s| <= radius (Moré and Sorensen 1983) [OPT-1]: by Cholesky factors while B is positive
 * definite, by eigenvectors where it is not, so that negative curvature is followed to the boundary, in the "hard case" too.
 * @param B  n x n, column-major, symmetric, finite
 */
export function trustRegionStep(B: Float64Array, g: Float64Array, radius: number): TrustRegionStep {
  const n = g.length;
  const L = new Float64Array(n * n);
  const step = shiftedCholesky(B, n, 0, L) ? definiteStep(B, L, g, radius) : null;
  return step ?? indefiniteStep(B, g, radius);
}

/** Null where the shifts do not settle, so that the eigenvectors decide. */
function definiteStep(B: Float64Array, L: Float64Array, g: Float64Array, radius: number): TrustRegionStep | null {
  const n = g.length;
  const s = new Float64Array(n);
  const w = new Float64Array(n);
  let shift = 0;
  for (let pass = 0; pass < 30; pass++) {
    if (pass > 0 && !shiftedCholesky(B, n, shift, L)) return null;
    for (let i = 0; i < n; i++) s[i] = -g[i];
    solveLowerInPlace(L, n, s);
    solveLowerTransposedInPlace(L, n, s);
    const length = norm(s);
    if (!Number.isFinite(length)) return null;
    if (pass === 0 && length <= radius) return { step: s, predicted: modelDecrease(B, g, s), interior: true };
    if (Math.abs(length - radius) <= 1e-8 * radius)
      return { step: s, predicted: modelDecrease(B, g, s), interior: false };
    w.set(s);
    solveLowerInPlace(L, n, w);
    // Newton's method on 1/radius - 1/|s(shift)|, which is almost linear in the shift
    const next = shift + ((length / norm(w)) ** 2 * (length - radius)) / radius;
    shift = next > 0 ? next : shift / 2;
  }
  return null;
}

function indefiniteStep(B: Float64Array, g: Float64Array, radius: number): TrustRegionStep {
  const n = g.length;
  const { values, vectors } = symmetricEigen(B, n);
  const c = new Float64Array(n); // g in the eigenvectors' coordinates
  for (let k = 0; k < n; k++) {
    let t = 0;
    for (let i = 0; i < n; i++) t += vectors[i + k * n] * g[i];
    c[k] = t;
  }
  const gNorm = norm(g);
  const spread = Math.max(Math.abs(values[0]), Math.abs(values[n - 1]), Number.MIN_VALUE);
  let low = Math.max(0, -values[0]);
  let high = low + gNorm / radius + 1e-12 * spread;
  const lengthAt = (shift: number): number => {
    let t = 0;
    for (let k = 0; k < n; k++) t += (c[k] / (values[k] + shift)) ** 2;
    return Math.sqrt(t);
  };
  const s = new Float64Array(n);
  const barely = low + 1e-14 * spread;
  if (!(lengthAt(barely) > radius)) {
    // the hard case: the gradient has no part along the lowest eigenvector, which fills what is left of the radius
    let rest = radius * radius;
    for (let k = 0; k < n; k++) {
      const bottom = values[k] + low;
      const z = bottom > 1e-12 * spread ? -c[k] / bottom : 0;
      rest -= z * z;
      for (let i = 0; i < n; i++) s[i] += z * vectors[i + k * n];
    }
    const fill = (c[0] > 0 ? -1 : 1) * Math.sqrt(Math.max(rest, 0));
    if (values[0] < 0) for (let i = 0; i < n; i++) s[i] += fill * vectors[i];
    return { step: s, predicted: modelDecrease(B, g, s), interior: false };
  }
  let shift = barely;
  for (let pass = 0; pass < 100; pass++) {
    const length = lengthAt(shift);
    if (Math.abs(length - radius) <= 1e-10 * radius) break;
    if (length > radius) low = shift;
    else high = shift;
    let slope = 0;
    for (let k = 0; k < n; k++) slope += c[k] ** 2 / (values[k] + shift) ** 3;
    const next = shift + ((length * length) / slope) * ((length - radius) / radius);
    shift = next > low && next < high ? next : (low + high) / 2;
  }
  for (let k = 0; k < n; k++) {
    const z = -c[k] / (values[k] + shift);
    for (let i = 0; i < n; i++) s[i] += z * vectors[i + k * n];
  }
  return { step: s, predicted: modelDecrease(B, g, s), interior: false };
}

function modelDecrease(B: Float64Array, g: Float64Array, s: Float64Array): number {
  const n = g.length;
  let total = 0;
  for (let j = 0; j < n; j++) {
    let t = 0;
    for (let i = 0; i < n; i++) t += B[i + j * n] * s[i];
    total += s[j] * (g[j] + t / 2);
  }
  return -total;
}
