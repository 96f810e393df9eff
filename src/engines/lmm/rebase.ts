import { chunkRows } from '../../kernels/mixed-rows.js';
import { clearlyIndependent } from './column-transform.js';
import { type BlockLoad, type DenseLoad, readLoad } from './model-rows.js';
import type { CovarianceModel } from './structures/covariance-model.js';

/**
 * Z = Zt R for one block: an invertible change of its columns that the covariance structure cannot tell, so that every
 * Zt has entries of order one and a standard deviation of one means "as large as sigma" [LMM-5]. Lambda_t = R Lambda up
 * to an orthogonal factor on the right.
 */
export interface Rebase {
  readonly size: number;
  readonly R: Float64Array; // size x size, column-major
  readonly inverse: Float64Array; // size x size, column-major
  /** Columns are shifted and scaled first: (z_j - shift_j z_constant) / scale_j, */
  readonly shift: Float64Array;
  readonly scale: Float64Array;
  readonly constant: number; // column that is constant over the rows; -1: none, and no shift
  /** then made uncorrelated: zt' = z1' U^-1, U upper triangular, column-major; null: not done. */
  readonly U: Float64Array | null;
}

type Units = Pick<Rebase, 'size' | 'shift' | 'scale' | 'constant'>;

/** @param weights  rows, or null for ones */
export function rebaseFor(
  load: BlockLoad,
  model: CovarianceModel,
  rows: number,
  weights: Float64Array | null,
  size: number,
): Rebase {
  if (load.kind === 'indicator' || model.rebase === 'none') return identity(size);
  const constant = model.rebase === 'triangular' ? constantColumn(load, rows) : -1;
  const shift = constant >= 0 ? shiftsOf(load, constant, rows, weights) : new Float64Array(size);
  const G = meanProducts(load, shift, constant, rows, weights);
  const scale = new Float64Array(size);
  for (let c = 0; c < size; c++) {
    scale[c] = Math.sqrt(G[c * (size + 1)]);
    if (!(scale[c] > 0)) scale[c] = 1; // a column of zeros carries nothing; its sd is not identified, and stays where it starts
  }
  if (model.rebase === 'common') {
    let square = 0;
    for (let c = 0; c < size; c++) square += scale[c] ** 2;
    scale.fill(Math.sqrt(square / size));
  }
  const partial = { size, shift, scale, constant };
  const U =
    model.rebase === 'triangular' && size > 1
      ? (decorrelate(G, scale) ?? orthogonalRows(load, partial, rows, weights))
      : null;
  const R = matrixOf(partial, U);
  return { ...partial, U, R, inverse: inverseOf(partial, U) };
}

/** Writes the rebased columns of one row, times `factor`, to into[at ..]. */
export function rebaseRow(
  rebase: Omit<Rebase, 'R' | 'inverse'>,
  values: Float64Array,
  from: number,
  factor: number,
  into: Float64Array,
  at: number,
): void {
  const { size, shift, scale, constant, U } = rebase;
  for (let c = 0; c < size; c++) {
    let v = values[from + c];
    if (constant >= 0 && c !== constant) v -= shift[c] * values[from + constant];
    v *= factor / scale[c];
    if (U !== null) {
      for (let r = 0; r < c; r++) v -= U[r + c * size] * into[at + r];
      v /= U[c + c * size];
    }
    into[at + c] = v;
  }
}

function identity(size: number): Rebase {
  const R = new Float64Array(size * size);
  for (let c = 0; c < size; c++) R[c * (size + 1)] = 1;
  const shift = new Float64Array(size);
  return { size, R, inverse: R, shift, scale: new Float64Array(size).fill(1), constant: -1, U: null };
}

function constantColumn(load: DenseLoad, rows: number): number {
  const { size, sources } = load;
  if (sources === undefined && load.values === null) return size === 1 ? 0 : -1;
  for (let c = 0; c < size; c++) {
    const source = sources?.[c];
    if (source?.kind === 'constant') return c;
    if (source?.kind === 'indicator') continue; // a level that every row has is no factor's
    if (source === undefined ? isConstant(load.values, c, size, rows) : isConstant(source.values, 0, 1, rows)) return c;
  }
  return -1;
}

function isConstant(values: Float64Array | null, at: number, stride: number, rows: number): boolean {
  if (values === null) return true;
  const first = values[at];
  let same = first !== 0;
  for (let i = 1; same && i < rows; i++) same = values[at + i * stride] === first;
  return same;
}

/** What of the constant column makes the weighted mean of each other column. */
function shiftsOf(load: DenseLoad, constant: number, rows: number, weights: Float64Array | null): Float64Array {
  const { size } = load;
  const shift = new Float64Array(size);
  if (size === 1) return shift;
  const z = new Float64Array(chunkRows * size);
  let total = 0;
  let unit = 1;
  for (let first = 0; first < rows; first += chunkRows) {
    const count = Math.min(chunkRows, rows - first);
    readLoad(load, first, count, z);
    unit = z[constant];
    for (let i = 0; i < count; i++) {
      const w = weights === null ? 1 : weights[first + i];
      total += w;
      for (let c = 0; c < size; c++) shift[c] += w * z[i * size + c];
    }
  }
  for (let c = 0; c < size; c++) shift[c] = c === constant ? 0 : shift[c] / total / unit;
  return shift;
}

/** Mean weighted cross-products of the shifted columns, upper triangle. */
function meanProducts(
  load: DenseLoad,
  shift: Float64Array,
  constant: number,
  rows: number,
  weights: Float64Array | null,
): Float64Array {
  const { size } = load;
  const G = new Float64Array(size * size);
  if (load.sources === undefined && load.values === null && weights === null) return G.fill(1);
  const z = new Float64Array(chunkRows * size);
  for (let first = 0; first < rows; first += chunkRows) {
    const count = Math.min(chunkRows, rows - first);
    readLoad(load, first, count, z);
    if (constant >= 0)
      for (let c = 0; c < size; c++)
        if (shift[c] !== 0) for (let i = 0; i < count; i++) z[i * size + c] -= shift[c] * z[i * size + constant];
    for (let c = 0; c < size; c++)
      for (let r = 0; r <= c; r++) {
        let t = 0;
        if (weights === null) for (let i = 0; i < count; i++) t += z[i * size + r] * z[i * size + c];
        else for (let i = 0; i < count; i++) t += weights[first + i] * z[i * size + r] * z[i * size + c];
        G[r + c * size] += t;
      }
  }
  for (let k = 0; k < G.length; k++) G[k] /= rows;
  return G;
}

/** Upper factor of the scaled columns' mean cross-product, or null where they are nearly dependent. */
function decorrelate(products: Float64Array, scale: Float64Array): Float64Array | null {
  const size = scale.length;
  const G = products.slice();
  for (let c = 0; c < size; c++) for (let r = 0; r <= c; r++) G[r + c * size] /= scale[r] * scale[c];
  for (let c = 0; c < size; c++) {
    for (let r = 0; r < c; r++) {
      let t = G[r + c * size];
      for (let m = 0; m < r; m++) t -= G[m + r * size] * G[m + c * size];
      G[r + c * size] = t / G[r + r * size];
    }
    let t = G[c + c * size];
    for (let m = 0; m < c; m++) t -= G[m + c * size] ** 2;
    if (!(t > clearlyIndependent)) return null;
    G[c + c * size] = Math.sqrt(t);
  }
  return G;
}

/** A column that has no more than this beyond the others, in its own units, is theirs but for rounding. */
const leastBeyond = 1e-12;

/**
 * The same by passes over the rows, Gram and Schmidt with each column twice: products would lose the square of what the columns have in
 * common (powers of a year). Null where a column is nothing beyond the others.
 */
function orthogonalRows(
  load: DenseLoad,
  partial: Units,
  rows: number,
  weights: Float64Array | null,
): Float64Array | null {
  const { size } = partial;
  const U = new Float64Array(size * size);
  for (let c = 0; c < size; c++) U[c * (size + 1)] = 1;
  const change = { ...partial, U };
  const raw = new Float64Array(chunkRows * size);
  const z = new Float64Array(size);
  const sums = new Float64Array(size);
  for (let c = 0; c < size; c++) {
    for (let pass = 0; pass < 2; pass++) {
      sums.fill(0);
      for (let first = 0; first < rows; first += chunkRows) {
        const count = Math.min(chunkRows, rows - first);
        readLoad(load, first, count, raw);
        for (let i = 0; i < count; i++) {
          rebaseRow(change, raw, i * size, 1, z, 0);
          const own = weights === null ? z[c] : weights[first + i] * z[c];
          for (let r = 0; r <= c; r++) sums[r] += own * z[r];
        }
      }
      for (let r = 0; r < c; r++) U[r + c * size] += sums[r] / rows;
    }
    const beyond = Math.sqrt(sums[c] / rows);
    if (!(beyond > leastBeyond)) return null;
    U[c * (size + 1)] = beyond;
  }
  return U;
}

/** R = U diag(scale) (I + e_constant shift'), with shift_constant = 0. */
function matrixOf(partial: Units, U: Float64Array | null): Float64Array {
  const { size, shift, scale, constant } = partial;
  const first = new Float64Array(size * size);
  for (let c = 0; c < size; c++) {
    first[c * (size + 1)] = scale[c];
    if (constant >= 0 && c !== constant) first[constant + c * size] = scale[constant] * shift[c];
  }
  if (U === null) return first;
  const R = new Float64Array(size * size);
  for (let c = 0; c < size; c++)
    for (let r = 0; r < size; r++) {
      let t = 0;
      for (let m = r; m < size; m++) t += U[r + m * size] * first[m + c * size];
      R[r + c * size] = t;
    }
  return R;
}

/** (I - e_constant shift') diag(1 / scale) U^-1 */
function inverseOf(partial: Units, U: Float64Array | null): Float64Array {
  const { size, shift, scale, constant } = partial;
  const inverse = new Float64Array(size * size);
  for (let c = 0; c < size; c++) {
    const column = inverse.subarray(c * size, (c + 1) * size);
    column[c] = 1;
    if (U !== null) {
      for (let r = size - 1; r >= 0; r--) {
        column[r] /= U[r + r * size];
        for (let m = 0; m < r; m++) column[m] -= U[m + r * size] * column[r];
      }
    }
    for (let r = 0; r < size; r++) column[r] /= scale[r];
    if (constant >= 0) for (let r = 0; r < size; r++) if (r !== constant) column[constant] -= shift[r] * column[r];
  }
  return inverse;
}
