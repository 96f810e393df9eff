import {
  compact,
  freshTag,
  type Graph,
  popDegree,
  pushDegree,
  type QuotientGraph,
  quotientGraph,
} from './quotient-graph.js';

/** How much higher a leaf's neighbours' degrees must be: where one at a time is affordable, and where it is not. */
const LEAF_RATIO = 3;
const LEAF_RATIO_DENSE = 1;
/** Steps (a few nanoseconds each) beyond which an approximation will do. */
const AFFORDABLE = 1e8;

/**
 * Approximate minimum degree ordering [KERNEL-1] on the quotient graph (Amestoy, Davis and Duff 1996, SIAM J. Matrix Anal. Appl. 17,
 * 886-905) with element absorption, mass elimination and merging of indistinguishable nodes; degrees count scalar rows.
 * Nodes connected to more than 10 sqrt(rows) rows are set aside and come last, by degree. Nodes with one neighbour are peeled
 * off first; then those of far lower degree than all their neighbours (the many levels of one factor, each with a few levels
 * of another), all in one round: one by one they would cost a pass over their neighbours' long lists each. Ties go by a fixed
 * rule, so that equal graphs get equal orders.
 * @returns node at each position
 */
export function minimumDegree(graph: Graph): Int32Array {
  const g = quotientGraph(graph);
  const last = setAsideDense(g, graph);
  peel(g);
  eliminateLeaves(g);
  fillDegreeLists(g);
  // The steps are functions of their own because each of them is then compiled once, early and for good.
  while (g.done < g.n - last.length) {
    const pivot = leastDegree(g);
    formElement(g, pivot);
    measureOverlaps(g, pivot);
    updateDegrees(g, pivot);
    mergeEqual(g, pivot);
    finishElement(g, pivot);
    for (let i = pivot; i !== -1; i = g.member[i]) g.order[g.done++] = i;
  }
  for (const i of last) g.order[g.done++] = i;
  return g.order;
}

/** Takes nodes of very high degree out and returns them, the highest last. */
function setAsideDense(g: QuotientGraph, graph: Graph): Int32Array {
  const { n, list, start, length, weight, degree, isGone } = g;
  const limit = Math.max(16, 10 * Math.sqrt(g.total));
  const dense: number[] = [];
  for (let i = 0; i < n; i++) {
    let d = 0;
    for (let k = start[i]; k < start[i] + length[i]; k++) d += graph.weight[list[k]];
    degree[i] = d;
    if (d <= limit || length[i] <= 16) continue;
    isGone[i] = 1;
    dense.push(i);
    g.eliminated += weight[i];
    weight[i] = 0;
  }
  return Int32Array.from(dense.sort((i, j) => degree[i] - degree[j] || i - j));
}

/**
 * Eliminates nodes with one neighbour or none, and again those that have become such: no fill, no element. Then `degree` is
 * the weight of the neighbours that are left.
 */
function peel(g: QuotientGraph): void {
  const { n, list, start, length, weight, degree, isGone, order } = g;
  const many = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    if (isGone[i]) continue;
    for (let k = start[i]; k < start[i] + length[i]; k++) if (!isGone[list[k]]) many[i]++;
  }
  for (let i = 0; i < n; i++) if (!isGone[i] && many[i] <= 1) order[g.done++] = i;
  for (let p = 0; p < g.done; p++) {
    const i = order[p];
    isGone[i] = 1;
    g.eliminated += weight[i];
    weight[i] = 0;
    for (let k = start[i]; k < start[i] + length[i]; k++) {
      const j = list[k];
      if (isGone[j]) continue;
      many[j]--;
      if (many[j] === 1) order[g.done++] = j; // one that falls to 0 is in the queue already
    }
  }
  for (let i = 0; i < n; i++) {
    let d = 0;
    for (let k = start[i]; k < start[i] + length[i]; k++) d += weight[list[k]];
    degree[i] = d;
  }
}

/** Leaves are independent of each other, so each is an element with its own list. */
function eliminateLeaves(g: QuotientGraph): void {
  const { n, list, start, length, weight, degree, isGone, isElement, mark, elementCount } = g;
  chooseLeaves(g);
  for (let i = 0; i < n; i++) {
    if (isGone[i]) {
      length[i] = 0;
      continue;
    }
    // Elements first, then variables, without what is gone.
    let put = start[i];
    let elements = start[i];
    for (let k = start[i]; k < start[i] + length[i]; k++) {
      const j = list[k];
      if (isGone[j]) continue;
      list[put] = j;
      if (isElement[j]) {
        list[put] = list[elements];
        list[elements++] = j;
      }
      put++;
    }
    length[i] = put - start[i];
    elementCount[i] = elements - start[i];
    if (!isElement[i]) continue;
    weight[i] = 0;
    if (degree[i] > g.largest) g.largest = degree[i];
    if (length[i] === 0) mark[i] = 0;
  }
}

/** In order of their degree, those without a leaf next to them and with neighbours of high degree. */
function chooseLeaves(g: QuotientGraph): void {
  const { n, list, start, length, weight, degree, isGone, isElement, order } = g;
  let steps = 0;
  for (let i = 0; i < n; i++) if (!isGone[i]) steps += length[i] * length[i];
  const ratio = steps > AFFORDABLE ? LEAF_RATIO_DENSE : LEAF_RATIO;
  for (const i of byDegree(g)) {
    if (isGone[i]) continue;
    let leaf = true;
    for (let k = start[i]; leaf && k < start[i] + length[i]; k++) {
      const j = list[k];
      leaf = isGone[j] === 1 || (isElement[j] === 0 && degree[j] >= ratio * degree[i]);
    }
    if (!leaf) continue;
    isElement[i] = 1;
    order[g.done++] = i;
    g.eliminated += weight[i];
  }
}

function byDegree(g: QuotientGraph): Int32Array {
  const { n, total, degree } = g;
  const place = new Int32Array(total + 2);
  for (let i = 0; i < n; i++) place[degree[i] + 1]++;
  for (let d = 0; d <= total; d++) place[d + 1] += place[d];
  const sorted = new Int32Array(n);
  for (let i = 0; i < n; i++) sorted[place[degree[i]]++] = i;
  return sorted;
}

/** Degrees of what is left, exact while that is affordable, else bounds: the weight of everything that a variable shares an element or an edge with. */
function fillDegreeLists(g: QuotientGraph): void {
  const { n, list, start, length, weight, degree, isGone, isElement, mark, elementCount } = g;
  let steps = 0;
  for (let i = n - 1; i >= 0; i--) {
    if (isGone[i] || isElement[i]) continue;
    if (elementCount[i] > 0 && steps > AFFORDABLE) {
      degree[i] = degreeBound(g, i);
    } else if (elementCount[i] > 0) {
      g.tag = freshTag(g, g.tag + 1);
      mark[i] = g.tag;
      let d = 0;
      const variables = start[i] + elementCount[i];
      for (let e = start[i]; e <= variables; e++) {
        const from = e < variables ? start[list[e]] : variables;
        const to = e < variables ? from + length[list[e]] : start[i] + length[i];
        steps += to - from;
        for (let k = from; k < to; k++) {
          const j = list[k];
          if (mark[j] === g.tag) continue;
          mark[j] = g.tag;
          d += weight[j];
        }
      }
      degree[i] = d;
    }
    pushDegree(g, i, degree[i]);
  }
  g.tag = freshTag(g, g.tag + 1);
}

/** As if the elements of variable i had nothing else in common. */
function degreeBound(g: QuotientGraph, i: number): number {
  const { list, start, length, weight, degree, elementCount } = g;
  let d = 0;
  for (let q = start[i]; q < start[i] + length[i]; q++) {
    const j = list[q];
    d += q < start[i] + elementCount[i] ? degree[j] - weight[i] : weight[j];
  }
  return Math.min(d, g.total - g.eliminated - weight[i]);
}

function leastDegree(g: QuotientGraph): number {
  while (g.head[g.least] === -1) g.least++;
  const pivot = g.head[g.least];
  popDegree(g, pivot);
  return pivot;
}

/** The pivot becomes an element: its variables and those of its elements, which are absorbed. */
function formElement(g: QuotientGraph, pivot: number): void {
  const { list, start, length, elementCount, weight, mark } = g;
  // The list cannot be longer than the pivot's degree.
  if (elementCount[pivot] > 0 && g.free + g.least >= list.length) compact(g);
  const pivotWeight = weight[pivot];
  g.eliminated += pivotWeight;
  weight[pivot] = -pivotWeight;
  const elements = elementCount[pivot];
  const elementStart = elements === 0 ? start[pivot] : g.free;
  const pivotEnd = start[pivot] + length[pivot];
  let elementWeight = 0;
  let end = elementStart;
  let p = start[pivot];
  for (let e = 0; e <= elements; e++) {
    let from = p;
    let to = pivotEnd;
    if (e < elements) {
      const source = list[p++];
      from = start[source];
      to = from + length[source];
      mark[source] = 0;
      length[source] = 0;
    }
    for (let k = from; k < to; k++) {
      const i = list[k];
      const w = weight[i];
      if (w <= 0) continue;
      elementWeight += w;
      weight[i] = -w;
      list[end++] = i;
      popDegree(g, i);
    }
  }
  if (elements > 0) g.free = end;
  g.degree[pivot] = elementWeight;
  start[pivot] = elementStart;
  length[pivot] = end - elementStart;
  elementCount[pivot] = 0;
  g.isElement[pivot] = 1;
  mark[pivot] = 1;
}

/** mark[e] - tag becomes the weight of element e outside the new element, for all elements that meet it. */
function measureOverlaps(g: QuotientGraph, pivot: number): void {
  const { list, start, length, elementCount, weight, mark, degree } = g;
  g.tag = freshTag(g, g.tag);
  const tag = g.tag;
  for (let k = start[pivot], end = k + length[pivot]; k < end; k++) {
    const i = list[k];
    const w = -weight[i];
    for (let q = start[i], stop = q + elementCount[i]; q < stop; q++) {
      const e = list[q];
      const m = mark[e];
      if (m >= tag) mark[e] = m - w;
      else if (m !== 0) mark[e] = degree[e] + tag - w;
    }
  }
}

/** Approximate degrees; dead entries are squeezed out, the new element becomes the first of each variable's elements. */
function updateDegrees(g: QuotientGraph, pivot: number): void {
  const { n, list, start, length, elementCount, weight, mark, degree, next, hash, hashHead, member, tail } = g;
  const tag = g.tag;
  let elementWeight = degree[pivot];
  for (let k = start[pivot], stop = k + length[pivot]; k < stop; k++) {
    const i = list[k];
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
      const w = weight[j];
      if (w <= 0) continue;
      d += w;
      list[put++] = j;
      key += j;
    }
    if (d === 0) {
      // Nothing is left outside the element: eliminated together with the pivot.
      g.eliminated -= weight[i];
      elementWeight += weight[i];
      weight[i] = 0;
      length[i] = 0;
      member[tail[pivot]] = i;
      tail[pivot] = tail[i];
      continue;
    }
    if (d < degree[i]) degree[i] = d;
    // One place is free: every variable here has lost the pivot or an element that held it.
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
  degree[pivot] = elementWeight;
  if (elementWeight > g.largest) g.largest = elementWeight;
  g.tag = freshTag(g, tag + g.largest + 1);
}

/** Variables with equal lists are indistinguishable from now on: one stands for all. */
function mergeEqual(g: QuotientGraph, pivot: number): void {
  const { list, start, length, elementCount, weight, mark, next, hash, hashHead } = g;
  for (let k = start[pivot], stop = k + length[pivot]; k < stop; k++) {
    if (weight[list[k]] >= 0) continue;
    const bucket = hash[list[k]];
    let i = hashHead[bucket];
    hashHead[bucket] = -1;
    for (; i !== -1 && next[i] !== -1; i = next[i]) {
      const many = length[i];
      const elements = elementCount[i];
      const tag = g.tag;
      for (let q = start[i] + 1; q < start[i] + many; q++) mark[list[q]] = tag;
      let last = i;
      for (let j = next[i]; j !== -1; ) {
        const after = next[j];
        if (length[j] === many && elementCount[j] === elements && allMarked(g, j)) {
          absorbVariable(g, i, j);
          next[last] = after;
        } else last = j;
        j = after;
      }
      g.tag = freshTag(g, tag + 1);
    }
  }
}

function allMarked(g: QuotientGraph, j: number): boolean {
  // The first item is the new element, which all have in common.
  for (let q = g.start[j] + 1, end = g.start[j] + g.length[j]; q < end; q++) {
    if (g.mark[g.list[q]] !== g.tag) return false;
  }
  return true;
}

function absorbVariable(g: QuotientGraph, i: number, j: number): void {
  g.weight[i] += g.weight[j]; // both negative here
  g.weight[j] = 0;
  g.length[j] = 0;
  g.member[g.tail[i]] = j;
  g.tail[i] = g.tail[j];
}

/** Drops merged variables from the new element and puts the others back into the lists by degree. */
function finishElement(g: QuotientGraph, pivot: number): void {
  const { list, start, length, weight, degree } = g;
  const elementWeight = degree[pivot];
  const end = start[pivot] + length[pivot];
  let keep = start[pivot];
  for (let k = keep; k < end; k++) {
    const i = list[k];
    const w = -weight[i];
    if (w <= 0) continue;
    weight[i] = w;
    const bound = degree[i] + elementWeight - w;
    const rest = g.total - g.eliminated - w;
    const d = Math.min(bound, rest);
    degree[i] = d;
    pushDegree(g, i, d);
    if (d < g.least) g.least = d;
    list[keep++] = i;
  }
  weight[pivot] = 0;
  length[pivot] = keep - start[pivot];
  if (end === g.free) g.free = keep;
  if (length[pivot] === 0) g.mark[pivot] = 0;
}
