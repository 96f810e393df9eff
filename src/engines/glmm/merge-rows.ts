import { repeatedRows } from '../../families/batch.js';
import { equalRows, type RowKey } from './equal-rows.js';
import type { FixedPart } from './fixed-columns.js';
import type { GlmmModel } from './glmm-model.js';
import type { RandomLoads } from './random-loads.js';

/** Share of the observations that the rows may be: with more of them hashing costs what it saves. */
const worthwhile = 0.9;

/**
 * The same model with observations put together [GLMM-14]: those that are equal in everything their density depends on count
 * as often as they occur; where the family's log densities of one predictor add up to something that knows only sums of the
 * responses (`BoundFamily.pooled`), those that are equal in the predictors. Exact; the model itself where little is gained.
 * @param like  the model of a design that differs in the response only, its rows merged already
 */
export function mergeRows(model: GlmmModel, like?: GlmmModel): GlmmModel {
  const { rows, density, predictors, loads, codes } = model;
  const pooled = density.pooled?.bind(density);
  if (pooled !== undefined && like !== undefined) {
    // the rows do not depend on the response
    if (like.merged === null) return model;
    const { of, first } = like.merged;
    const merged = { whole: model, of, first };
    return { ...like, ...responseOf(model), merged, batch: pooled(of, first.length) };
  }
  const most = Math.floor(worthwhile * rows);
  const grouped = groupKeys(model);
  // where hardly any two rows share their levels nothing else need be looked at
  if (grouped.length > 0 && equalRows(grouped, rows, most) === null) return model;
  const keys = [...grouped, ...fixedKeys(model), ...(pooled === undefined ? model.given : [])];
  const classes = equalRows(keys, rows, most);
  if (classes === null) return model;
  const { of, first } = classes;
  return {
    ...model,
    rows: first.length,
    merged: { whole: model, of, first },
    batch:
      pooled === undefined ? repeatedRows(model.chosen(first), counts(of, first.length)) : pooled(of, first.length),
    predictors: predictors.map((p) => ({ ...p, fixed: chosenFixed(p.fixed, first, rows) })),
    loads: chosenLoads(loads, first),
    codes: codes.map((of) => pickInts(of, first)),
  };
}

type OfResponse = 'y' | 'density' | 'mixture' | 'given' | 'chosen';

function responseOf({ y, density, mixture, given, chosen }: GlmmModel): Pick<GlmmModel, OfResponse> {
  return { y, density, mixture, given, chosen };
}

/** Levels of the random effects that an observation has. */
function groupKeys({ loads }: GlmmModel): RowKey[] {
  const seen: Int32Array[] = [];
  for (const { at } of loads.loads) if (!seen.some((other) => isSame(other, at))) seen.push(at);
  return seen.map((values) => ({ values, step: 1 }));
}

function isSame(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** What else its linear predictors depend on, but for coefficients. */
function fixedKeys({ predictors, loads, rows }: GlmmModel): RowKey[] {
  const keys: RowKey[] = [];
  for (const { fixed } of predictors) {
    if (fixed.kind === 'threshold') {
      keys.push({ values: fixed.index, step: 1 });
      continue;
    }
    const { offset, X, columns } = fixed;
    if (offset !== null) keys.push({ values: offset, step: 1 });
    if (X !== null)
      for (let j = 0; j < columns.length; j++) keys.push({ values: X.subarray(j * rows, (j + 1) * rows), step: 1 });
  }
  for (const { z, width } of loads.loads) if (z !== null) keys.push({ values: z, step: width });
  return keys;
}

function counts(of: Int32Array, rows: number): Float64Array {
  const count = new Float64Array(rows);
  for (const row of of) count[row]++;
  return count;
}

function chosenFixed(fixed: FixedPart, first: Int32Array, rows: number): FixedPart {
  if (fixed.kind === 'threshold') return { ...fixed, index: pickInts(fixed.index, first) };
  const { offset, X, columns } = fixed;
  const own = X === null ? null : new Float64Array(first.length * columns.length);
  if (own !== null && X !== null)
    for (let j = 0; j < columns.length; j++)
      own.set(pick(X.subarray(j * rows, (j + 1) * rows), first, 1), j * first.length);
  return { ...fixed, offset: offset === null ? null : pick(offset, first, 1), X: own };
}

function chosenLoads({ loads, pairs, random }: RandomLoads, first: Int32Array): RandomLoads {
  return {
    rows: first.length,
    loads: loads.map((load) => ({
      ...load,
      at: pickInts(load.at, first),
      z: load.z === null ? null : pick(load.z, first, load.width),
    })),
    pairs: pairs.map((pair) => ({
      ...pair,
      target: pickInts(pair.target, first),
      stride: pair.stride === null ? null : pickInts(pair.stride, first),
    })),
    random,
  };
}

function pick(from: Float64Array, rows: Int32Array, width: number): Float64Array {
  const to = new Float64Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) for (let c = 0; c < width; c++) to[i * width + c] = from[rows[i] * width + c];
  return to;
}

function pickInts(from: Int32Array, rows: Int32Array): Int32Array {
  const to = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) to[i] = from[rows[i]];
  return to;
}
