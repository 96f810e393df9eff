import { shiftedCholesky } from '../../../optim/cholesky-solve.js';
import { type Derivative, derivativesOf } from '../covariance-derivatives.js';
import { directionsOf } from '../covariance-directions.js';
import { inverseOfGram, multiply, transposedTimes } from '../dense-products.js';
import type { KenwardRoger } from '../kenward-roger.js';
import { adjust, type KenwardRogerParts } from '../kenward-roger-adjustment.js';
import type { LmmWork } from '../lmm-work.js';
import { type ErrorDerivatives, errorDerivatives } from './error-derivatives.js';
import type { ResidualWork } from './residual-work.js';

/** Floating-point operations that the dense matrices of the independent sets of rows may cost. */
const mostWork = 2e10;

/**
 * Kenward and Roger's adjustment with correlated or unequal errors [LMM-RES-10]: V is block-diagonal over sets of rows that share
 * no level and no group of errors, and each set is treated densely. The covariance of the variance parameters is that of the
 * observed information, as in software for repeated measures.
 * @param variances  covariance of (theta, log sigma), as `varianceCovariance` gives it
 */
export function residualKenwardRoger(work: LmmWork, residual: ResidualWork, variances: Float64Array): KenwardRoger {
  const { P, layout } = work;
  const effects = derivativesOf(layout, false);
  if (effects === null)
    return { kind: 'refused', reason: 'they need random effects linear in their parameters (us, diag, homcs)' };
  if (P === 0) return { kind: 'adjusted', covariance: new Float64Array(0), df: new Float64Array(0) };
  const errors = errorDerivatives(work, residual);
  const sets = independentSets(work);
  const r = errors.parameters + effects.length;
  const curved = errors.second === null ? 0 : errors.parameters ** 2;
  const cost = sets.reduce((t, { length: n }) => t + n ** 3 + (2 * r * P + curved * (P + 1)) * n * n, 0);
  if (cost > mostWork) {
    const largest = Math.max(...sets.map((s) => s.length));
    return { kind: 'refused', reason: `sets of up to ${largest} dependent rows are too large for dense matrices` };
  }
  const own = new Int32Array(work.q).fill(-1); // set of each effect
  sets.forEach((rows, s) => {
    for (const i of rows) for (const { effect } of loadings(work, residual, i)) own[effect] = s;
  });
  const entries = sets.map(() => effects.map((): [number, number][] => []));
  effects.forEach((d, e) => {
    if (d.kind !== 'effects') return;
    d.rows.forEach((row, k) => {
      entries[own[row]]?.[e].push([row, d.columns[k]]); // a level without rows is in no set
    });
  });
  const parts = {
    first: Array.from({ length: r }, () => new Float64Array(P * P)),
    second: Array.from({ length: (r * (r + 1)) / 2 }, () => new Float64Array(P * P)),
    curvature: errors.second === null ? null : Array.from({ length: (r * (r + 1)) / 2 }, () => new Float64Array(P * P)),
  };
  for (let s = 0; s < sets.length; s++) {
    if (!addSet(work, residual, errors, entries[s], sets[s], parts))
      return { kind: 'refused', reason: 'the covariance of the response is singular' };
  }
  const variance = work.at.sigma ** 2;
  const C = inverseOfGram(work.RX, P).map((v) => variance * v);
  const W = naturalCovariance(work, errors, effects, variances);
  if (!W.every(Number.isFinite))
    return { kind: 'refused', reason: 'the information about the variance parameters is singular' };
  const found = adjust({ P, C, ...parts }, W, work.products.transform);
  const { length } = work.products.response;
  return { kind: 'adjusted', covariance: found.covariance.map((v) => length * length * v), df: found.df };
}

/** J cov(theta, log sigma) J', J the derivatives of the parameters that V is differentiated by. */
function naturalCovariance(
  work: LmmWork,
  errors: ErrorDerivatives,
  effects: readonly Derivative[],
  variances: Float64Array,
): Float64Array {
  const n = work.parameters + 1;
  const own = errors.parameters;
  const r = own + effects.length;
  const J = new Float64Array(r * n); // row-major
  J.set(errors.slopes());
  effectSlopesInto(J.subarray(own * n), work, effects);
  const half = new Float64Array(r * n);
  for (let i = 0; i < r; i++)
    for (let c = 0; c < n; c++) {
      const f = J[i * n + c];
      if (f !== 0) for (let k = 0; k < n; k++) half[i * n + k] += f * variances[c + k * n];
    }
  const W = new Float64Array(r * r);
  for (let j = 0; j < r; j++)
    for (let i = 0; i < r; i++) {
      let t = 0;
      for (let k = 0; k < n; k++) t += half[i * n + k] * J[j * n + k];
      W[i + j * r] = t;
    }
  return W;
}

/** d sigma^2 (Lambda Lambda')_rc / d (theta, log sigma) for the entry that each parameter of the effects stands at, row-major. */
function effectSlopesInto(J: Float64Array, work: LmmWork, effects: readonly Derivative[]): void {
  const { layout, lambda, theta, at } = work;
  const n = work.parameters + 1;
  const { rowStart } = layout.pattern;
  const variance = at.sigma * at.sigma;
  for (const block of layout.blocks) {
    const k = block.size;
    const { start } = block.templates[0];
    const directions = directionsOf(block, block.templates[0], theta);
    const first = rowStart[block.nodeStart];
    effects.forEach((d, e) => {
      if (d.kind !== 'effects') return;
      const r = d.rows[0] - first;
      const c = d.columns[0] - first;
      if (!(r >= 0 && r < k && c >= 0 && c < k)) return;
      for (let m = 0; m < k; m++) {
        const [a, b] = [lambda[start + r + m * k], lambda[start + c + m * k]];
        directions.forEach((direction, p) => {
          J[e * n + block.thetaStart + p] += variance * (direction[r + m * k] * b + a * direction[c + m * k]);
        });
        J[e * n + n - 1] += 2 * variance * a * b;
      }
    });
  }
}

type Parts = Pick<KenwardRogerParts, 'first' | 'second' | 'curvature'>;

/** What one set of rows adds to the sums over all rows. */
function addSet(
  work: LmmWork,
  residual: ResidualWork,
  errors: ErrorDerivatives,
  effects: readonly (readonly [number, number])[][],
  rows: readonly number[],
  parts: Parts,
): boolean {
  const { P } = work;
  const n = rows.length;
  const r = errors.parameters + effects.length;
  const together = errorPairs(work, rows);
  const columns = new Map<number, { row: number; value: number }[]>();
  rows.forEach((i, k) => {
    for (const { effect, value } of loadings(work, residual, i)) {
      const column = columns.get(effect);
      if (column === undefined) columns.set(effect, [{ row: k, value }]);
      else column.push({ row: k, value });
    }
  });
  const addOuter = (M: Float64Array, a: number, b: number, f: number): void => {
    for (const { row, value } of columns.get(a) ?? [])
      for (const other of columns.get(b) ?? []) M[row + other.row * n] += f * value * other.value;
  };
  const V = new Float64Array(n * n);
  for (const [a, b] of together) V[a + b * n] += errors.value(rows[a], rows[b]);
  addEffects(work, rows, (a, b, f) => addOuter(V, a, b, f));
  const L = new Float64Array(n * n);
  if (!shiftedCholesky(V, n, 0, L)) return false;
  const inverse = inverseOfGram(L, n);
  const X = new Float64Array(n * P);
  rows.forEach((i, k) => {
    for (let c = 0; c < P; c++) X[k + c * n] = residual.x[i * P + c];
  });
  const A = multiply(inverse, X, n, n, P); // V^-1 X
  const derivative = (k: number): Float64Array => {
    const D = new Float64Array(n * n);
    if (k < errors.parameters) for (const [a, b] of together) D[a + b * n] = errors.first(k, rows[a], rows[b]);
    else for (const [a, b] of effects[k - errors.parameters]) addOuter(D, a, b, 1);
    return D;
  };
  const W: Float64Array[] = []; // V_k V^-1 X
  for (let k = 0; k < r; k++) {
    const D = derivative(k);
    W.push(multiply(D, A, n, n, P));
    addTo(parts.first[k], transposedTimes(A, W[k], n, P, P));
  }
  const IW = W.map((w) => multiply(inverse, w, n, n, P));
  for (let j = 0, at = 0; j < r; j++)
    for (let i = j; i < r; i++, at++) {
      addTo(parts.second[at], transposedTimes(W[i], IW[j], n, P, P));
      if (parts.curvature === null || errors.second === null || i >= errors.parameters) continue;
      const D = new Float64Array(n * n);
      for (const [a, b] of together) D[a + b * n] = errors.second(i, j, rows[a], rows[b]);
      addTo(parts.curvature[at], transposedTimes(A, multiply(D, A, n, n, P), n, P, P));
    }
  return true;
}

function addTo(sum: Float64Array, more: Float64Array): void {
  for (let k = 0; k < sum.length; k++) sum[k] += more[k];
}

/** Calls `add` for every pair of effects of a level among the rows, with their covariance in units of the scaled response. */
function addEffects(work: LmmWork, rows: readonly number[], add: (a: number, b: number, f: number) => void): void {
  const { layout, lambda, at } = work;
  const { size, rowStart } = layout.pattern;
  const nodes = new Set(rows.flatMap((i) => layout.blocks.map((b) => b.nodeStart + b.block.group.codes[i])));
  for (const node of nodes) {
    const k = size[node];
    const l = layout.nodeLambda[node];
    for (let c = 0; c < k; c++)
      for (let r = 0; r < k; r++) {
        let t = 0;
        for (let m = 0; m < k; m++) t += lambda[l + r + m * k] * lambda[l + c + m * k];
        add(rowStart[node] + r, rowStart[node] + c, t * at.sigma * at.sigma);
      }
  }
}

/** The effects that a row loads on. */
function loadings(work: LmmWork, residual: ResidualWork, i: number): { effect: number; value: number }[] {
  const { layout } = work;
  const { rowStart } = layout.pattern;
  return layout.blocks.flatMap(({ load, size, nodeStart, block }, b) => {
    const first = rowStart[nodeStart + block.group.codes[i]];
    if (load.kind === 'indicator') return [{ effect: first + load.column[i], value: residual.z[b][i] }];
    return Array.from({ length: size }, (_, c) => ({ effect: first + c, value: residual.z[b][i * size + c] }));
  });
}

/** Places (within a set) of rows whose errors are dependent: each with itself, and those of one group with each other. */
function errorPairs(work: LmmWork, rows: readonly number[]): [number, number][] {
  const group = groupsByRow(work);
  const members = new Map<number, number[]>();
  const pairs: [number, number][] = [];
  rows.forEach((i, k) => {
    if (group === null) {
      pairs.push([k, k]);
      return;
    }
    const before = members.get(group[i]) ?? [];
    for (const other of before) pairs.push([k, other], [other, k]);
    pairs.push([k, k]);
    before.push(k);
    members.set(group[i], before);
  });
  return pairs;
}

function groupsByRow(work: LmmWork): Int32Array | null {
  const groups = work.model.residual?.correlation ?? null;
  if (groups === null) return null;
  const group = new Int32Array(work.model.rows);
  for (let g = 0; g < groups.groups; g++)
    for (let k = groups.start[g]; k < groups.start[g + 1]; k++) group[groups.row[k]] = g;
  return group;
}

/** Rows in sets that share no level of a random effect and no group of correlated errors. */
function independentSets(work: LmmWork): number[][] {
  const { rows } = work.model;
  const { blocks } = work.layout;
  const parent = Int32Array.from({ length: rows }, (_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  };
  const join = (codes: Int32Array): void => {
    const first = new Map<number, number>();
    for (let i = 0; i < rows; i++) {
      const before = first.get(codes[i]);
      if (before === undefined) first.set(codes[i], i);
      else parent[root(i)] = root(before);
    }
  };
  for (const { block } of blocks) join(block.group.codes);
  const group = groupsByRow(work);
  if (group !== null) join(group);
  const sets = new Map<number, number[]>();
  for (let i = 0; i < rows; i++) {
    const own = root(i);
    const set = sets.get(own);
    if (set === undefined) sets.set(own, [i]);
    else set.push(i);
  }
  return [...sets.values()];
}
