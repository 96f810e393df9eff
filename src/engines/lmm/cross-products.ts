import { valueCount } from '../../kernels/block-cholesky.js';
import { sourcesOf } from '../../kernels/column-source.js';
import {
  addMixedRowsTimes,
  addMixedSquare,
  addMixedTimes,
  chunkRows,
  MixedRows,
  writeMixedRows,
} from '../../kernels/mixed-rows.js';
import { shiftedCholesky, solveLowerInPlace, solveLowerTransposedInPlace } from '../../optim/cholesky-solve.js';
import { type FixedTransform, fixedTransform, nearlyDependent, orthogonalised } from './column-transform.js';
import type { Layout } from './layout.js';
import { fixedSources, type ModelRows, readLoad } from './model-rows.js';
import { rebaseRow } from './rebase.js';
import { addBlockTimesFixed, addBlockTimesResponse, addDiagonal, addPair } from './row-products.js';

/**
 * Everything the deviance needs of the rows [LMM-6], formed once: products of Zt, Xt and y*, weighted, where y* is the response
 * less its offset and its least-squares fit by X, divided by its length. (Removing X b0 from y only moves beta by b0, and
 * keeps digits where X explains nearly all of y.)
 */
export interface CrossProducts {
  readonly transform: FixedTransform;
  readonly A: Float64Array; // Zt'Zt in the pattern's layout
  readonly ZX: Float64Array; // q x P, row-major
  readonly XX: Float64Array; // P x P, column-major, full
  readonly response: ResponseProducts;
  readonly logWeights: number; // sum of log weights
}

export interface ResponseProducts {
  readonly Zy: Float64Array; // q
  readonly Xy: Float64Array; // P
  yy: number; // 1, or 0 where X fits y exactly; with residual structure that of the latest evaluation
  readonly length: number; // weighted length of y - offset - X b0; 1 where that is zero
  readonly start: Float64Array; // P: b0, for the columns of Xt
  /** Weighted sum of squares of y - offset about its mean: the size against which an exact fit is judged. */
  readonly total: number;
}

export function formCrossProducts(
  model: ModelRows,
  layout: Layout,
  transform: FixedTransform = fixedTransform(model),
): CrossProducts {
  const { rows, fixed: P, weights } = model;
  const { pattern } = layout;
  const A = new Float64Array(valueCount(pattern));
  const ZX = new Float64Array(pattern.rowStart[pattern.nodes] * P);
  const XX = new Float64Array(P * P);
  const reader = new RowReader(model, layout, transform);
  for (let first = 0; first < rows; first += chunkRows) {
    const count = Math.min(chunkRows, rows - first);
    reader.read(first, count);
    addMixedSquare(reader.x, count, P, XX);
    layout.blocks.forEach((block, b) => {
      addBlockTimesFixed(block, reader.z[b], layout, first, count, reader.x, P, ZX);
      addDiagonal(block, reader.z[b], layout, first, count, A);
    });
    for (const pair of layout.pairs) addPair(pair, layout, reader.z, first, count, A);
  }
  for (let c = 0; c < P; c++) for (let r = 0; r < c; r++) XX[c + r * P] = XX[r + c * P];
  if (transform.orthogonal === null && nearlyDependent(XX, P)) {
    const better = orthogonalised(model, transform);
    if (better.orthogonal !== null) return formCrossProducts(model, layout, better);
  }
  let logWeights = 0;
  if (weights !== null) for (let i = 0; i < rows; i++) logWeights += Math.log(weights[i]);
  const products = { transform, A, ZX, XX, logWeights };
  return { ...products, response: formResponse(model, layout, products, model.y) };
}

/** The products that involve the response: all that a refit with another one needs. */
export function formResponse(
  model: ModelRows,
  layout: Layout,
  products: Pick<CrossProducts, 'transform' | 'XX'>,
  y: Float64Array,
): ResponseProducts {
  const { rows, fixed: P, weights } = model;
  const { pattern } = layout;
  const reader = new RowReader(model, layout, products.transform);
  const { own, root } = reader;
  const start = new Float64Array(P);
  let mean = 0;
  let sum = 0;
  for (let first = 0; first < rows; first += chunkRows) {
    const count = Math.min(chunkRows, rows - first);
    reader.readFixed(first, count);
    reader.readResponse(y, first, count);
    addMixedTimes(reader.x, count, own, 0, start);
    if (weights === null) for (let i = 0; i < count; i++) mean += own[i];
    else
      for (let i = 0; i < count; i++) {
        mean += root[i] * own[i];
        sum += weights[first + i];
      }
  }
  mean /= weights === null ? rows : sum;
  const L = new Float64Array(P * P);
  if (shiftedCholesky(products.XX, P, 0, L)) {
    solveLowerInPlace(L, P, start);
    solveLowerTransposedInPlace(L, P, start);
  } else start.fill(0);

  const Zy = new Float64Array(pattern.rowStart[pattern.nodes]);
  const Xy = new Float64Array(P);
  let total = 0;
  let raw = 0;
  let square = 0;
  for (let first = 0; first < rows; first += chunkRows) {
    const count = Math.min(chunkRows, rows - first);
    reader.read(first, count);
    reader.readResponse(y, first, count);
    for (let i = 0; i < count; i++) {
      const t = own[i] - root[i] * mean;
      total += t * t;
      raw += own[i] * own[i];
    }
    addMixedRowsTimes(reader.x, count, start, -1, own, 0);
    for (let i = 0; i < count; i++) square += own[i] * own[i];
    addMixedTimes(reader.x, count, own, 0, Xy);
    layout.blocks.forEach((block, b) => {
      addBlockTimesResponse(block, reader.z[b], layout, first, count, own, Zy);
    });
  }
  // what rounding leaves of an exact fit is no residual
  const exact = !(square > 1e-24 * total && square > (4 * Number.EPSILON) ** 2 * raw);
  const length = exact ? 1 : Math.sqrt(square);
  const unit = exact ? 0 : 1 / length;
  for (let i = 0; i < Zy.length; i++) Zy[i] *= unit;
  for (let c = 0; c < P; c++) Xy[c] *= unit;
  return { Zy, Xy, yy: exact ? 0 : 1, length, start, total };
}

/** All rows as the products see them, transformed and weighted: what is mixed anew where errors are correlated. */
export function transformedRows(
  model: ModelRows,
  layout: Layout,
  products: Pick<CrossProducts, 'transform' | 'response'>,
): { x: Float64Array; z: Float64Array[]; y: Float64Array } {
  const { rows, fixed: P } = model;
  const reader = new RowReader(model, layout, products.transform);
  const { own } = reader;
  const { start, length } = products.response;
  const x = new Float64Array(rows * P);
  const y = new Float64Array(rows);
  const sizes = layout.blocks.map(({ load, size }) => (load.kind === 'dense' ? size : 1));
  const z = sizes.map((size) => new Float64Array(rows * size));
  for (let first = 0; first < rows; first += chunkRows) {
    const count = Math.min(chunkRows, rows - first);
    reader.read(first, count);
    writeMixedRows(reader.x, count, P, x, first * P);
    z.forEach((into, b) => {
      into.set(reader.z[b].subarray(0, count * sizes[b]), first * sizes[b]);
    });
    reader.readResponse(model.y, first, count);
    addMixedRowsTimes(reader.x, count, start, -1, own, 0);
    for (let i = 0; i < count; i++) y[first + i] = own[i] / length;
  }
  return { x, z, y };
}

/** X as a transform leaves it, read in chunks. */
export function transformedColumns(model: ModelRows, transform: FixedTransform): MixedRows {
  const { rows, fixed: P } = model;
  const { scale, centre, orthogonal } = transform;
  return orthogonal === null
    ? new MixedRows(fixedSources(model), { centre, scale })
    : new MixedRows(sourcesOf(orthogonal.Xt, rows, P), {
        centre: new Float64Array(P),
        scale: new Float64Array(P).fill(1),
      });
}

/** Transformed, weighted rows, a chunk at a time. */
class RowReader {
  readonly x: MixedRows;
  readonly z: readonly Float64Array[]; // per block: chunk x size, row-major; of an indicator one value per row
  readonly own: Float64Array; // sqrt(w) (y - offset)
  readonly root: Float64Array;
  private readonly raw: Float64Array;

  constructor(
    private readonly model: ModelRows,
    private readonly layout: Layout,
    transform: FixedTransform,
  ) {
    this.x = transformedColumns(model, transform);
    this.root = new Float64Array(chunkRows).fill(1);
    this.own = new Float64Array(chunkRows);
    this.z = layout.blocks.map(({ load, size }) => new Float64Array(chunkRows * (load.kind === 'dense' ? size : 1)));
    this.raw = new Float64Array(Math.max(0, ...this.z.map((z) => z.length)));
  }

  readFixed(first: number, count: number): void {
    const { weights } = this.model;
    const { root } = this;
    if (weights !== null) for (let i = 0; i < count; i++) root[i] = Math.sqrt(weights[first + i]);
    this.x.read(first, count, weights === null ? null : root);
  }

  /** After `readFixed` or `read`. */
  readResponse(y: Float64Array, first: number, count: number): void {
    const { own, root } = this;
    const { offset } = this.model;
    if (offset === null) for (let i = 0; i < count; i++) own[i] = root[i] * y[first + i];
    else for (let i = 0; i < count; i++) own[i] = root[i] * (y[first + i] - offset[first + i]);
  }

  read(first: number, count: number): void {
    this.readFixed(first, count);
    const { root, raw } = this;
    for (let b = 0; b < this.z.length; b++) {
      const { load, rebase, size } = this.layout.blocks[b];
      const z = this.z[b];
      if (load.kind === 'indicator') {
        for (let i = 0; i < count; i++) z[i] = root[i] * load.multiple;
        continue;
      }
      readLoad(load, first, count, raw);
      if (size === 1) for (let i = 0; i < count; i++) z[i] = (raw[i] * root[i]) / rebase.scale[0];
      else for (let i = 0; i < count; i++) rebaseRow(rebase, raw, i * size, root[i], z, i * size);
    }
  }
}
