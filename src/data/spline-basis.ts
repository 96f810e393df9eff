import { quantile } from './row-functions.js';

/** What a spline basis learns from the data: where its pieces meet and where they end. */
export interface SplineKnots {
  readonly inner: readonly number[]; // ascending
  readonly boundary: readonly [number, number];
}

/** Inner knots at quantiles (type 7) of the values inside the boundary, as R's `ns` and `bs` place them. */
export function quantileKnots(x: Float64Array, count: number, boundary: readonly [number, number]): number[] {
  const inside = x.filter((v) => v >= boundary[0] && v <= boundary[1]).sort();
  return Array.from({ length: count }, (_, k) => quantile(inside, (k + 1) / (count + 1)));
}

/** The piece of x: `knots[piece] <= x < knots[piece + 1]`; beyond the boundary the outermost one. */
function pieceOf(knots: Float64Array, order: number, x: number): number {
  const last = knots.length - order - 1;
  let piece = order - 1;
  while (piece < last && x >= knots[piece + 1]) piece++;
  // Repeated knots make empty pieces; the last one with a width is meant.
  while (piece > order - 1 && knots[piece] === knots[piece + 1]) piece--;
  return piece;
}

/**
 * Values at x of the `order` B-splines that are not zero on a piece, by the Cox-de Boor recurrence
 * [DATA-3]: those with indices piece - order + 1 ... piece. For x outside the piece its polynomials go on, which is what R's `bs`
 * extrapolates with.
 * @param out  length `order`, overwritten
 */
function splinesOnPiece(knots: Float64Array, order: number, piece: number, x: number, out: Float64Array): void {
  out.fill(0);
  out[0] = 1;
  for (let k = 1; k < order; k++) {
    let saved = 0;
    for (let r = 0; r < k; r++) {
      const right = knots[piece + r + 1];
      const left = knots[piece + 1 - k + r];
      const term = out[r] / (right - left);
      out[r] = saved + (right - x) * term;
      saved = (x - left) * term;
    }
    out[k] = saved;
  }
}

function allKnots(knots: SplineKnots, order: number): Float64Array {
  const { inner, boundary } = knots;
  return Float64Array.from([
    ...Array<number>(order).fill(boundary[0]),
    ...inner,
    ...Array<number>(order).fill(boundary[1]),
  ]);
}

/** All B-splines of x: inner.length + degree + 1 columns. */
function splineColumns(x: Float64Array, degree: number, knots: SplineKnots): Float64Array[] {
  const order = degree + 1;
  const all = allKnots(knots, order);
  const columns = Array.from({ length: all.length - order }, () => new Float64Array(x.length));
  const values = new Float64Array(order);
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i])) {
      for (const column of columns) column[i] = Number.NaN;
      continue;
    }
    const piece = pieceOf(all, order, x[i]);
    splinesOnPiece(all, order, piece, x[i], values);
    for (let k = 0; k < order; k++) columns[piece - degree + k][i] = values[k];
  }
  return columns;
}

/** R's `bs(x, knots =, degree =)`: the B-splines, without the first unless `intercept`. */
export function bSplineColumns(
  x: Float64Array,
  degree: number,
  knots: SplineKnots,
  intercept: boolean,
): Float64Array[] {
  return splineColumns(x, degree, knots).slice(intercept ? 0 : 1);
}

/**
 * R's `ns(x, knots =)`: cubic splines whose second derivative is zero at the boundary knots and which are straight lines
 * beyond them [DATA-4]. The constraint is worked in by the orthogonal factor of the QR of the two rows of second derivatives, with
 * LINPACK's signs, so the columns are R's.
 */
export function naturalSplineColumns(x: Float64Array, knots: SplineKnots, intercept: boolean): Float64Array[] {
  const [low, high] = knots.boundary;
  const clamped = x.map((v) => Math.max(low, Math.min(high, v)));
  const columns = splineColumns(clamped, 3, knots);
  const atLow = boundaryDerivatives(knots, low);
  const atHigh = boundaryDerivatives(knots, high);
  for (let i = 0; i < x.length; i++) {
    const end = x[i] < low ? atLow : x[i] > high ? atHigh : undefined;
    if (end === undefined) continue;
    const distance = x[i] - clamped[i];
    for (let k = 0; k < columns.length; k++) columns[k][i] += distance * end.first[k];
  }
  const first = intercept ? 0 : 1;
  return withoutCurvature(columns.slice(first), [atLow.second.slice(first), atHigh.second.slice(first)]);
}

/**
 * First and second derivatives of the cubic B-splines at a boundary knot, those of the polynomials on the end piece:
 *   B'_j = (order - 1) (C_j / (t_{j+order-1} - t_j) - C_{j+1} / (t_{j+order} - t_{j+1})),  C the splines of one order less.
 */
function boundaryDerivatives(knots: SplineKnots, at: number): { first: Float64Array; second: Float64Array } {
  const all = allKnots(knots, 4);
  const piece = at === knots.boundary[0] ? pieceOf(all, 4, at) : pieceOf(all, 4, Number.POSITIVE_INFINITY);
  const valuesOf = (order: number): Float64Array => {
    const on = new Float64Array(order);
    splinesOnPiece(all, order, piece, at, on);
    const values = new Float64Array(all.length);
    values.set(on, piece - order + 1);
    return values;
  };
  const derivative = (order: number, lower: Float64Array): Float64Array => {
    const divided = (j: number) => {
      const width = all[j + order - 1] - all[j];
      return width > 0 ? lower[j] / width : 0; // 0 / 0 counts as 0: there is no spline on an empty support
    };
    return Float64Array.from(all, (_, j) => (j + order < all.length ? (order - 1) * (divided(j) - divided(j + 1)) : 0));
  };
  const count = all.length - 4;
  const first = derivative(4, valuesOf(3)).slice(0, count);
  const second = derivative(4, derivative(3, valuesOf(2))).slice(0, count);
  return { first, second };
}

/** Applies Q' of the QR decomposition of the constraints' transpose to every row and leaves out its first two columns. */
function withoutCurvature(columns: Float64Array[], constraints: Float64Array[]): Float64Array[] {
  const m = columns.length;
  const work = constraints.map((row) => Float64Array.from(row));
  for (let step = 0; step < work.length; step++) {
    const v = work[step];
    let norm = 0;
    for (let k = step; k < m; k++) norm = Math.hypot(norm, v[k]);
    if (norm === 0) continue;
    if (v[step] < 0) norm = -norm;
    for (let k = step; k < m; k++) v[k] /= norm;
    v[step] += 1;
    for (let other = step + 1; other < work.length; other++) {
      let t = 0;
      for (let k = step; k < m; k++) t -= v[k] * work[other][k];
      t /= v[step];
      for (let k = step; k < m; k++) work[other][k] += t * v[k];
    }
    const rows = columns[0]?.length ?? 0;
    for (let i = 0; i < rows; i++) {
      let t = 0;
      for (let k = step; k < m; k++) t -= v[k] * columns[k][i];
      t /= v[step];
      for (let k = step; k < m; k++) columns[k][i] += t * v[k];
    }
  }
  return columns.slice(work.length);
}
