import type { RandomBlock } from '../../data/design.js';
import { type BlockPattern, buildPattern } from '../../kernels/block-cholesky.js';
import type { BlockLoad, ModelRows } from './model-rows.js';
import { type Rebase, rebaseFor } from './rebase.js';
import { supportPairs } from './residual/mix-plan.js';
import { type ResidualShape, residualShape } from './residual/residual-work.js';
import type { CovarianceModel } from './structures/covariance-model.js';
import { covarianceModels } from './structures/covariance-models.js';

/** One factor Lambda that some levels of a block share: all of them, or, for ar1 and car1, those with the same gaps. */
export interface Template {
  readonly size: number;
  readonly start: number; // of its size x size numbers in `lambda`
  readonly positions: Float64Array | null; // in units of the block's `unit`
}

export interface BlockLayout {
  readonly block: RandomBlock;
  readonly model: CovarianceModel;
  readonly load: BlockLoad;
  readonly size: number; // columns per level; of ar1 and car1 the most
  readonly levels: number;
  readonly thetaStart: number;
  readonly thetaCount: number;
  readonly nodeStart: number; // level l is node nodeStart + l
  readonly templates: readonly Template[];
  readonly templateOf: Int32Array; // levels
  readonly rebase: Rebase;
  readonly unit: number; // car1: the smallest gap; 1 otherwise
}

/** Where everything is: one node per level of each random-effects block. */
export interface Layout {
  readonly blocks: readonly BlockLayout[];
  readonly thetas: number;
  readonly lambdas: number; // length of the templates' storage
  readonly pattern: BlockPattern;
  readonly nodeLambda: Int32Array; // nodes: start of the node's template
  /** For each pair of blocks (u, v), u < v: the entry of `pattern` that each row adds to. */
  readonly pairs: readonly { readonly u: number; readonly v: number; readonly entry: Int32Array }[];
  /** How rows mix where errors differ in size or are correlated. */
  readonly residual: ResidualShape | null;
}

export function layOut(model: ModelRows): Layout {
  const blocks: BlockLayout[] = [];
  let thetas = 0;
  let lambdas = 0;
  let nodes = 0;
  model.blocks.forEach((block, b) => {
    const covariance = covarianceModels[block.covariance];
    const load = model.loads[b];
    const levels = block.group.levels.length;
    let size = 0;
    for (let l = 0; l < levels; l++) size = Math.max(size, block.columnStart[l + 1] - block.columnStart[l]);
    const unit = block.covariance === 'car1' ? smallestGap(block) : 1;
    const { templates, templateOf } = templatesOf(block, lambdas, unit);
    for (const t of templates) lambdas += t.size * t.size;
    const thetaCount = covariance.parameterCount(size);
    const rebase = rebaseFor(load, covariance, model.rows, model.weights, size);
    const place = { thetaStart: thetas, thetaCount, nodeStart: nodes, templates, templateOf };
    blocks.push({ block, model: covariance, load, size, levels, rebase, unit, ...place });
    thetas += thetaCount;
    nodes += levels;
  });

  const size = new Int32Array(nodes);
  const nodeLambda = new Int32Array(nodes);
  for (const { block, levels, nodeStart, templates, templateOf } of blocks) {
    for (let l = 0; l < levels; l++) {
      size[nodeStart + l] = block.columnStart[l + 1] - block.columnStart[l];
      nodeLambda[nodeStart + l] = templates[templateOf[l]].start;
    }
  }
  const residual = residualShape(model, blocks);
  const { pattern, pairs } = crossPairs(blocks, size, model.rows, residual);
  return { blocks, thetas, lambdas, pattern, nodeLambda, pairs, residual };
}

/** Levels that meet in a row, or, with correlated errors, in rows that are mixed. */
function crossPairs(
  blocks: readonly BlockLayout[],
  size: Int32Array,
  rows: number,
  residual: ResidualShape | null,
): Pick<Layout, 'pattern' | 'pairs'> {
  const count = (blocks.length * (blocks.length - 1)) / 2;
  const met = residual === null || residual.correlation === null ? null : supportPairs(residual.supports);
  const left = new Int32Array(rows * count + (met?.left.length ?? 0));
  const right = new Int32Array(left.length);
  if (met !== null) {
    left.set(met.left, rows * count);
    right.set(met.right, rows * count);
  }
  let at = 0;
  for (let u = 0; u < blocks.length; u++) {
    for (let v = u + 1; v < blocks.length; v++) {
      addNodes(blocks[v].block.group.codes, blocks[v].nodeStart, left, at);
      addNodes(blocks[u].block.group.codes, blocks[u].nodeStart, right, at);
      at += rows;
    }
  }
  const pattern = buildPattern(size, left, right);
  const pairs: { u: number; v: number; entry: Int32Array }[] = [];
  for (let u = 0; u + 1 < blocks.length; u++) {
    const byLevel = rowsByLevel(blocks[u].block.group.codes, blocks[u].levels);
    for (let v = u + 1; v < blocks.length; v++)
      pairs.push({ u, v, entry: entriesOfRows(pattern, blocks[u], blocks[v], byLevel) });
  }
  return { pattern, pairs };
}

function addNodes(codes: Int32Array, nodeStart: number, into: Int32Array, at: number): void {
  for (let i = 0; i < codes.length; i++) into[at + i] = nodeStart + codes[i];
}

interface RowsByLevel {
  readonly start: Int32Array; // levels + 1
  readonly row: Int32Array; // rows, level by level
}

function rowsByLevel(codes: Int32Array, levels: number): RowsByLevel {
  const start = new Int32Array(levels + 1);
  for (let i = 0; i < codes.length; i++) start[codes[i] + 1]++;
  for (let l = 0; l < levels; l++) start[l + 1] += start[l];
  const row = new Int32Array(codes.length);
  const next = start.slice();
  for (let i = 0; i < codes.length; i++) row[next[codes[i]]++] = i;
  return { start, row };
}

/** Where the pattern has the block that each row adds to: the columns of u one after the other, their entries by node. */
function entriesOfRows(pattern: BlockPattern, u: BlockLayout, v: BlockLayout, { start, row }: RowsByLevel): Int32Array {
  const { codes } = v.block.group;
  const entry = new Int32Array(codes.length);
  const at = new Int32Array(pattern.nodes);
  for (let l = 0; l < u.levels; l++) {
    const node = u.nodeStart + l;
    for (let e = pattern.columnStart[node]; e < pattern.columnStart[node + 1]; e++) at[pattern.row[e]] = e;
    for (let k = start[l]; k < start[l + 1]; k++) entry[row[k]] = at[v.nodeStart + codes[row[k]]];
  }
  return entry;
}

function templatesOf(
  block: RandomBlock,
  start: number,
  unit: number,
): { templates: Template[]; templateOf: Int32Array } {
  const { columnStart, positions } = block;
  const levels = block.group.levels.length;
  const templateOf = new Int32Array(levels);
  const templates: Template[] = [];
  if (positions === null) {
    templates.push({ size: levels === 0 ? 0 : columnStart[1] - columnStart[0], start, positions: null });
    return { templates, templateOf };
  }
  const known = new Map<string, number>();
  let next = start;
  for (let l = 0; l < levels; l++) {
    const own = positions.subarray(columnStart[l], columnStart[l + 1]);
    const fromFirst = Float64Array.from(own, (p) => (p - own[0]) / unit);
    const key = fromFirst.join(' ');
    let index = known.get(key);
    if (index === undefined) {
      index = templates.length;
      known.set(key, index);
      templates.push({ size: own.length, start: next, positions: fromFirst });
      next += own.length * own.length;
    }
    templateOf[l] = index;
  }
  return { templates, templateOf };
}

function smallestGap(block: RandomBlock): number {
  const { columnStart, positions } = block;
  let gap = Number.POSITIVE_INFINITY;
  if (positions !== null)
    for (let l = 0; l + 1 < columnStart.length; l++)
      for (let c = columnStart[l] + 1; c < columnStart[l + 1]; c++)
        gap = Math.min(gap, positions[c] - positions[c - 1]);
  return gap > 0 && gap < Number.POSITIVE_INFINITY ? gap : 1;
}
