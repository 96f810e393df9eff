import type { SmoothProblem } from '../../optim/problem.js';
import type { ConstrainedProblem, ProfiledParameter } from './profile-problem.js';

/** A function of the coordinates that one of them can be solved for. */
export interface Quantity {
  readonly axis: number;
  readonly lower: number;
  readonly upper: number;
  readonly typical: number;
  value(x: Float64Array): number;
  /** Overwritten with the derivatives by all coordinates; a multiple will do, with that of `axis` its own. */
  gradientInto(x: Float64Array, into: Float64Array): void;
  /** The coordinate `axis` for which the value is c, given the others in x. NaN: there is none. */
  solve(x: Float64Array, c: number): number;
  display(c: number): number;
}

/** The deviance in certain coordinates, with its optimum. Its Hessian is made when it is first asked for, and then kept. */
export interface Base {
  readonly problem: SmoothProblem;
  readonly optimum: Float64Array;
  /** Groups of coordinates whose sign turned round is another place to search from. */
  readonly mirrors: readonly (readonly number[])[];
  /** Points where effects that are zero in x, or correlations that are one, are not. */
  awayFromZero(x: Float64Array): readonly Float64Array[];
  hessian(): Float64Array;
}

/**
 * Holds a quantity by solving for one coordinate, x_a = S(z, c) [PROF-2]: with f the deviance and g the quantity,
 *   dP/dz_j = f_j - f_a g_j / g_a,   dP/dc = f_a / g_a.
 */
export function eliminate(base: Base, quantity: Quantity, parameter: ProfiledParameter): ConstrainedProblem {
  const { problem, optimum } = base;
  const { axis } = quantity;
  const n = problem.dimension;
  const x = new Float64Array(n);
  const gradient = new Float64Array(n);
  const byX = new Float64Array(n);
  let slope = Number.NaN;
  const others = Int32Array.from({ length: n }, (_, i) => i).filter((i) => i !== axis);
  const ratio = (j: number): number => byX[j] / byX[axis];
  return {
    parameter,
    dimension: n - 1,
    start: Float64Array.from(others, (i) => optimum[i]),
    estimate: quantity.value(optimum),
    lower: quantity.lower,
    upper: quantity.upper,
    typical: quantity.typical,
    display: quantity.display,
    evaluate(c, z, into) {
      others.forEach((i, k) => {
        x[i] = z[k];
      });
      x[axis] = quantity.solve(x, c);
      if (!Number.isFinite(x[axis])) return Number.POSITIVE_INFINITY;
      const value = problem.evaluate(x, into === null ? null : gradient);
      if (into === null) return value;
      quantity.gradientInto(x, byX);
      slope = gradient[axis] / byX[axis];
      others.forEach((i, k) => {
        into[k] = gradient[i] - gradient[axis] * ratio(i);
      });
      return value;
    },
    slope: () => slope,
    alternatives(z, c) {
      const turned = base.mirrors.map((mirror) => z.map((v, k) => (mirror.includes(others[k]) ? -v : v)));
      others.forEach((i, k) => {
        x[i] = z[k];
      });
      x[axis] = quantity.solve(x, c);
      const away = base.awayFromZero(x).map((point) => Float64Array.from(others, (i) => point[i]));
      return [...turned, ...away].filter((other) => other.some((v, k) => Math.abs(v - z[k]) > 1e-3));
    },
    curvature() {
      // the gradient vanishes at the optimum, so the curvature of the constraint does not enter: J'HJ
      const H = base.hessian();
      quantity.gradientInto(optimum, byX);
      const m = n - 1;
      const zz = new Float64Array(m * m);
      const zc = new Float64Array(m);
      const haa = H[axis + axis * n];
      for (let c = 0; c < m; c++) {
        const j = others[c];
        const gj = ratio(j);
        for (let r = 0; r < m; r++) {
          const i = others[r];
          const gi = ratio(i);
          zz[r + c * m] = H[i + j * n] - gi * H[axis + j * n] - gj * H[i + axis * n] + gi * gj * haa;
        }
        zc[c] = (H[j + axis * n] - gj * haa) / byX[axis];
      }
      return { zz, zc, cc: haa / byX[axis] ** 2 };
    },
  };
}
