import { findEntry } from '../../kernels/block-cholesky.js';
import { shiftedCholesky, solveLowerInPlace } from '../../optim/cholesky-solve.js';
import type { BlockLayout, Layout } from './layout.js';

/** Columns of which each has more than this beyond the others, in squares, are not alike: a covariate whose mean is twice its spread. */
const related = 0.2;
/** Columns that have less are the same. */
const same = 1e-10;

/**
 * A start for independent effects of one grouping factor whose columns are nearly alike, such as an intercept and the slope of a covariate
 * far from zero [LMM-21]: each of them alone would make levels differ that do not, and only large ones together make up for each other,
 * so that the deviance can have one minimum where all are small and another where all are large. Standard deviations are such that what
 * a column has beyond the others has one of a unit.
 * @param A      Z'Z, or Z'WZ, in the pattern's layout
 * @param start  thetas first; what is kept of other parameters
 * @param unit   of a block's effects; sigma of a linear mixed model, whose theta counts in it
 * @returns null where no columns are such
 */
export function farStart(
  layout: Layout,
  A: Float64Array,
  start: Float64Array,
  unit: (block: BlockLayout) => number = () => 1,
): Float64Array | null {
  let far: Float64Array | null = null;
  for (const blocks of columnsOfLevels(layout)) {
    const shares = sharesBeyond(productsOf(layout, A, blocks));
    if (shares === null || !shares.some((s) => s < related) || !shares.every((s) => s > same)) continue;
    far ??= start.slice();
    let at = 0;
    for (const block of blocks) {
      const { model, thetaStart, thetaCount, size } = block;
      far.fill(0, thetaStart, thetaStart + thetaCount);
      const sds = shares.subarray(at, at + size).map((s) => unit(block) / Math.sqrt(s));
      model.scaleInto(far, thetaStart, size, sds);
      at += size;
    }
  }
  return far;
}

/** Blocks of the same levels that have several columns together, independent ones among them. */
export function columnsOfLevels({ blocks }: Layout): readonly (readonly BlockLayout[])[] {
  const found: BlockLayout[][] = [];
  let left = blocks.filter(isPlain);
  while (left.length > 0) {
    const [first] = left;
    const own = left.filter((b) => haveSameLevels(first, b));
    left = left.filter((b) => !own.includes(b));
    if (own.length > 1 || (first.size > 1 && first.model.name === 'diag')) found.push(own);
  }
  return found;
}

function isPlain({ model, levels }: BlockLayout): boolean {
  return (model.name === 'us' || model.name === 'diag') && levels > 0;
}

function haveSameLevels({ block: { group } }: BlockLayout, { block: { group: other } }: BlockLayout): boolean {
  return group.codes === other.codes || group.codes.every((c, i) => c === other.codes[i]);
}

/** Cross-products of the columns of blocks with the same levels, over all rows; symmetric. */
function productsOf({ pattern }: Layout, A: Float64Array, blocks: readonly BlockLayout[]): Float64Array {
  let columns = 0;
  for (const { size } of blocks) columns += size;
  const G = new Float64Array(columns * columns);
  let to = 0;
  for (const [v, V] of blocks.entries()) {
    let from = 0;
    for (const U of blocks.slice(0, v + 1)) {
      for (let l = 0; l < V.levels; l++) {
        const entry = findEntry(pattern, V.nodeStart + l, U.nodeStart + l);
        if (entry < 0) continue;
        const at = pattern.blockStart[entry];
        for (let c = 0; c < U.size; c++)
          for (let r = 0; r < V.size; r++) G[to + r + (from + c) * columns] += A[at + r + c * V.size];
      }
      from += U.size;
    }
    to += V.size;
  }
  for (let c = 0; c < columns; c++) for (let r = 0; r < c; r++) G[r + c * columns] = G[c + r * columns];
  return G;
}

/** Of each column the share that the others do not have, 1 / (G_cc [G^-1]_cc); null where G is singular. */
function sharesBeyond(G: Float64Array): Float64Array | null {
  const n = Math.round(Math.sqrt(G.length));
  const L = new Float64Array(n * n);
  if (!shiftedCholesky(G, n, 0, L)) return null;
  return Float64Array.from({ length: n }, (_, c) => {
    const unit = new Float64Array(n);
    unit[c] = 1;
    solveLowerInPlace(L, n, unit);
    let inverse = 0;
    for (const v of unit) inverse += v * v;
    return 1 / (G[c + c * n] * inverse);
  });
}
