import type { BlockLoad } from './model-rows.js';
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

/** @param weights  rows, or null for ones */
export function rebaseFor(
  load: BlockLoad,
  model: CovarianceModel,
  rows: number,
  weights: Float64Array | null,
  size: number,
): Rebase {
  if (load.kind === 'indicator' || model.rebase === 'none') return identity(size);
  const { values } = load;
  const z = (row: number, c: number): number => (values === null ? 1 : values[row * size + c]);
  const w = (row: number): number => (weights === null ? 1 : weights[row]);
  const constant = model.rebase === 'triangular' ? constantColumn(values, rows, size) : -1;
  const shift = new Float64Array(size);
  const scale = new Float64Array(size);
  let total = 0;
  for (let i = 0; i < rows; i++) total += w(i);
  if (constant >= 0) {
    for (let c = 0; c < size; c++) {
      if (c === constant) continue;
      let mean = 0;
      for (let i = 0; i < rows; i++) mean += w(i) * z(i, c);
      shift[c] = mean / total / z(0, constant);
    }
  }
  for (let c = 0; c < size; c++) {
    let square = 0;
    for (let i = 0; i < rows; i++) {
      const v = z(i, c) - (shift[c] === 0 ? 0 : shift[c] * z(i, constant));
      square += w(i) * v * v;
    }
    scale[c] = Math.sqrt(square / rows);
    if (!(scale[c] > 0)) scale[c] = 1; // a column of zeros carries nothing; its sd is not identified, and stays where it starts
  }
  if (model.rebase === 'common') {
    let square = 0;
    for (let c = 0; c < size; c++) square += scale[c] ** 2;
    scale.fill(Math.sqrt(square / size));
  }
  const partial = { size, shift, scale, constant };
  const U = model.rebase === 'triangular' && size > 1 ? decorrelate(partial, z, w, rows) : null;
  const R = matrixOf(partial, U);
  return { ...partial, U, R, inverse: inverseOf(partial, U) };
}

/** Writes the rebased columns of one row, times `factor`, to into[at ..]. */
export function rebaseRow(
  rebase: Rebase,
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

function constantColumn(values: Float64Array | null, rows: number, size: number): number {
  if (values === null) return size === 1 ? 0 : -1;
  for (let c = 0; c < size; c++) {
    const first = values[c];
    let same = first !== 0;
    for (let i = 1; same && i < rows; i++) same = values[i * size + c] === first;
    if (same) return c;
  }
  return -1;
}

/** Upper factor of the columns' mean cross-product, or null where they are nearly dependent. */
function decorrelate(
  partial: Pick<Rebase, 'size' | 'shift' | 'scale' | 'constant'>,
  z: (row: number, c: number) => number,
  w: (row: number) => number,
  rows: number,
): Float64Array | null {
  const { size, shift, scale, constant } = partial;
  const G = new Float64Array(size * size);
  const row = new Float64Array(size);
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < size; c++) row[c] = (z(i, c) - (shift[c] === 0 ? 0 : shift[c] * z(i, constant))) / scale[c];
    const weight = w(i) / rows;
    for (let c = 0; c < size; c++) for (let r = 0; r <= c; r++) G[r + c * size] += weight * row[r] * row[c];
  }
  for (let c = 0; c < size; c++) {
    for (let r = 0; r < c; r++) {
      let t = G[r + c * size];
      for (let m = 0; m < r; m++) t -= G[m + r * size] * G[m + c * size];
      G[r + c * size] = t / G[r + r * size];
    }
    let t = G[c + c * size];
    for (let m = 0; m < c; m++) t -= G[m + c * size] ** 2;
    if (!(t > 1e-6)) return null;
    G[c + c * size] = Math.sqrt(t);
  }
  return G;
}

/** R = U diag(scale) (I + e_constant shift'), with shift_constant = 0. */
function matrixOf(
  partial: Pick<Rebase, 'size' | 'shift' | 'scale' | 'constant'>,
  U: Float64Array | null,
): Float64Array {
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
function inverseOf(
  partial: Pick<Rebase, 'size' | 'shift' | 'scale' | 'constant'>,
  U: Float64Array | null,
): Float64Array {
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
