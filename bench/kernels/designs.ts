import { readFileSync } from 'node:fs';
import { parseTable } from 'mmlang';
import { type BlockPattern, buildPattern } from '../../src/kernels/block-cholesky.js';
import { createRng } from '../../src/kernels/rng.js';

/** Which levels of grouping factors meet, as in the matrices that fits factor. */
export interface KernelDesign {
  readonly name: string;
  readonly pattern: () => BlockPattern;
}

/** @param widths  random effects of a level, for each factor */
function fromCodes(levels: readonly number[], widths: readonly number[], codes: readonly Int32Array[]): BlockPattern {
  const rows = codes[0].length;
  const start = [0];
  for (const n of levels) start.push(start[start.length - 1] + n);
  const sizes = new Int32Array(start[levels.length]);
  widths.forEach((width, f) => {
    sizes.fill(width, start[f], start[f + 1]);
  });
  const many = (rows * levels.length * (levels.length - 1)) / 2;
  const i = new Int32Array(many);
  const j = new Int32Array(many);
  let k = 0;
  for (let f = 0; f < levels.length; f++)
    for (let g = 0; g < f; g++)
      for (let r = 0; r < rows; r++) {
        i[k] = start[f] + codes[f][r];
        j[k++] = start[g] + codes[g][r];
      }
  return buildPattern(sizes, i, j);
}

/** The columns of the data of lme4's InstEval, levels numbered in order of their first row. */
function instEval(names: readonly string[]): BlockPattern {
  const { table } = parseTable(readFileSync('test/data/InstEval.csv', 'utf8'));
  const levels: number[] = [];
  const codes = names.map((name) => {
    const column = table?.columns.get(name);
    if (column === undefined) throw new Error(`no column ${name}`);
    const seen = new Map<number, number>();
    const cells = column.kind === 'number' ? column.values : column.codes;
    const own = Int32Array.from(cells, (v) => {
      const known = seen.get(v) ?? seen.size;
      seen.set(v, known);
      return known;
    });
    levels.push(seen.size);
    return own;
  });
  return fromCodes(
    levels,
    names.map(() => 1),
    codes,
  );
}

/** Two crossed factors; every level of the first is there. */
function crossed(n: number, m: number, rows: number, width = 1): BlockPattern {
  const rng = createRng(`kernels ${n} ${m} ${rows}`);
  const a = Int32Array.from({ length: rows }, (_, r) => (r < n ? r : rng.integer(n)));
  const b = Int32Array.from({ length: rows }, () => rng.integer(m));
  return fromCodes([n, m], [width, width], [a, b]);
}

/** Levels of width `inner` in levels of width `outer`, a hundred in each. */
function nested(levels: number, inner: number, outer: number): BlockPattern {
  const own = Int32Array.from({ length: levels }, (_, k) => k);
  return fromCodes([levels, levels / 100], [inner, outer], [own, own.map((k) => Math.floor(k / 100))]);
}

function dense(n: number): BlockPattern {
  return buildPattern(Int32Array.of(n), new Int32Array(0), new Int32Array(0));
}

export const kernelDesigns: readonly KernelDesign[] = [
  { name: 'InstEval: students, lecturers, departments', pattern: () => instEval(['s', 'd', 'dept']) },
  { name: 'InstEval: students, lecturers', pattern: () => instEval(['s', 'd']) },
  { name: 'crossed 6000 x 4000, 3e4 rows', pattern: () => crossed(6000, 4000, 3e4) },
  { name: 'crossed 5e5 x 300, 1.5e6 rows', pattern: () => crossed(5e5, 300, 1.5e6) },
  { name: 'crossed slopes 1000 x 4, 400 x 4', pattern: () => crossed(1000, 400, 2e4, 4) },
  { name: 'nested 1e5 x 2 in 1000 x 2', pattern: () => nested(1e5, 2, 2) },
  { name: 'one dense block of 2000', pattern: () => dense(2000) },
];
