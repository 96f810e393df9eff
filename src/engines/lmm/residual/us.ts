import { shiftedCholesky } from '../../../optim/cholesky-solve.js';
import { type CorrelationModel, type MixedRows, standardizeMixed } from './correlation-model.js';
import type { ErrorGroups } from './residual-rows.js';

/**
 * A correlation for every pair of positions [LMM-RES-5]: C = F F', row r of F being (x_r1, .., x_r(r-1), 1) divided by its length; the
 * parameters are the x, row by row. A group has the rows and columns of C of the positions it was seen at, so groups
 * with the same positions share one factor.
 */
export const us: CorrelationModel = {
  name: 'us',
  prepare(groups) {
    const K = groups.labels.length;
    const { templates, rows, tableSize } = subsets(groups);
    const F = new Float64Array(K * K); // row r of F
    const length = new Float64Array(K);
    const C = new Float64Array(K * K);
    const widest = Math.max(1, ...templates.map((t) => t.at.length));
    const S = new Float64Array(widest * widest);
    const fillC = (x: Float64Array, at: number): void => {
      for (let r = 0, e = at; r < K; r++) {
        let square = 1;
        for (let c = 0; c < r; c++) square += x[e + c] * x[e + c];
        length[r] = Math.sqrt(square);
        for (let c = 0; c < r; c++) F[r * K + c] = x[e + c] / length[r];
        F[r * K + r] = 1 / length[r];
        e += r;
      }
      for (let r = 0; r < K; r++)
        for (let c = 0; c <= r; c++) {
          let t = 0;
          for (let m = 0; m <= c; m++) t += F[r * K + m] * F[c * K + m];
          C[r * K + c] = t;
          C[c * K + r] = t;
        }
    };
    /** gradient += <adjoint of C (symmetric), dC / dx>. */
    const backInto = (gradient: Float64Array, at: number, adjoint: Float64Array): void => {
      const row = new Float64Array(K);
      for (let r = 0, e = at; r < K; e += r, r++) {
        let along = 0;
        for (let c = 0; c <= r; c++) {
          let t = 0;
          for (let m = c; m < K; m++) t += 2 * adjoint[r * K + m] * F[m * K + c];
          row[c] = t;
          along += t * F[r * K + c];
        }
        for (let c = 0; c < r; c++) gradient[e + c] += (row[c] - along * F[r * K + c]) / length[r];
      }
    };
    const pairs: (readonly [number, number])[] = [];
    for (let r = 0; r < K; r++) for (let c = 0; c < r; c++) pairs.push([c, r]);
    const names = pairs.map(([c, r]) => `cor.us[${groups.labels[c]},${groups.labels[r]}]`);
    const pairAt = (a: number, b: number): number => {
      const r = Math.max(a, b);
      return (r * (r - 1)) / 2 + Math.min(a, b);
    };
    return {
      parameters: pairs.length,
      rows,
      tableSize,
      startInto(parameters, at, correlation) {
        // one correlation for all pairs: the factor of compound symmetry, row by row
        const rho = Math.max(0, correlation);
        for (let r = 0; r < K; r++)
          for (let c = 0; c < r; c++) {
            C[r * K + c] = rho;
            C[c * K + r] = rho;
          }
        for (let r = 0; r < K; r++) C[r * K + r] = 1;
        adoptInto(parameters, at, C, K);
      },
      tableInto(table, parameters, at) {
        fillC(parameters, at);
        table[0] = 1;
        let logDet = 0;
        for (const t of templates) {
          const k = t.at.length;
          for (let c = 0; c < k; c++) for (let r = c; r < k; r++) S[r + c * k] = C[t.at[r] * K + t.at[c]];
          if (!shiftedCholesky(S, k, 0, S)) return Number.NaN;
          let own = 0;
          for (let c = 0; c < k; c++) own += Math.log(S[c + c * k]);
          logDet += 2 * t.count * own;
          // B = S^-1 by rows
          for (let r = 0; r < k; r++) {
            const to = t.start + (r * (r + 1)) / 2;
            for (let c = 0; c <= r; c++) {
              let v = r === c ? 1 : 0;
              for (let m = c; m < r; m++) v -= S[r + m * k] * table[t.start + (m * (m + 1)) / 2 + c];
              table[to + c] = v / S[r + r * k];
            }
          }
        }
        return logDet;
      },
      gradientInto(gradient, at, adjoint, share, table, parameters) {
        fillC(parameters, at);
        const G = new Float64Array(K * K);
        for (const t of templates) addAdjoint(t, adjoint, share, table, G, K);
        backInto(gradient, at, G);
      },
      report(parameters, at) {
        fillC(parameters, at);
        return pairs.map(([c, r], k) => ({ name: names[k], value: C[r * K + c] }));
      },
      reportSlopes(parameters, at) {
        fillC(parameters, at);
        const n = pairs.length;
        const slopes = new Float64Array(n * n);
        const G = new Float64Array(K * K);
        pairs.forEach(([c, r], k) => {
          G.fill(0);
          G[r * K + c] = 0.5;
          G[c * K + r] = 0.5;
          backInto(slopes, k * n, G);
        });
        return slopes;
      },
      standardize: (errors, table) => standardizeMixed(rows, errors, table),
      natural: {
        value: (reported, a, b) => reported[pairAt(a, b)],
        first: (_reported, a, b, k) => (pairAt(a, b) === k ? 1 : 0),
        second: () => 0,
      },
    };
  },
};

/** The parameters of a correlation matrix (row-major K x K; overwritten by nothing). */
function adoptInto(parameters: Float64Array, at: number, C: Float64Array, K: number): void {
  const L = new Float64Array(K * K);
  for (let c = 0; c < K; c++) for (let r = c; r < K; r++) L[r + c * K] = C[r * K + c];
  if (!shiftedCholesky(L, K, 0, L)) L.fill(0);
  for (let r = 0, e = at; r < K; r++)
    for (let c = 0; c < r; c++) parameters[e++] = L[r + r * K] > 0 ? L[r + c * K] / L[r + r * K] : 0;
}

/** Groups seen at the same positions. */
interface Subset {
  readonly at: readonly number[]; // positions, ascending
  readonly start: number; // of its k (k + 1) / 2 numbers in the table: the lower triangle of B by rows
  count: number;
}

function subsets({ start, row, position }: ErrorGroups): {
  templates: readonly Subset[];
  rows: MixedRows;
  tableSize: number;
} {
  const known = new Map<string, Subset>();
  const first = [0];
  const entryRow: number[] = [];
  const coefficient: number[] = [];
  let tableSize = 1;
  for (let g = 0; g + 1 < start.length; g++) {
    const k = start[g + 1] - start[g];
    if (k === 0) continue;
    const own = position.subarray(start[g], start[g + 1]);
    const key = own.join(' ');
    let template = known.get(key);
    if (template === undefined) {
      template = { at: Array.from(own), start: tableSize, count: 0 };
      known.set(key, template);
      tableSize += (k * (k + 1)) / 2;
    }
    template.count++;
    for (let r = 0, e = template.start; r < k; r++) {
      for (let c = 0; c <= r; c++) {
        entryRow.push(row[start[g] + c]);
        coefficient.push(e++);
      }
      first.push(entryRow.length);
    }
  }
  return {
    templates: [...known.values()],
    tableSize,
    rows: {
      start: Int32Array.from(first),
      row: Int32Array.from(entryRow),
      coefficient: Int32Array.from(coefficient),
      weight: new Int32Array(first.length - 1),
    },
  };
}

/**
 * Adjoint of C from that of B = chol(C)^-1 and from share * log|C|, for all groups of the subset. With M the lower triangle of (adjoint of B) B' and half its
 * diagonal, d<.> = -<M + M', B dC B'> / 2 [LMM-RES-5].
 */
function addAdjoint(
  t: Subset,
  adjoint: Float64Array,
  share: number,
  table: Float64Array,
  G: Float64Array,
  K: number,
): void {
  const k = t.at.length;
  const B = (r: number, c: number): number => table[t.start + (r * (r + 1)) / 2 + c];
  // E = share count I - (M + M') / 2, then C's adjoint is B' E B
  const E = new Float64Array(k * k);
  for (let r = 0; r < k; r++)
    for (let c = 0; c <= r; c++) {
      let m = 0;
      for (let j = 0; j <= c; j++) m += adjoint[t.start + (r * (r + 1)) / 2 + j] * B(c, j);
      E[r * k + c] = -m / 2 + (r === c ? share * t.count : 0);
      E[c * k + r] = E[r * k + c];
    }
  const half = new Float64Array(k * k); // E B
  for (let r = 0; r < k; r++)
    for (let c = 0; c < k; c++) {
      let s = 0;
      for (let m = c; m < k; m++) s += E[r * k + m] * B(m, c);
      half[r * k + c] = s;
    }
  for (let r = 0; r < k; r++)
    for (let c = 0; c < k; c++) {
      let s = 0;
      for (let m = r; m < k; m++) s += B(m, r) * half[m * k + c];
      G[t.at[r] * K + t.at[c]] += s;
    }
}
