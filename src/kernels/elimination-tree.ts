import type { Graph } from './quotient-graph.js';

/**
 * The elimination tree of the graph eliminated in this order [KERNEL-2] (Liu 1990, SIAM J. Matrix Anal. Appl. 11, 134-172).
 * @param order     node at each position
 * @param position  position of each node
 * @returns parent position of each position, -1 for a root
 */
export function eliminationTree(graph: Graph, order: Int32Array, position: Int32Array): Int32Array {
  const n = graph.nodes;
  const parent = new Int32Array(n).fill(-1);
  const ancestor = new Int32Array(n).fill(-1);
  for (let j = 0; j < n; j++) {
    const node = order[j];
    for (let k = graph.start[node]; k < graph.start[node + 1]; k++) {
      let i = position[graph.neighbour[k]];
      while (i < j && i !== -1) {
        const up = ancestor[i];
        ancestor[i] = j;
        if (up === -1) parent[i] = j;
        if (up === j) break;
        i = up;
      }
    }
  }
  return parent;
}

/**
 * Postorder of a forest given by parents larger than their children. Of siblings the one with the largest `key` comes last,
 * so that long columns stand next to their parent and can share a supernode with it.
 * @returns new order: old position at each new position
 */
export function postorder(parent: Int32Array, key: Int32Array): Int32Array {
  const n = parent.length;
  const firstChild = new Int32Array(n).fill(-1);
  const sibling = new Int32Array(n).fill(-1);
  const heaviest = new Int32Array(n).fill(-1);
  for (let j = 0; j < n; j++) {
    const p = parent[j];
    if (p >= 0 && (heaviest[p] === -1 || key[j] >= key[heaviest[p]])) heaviest[p] = j;
  }
  for (let j = 0; j < n; j++) {
    const p = parent[j];
    if (p >= 0 && heaviest[p] === j) firstChild[p] = j; // at the end of the list
  }
  for (let j = n - 1; j >= 0; j--) {
    const p = parent[j];
    if (p < 0 || heaviest[p] === j) continue;
    sibling[j] = firstChild[p];
    firstChild[p] = j;
  }
  const order = new Int32Array(n);
  const stack = new Int32Array(n);
  let filled = 0;
  for (let root = 0; root < n; root++) {
    if (parent[root] >= 0) continue;
    let depth = 0;
    stack[depth++] = root;
    while (depth > 0) {
      const j = stack[depth - 1];
      const child = firstChild[j];
      if (child !== -1) {
        firstChild[j] = sibling[child];
        stack[depth++] = child;
      } else {
        order[filled++] = j;
        depth--;
      }
    }
  }
  return order;
}

/**
 * How long the columns of the factor are, without forming them [KERNEL-2] (Gilbert, Ng and Peyton 1994, SIAM J. Matrix Anal. Appl. 15,
 * 1075-1091). `order` must be a postorder of the tree.
 * @param rowWeight  weight of the row at each position: all ones to count blocks, sizes to count scalar rows
 * @returns sum of the weights of the rows of each column, its own included
 */
export function columnCounts(
  graph: Graph,
  order: Int32Array,
  position: Int32Array,
  parent: Int32Array,
  rowWeight: Int32Array,
): Int32Array {
  const n = graph.nodes;
  const count = new Int32Array(n);
  const first = new Int32Array(n).fill(-1); // first descendant
  for (let j = 0; j < n; j++) {
    count[j] = first[j] === -1 ? rowWeight[j] : 0;
    for (let i = j; i !== -1 && first[i] === -1; i = parent[i]) first[i] = j;
  }
  const largestFirst = new Int32Array(n).fill(-1);
  const previousLeaf = new Int32Array(n).fill(-1);
  const ancestor = new Int32Array(n);
  for (let j = 0; j < n; j++) ancestor[j] = j;
  for (let j = 0; j < n; j++) {
    const p = parent[j];
    if (p !== -1) count[p] -= rowWeight[j];
    const node = order[j];
    for (let k = graph.start[node]; k < graph.start[node + 1]; k++) {
      const i = position[graph.neighbour[k]];
      if (i <= j || first[j] <= largestFirst[i]) continue;
      // j is a leaf of the subtree of row i.
      largestFirst[i] = first[j];
      count[j] += rowWeight[i];
      const leaf = previousLeaf[i];
      previousLeaf[i] = j;
      if (leaf === -1) continue;
      let root = leaf;
      while (ancestor[root] !== root) root = ancestor[root];
      for (let s = leaf; s !== root; ) {
        const up = ancestor[s];
        ancestor[s] = root;
        s = up;
      }
      count[root] -= rowWeight[i];
    }
    if (p !== -1) ancestor[j] = p;
  }
  for (let j = 0; j < n; j++) if (parent[j] !== -1) count[parent[j]] += count[j];
  return count;
}
