import { symmetricEigen } from '../../kernels/symmetric-eigen.js';
import type { LmmWork } from './lmm-work.js';
import { type ReducedResponse, type responseSlopes, timesProjection } from './reduced-response.js';

/** Levels up to which a factor's own share of the determinant is had exactly. */
const few = 24;

/**
 * log|L|^2 + log|RX|^2 (ML: the first alone) near a point, for parameters that are standard deviations [LMM-18]: with s = theta^2,
 *   sum_p sum_i w_pi log(1 + l_pi s_p exp(sum_q k_pq t_q)) + b't + t'R t / 2 + sum_pq (c_pq t_p^2 t_q + d_pq t_p^3 t_q),
 * t_p = log(1 + m_p s_p) less its value at the point where all but the first term belong; k is zero but for factors of few levels, which
 * know the less the more those within them differ.
 * The response has no share in it.
 */
export interface DeterminantModel {
  readonly weights: readonly Float64Array[];
  readonly rates: readonly Float64Array[]; // l
  readonly m: Float64Array;
  readonly t0: Float64Array;
  readonly R: Float64Array; // n x n
  readonly b: Float64Array;
  readonly coupling: Float64Array; // k, n x n with p the row
  /** c and d, n x n with p the row; null: zero. */
  readonly higher: { readonly third: Float64Array; readonly fourth: Float64Array } | null;
}

/** First and second derivatives by the variances s = theta^2 at a point: tr N_pp and |N_pq|^2, N = Z'PZ. */
export interface DeterminantSlopes {
  readonly theta: Float64Array;
  readonly first: Float64Array;
  /** n x n; where they are only estimated the response has done it */
  readonly squares: Float64Array;
}

/**
 * |N_pq|^2 from the response itself, E[v_p'N_pq v_q] = sigma^2 |N_pq|^2 for v = Z'Py, adjusted to the known traces.
 * @param slopes  of `responseSlopes`
 */
export function estimatedSquares(
  { rows }: ReducedResponse,
  { residual, slopes }: ReturnType<typeof responseSlopes>,
  first: Float64Array,
): Float64Array {
  const n = rows.length;
  const length = rows.map((own) => own.reduce((t, i) => t + residual[i] * residual[i], 0));
  const squares = new Float64Array(n * n);
  for (let p = 0; p < n; p++)
    for (let r = 0; r < n; r++) {
      let t = 0;
      for (const i of rows[p]) t += residual[i] * slopes[r][i];
      squares[p + r * n] = Math.abs(t) * Math.sqrt((first[p] * first[r]) / (length[p] * length[r]));
    }
  return squares;
}

/** @returns null where the derivatives are not those of a determinant */
export function determinantModel(
  work: LmmWork,
  { rows }: ReducedResponse,
  columns: number,
  { theta, first, squares }: DeterminantSlopes,
): DeterminantModel | null {
  const n = theta.length;
  const weights: Float64Array[] = [];
  const rates: Float64Array[] = [];
  const m = new Float64Array(n);
  for (let p = 0; p < n; p++) {
    const s = theta[p] ** 2;
    const levels = rows[p].length;
    // so many levels that are alike have these two derivatives
    const alike = levels <= few ? levels : Math.min(levels, first[p] ** 2 / squares[p * (n + 1)]);
    m[p] = first[p] / (alike - first[p] * s);
    if (!(m[p] > 0)) return null;
    const exact = levels <= few ? eigenvaluesOf(work, columns, rows[p], s) : null;
    rates.push(exact ?? Float64Array.of(m[p]));
    weights.push(exact?.map(() => 1) ?? Float64Array.of(alike));
  }
  const t0 = coordinates(m, theta);
  const R = new Float64Array(n * n);
  for (let p = 0; p < n; p++)
    for (let r = 0; r < n; r++)
      if (p !== r) R[p + r * n] = -squares[p + r * n] / (slope(m, theta, p) * slope(m, theta, r));
  const b = new Float64Array(n);
  const coupling = new Float64Array(n * n);
  for (let p = 0; p < n; p++) {
    if (rates[p].length === 1) continue;
    let share = 0;
    let spread = 0;
    for (const l of rates[p]) {
      const own = (l * theta[p] ** 2) / (1 + l * theta[p] ** 2);
      share += own;
      spread += own * (1 - own);
    }
    // d2 / dlog s_p dt_q is what R has said until now
    const byLog = theta[p] ** 2 * slope(m, theta, p);
    for (let r = 0; r < n; r++) {
      if (rates[r].length > 1) continue;
      coupling[p + r * n] = (R[p + r * n] * byLog) / spread;
      b[r] -= share * coupling[p + r * n];
      R[p + r * n] = 0;
      R[r + p * n] = 0;
    }
    for (let r = 0; r < n; r++)
      for (let k = 0; k < n; k++) R[r + k * n] -= spread * coupling[p + r * n] * coupling[p + k * n];
  }
  return { weights, rates, m, t0, R, b, coupling, higher: null };
}

/** Of C in log|I + s C|, from N = C (I + s C)^-1; null where rounding has spoilt them. */
function eigenvaluesOf(work: LmmWork, columns: number, rows: Int32Array, s: number): Float64Array | null {
  const count = rows.length;
  const H = new Float64Array(work.q * count);
  rows.forEach((i, x) => {
    H[i * count + x] = 1;
  });
  const NH = timesProjection(work, columns, H, count, work.settings.reml);
  const N = new Float64Array(count * count);
  rows.forEach((i, r) => {
    for (let c = 0; c < count; c++) N[r + c * count] += NH[i * count + c] / 2;
    for (let c = 0; c < count; c++) N[c + r * count] += NH[i * count + c] / 2;
  });
  const { values } = symmetricEigen(N, count);
  const own = values.map((v) => Math.max(v, 0) / (1 - s * v));
  return own.every((v) => v >= 0 && Number.isFinite(v)) ? own : null;
}

function coordinates(m: Float64Array, theta: Float64Array): Float64Array {
  return theta.map((v, p) => Math.log1p(m[p] * v * v));
}

/** dt / ds */
function slope(m: Float64Array, theta: Float64Array, p: number): number {
  return m[p] / (1 + m[p] * theta[p] ** 2);
}

/** @param gradient  by theta, added to */
export function determinantAt(
  { weights, rates, m, t0, R, b, coupling, higher }: DeterminantModel,
  theta: Float64Array,
  gradient: Float64Array,
): number {
  const n = theta.length;
  const x = coordinates(m, theta).map((t, p) => t - t0[p]);
  const byT = b.slice();
  let value = 0;
  for (let p = 0; p < n; p++) {
    let exponent = 0;
    for (let r = 0; r < n; r++) exponent += coupling[p + r * n] * x[r];
    const s = theta[p] ** 2;
    const scale = Math.exp(exponent);
    let byLog = 0;
    for (let i = 0; i < rates[p].length; i++) {
      const own = rates[p][i] * scale;
      value += weights[p][i] * Math.log1p(own * s);
      byLog += (weights[p][i] * own) / (1 + own * s);
    }
    gradient[p] += 2 * theta[p] * byLog;
    value += b[p] * x[p];
    for (let r = 0; r < n; r++) {
      byT[r] += s * byLog * coupling[p + r * n];
      byT[p] += R[p + r * n] * x[r];
      value += (R[p + r * n] * x[p] * x[r]) / 2;
      if (higher === null) continue;
      const [c, d] = [higher.third[p + r * n], higher.fourth[p + r * n]];
      value += (c + d * x[p]) * x[p] * x[p] * x[r];
      byT[p] += (2 * c + 3 * d * x[p]) * x[p] * x[r];
      byT[r] += (c + d * x[p]) * x[p] * x[p];
    }
  }
  for (let p = 0; p < n; p++) gradient[p] += 2 * theta[p] * slope(m, theta, p) * byT[p];
  return value;
}

/** Share of a standard error that the points on both sides lie away, in t. */
const apart = 2;

/**
 * The model through exact derivatives at two points more for each parameter, on both sides of the one that it belongs to.
 * @param slopesAt  derivatives of the determinants by the variances at a theta
 */
export function widened(model: DeterminantModel, slopesAt: (theta: Float64Array) => Float64Array): DeterminantModel {
  const { m, t0, weights } = model;
  const n = m.length;
  const third = new Float64Array(n * n);
  const fourth = new Float64Array(n * n);
  const thetaOf = (t: Float64Array): Float64Array => t.map((v, p) => Math.sqrt(Math.expm1(v) / m[p]));
  for (let p = 0; p < n; p++) {
    const levels = weights[p].reduce((a, b) => a + b, 0);
    const above = apart * Math.sqrt(2 / levels);
    const below = -Math.min(above, 0.8 * t0[p]);
    const misses = [above, below].map((x) => {
      const theta = thetaOf(t0.map((v, k) => (k === p ? v + x : v)));
      const exact = slopesAt(theta);
      const own = new Float64Array(n);
      determinantAt(model, theta, own);
      // by t_r
      return exact.map((v, r) => (v - own[r] / (2 * theta[r])) / slope(m, theta, r));
    });
    for (let r = 0; r < n; r++) {
      // at the point x away: c x^2 + d x^3 by another t, three and four times that by its own
      const [a, b] = [misses[0][r] / above ** 2, misses[1][r] / below ** 2];
      const d = (a - b) / (above - below);
      third[p + r * n] = (a - d * above) / (p === r ? 3 : 1);
      fourth[p + r * n] = d / (p === r ? 4 : 1);
    }
  }
  return { ...model, higher: { third, fourth } };
}

/** Exact derivatives of the determinants by the variances at a point; entries that are not positive are unknown. */
export interface DeterminantFacts {
  readonly theta: Float64Array;
  readonly first: Float64Array;
}

/** A parameter that has moved by less tells nothing of its curvature. */
const moved = 0.02;

/**
 * The model with the exact derivatives at another point, by other weights; where a factor has moved far enough from a point before, by
 * another number of levels that are alike, so that both are met.
 */
export function anchored(
  model: DeterminantModel,
  { theta, first }: DeterminantFacts,
  before: DeterminantFacts | null = null,
): DeterminantModel {
  let found = model;
  // factors of few levels have a share in the others' derivatives
  for (const some of [true, false]) {
    const here = byVariances(found, theta);
    const there = before === null ? null : byVariances(found, before.theta);
    const rates = [...found.rates];
    const weights = found.weights.map((of, p) => {
      if (of.length > 1 !== some || !(first[p] > 0) || theta[p] === 0) return of;
      const s = theta[p] ** 2;
      let share = 0;
      of.forEach((w, i) => {
        share += (w * found.rates[p][i]) / (1 + found.rates[p][i] * s);
      });
      if (!some && before !== null && there !== null && before.first[p] > 0) {
        const from = before.theta[p] ** 2;
        const [a, b] = [of[0] / (1 / rates[p][0] + from) + before.first[p] - there[p], share + first[p] - here[p]];
        const rate = (a - b) / (b * s - a * from);
        const alike = (a * (1 + rate * from)) / rate;
        if (Math.abs(Math.log(s / from)) > moved && rate > 0 && Math.abs(alike / of[0] - 1) < 0.3) {
          rates[p] = Float64Array.of(rate);
          return Float64Array.of(alike);
        }
      }
      const factor = 1 + (first[p] - here[p]) / share;
      return of.map((w) => w * factor);
    });
    found = { ...found, weights, rates };
  }
  return found;
}

/** The model's own derivatives by the variances; theta not zero. */
function byVariances(model: DeterminantModel, theta: Float64Array): Float64Array {
  const own = new Float64Array(theta.length);
  determinantAt(model, theta, own);
  return own.map((v, p) => v / (2 * theta[p]));
}
