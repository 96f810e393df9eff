import { symmetricEigen } from '../kernels/symmetric-eigen.js';
import type { SmoothProblem } from './problem.js';
import { largestAbsolute } from './vectors.js';

/** What the exact gradient and the Hessian say of a point that claims to be a minimum [OPT-3]. */
export interface OptimumCertificate {
  readonly value: number;
  readonly gradient: Float64Array;
  /** Largest absolute component of the gradient. */
  readonly gradientMax: number;
  readonly hessian: Float64Array; // n x n, column-major
  readonly eigenvalues: Float64Array; // of the Hessian, ascending
  /** g' H^+ g / 2: what a Newton step would still gain. NaN where the Hessian could not be had. */
  readonly decrement: number;
  /** Direction along which the curvature is clearly negative, as a change of x; null at a minimum. */
  readonly negativeCurvature: Float64Array | null;
  /** Directions in which the objective is flat to the accuracy of the Hessian. */
  readonly flat: number;
  readonly evaluations: number;
}

export interface CertifyOptions {
  /** Typical size of a change of each coordinate, for the steps of the differences. Default: max(|x|, 1). */
  readonly scale?: Float64Array;
  /** Relative error of a gradient component; sets the step of the differences. Default 1e-14. */
  readonly gradientNoise?: number;
  /** 'forward' halves the cost (n gradients) for about half the digits. Default central. */
  readonly differences?: 'central' | 'forward';
  /** Whether to take the problem's own Hessian where it has one. Default true. */
  readonly exactHessian?: boolean;
  /** What is known already at x saves one evaluation. */
  readonly known?: { readonly value: number; readonly gradient: Float64Array };
}

/** Relative to the scaled Hessian's largest eigenvalue: below the first no curvature is seen, the second is clearly negative. */
const flatBelow = 1e-9;
const negativeBelow = -1e-6;

/**
 * Looks at a point with its exact gradient and a Hessian (the problem's own, or differences of the exact gradient).
 * @param x  length problem.dimension; not changed
 */
export function certify(problem: SmoothProblem, x: Float64Array, options: CertifyOptions = {}): OptimumCertificate {
  const n = problem.dimension;
  const gradient = new Float64Array(n);
  let evaluations = 0;
  let value: number;
  if (options.known) {
    value = options.known.value;
    gradient.set(options.known.gradient);
  } else {
    value = problem.evaluate(x, gradient);
    evaluations = 1;
  }
  let hessian = new Float64Array(n * n);
  if (problem.hessian && options.exactHessian !== false) problem.hessian(x, hessian);
  else {
    const found = differenceHessian(problem, x, gradient, options);
    hessian = found.hessian;
    evaluations += found.evaluations;
  }
  return judge(value, gradient, hessian, evaluations);
}

/** The certificate for a gradient and a Hessian that are at hand; of nothing to search for, that there is nothing to gain. */
export function judge(
  value: number,
  gradient: Float64Array,
  hessian: Float64Array,
  evaluations: number,
): OptimumCertificate {
  const n = gradient.length;
  const gradientMax = largestAbsolute(gradient);
  const common = { value, gradient, gradientMax, hessian, evaluations };
  if (!hessian.every(Number.isFinite) || !Number.isFinite(gradientMax))
    return {
      ...common,
      eigenvalues: new Float64Array(n).fill(Number.NaN),
      decrement: Number.NaN,
      negativeCurvature: null,
      flat: 0,
    };
  if (n === 0) return { ...common, eigenvalues: new Float64Array(0), decrement: 0, negativeCurvature: null, flat: 0 };
  const d = unitDiagonalScale(hessian, n);
  const { values, vectors } = symmetricEigen(
    hessian.map((v, k) => v * d[k % n] * d[Math.floor(k / n)]),
    n,
  );
  const largest = Math.max(Math.abs(values[0]), Math.abs(values[n - 1]));
  let decrement = 0;
  let flat = 0;
  for (let k = 0; k < n; k++) {
    let c = 0;
    for (let i = 0; i < n; i++) c += vectors[i + k * n] * d[i] * gradient[i];
    if (Math.abs(values[k]) < flatBelow * largest) flat++;
    const curvature = Math.max(Math.abs(values[k]), flatBelow * largest);
    if (c !== 0) decrement += (c * c) / (2 * curvature);
  }
  const negative = values[0] < negativeBelow * largest;
  return {
    ...common,
    eigenvalues: symmetricEigen(hessian, n).values,
    decrement,
    negativeCurvature: negative ? Float64Array.from(d, (v, i) => v * vectors[i]) : null,
    flat,
  };
}

/** Coordinates may have any units (a slope, a log sd): with d_i d_j H_ij of unit diagonal, eigenvalues can be compared. */
function unitDiagonalScale(hessian: Float64Array, n: number): Float64Array {
  let most = 0;
  for (let i = 0; i < n; i++) most = Math.max(most, Math.abs(hessian[i + i * n]));
  if (most === 0) return new Float64Array(n).fill(1);
  return Float64Array.from(
    { length: n },
    (_, i) => 1 / Math.sqrt(Math.max(Math.abs(hessian[i + i * n]), 1e-12 * most)),
  );
}

/** Symmetrised differences of the exact gradient; one-sided where a neighbour lies outside the domain, NaN where both do. */
export function differenceHessian(
  problem: SmoothProblem,
  x: Float64Array,
  gradient: Float64Array,
  options: Pick<CertifyOptions, 'scale' | 'gradientNoise' | 'differences'> = {},
): { hessian: Float64Array<ArrayBuffer>; evaluations: number } {
  const n = problem.dimension;
  const noise = options.gradientNoise ?? 1e-14;
  const central = options.differences !== 'forward';
  // the step that balances rounding against the next term of the Taylor series
  const relative = central ? Math.cbrt(noise) : Math.sqrt(noise);
  const hessian = new Float64Array(n * n);
  const at = Float64Array.from(x);
  const above = new Float64Array(n);
  const below = new Float64Array(n);
  let evaluations = 0;
  const sample = (j: number, h: number, into: Float64Array): number => {
    at[j] = x[j] + h;
    const step = at[j] - x[j]; // what the addition really did
    const value = problem.evaluate(at, into);
    evaluations++;
    at[j] = x[j];
    return Number.isFinite(value) && into.every(Number.isFinite) ? step : Number.NaN;
  };
  for (let j = 0; j < n; j++) {
    const h = relative * (options.scale?.[j] ?? Math.max(Math.abs(x[j]), 1));
    let up = sample(j, h, above);
    let down = central || Number.isNaN(up) ? sample(j, -h, below) : Number.NaN;
    if (Number.isNaN(up)) {
      above.set(gradient);
      up = 0;
    }
    if (Number.isNaN(down)) {
      below.set(gradient);
      down = 0;
    }
    // both outside the domain: 0 / 0, so that the certificate fails
    for (let i = 0; i < n; i++) {
      const slope = (above[i] - below[i]) / (up - down);
      hessian[i + j * n] += slope / 2;
      hessian[j + i * n] += slope / 2;
    }
  }
  return { hessian, evaluations };
}
