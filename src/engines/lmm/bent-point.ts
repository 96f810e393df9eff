import { shiftedCholesky, solveLowerInPlace, solveLowerTransposedInPlace } from '../../optim/cholesky-solve.js';

/**
 * A point in w = (1 + m theta^2)^(-1/3), in which the deviance of a variance component is nearly quadratic (it is that of a
 * chi-square variable with mean 1 + m theta^2; Wilson and Hilferty 1931). Other parameters keep their own coordinates.
 */
export interface BentPoint {
  readonly theta: Float64Array;
  readonly w: Float64Array;
  readonly first: Float64Array; // dw / dtheta
  readonly second: Float64Array; // d^2 w / dtheta^2
  readonly gradient: Float64Array; // by w
  readonly hessian: Float64Array; // by w, column-major
}

/** Leaves the Hessian to be set. */
export function bend(information: Float64Array, theta: Float64Array, gradient: Float64Array): BentPoint {
  const n = theta.length;
  const w = theta.slice();
  const first = new Float64Array(n).fill(1);
  const second = new Float64Array(n);
  for (let p = 0; p < n; p++) {
    const m = information[p];
    if (m === 0) continue;
    const x = 1 + m * theta[p] ** 2;
    w[p] = x ** (-1 / 3);
    first[p] = (-2 / 3) * m * theta[p] * x ** (-4 / 3);
    second[p] = (-2 / 3) * m * x ** (-4 / 3) + (16 / 9) * (m * theta[p]) ** 2 * x ** (-7 / 3);
  }
  return { theta, w, first, second, gradient: gradient.map((v, p) => v / first[p]), hessian: new Float64Array(n * n) };
}

/** @param byTheta  the Hessian by theta */
export function setHessian({ first, second, gradient, hessian }: BentPoint, byTheta: Float64Array): void {
  const n = first.length;
  hessian.set(byTheta);
  for (let p = 0; p < n; p++) hessian[p * (n + 1)] -= gradient[p] * second[p];
  for (let k = 0; k < hessian.length; k++) hessian[k] /= first[k % n] * first[Math.floor(k / n)];
}

/** The Hessian by theta. */
export function unbend({ first, second, gradient, hessian }: BentPoint): Float64Array {
  const n = first.length;
  const H = hessian.map((h, k) => h * first[k % n] * first[Math.floor(k / n)]);
  for (let p = 0; p < n; p++) H[p * (n + 1)] += gradient[p] * second[p];
  return H;
}

/**
 * The gradients at both ends of a step tell what the Hessians there should have been on average: a symmetric correction of rank one.
 * @param times  2: the Hessian before is exact, so all that is missing on average is missing here
 */
export function learn(here: BentPoint, before: BentPoint, times: 1 | 2): void {
  const n = here.w.length;
  const step = here.w.map((v, p) => v - before.w[p]);
  const missing = new Float64Array(n);
  let along = 0;
  let size = 0;
  let length = 0;
  for (let r = 0; r < n; r++) {
    let predicted = 0;
    for (let c = 0; c < n; c++) predicted += ((here.hessian[r + c * n] + before.hessian[r + c * n]) / 2) * step[c];
    missing[r] = here.gradient[r] - before.gradient[r] - predicted;
    along += missing[r] * step[r];
    size += missing[r] ** 2;
    length += step[r] ** 2;
  }
  if (!(Math.abs(along) > 1e-3 * Math.sqrt(size * length))) return;
  for (let c = 0; c < n; c++)
    for (let r = 0; r < n; r++) here.hessian[r + c * n] += (times * missing[r] * missing[c]) / along;
}

/** @returns null where the Hessian is not positive definite */
export function newtonStep(
  information: Float64Array,
  { theta, w, gradient, hessian }: BentPoint,
): { readonly next: Float64Array; readonly cut: boolean } | null {
  const n = theta.length;
  const L = new Float64Array(n * n);
  if (!shiftedCholesky(hessian, n, 0, L)) return null;
  const step = gradient.slice();
  solveLowerInPlace(L, n, step);
  solveLowerTransposedInPlace(L, n, step);
  const next = new Float64Array(n);
  let cut = false;
  for (let p = 0; p < n; p++) {
    const m = information[p];
    const to = w[p] - step[p];
    if (m !== 0 && !(to > 0 && to < 1)) cut = true;
    if (m === 0) next[p] = to;
    // where the step leads to no theta it goes a part of the way; a variance of zero is found by the ordinary search
    else if (!(to < 1)) next[p] = theta[p] / 3;
    else if (!(to > 0)) next[p] = theta[p] * 3;
    else next[p] = Math.sign(theta[p]) * Math.sqrt((to ** -3 - 1) / m);
  }
  return { next, cut };
}
