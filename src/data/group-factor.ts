import { type Coded, dropUnusedLevels } from './levels.js';

/**
 * The factor of a grouping `a:b`: one level per combination that occurs, named `1:A`, ordered by the first factor and then
 * by the next. Rows with a missing code get -1. Never a table of all combinations where they are many more than rows.
 */
export function crossFactors(factors: readonly Coded[]): Coded {
  let result = factors[0];
  for (const next of factors.slice(1)) result = crossTwo(result, next);
  return dropUnusedLevels(result);
}

function crossTwo(a: Coded, b: Coded): Coded {
  const n = a.codes.length;
  const width = b.levels.length;
  const pairs = new Float64Array(n);
  for (let i = 0; i < n; i++) pairs[i] = a.codes[i] < 0 || b.codes[i] < 0 ? -1 : a.codes[i] * width + b.codes[i];
  const { codes, values } = rankDistinct(pairs, a.levels.length * width);
  const levels = Array.from(values, (pair) => `${a.levels[Math.floor(pair / width)]}:${b.levels[pair % width]}`);
  return { codes, levels };
}

/** Distinct non-negative integers in ascending order and each one's place among them; -1 for negative entries. */
export function rankDistinct(keys: Float64Array, bound: number): { codes: Int32Array; values: Float64Array } {
  const n = keys.length;
  const codes = new Int32Array(n);
  if (bound <= 4 * n + 1024) {
    const place = new Int32Array(bound).fill(-1);
    for (let i = 0; i < n; i++) if (keys[i] >= 0) place[keys[i]] = 0;
    let count = 0;
    for (let k = 0; k < bound; k++) if (place[k] === 0) place[k] = count++;
    const values = new Float64Array(count);
    for (let k = 0; k < bound; k++) if (place[k] >= 0) values[place[k]] = k;
    for (let i = 0; i < n; i++) codes[i] = keys[i] < 0 ? -1 : place[keys[i]];
    return { codes, values };
  }
  const place = new Map<number, number>();
  for (let i = 0; i < n; i++) if (keys[i] >= 0) place.set(keys[i], 0);
  const values = Float64Array.from(place.keys()).sort();
  for (let k = 0; k < values.length; k++) place.set(values[k], k);
  for (let i = 0; i < n; i++) codes[i] = keys[i] < 0 ? -1 : (place.get(keys[i]) ?? -1);
  return { codes, values };
}
