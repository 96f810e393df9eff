/** An undirected graph without loops: the neighbours of i are neighbour[start[i] .. start[i + 1]], each edge at both ends. */
export interface Graph {
  readonly nodes: number;
  readonly start: Int32Array; // nodes + 1
  readonly neighbour: Int32Array;
  readonly weight: Int32Array; // nodes, >= 1: scalar rows of a node
}

/**
 * Approximate minimum degree ordering on the quotient graph (Amestoy, Davis and Duff 1996, SIAM J. Matrix Anal. Appl. 17,
 * 886-905) with element absorption, mass elimination and merging of indistinguishable nodes; degrees count scalar rows.
 * Nodes connected to more than 10 sqrt(rows) rows are set aside and come last. Ties go by a fixed rule, so that equal graphs
 * get equal orders.
 * @returns order: node at each position
 */
export function minimumDegree(graph: Graph): Int32Array {
  const n = graph.nodes;
  const order = new Int32Array(n);
  if (n === 0) return order;
  const edges = graph.start[n];
  const capacity = edges + (edges >> 2) + 2 * n + 16;
  // A live variable's list is its elements (elementCount of them), then its variables; an element's list is its variables.
  const list = new Int32Array(capacity);
  list.set(graph.neighbour.subarray(0, edges));
  const start = new Int32Array(n);
  const length = new Int32Array(n);
  const elementCount = new Int32Array(n);
  const weight = new Int32Array(n); // > 0 live variable; < 0 variable of the element under construction; 0 gone
  const degree = new Int32Array(n);
  const mark = new Int32Array(n); // of elements: 0 absorbed; of variables: scratch of the comparison
  const isElement = new Uint8Array(n);
  const next = new Int32Array(n).fill(-1);
  const previous = new Int32Array(n).fill(-1);
  const hashHead = new Int32Array(n).fill(-1);
  const hash = new Int32Array(n);
  // The nodes that are eliminated together with a representative form a chain.
  const member = new Int32Array(n).fill(-1);
  const tail = new Int32Array(n);

  let total = 0;
  for (let i = 0; i < n; i++) total += graph.weight[i];
  const head = new Int32Array(total + 1).fill(-1);
  const limit = Math.max(16, 10 * Math.sqrt(total));
  let free = edges;
  let eliminated = 0; // weight
  let done = 0; // positions of `order` that are filled
  let least = 0;
  let tag = 2;
  let largestElement = 0;

  const pushDegree = (i: number, d: number): void => {
    const first = head[d];
    next[i] = first;
    previous[i] = -1;
    if (first !== -1) previous[first] = i;
    head[d] = i;
  };
  const popDegree = (i: number): void => {
    const after = next[i];
    const before = previous[i];
    if (after !== -1) previous[after] = before;
    if (before !== -1) next[before] = after;
    else head[degree[i]] = after;
  };
  /** A tag larger than every mark by more than any weighted degree. */
  const freshTag = (from: number): number => {
    if (from + total < 0x7fffffff && from >= 2) return from;
    for (let i = 0; i < n; i++) if (mark[i] !== 0) mark[i] = 1;
    return 2;
  };

  let dense = 0;
  const isDense = new Uint8Array(n);
  for (let i = n - 1; i >= 0; i--) {
    start[i] = graph.start[i];
    length[i] = graph.start[i + 1] - graph.start[i];
    weight[i] = graph.weight[i];
    tail[i] = i;
    mark[i] = 1;
    let d = 0;
    for (let k = graph.start[i]; k < graph.start[i + 1]; k++) d += graph.weight[graph.neighbour[k]];
    degree[i] = d;
    if (d > limit && length[i] > 16) {
      isDense[i] = 1;
      dense++;
      eliminated += weight[i];
      weight[i] = 0;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    if (isDense[i]) continue;
    if (dense > 0) {
      let d = 0;
      for (let k = start[i]; k < start[i] + length[i]; k++) d += weight[list[k]];
      degree[i] = d;
    }
    pushDegree(i, degree[i]);
  }

  while (done < n - dense) {
    while (head[least] === -1) least++;
    const pivot = head[least];
    popDegree(pivot);
    const pivotWeight = weight[pivot];
    eliminated += pivotWeight;

    if (elementCount[pivot] > 0 && free + least >= capacity) {
      // Compact: the first item of every live list is swapped with a negative name, the lists are moved down in order.
      for (let i = 0; i < n; i++) {
        if (length[i] > 0 && (weight[i] !== 0 || (isElement[i] && mark[i] !== 0))) {
          const at = start[i];
          start[i] = list[at];
          list[at] = -i - 1;
        } else length[i] = 0;
      }
      let to = 0;
      for (let from = 0; from < free; ) {
        const name = list[from++];
        if (name >= 0) continue;
        const i = -name - 1;
        list[to] = start[i];
        start[i] = to++;
        for (let k = 1; k < length[i]; k++) list[to++] = list[from++];
      }
      free = to;
    }

    // The new element: the pivot's variables and those of its elements, which are absorbed.
    weight[pivot] = -pivotWeight;
    let elementWeight = 0;
    const inPlace = elementCount[pivot] === 0;
    const elementStart = inPlace ? start[pivot] : free;
    let elementEnd = elementStart;
    const pivotEnd = start[pivot] + length[pivot];
    let p = start[pivot];
    for (let e = 0; e <= elementCount[pivot]; e++) {
      let from = p;
      let to = pivotEnd;
      let source = -1;
      if (e < elementCount[pivot]) {
        source = list[p++];
        from = start[source];
        to = from + length[source];
      }
      for (let k = from; k < to; k++) {
        const i = list[k];
        const wi = weight[i];
        if (wi <= 0) continue;
        elementWeight += wi;
        weight[i] = -wi;
        list[elementEnd++] = i;
        popDegree(i);
      }
      if (source >= 0) {
        mark[source] = 0;
        length[source] = 0;
      }
    }
    if (!inPlace) free = elementEnd;
    degree[pivot] = elementWeight;
    start[pivot] = elementStart;
    length[pivot] = elementEnd - elementStart;
    elementCount[pivot] = 0;
    isElement[pivot] = 1;
    mark[pivot] = 1;

    // mark[e] - tag becomes |element e without the new element|.
    tag = freshTag(tag);
    for (let k = elementStart; k < elementEnd; k++) {
      const i = list[k];
      const wi = -weight[i];
      for (let q = start[i], end = q + elementCount[i]; q < end; q++) {
        const e = list[q];
        if (mark[e] >= tag) mark[e] -= wi;
        else if (mark[e] !== 0) mark[e] = degree[e] + tag - wi;
      }
    }

    // Approximate degrees; dead entries are squeezed out, the new element becomes the first of each variable's elements.
    for (let k = elementStart; k < elementEnd; k++) {
      const i = list[k];
      const wi = -weight[i];
      const begin = start[i];
      const middle = begin + elementCount[i];
      const end = begin + length[i];
      let put = begin;
      let d = 0;
      let key = 0;
      for (let q = begin; q < middle; q++) {
        const e = list[q];
        if (mark[e] === 0) continue;
        const outside = mark[e] - tag;
        if (outside > 0) {
          d += outside;
          list[put++] = e;
          key += e;
        } else {
          mark[e] = 0; // lies within the new element
          length[e] = 0;
        }
      }
      const variables = put;
      for (let q = middle; q < end; q++) {
        const j = list[q];
        const wj = weight[j];
        if (wj <= 0) continue;
        d += wj;
        list[put++] = j;
        key += j;
      }
      if (d === 0) {
        // Nothing left outside the element: eliminated together with the pivot.
        weight[i] = 0;
        length[i] = 0;
        eliminated += wi;
        elementWeight -= wi;
        member[tail[pivot]] = i;
        tail[pivot] = tail[i];
      } else {
        if (d < degree[i]) degree[i] = d;
        // One place is free: every variable here lost at least the pivot or an element that holds the pivot.
        list[put] = list[variables];
        list[variables] = list[begin];
        list[begin] = pivot;
        elementCount[i] = variables - begin + 1;
        length[i] = put - begin + 1;
        const bucket = key % n;
        hash[i] = bucket;
        next[i] = hashHead[bucket];
        hashHead[bucket] = i;
      }
    }
    degree[pivot] = elementWeight;
    if (elementWeight > largestElement) largestElement = elementWeight;
    tag = freshTag(tag + largestElement + 1);

    // Variables with equal lists are merged.
    for (let k = elementStart; k < elementEnd; k++) {
      if (weight[list[k]] >= 0) continue;
      const bucket = hash[list[k]];
      let i = hashHead[bucket];
      hashHead[bucket] = -1;
      for (; i !== -1 && next[i] !== -1; i = next[i]) {
        const many = length[i];
        const elements = elementCount[i];
        for (let q = start[i] + 1; q < start[i] + many; q++) mark[list[q]] = tag;
        let last = i;
        let j = next[i];
        while (j !== -1) {
          let equal = length[j] === many && elementCount[j] === elements;
          for (let q = start[j] + 1; equal && q < start[j] + many; q++) equal = mark[list[q]] === tag;
          if (equal) {
            weight[i] += weight[j]; // both negative here
            weight[j] = 0;
            length[j] = 0;
            member[tail[i]] = j;
            tail[i] = tail[j];
            j = next[j];
            next[last] = j;
          } else {
            last = j;
            j = next[j];
          }
        }
        tag = freshTag(tag + 1);
      }
    }

    // The element without the merged, and the degree lists.
    let keep = elementStart;
    for (let k = elementStart; k < elementEnd; k++) {
      const i = list[k];
      const wi = -weight[i];
      if (wi <= 0) continue;
      weight[i] = wi;
      let d = degree[i] + elementWeight - wi;
      const rest = total - eliminated - wi;
      if (d > rest) d = rest;
      degree[i] = d;
      pushDegree(i, d);
      if (d < least) least = d;
      list[keep++] = i;
    }
    weight[pivot] = 0;
    length[pivot] = keep - elementStart;
    if (!inPlace) free = keep;
    if (length[pivot] === 0) mark[pivot] = 0;
    for (let i = pivot; i !== -1; i = member[i]) order[done++] = i;
  }
  for (let i = 0; i < n; i++) if (isDense[i]) order[done++] = i;
  return order;
}
