import type { BatchLoop, BoundFamily } from './density.js';
import { jetLength } from './jet.js';

/** The family's own loop, or one that goes through its jets row by row. */
export function batchLoop(family: Pick<BoundFamily, 'layout' | 'jetInto' | 'batch'>, y: Float64Array): BatchLoop {
  if (family.batch) return family.batch;
  const { layout } = family;
  const D = layout.variables;
  const jet = new Float64Array(layout.size);
  const at = new Float64Array(D);
  return (from, to, eta, order, out) => {
    const { rows, value, first, second, third } = out;
    const length = jetLength(layout, order);
    let sum = 0;
    for (let i = from; i < to; i++) {
      for (let a = 0; a < D; a++) at[a] = eta[a * rows + i];
      family.jetInto(jet, y[i], i, at, order);
      let check = 0;
      for (let k = 0; k < length; k++) check += jet[k] - jet[k];
      // Infinity - Infinity and NaN - NaN are NaN: one entry that is not finite spoils the sum
      if (check !== 0) {
        jet.fill(0, 0, length);
        jet[0] = Number.NEGATIVE_INFINITY;
      }
      value[i] = jet[0];
      sum += jet[0];
      if (order < 1) continue;
      for (let a = 0; a < D; a++) first[a * rows + i] = jet[1 + a];
      if (order < 2) continue;
      for (let k = 0; k < layout.pairs; k++) second[k * rows + i] = jet[layout.second + k];
      if (order < 3) continue;
      for (let k = 0; k < layout.triples; k++) third[k * rows + i] = jet[layout.third + k];
    }
    return sum;
  };
}

/** The loop over rows that each occur a number of times. */
export function repeatedRows(loop: BatchLoop, times: Float64Array): BatchLoop {
  return (from, to, eta, order, out) => {
    const { rows, value } = out;
    loop(from, to, eta, order, out);
    let sum = 0;
    for (let i = from; i < to; i++) {
      value[i] *= times[i];
      sum += value[i];
    }
    if (order >= 1) repeatInPlace(out.first, times, rows, from, to);
    if (order >= 2) repeatInPlace(out.second, times, rows, from, to);
    if (order >= 3) repeatInPlace(out.third, times, rows, from, to);
    return sum;
  };
}

function repeatInPlace(values: Float64Array, times: Float64Array, rows: number, from: number, to: number): void {
  for (let at = 0; at < values.length; at += rows) for (let i = from; i < to; i++) values[at + i] *= times[i];
}
