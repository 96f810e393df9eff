import type { RandomBlock } from '../../../src/data/design.js';
import type { BlockLoad, ModelRows } from '../../../src/engines/lmm/model-rows.js';
import type { CovarianceStructure } from '../../../src/graph/model-graph.js';

/** One random-effects block of a model written by hand. */
export interface HandBlock {
  readonly group: readonly (string | number)[];
  readonly covariance?: CovarianceStructure;
  /** Columns of Z (each of the rows' length); left out: an intercept. */
  readonly columns?: readonly (readonly number[])[];
  readonly names?: readonly string[];
  /** ar1, car1: the position of each row. */
  readonly position?: readonly number[];
  readonly sumToZero?: boolean;
}

export interface HandModel {
  readonly y: readonly number[];
  readonly X: readonly (readonly number[])[]; // columns
  readonly terms?: readonly string[];
  readonly weights?: readonly number[];
  readonly offset?: readonly number[];
  readonly blocks: readonly HandBlock[];
}

/** Codes levels in order of first appearance. */
export function handRows(hand: HandModel): ModelRows {
  const rows = hand.y.length;
  const X = new Float64Array(rows * hand.X.length);
  hand.X.forEach((column, c) => {
    X.set(column, c * rows);
  });
  const built = hand.blocks.map((b, k) => handBlock(b, k, rows));
  return {
    rows,
    fixed: hand.X.length,
    X,
    termOf: hand.terms ?? hand.X.map((_, c) => `x${c}`),
    y: Float64Array.from(hand.y),
    offset: hand.offset ? Float64Array.from(hand.offset) : null,
    weights: hand.weights ? Float64Array.from(hand.weights) : null,
    blocks: built.map((b) => b.block),
    loads: built.map((b) => b.load),
  };
}

function handBlock(b: HandBlock, index: number, rows: number): { block: RandomBlock; load: BlockLoad } {
  const levels = [...new Set(b.group.map(String))];
  const codes = Int32Array.from(b.group, (g) => levels.indexOf(String(g)));
  const covariance = b.covariance ?? 'us';
  const common = {
    id: `block${index}`,
    label: `g${index}`,
    name: null,
    class: null,
    group: { label: `g${index}`, codes, levels },
    covariance,
    constraint: b.sumToZero ? ('sumToZero' as const) : null,
  };
  if (b.position !== undefined) {
    const position = b.position;
    const distinct = [...new Set(position)].sort((p, q) => p - q);
    const at = (i: number) => (covariance === 'ar1' ? distinct.indexOf(position[i]) : position[i]);
    const columnStart = new Int32Array(levels.length + 1);
    const positions: number[] = [];
    const column = new Int32Array(rows);
    levels.forEach((_, l) => {
      const mine = Array.from(codes.keys()).filter((i) => codes[i] === l);
      const own = [...new Set(mine.map(at))].sort((p, q) => p - q);
      for (const i of mine) column[i] = own.indexOf(at(i));
      positions.push(...own);
      columnStart[l + 1] = positions.length;
    });
    return {
      block: { ...common, terms: distinct.map(String), columnStart, positions: Float64Array.from(positions) },
      load: { kind: 'indicator', column, multiple: 1 },
    };
  }
  const columns = b.columns ?? [new Array<number>(rows).fill(1)];
  const size = columns.length;
  const values = new Float64Array(rows * size);
  columns.forEach((column, c) => {
    column.forEach((v, i) => {
      values[i * size + c] = v;
    });
  });
  return {
    block: {
      ...common,
      terms: b.names ?? columns.map((_, c) => (b.columns ? `z${c}` : '(Intercept)')),
      columnStart: Int32Array.from({ length: levels.length + 1 }, (_, l) => l * size),
      positions: null,
    },
    load: { kind: 'dense', size, values: b.columns ? values : null },
  };
}
