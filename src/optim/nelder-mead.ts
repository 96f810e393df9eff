import { InternalError } from '../diagnostics/internal-error.js';

/** The state of a simplex search; as plain as its arrays. */
export interface SimplexState {
  readonly iteration: number;
  readonly evaluations: number;
  /** dimension + 1 corners, best first. */
  readonly corners: readonly Float64Array[];
  readonly values: readonly number[];
  readonly status: 'running' | 'converged' | 'limit';
  /** Times the search began again with a fresh simplex at its best corner. */
  readonly restarts: number;
  readonly lastBest: number; // best value at the last restart
}

export interface NelderMeadOptions {
  /** Stop when the corners' values differ by less than this, in units of the objective. Default 1e-10. */
  readonly tolerance?: number;
  readonly maxEvaluations?: number; // default 2000 (dimension + 1)
  /** Length of the first simplex's edges, per coordinate. Default 0.1 max(|x|, 1). */
  readonly edges?: Float64Array;
}

/**
 * Minimises a function without a gradient by the simplex of Nelder and Mead with the dimension-dependent coefficients
 * of Gao and Han (2012) [OPT-4]. It begins again at its best corner until a fresh simplex brings nothing more, because
 * a simplex can collapse away from a minimum. Values that are not finite count as +Infinity.
 */
export function* nelderMead(
  objective: (x: Float64Array) => number,
  start: Float64Array | SimplexState,
  options: NelderMeadOptions = {},
): Generator<SimplexState, SimplexState> {
  const evaluate = (x: Float64Array): number => {
    const value = objective(x);
    return Number.isFinite(value) ? value : Number.POSITIVE_INFINITY;
  };
  const tolerance = options.tolerance ?? 1e-10;
  let state = start instanceof Float64Array ? fresh(evaluate, start, options, 0, 0, Number.POSITIVE_INFINITY) : start;
  if (start instanceof Float64Array) yield state;
  const n = state.corners.length - 1;
  const maxEvaluations = options.maxEvaluations ?? 2000 * (n + 1);
  while (state.status === 'running') {
    const [best] = state.values;
    if (state.evaluations >= maxEvaluations) state = { ...state, status: 'limit' };
    else if (!(state.values[n] - best > tolerance)) {
      const settled = !(state.lastBest - best > tolerance) || n === 0;
      state = settled
        ? { ...state, status: 'converged' }
        : fresh(evaluate, state.corners[0], options, state.evaluations, state.restarts + 1, best);
    } else state = advance(evaluate, state);
    yield state;
  }
  return state;
}

function fresh(
  evaluate: (x: Float64Array) => number,
  x: Float64Array,
  options: NelderMeadOptions,
  evaluations: number,
  restarts: number,
  lastBest: number,
): SimplexState {
  const n = x.length;
  if (options.edges && options.edges.length !== n)
    throw new InternalError('nelderMead: edges are not as long as the start', options.edges);
  const corners = [Float64Array.from(x)];
  for (let i = 0; i < n; i++) {
    const corner = Float64Array.from(x);
    // alternate sides: a restart must not repeat the simplex that collapsed
    corner[i] += (options.edges?.[i] ?? 0.1 * Math.max(Math.abs(x[i]), 1)) * (restarts % 2 === 0 ? 1 : -0.5);
    corners.push(corner);
  }
  const values = corners.map(evaluate);
  return sorted({
    iteration: 0,
    evaluations: evaluations + n + 1,
    corners,
    values,
    status: 'running',
    restarts,
    lastBest,
  });
}

function sorted(state: SimplexState): SimplexState {
  const order = state.values.map((_, i) => i).sort((a, b) => compare(state.values[a], state.values[b]) || a - b);
  return { ...state, corners: order.map((i) => state.corners[i]), values: order.map((i) => state.values[i]) };
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0; // not a - b: Infinity - Infinity is NaN
}

function advance(evaluate: (x: Float64Array) => number, state: SimplexState): SimplexState {
  const n = state.corners.length - 1;
  const expand = n > 1 ? 1 + 2 / n : 2;
  const contract = n > 1 ? 0.75 - 1 / (2 * n) : 0.5;
  const shrink = n > 1 ? 1 - 1 / n : 0.5;
  const worst = state.corners[n];
  const centre = new Float64Array(n);
  for (let k = 0; k < n; k++) for (let i = 0; i < n; i++) centre[i] += state.corners[k][i] / n;
  const along = (t: number): Float64Array => centre.map((c, i) => c + t * (c - worst[i]));
  const replaced = (x: Float64Array, value: number, cost: number): SimplexState =>
    sorted({
      ...state,
      iteration: state.iteration + 1,
      evaluations: state.evaluations + cost,
      corners: [...state.corners.slice(0, n), x],
      values: [...state.values.slice(0, n), value],
    });

  const reflected = along(1);
  const atReflected = evaluate(reflected);
  if (atReflected < state.values[0]) {
    const far = along(expand);
    const atFar = evaluate(far);
    return atFar < atReflected ? replaced(far, atFar, 2) : replaced(reflected, atReflected, 2);
  }
  if (atReflected < state.values[n - 1]) return replaced(reflected, atReflected, 1);
  const outside = atReflected < state.values[n];
  const near = along(outside ? contract : -contract);
  const atNear = evaluate(near);
  if (atNear < (outside ? atReflected : state.values[n])) return replaced(near, atNear, 2);
  const [best] = state.corners;
  const corners = state.corners.map((corner, k) =>
    k === 0 ? corner : corner.map((v, i) => best[i] + shrink * (v - best[i])),
  );
  return sorted({
    ...state,
    iteration: state.iteration + 1,
    evaluations: state.evaluations + 2 + n,
    corners,
    values: corners.map((corner, k) => (k === 0 ? state.values[0] : evaluate(corner))),
  });
}
