import type { Order } from '../kernels/special/order.js';

/**
 * A jet is a value with its derivatives up to third order in D variables, packed into one array:
 *   [ f | f_a, a < D | f_ab, a <= b | f_abc, a <= b <= c ],
 * each group in lexicographic order. The layout holds the index tables, so that loops over jets need no arithmetic.
 */
export interface JetLayout {
  readonly variables: number; // D
  readonly pairs: number; // D (D + 1) / 2
  readonly triples: number; // D (D + 1) (D + 2) / 6
  readonly second: number; // index of f_00
  readonly third: number; // index of f_000
  readonly size: number;
  /** Index of f_ab for any a, b: pairIndex[a * D + b]. */
  readonly pairIndex: Int32Array;
  /** Index of f_abc for any a, b, c: tripleIndex[(a * D + b) * D + c]. */
  readonly tripleIndex: Int32Array;
  /** Variables of packed pair and triple number k. */
  readonly pairA: Int32Array;
  readonly pairB: Int32Array;
  readonly tripleA: Int32Array;
  readonly tripleB: Int32Array;
  readonly tripleC: Int32Array;
}

export function jetLayout(variables: number): JetLayout {
  const D = variables;
  const pairs = (D * (D + 1)) / 2;
  const triples = (D * (D + 1) * (D + 2)) / 6;
  const second = 1 + D;
  const third = second + pairs;
  const pairIndex = new Int32Array(D * D);
  const tripleIndex = new Int32Array(D * D * D);
  const pairA = new Int32Array(pairs);
  const pairB = new Int32Array(pairs);
  const tripleA = new Int32Array(triples);
  const tripleB = new Int32Array(triples);
  const tripleC = new Int32Array(triples);
  let p = 0;
  let t = 0;
  for (let a = 0; a < D; a++) {
    for (let b = a; b < D; b++) {
      pairA[p] = a;
      pairB[p] = b;
      pairIndex[a * D + b] = pairIndex[b * D + a] = second + p;
      p++;
      for (let c = b; c < D; c++) {
        tripleA[t] = a;
        tripleB[t] = b;
        tripleC[t] = c;
        for (const [i, j, k] of [
          [a, b, c],
          [a, c, b],
          [b, a, c],
          [b, c, a],
          [c, a, b],
          [c, b, a],
        ])
          tripleIndex[(i * D + j) * D + k] = third + t;
        t++;
      }
    }
  }
  return {
    variables: D,
    pairs,
    triples,
    second,
    third,
    size: third + triples,
    pairIndex,
    tripleIndex,
    pairA,
    pairB,
    tripleA,
    tripleB,
    tripleC,
  };
}

/** Entries that a jet of the given order has. */
export function jetLength(layout: JetLayout, order: Order): number {
  return order === 0 ? 1 : order === 1 ? layout.second : order === 2 ? layout.third : layout.size;
}

/**
 * For a function of some of the variables: where each entry of its jet stands in the larger layout.
 * @param variables  the larger layout's variable for each of the smaller one's
 */
export function embedding(small: JetLayout, large: JetLayout, variables: readonly number[]): Int32Array {
  const D = large.variables;
  const map = new Int32Array(small.size);
  for (let a = 0; a < small.variables; a++) map[1 + a] = 1 + variables[a];
  for (let k = 0; k < small.pairs; k++)
    map[small.second + k] = large.pairIndex[variables[small.pairA[k]] * D + variables[small.pairB[k]]];
  for (let k = 0; k < small.triples; k++) {
    const a = variables[small.tripleA[k]];
    const b = variables[small.tripleB[k]];
    const c = variables[small.tripleC[k]];
    map[small.third + k] = large.tripleIndex[(a * D + b) * D + c];
  }
  return map;
}

/** Writes a smaller jet into a larger one; entries of other variables become zero. */
export function embed(into: Float64Array, jet: Float64Array, map: Int32Array, small: number, large: number): void {
  into.fill(0, 0, large);
  for (let k = 0; k < small; k++) into[map[k]] = jet[k];
}

/** into += scale * jet. */
export function addJet(into: Float64Array, jet: Float64Array, scale: number, length: number): void {
  for (let k = 0; k < length; k++) into[k] += scale * jet[k];
}

/**
 * The jet of phi(f) from that of f, in place or not (Faa di Bruno to third order).
 * @param phi  phi and its derivatives at f, phi[0 .. order]
 */
export function composeInto(
  into: Float64Array,
  jet: Float64Array,
  layout: JetLayout,
  phi: Float64Array,
  order: Order,
): void {
  const { second, third, pairs, triples, pairA, pairB, tripleA, tripleB, tripleC, pairIndex } = layout;
  const D = layout.variables;
  if (order > 2) {
    for (let k = 0; k < triples; k++) {
      const a = tripleA[k];
      const b = tripleB[k];
      const c = tripleC[k];
      const fa = jet[1 + a];
      const fb = jet[1 + b];
      const fc = jet[1 + c];
      into[third + k] =
        phi[3] * fa * fb * fc +
        phi[2] * (jet[pairIndex[a * D + b]] * fc + jet[pairIndex[a * D + c]] * fb + jet[pairIndex[b * D + c]] * fa) +
        phi[1] * jet[third + k];
    }
  }
  if (order > 1)
    for (let k = 0; k < pairs; k++)
      into[second + k] = phi[2] * jet[1 + pairA[k]] * jet[1 + pairB[k]] + phi[1] * jet[second + k];
  if (order > 0) for (let a = 0; a < D; a++) into[1 + a] = phi[1] * jet[1 + a];
  into[0] = phi[0];
}

/**
 * Substitutes a function of one variable for each variable, in place: the chain rule of a diagonal map.
 * @param h      derivatives of each map, h[4 a + 1 .. 4 a + 3]
 * @param moved  which variables are mapped at all; the others are left as they are
 */
export function substitute(
  jet: Float64Array,
  layout: JetLayout,
  h: Float64Array,
  moved: Uint8Array,
  order: Order,
): void {
  const { second, third, pairs, triples, pairA, pairB, tripleA, tripleB, tripleC, pairIndex } = layout;
  const D = layout.variables;
  if (order > 2) {
    for (let k = 0; k < triples; k++) {
      const a = tripleA[k];
      const b = tripleB[k];
      const c = tripleC[k];
      const ha = moved[a] ? h[4 * a + 1] : 1;
      const hb = moved[b] ? h[4 * b + 1] : 1;
      const hc = moved[c] ? h[4 * c + 1] : 1;
      let value = jet[third + k] * ha * hb * hc;
      if (a === b && moved[a]) value += jet[pairIndex[a * D + c]] * h[4 * a + 2] * hc;
      if (a === c && moved[a]) value += jet[pairIndex[a * D + b]] * h[4 * a + 2] * hb;
      if (b === c && moved[b]) value += jet[pairIndex[a * D + b]] * h[4 * b + 2] * ha;
      if (a === c && moved[a]) value += jet[1 + a] * h[4 * a + 3];
      jet[third + k] = value;
    }
  }
  if (order > 1) {
    for (let k = 0; k < pairs; k++) {
      const a = pairA[k];
      const b = pairB[k];
      let value = jet[second + k];
      if (moved[a]) value *= h[4 * a + 1];
      if (moved[b]) value *= h[4 * b + 1];
      if (a === b && moved[a]) value += jet[1 + a] * h[4 * a + 2];
      jet[second + k] = value;
    }
  }
  if (order > 0) for (let a = 0; a < D; a++) if (moved[a]) jet[1 + a] *= h[4 * a + 1];
}
