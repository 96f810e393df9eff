import { InternalError } from '../diagnostics/internal-error.js';
import type { BlockPattern } from './block-pattern.js';
import { inverseScratch } from './dense-kernels.js';
import { columnCounts, eliminationTree, postorder } from './elimination-tree.js';
import { FactorTooLarge, LARGEST } from './factor-too-large.js';
import { minimumDegree } from './minimum-degree.js';
import type { Graph } from './quotient-graph.js';
import { findSupernodes, type Supernodes } from './supernodes.js';

/**
 * Everything about the factor that does not depend on numbers. A supernode is a run of consecutive columns (in permuted
 * order) with the same rows below; its panel is (width + below) x width, column-major: on top the square of its own rows,
 * of which the lower triangle counts, then the rows below.
 */
export interface CholeskySymbolic {
  readonly pattern: BlockPattern;
  readonly scalars: number; // rows of the matrix
  readonly order: Int32Array; // nodes: node at each position
  readonly scalarOrder: Int32Array; // scalars: original row at each permuted row
  readonly supernodes: number;
  readonly parent: Int32Array; // supernodes: the supernode of the first row below, -1 for a root
  readonly first: Int32Array; // supernodes + 1: first permuted scalar column
  readonly ofScalar: Int32Array; // scalars: supernode of a permuted scalar column
  readonly belowStart: Int32Array; // supernodes + 1
  readonly below: Int32Array; // permuted scalar rows below each supernode, ascending
  readonly panelStart: Int32Array; // supernodes + 1: offset of the panel in the factor's storage
  /** entries: where a block of the pattern goes in the factor's storage; ~offset where it is transposed on the way. */
  readonly entryTarget: Int32Array;
  readonly entryStride: Int32Array; // entries: leading dimension of that panel
  readonly inverseLength: number; // numbers of scratch that the selected inverse needs
  readonly largestBelow: number;
  readonly largestWidth: number;
}

export type Ordering = 'minimumDegree' | 'given';

/**
 * Order, elimination tree, supernodes and storage of the factor of a matrix with this pattern.
 * @throws FactorTooLarge
 */
export function analyzeSymbolic(pattern: BlockPattern, ordering: Ordering = 'minimumDegree'): CholeskySymbolic {
  const { nodes, size, rowStart } = pattern;
  if (pattern.row.length === nodes && size.every((k) => k > 0)) return symbolicOfDiagonal(pattern);
  const graph = graphOf(pattern);
  let order = ordering === 'given' || graph.start[nodes] === 0 ? identity(nodes) : minimumDegree(graph);
  let position = inverse(order);
  const unordered = eliminationTree(graph, order, position);
  const byTree = postorder(unordered, heights(unordered));
  order = compose(order, byTree);
  position = inverse(order);
  const toNew = inverse(byTree);
  const treeParent = new Int32Array(nodes);
  const sizeAt = new Int32Array(nodes);
  for (let j = 0; j < nodes; j++) {
    const p = unordered[byTree[j]];
    treeParent[j] = p < 0 ? -1 : toNew[p];
    sizeAt[j] = size[order[j]];
  }
  const blocks = columnCounts(graph, order, position, treeParent, new Int32Array(nodes).fill(1));
  const rows = columnCounts(graph, order, position, treeParent, sizeAt);
  const group = findSupernodes(treeParent, blocks, rows, sizeAt);

  const scalars = rowStart[nodes];
  const scalarStart = new Int32Array(nodes + 1); // permuted scalar row of each position
  const scalarOrder = new Int32Array(scalars);
  for (let j = 0, s = 0; j < nodes; j++) {
    for (let r = 0; r < sizeAt[j]; r++) scalarOrder[s++] = rowStart[order[j]] + r;
    scalarStart[j + 1] = s;
  }
  const { supernodes, firstNode, nodesBelow } = group;
  const first = new Int32Array(supernodes + 1);
  const ofScalar = new Int32Array(scalars);
  const ofPosition = new Int32Array(nodes);
  let belowNodes = 0;
  for (let s = 0; s < supernodes; s++) {
    first[s] = scalarStart[firstNode[s]];
    for (let j = firstNode[s]; j < firstNode[s + 1]; j++) ofPosition[j] = s;
    for (let r = first[s]; r < scalarStart[firstNode[s + 1]]; r++) ofScalar[r] = s;
    belowNodes += nodesBelow[s];
  }
  first[supernodes] = scalars;

  const structure = nodeRows(graph, order, position, group, ofPosition, belowNodes);
  const parent = new Int32Array(supernodes).fill(-1);
  const belowStart = new Int32Array(supernodes + 1);
  const panelStart = new Int32Array(supernodes + 1);
  let scalarsBelow = 0;
  let storage = 0;
  for (let s = 0; s < supernodes; s++) {
    belowStart[s] = scalarsBelow;
    panelStart[s] = storage;
    const from = structure.start[s];
    const to = structure.start[s + 1];
    if (to > from) parent[s] = ofPosition[structure.row[from]];
    let below = 0;
    for (let k = from; k < to; k++) below += sizeAt[structure.row[k]];
    scalarsBelow += below;
    const width = first[s + 1] - first[s];
    storage += width * (width + below);
    if (storage > LARGEST || scalarsBelow > LARGEST) throw new FactorTooLarge(totalNumbers(group, rows, sizeAt));
  }
  belowStart[supernodes] = scalarsBelow;
  panelStart[supernodes] = storage;
  const below = new Int32Array(scalarsBelow);
  for (let s = 0, at = 0; s < supernodes; s++) {
    for (let k = structure.start[s]; k < structure.start[s + 1]; k++) {
      const j = structure.row[k];
      for (let r = scalarStart[j]; r < scalarStart[j + 1]; r++) below[at++] = r;
    }
  }

  const targets = entryTargets(pattern, position, scalarStart, ofPosition, first, belowStart, below, panelStart);
  return {
    pattern,
    scalars,
    order,
    scalarOrder,
    supernodes,
    parent,
    first,
    ofScalar,
    belowStart,
    below,
    panelStart,
    ...targets,
    ...largest(supernodes, first, belowStart),
  };
}

/** Where no node meets another there is nothing to order: each is a supernode, stored where its block is. */
function symbolicOfDiagonal(pattern: BlockPattern): CholeskySymbolic {
  const { nodes, size, rowStart, blockStart } = pattern;
  const scalars = rowStart[nodes];
  if (blockStart[nodes] > LARGEST) throw new FactorTooLarge(blockStart[nodes]);
  const ofScalar = new Int32Array(scalars);
  for (let j = 0; j < nodes; j++) for (let r = rowStart[j]; r < rowStart[j + 1]; r++) ofScalar[r] = j;
  const belowStart = new Int32Array(nodes + 1);
  const below = new Int32Array(0);
  const scalarOrder = identity(scalars);
  return {
    pattern,
    scalars,
    order: scalarOrder.subarray(0, nodes),
    scalarOrder,
    supernodes: nodes,
    parent: new Int32Array(nodes).fill(-1),
    first: rowStart,
    ofScalar,
    belowStart,
    below,
    panelStart: blockStart,
    entryTarget: blockStart.subarray(0, nodes),
    entryStride: size,
    ...largest(nodes, rowStart, belowStart),
  };
}

/** Storage of all panels, from the column counts. */
function totalNumbers(group: Supernodes, rows: Int32Array, sizeAt: Int32Array): number {
  let numbers = 0;
  for (let s = 0; s < group.supernodes; s++) {
    let width = 0;
    for (let j = group.firstNode[s]; j < group.firstNode[s + 1]; j++) width += sizeAt[j];
    const last = group.firstNode[s + 1] - 1;
    numbers += width * (width + rows[last] - sizeAt[last]);
  }
  return numbers;
}

function identity(n: number): Int32Array {
  const order = new Int32Array(n);
  for (let j = 0; j < n; j++) order[j] = j;
  return order;
}

function compose(outer: Int32Array, inner: Int32Array): Int32Array {
  const result = new Int32Array(inner.length);
  for (let j = 0; j < inner.length; j++) result[j] = outer[inner[j]];
  return result;
}

function inverse(order: Int32Array): Int32Array {
  const position = new Int32Array(order.length);
  for (let j = 0; j < order.length; j++) position[order[j]] = j;
  return position;
}

/** Length of the longest path down to a leaf: a cheap stand-in for column length when siblings are ordered. */
function heights(parent: Int32Array): Int32Array {
  const height = new Int32Array(parent.length);
  for (let j = 0; j < parent.length; j++) {
    const p = parent[j];
    if (p >= 0 && height[p] <= height[j]) height[p] = height[j] + 1;
  }
  return height;
}

function graphOf(pattern: BlockPattern): Graph {
  const { nodes, size, columnStart, row } = pattern;
  const start = new Int32Array(nodes + 1);
  for (let j = 0; j < nodes; j++) {
    for (let e = columnStart[j] + 1; e < columnStart[j + 1]; e++) {
      start[j + 1]++;
      start[row[e] + 1]++;
    }
  }
  for (let j = 0; j < nodes; j++) start[j + 1] += start[j];
  const neighbour = new Int32Array(start[nodes]);
  const next = start.slice(0, nodes);
  for (let j = 0; j < nodes; j++) {
    for (let e = columnStart[j] + 1; e < columnStart[j + 1]; e++) {
      neighbour[next[j]++] = row[e];
      neighbour[next[row[e]]++] = j;
    }
  }
  return { nodes, start, neighbour, weight: size.map((k) => (k > 0 ? k : 1)) };
}

/** The rows (positions) below each supernode: those of the matrix and those its children pass on. */
function nodeRows(
  graph: Graph,
  order: Int32Array,
  position: Int32Array,
  group: Supernodes,
  ofPosition: Int32Array,
  total: number,
): { readonly start: Int32Array; readonly row: Int32Array } {
  const { supernodes, firstNode, nodesBelow } = group;
  const start = new Int32Array(supernodes + 1);
  const row = new Int32Array(total);
  const seen = new Int32Array(order.length).fill(-1);
  const firstChild = new Int32Array(supernodes).fill(-1);
  const sibling = new Int32Array(supernodes).fill(-1);
  for (let s = 0, at = 0; s < supernodes; s++) {
    const begin = at;
    const beyond = firstNode[s + 1];
    for (let j = firstNode[s]; j < beyond; j++) {
      const node = order[j];
      for (let k = graph.start[node]; k < graph.start[node + 1]; k++) {
        const i = position[graph.neighbour[k]];
        if (i >= beyond && seen[i] !== s) {
          seen[i] = s;
          row[at++] = i;
        }
      }
    }
    for (let c = firstChild[s]; c !== -1; c = sibling[c]) {
      for (let k = start[c]; k < start[c + 1]; k++) {
        const i = row[k];
        if (i >= beyond && seen[i] !== s) {
          seen[i] = s;
          row[at++] = i;
        }
      }
    }
    if (at - begin !== nodesBelow[s]) throw new InternalError('block Cholesky: column counts disagree', s);
    start[s + 1] = at;
    sortRange(row, begin, at);
    if (at > begin) {
      const p = ofPosition[row[begin]];
      sibling[s] = firstChild[p];
      firstChild[p] = s;
    }
  }
  return { start, row };
}

function sortRange(a: Int32Array, from: number, to: number): void {
  // Most lists are short, and a typed array's own sort costs about a microsecond to start.
  if (to - from > 32) {
    a.subarray(from, to).sort();
    return;
  }
  for (let k = from + 1; k < to; k++) {
    const x = a[k];
    let q = k;
    for (; q > from && a[q - 1] > x; q--) a[q] = a[q - 1];
    a[q] = x;
  }
}

function entryTargets(
  pattern: BlockPattern,
  position: Int32Array,
  scalarStart: Int32Array,
  ofPosition: Int32Array,
  first: Int32Array,
  belowStart: Int32Array,
  below: Int32Array,
  panelStart: Int32Array,
): { readonly entryTarget: Int32Array; readonly entryStride: Int32Array } {
  const { nodes, size, columnStart, row } = pattern;
  const entryTarget = new Int32Array(row.length);
  const entryStride = new Int32Array(row.length);
  for (let j = 0; j < nodes; j++) {
    for (let e = columnStart[j]; e < columnStart[j + 1]; e++) {
      const transposed = position[row[e]] < position[j];
      const left = transposed ? position[row[e]] : position[j];
      const right = transposed ? position[j] : position[row[e]];
      const s = ofPosition[left];
      const width = first[s + 1] - first[s];
      const stride = width + belowStart[s + 1] - belowStart[s];
      entryStride[e] = stride;
      if (size[j] === 0 || size[row[e]] === 0) continue; // nothing to copy
      let offset = scalarStart[right] - first[s];
      if (ofPosition[right] !== s) {
        let low = belowStart[s];
        let high = belowStart[s + 1] - 1;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (below[middle] < scalarStart[right]) low = middle + 1;
          else high = middle;
        }
        offset = width + low - belowStart[s];
      }
      const target = panelStart[s] + (scalarStart[left] - first[s]) * stride + offset;
      entryTarget[e] = transposed ? ~target : target;
    }
  }
  return { entryTarget, entryStride };
}

/** Sizes of scratch. */
function largest(
  supernodes: number,
  first: Int32Array,
  belowStart: Int32Array,
): Pick<CholeskySymbolic, 'inverseLength' | 'largestBelow' | 'largestWidth'> {
  let inverseLength = 0;
  let largestBelow = 0;
  let largestWidth = 0;
  for (let s = 0; s < supernodes; s++) {
    const width = first[s + 1] - first[s];
    const rows = belowStart[s + 1] - belowStart[s];
    largestBelow = Math.max(largestBelow, rows);
    largestWidth = Math.max(largestWidth, width);
    inverseLength = Math.max(inverseLength, rows * (rows + width) + inverseScratch(width));
  }
  return { inverseLength, largestBelow, largestWidth };
}
