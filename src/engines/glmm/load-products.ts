import type { Load, LoadPair, RandomLoads } from './random-loads.js';

// Each loop over rows stands in a function of its own, as in row-loops.ts.

/** eta_d += Z b for every predictor with random effects; eta_d of row i stands at d * rows + i. */
export function addRandomEffects(model: RandomLoads, b: Float64Array, eta: Float64Array): void {
  const { rows } = model;
  for (const { predictor, width, at, z } of model.loads) {
    const to = predictor * rows;
    if (width > 1) addRowProducts(eta, to, at, z, width, b);
    else if (z === null) addGathered(eta, to, at, b);
    else addGatheredProducts(eta, to, at, z, b);
  }
}

function addGathered(eta: Float64Array, to: number, at: Int32Array, b: Float64Array): void {
  for (let i = 0; i < at.length; i++) eta[to + i] += b[at[i]];
}

function addGatheredProducts(eta: Float64Array, to: number, at: Int32Array, z: Float64Array, b: Float64Array): void {
  for (let i = 0; i < at.length; i++) eta[to + i] += z[i] * b[at[i]];
}

function addRowProducts(
  eta: Float64Array,
  to: number,
  at: Int32Array,
  z: Float64Array | null,
  width: number,
  b: Float64Array,
): void {
  for (let i = 0; i < at.length; i++) {
    let t = 0;
    const from = at[i];
    const zi = i * width;
    for (let c = 0; c < width; c++) t += (z === null ? 1 : z[zi + c]) * b[from + c];
    eta[to + i] += t;
  }
}

/** into = Z'v, summed over the predictors; v_d of row i stands at d * rows + i. */
export function transposeInto(into: Float64Array, model: RandomLoads, v: Float64Array): void {
  const { rows } = model;
  into.fill(0);
  for (const load of model.loads) addTransposed(into, 0, load, v, load.predictor * rows);
}

/** into[start ..] += Z'v of one load, v[from ..] by row. */
export function addTransposed(
  into: Float64Array,
  start: number,
  { width, at, z }: Load,
  v: Float64Array,
  from: number,
): void {
  if (width > 1) scatterRows(into, start, at, z, width, v, from);
  else if (z === null) scatter(into, start, at, v, from);
  else scatterProducts(into, start, at, z, v, from);
}

/** into[start + at_i] += v[from + i]. */
export function scatter(into: Float64Array, start: number, at: Int32Array, v: Float64Array, from: number): void {
  for (let i = 0; i < at.length; i++) into[start + at[i]] += v[from + i];
}

function scatterProducts(
  into: Float64Array,
  start: number,
  at: Int32Array,
  z: Float64Array,
  v: Float64Array,
  from: number,
): void {
  for (let i = 0; i < at.length; i++) into[start + at[i]] += z[i] * v[from + i];
}

function scatterRows(
  into: Float64Array,
  start: number,
  at: Int32Array,
  z: Float64Array | null,
  width: number,
  v: Float64Array,
  from: number,
): void {
  for (let i = 0; i < at.length; i++) {
    const t = v[from + i];
    const to = start + at[i];
    const zi = i * width;
    for (let c = 0; c < width; c++) into[to + c] += (z === null ? 1 : z[zi + c]) * t;
  }
}

/**
 * into = Z'WZ in the pattern's layout, with W_de = -second derivative; diagonal blocks in full.
 * @param second  packed pairs x rows, as in `RowDerivatives`
 * @param pairAt  index of the packed pair of predictors (d, e): pairAt[d * D + e]
 */
export function crossProductsInto(
  into: Float64Array,
  model: RandomLoads,
  second: Float64Array,
  pairAt: Int32Array,
  D: number,
): void {
  const { rows, loads } = model;
  into.fill(0);
  for (const pair of model.pairs) {
    const a = loads[pair.first];
    const b = loads[pair.second];
    const w = pairAt[a.predictor * D + b.predictor] * rows;
    const twice = pair.sameNode && pair.first !== pair.second;
    if (a.width > 1 || b.width > 1 || twice) blockProducts(into, pair, a, b, second, w);
    else if (a.z === null && b.z === null) scatterWeights(into, pair.target, second, w);
    else scalarProducts(into, pair.target, a.z, b.z, second, w);
  }
}

function blockProducts(
  into: Float64Array,
  { target, stride, commonStride, sameNode, first, second: last }: LoadPair,
  a: Load,
  b: Load,
  second: Float64Array,
  w: number,
): void {
  const twice = sameNode && first !== last;
  for (let i = 0; i < target.length; i++) {
    const weight = -second[w + i];
    const ld = stride === null ? commonStride : stride[i];
    const to = target[i];
    for (let c = 0; c < a.width; c++) {
      const f = weight * (a.z === null ? 1 : a.z[i * a.width + c]);
      for (let r = 0; r < b.width; r++) {
        const t = f * (b.z === null ? 1 : b.z[i * b.width + r]);
        into[to + r + c * ld] += t;
        // two loads on one level: the product and its transpose
        if (twice) into[to + transposed(r, c, a, b, i, ld)] += t;
      }
    }
  }
}

/** Place, relative to the pair's target, of the transposed product of two loads on one node. */
function transposed(r: number, c: number, a: Load, b: Load, row: number, ld: number): number {
  // element (row b.at + r, column a.at + c) goes to (row a.at + c, column b.at + r)
  const shift = a.at[row] - b.at[row];
  return shift + c + (r - shift) * ld;
}

function scalarProducts(
  into: Float64Array,
  target: Int32Array,
  za: Float64Array | null,
  zb: Float64Array | null,
  second: Float64Array,
  w: number,
): void {
  for (let i = 0; i < target.length; i++)
    into[target[i]] -= second[w + i] * (za === null ? 1 : za[i]) * (zb === null ? 1 : zb[i]);
}

function scatterWeights(into: Float64Array, target: Int32Array, second: Float64Array, w: number): void {
  for (let i = 0; i < target.length; i++) into[target[i]] -= second[w + i];
}

/**
 * h_de = sum over the loads of d and e of z_d' M z_e for every row [GLMM-7], packed pairs x rows; M symmetric in the pattern's
 * layout, in the scale of b.
 */
export function leveragesInto(
  into: Float64Array,
  model: RandomLoads,
  M: Float64Array,
  pairAt: Int32Array,
  D: number,
): void {
  const { rows, loads } = model;
  into.fill(0);
  for (const pair of model.pairs) {
    const a = loads[pair.first];
    const b = loads[pair.second];
    const to = pairAt[a.predictor * D + b.predictor] * rows;
    // within one predictor z_a' M z_b stands twice in the quadratic form
    const times = pair.first !== pair.second && a.predictor === b.predictor ? 2 : 1;
    if (a.width > 1 || b.width > 1) addBlockForms(into, to, times, M, pair, a, b);
    else if (a.z === null && b.z === null) addGatheredMultiple(into, to, times, M, pair.target);
    else addScalarForms(into, to, times, M, pair.target, a.z, b.z);
  }
}

function addGatheredMultiple(into: Float64Array, to: number, times: number, M: Float64Array, target: Int32Array): void {
  for (let i = 0; i < target.length; i++) into[to + i] += times * M[target[i]];
}

function addScalarForms(
  into: Float64Array,
  to: number,
  times: number,
  M: Float64Array,
  target: Int32Array,
  za: Float64Array | null,
  zb: Float64Array | null,
): void {
  for (let i = 0; i < target.length; i++)
    into[to + i] += times * M[target[i]] * (za === null ? 1 : za[i]) * (zb === null ? 1 : zb[i]);
}

function addBlockForms(
  into: Float64Array,
  to: number,
  times: number,
  M: Float64Array,
  { target, stride, commonStride }: LoadPair,
  a: Load,
  b: Load,
): void {
  for (let i = 0; i < target.length; i++) {
    const ld = stride === null ? commonStride : stride[i];
    let sum = 0;
    for (let c = 0; c < a.width; c++) {
      let t = 0;
      for (let r = 0; r < b.width; r++) t += M[target[i] + r + c * ld] * (b.z === null ? 1 : b.z[i * b.width + r]);
      sum += t * (a.z === null ? 1 : a.z[i * a.width + c]);
    }
    into[to + i] += times * sum;
  }
}
