/** An undirected graph without loops: the neighbours of i are neighbour[start[i] .. start[i + 1]], each edge at both ends. */
export interface Graph {
  readonly nodes: number;
  readonly start: Int32Array; // nodes + 1
  readonly neighbour: Int32Array;
  readonly weight: Int32Array; // nodes, >= 1: scalar rows of a node
}

/**
 * What is left after some eliminations: live variables, and an element (a clique) for each pivot. A variable's list is its
 * elements (`elementCount` of them), then its variables; an element's list is its variables.
 */
export interface QuotientGraph {
  readonly n: number;
  readonly total: number; // weight of all nodes
  readonly list: Int32Array;
  readonly start: Int32Array;
  readonly length: Int32Array;
  readonly elementCount: Int32Array;
  /** > 0 of a live variable; < 0 of a variable of the element under construction; 0 of everything else. */
  readonly weight: Int32Array;
  readonly degree: Int32Array; // of an element: the weight of its variables
  readonly mark: Int32Array; // elements: 0 absorbed; otherwise scratch, compared with `tag`
  readonly isElement: Uint8Array;
  readonly isGone: Uint8Array; // set aside or peeled off
  /** Doubly linked lists of the variables of equal degree; `next` also serves the hash lists of `mergeEqual`. */
  readonly head: Int32Array;
  readonly next: Int32Array;
  readonly previous: Int32Array;
  readonly hashHead: Int32Array;
  readonly hash: Int32Array;
  /** The nodes that are eliminated together with a representative form a chain from it to `tail`. */
  readonly member: Int32Array;
  readonly tail: Int32Array;
  readonly order: Int32Array;
  done: number; // positions of `order` that are filled
  eliminated: number; // weight
  free: number; // end of what is used of `list`
  least: number; // no variable has a lower degree
  tag: number; // larger than every mark
  largest: number; // weight of the heaviest element so far
}

export function quotientGraph(graph: Graph): QuotientGraph {
  const n = graph.nodes;
  const edges = graph.start[n];
  const list = new Int32Array(edges + (edges >> 2) + 2 * n + 16);
  list.set(graph.neighbour.subarray(0, edges));
  const length = new Int32Array(n);
  const tail = new Int32Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) {
    total += graph.weight[i];
    length[i] = graph.start[i + 1] - graph.start[i];
    tail[i] = i;
  }
  return {
    n,
    total,
    list,
    start: graph.start.slice(0, n),
    length,
    elementCount: new Int32Array(n),
    weight: graph.weight.slice(0, n),
    degree: new Int32Array(n),
    mark: new Int32Array(n).fill(1),
    isElement: new Uint8Array(n),
    isGone: new Uint8Array(n),
    head: new Int32Array(total + 1).fill(-1),
    next: new Int32Array(n).fill(-1),
    previous: new Int32Array(n).fill(-1),
    hashHead: new Int32Array(n).fill(-1),
    hash: new Int32Array(n),
    member: new Int32Array(n).fill(-1),
    tail,
    order: new Int32Array(n),
    done: 0,
    eliminated: 0,
    free: edges,
    least: 0,
    tag: 2,
    largest: 0,
  };
}

export function pushDegree(g: QuotientGraph, i: number, d: number): void {
  const first = g.head[d];
  g.next[i] = first;
  g.previous[i] = -1;
  if (first !== -1) g.previous[first] = i;
  g.head[d] = i;
}

export function popDegree(g: QuotientGraph, i: number): void {
  const after = g.next[i];
  const before = g.previous[i];
  if (after !== -1) g.previous[after] = before;
  if (before !== -1) g.next[before] = after;
  else g.head[g.degree[i]] = after;
}

/** `from`, or a small tag after lowering all marks: marks go up to the tag plus the weight of an element. */
export function freshTag(g: QuotientGraph, from: number): number {
  if (from + g.total < 0x7fffffff) return from;
  for (let i = 0; i < g.n; i++) if (g.mark[i] !== 0) g.mark[i] = 1;
  return 2;
}

/** The lists of what is alive, moved to the front of `list`. */
export function compact(g: QuotientGraph): void {
  const { n, list, start, length, weight, isElement, mark } = g;
  // Each list's first item changes places with the (negative) name of its owner, so that a sweep finds the lists in order.
  for (let i = 0; i < n; i++) {
    if (length[i] > 0 && (weight[i] !== 0 || (isElement[i] === 1 && mark[i] !== 0))) {
      const at = start[i];
      start[i] = list[at];
      list[at] = -i - 1;
    } else length[i] = 0;
  }
  let to = 0;
  for (let from = 0; from < g.free; ) {
    const name = list[from++];
    if (name >= 0) continue;
    const i = -name - 1;
    list[to] = start[i];
    start[i] = to++;
    for (let k = 1; k < length[i]; k++) list[to++] = list[from++];
  }
  g.free = to;
}
