import { valueCount } from '../../kernels/block-cholesky.js';
import { shiftedCholesky, solveLowerInPlace, solveLowerTransposedInPlace } from '../../optim/cholesky-solve.js';
import { type FixedTransform, fixedTransform, nearlyDependent, orthogonalised } from './column-transform.js';
import type { BlockLayout, Layout } from './layout.js';
import type { ModelRows } from './model-rows.js';
import { rebaseRow } from './rebase.js';

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

const chunkRows = 256;

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
    addSquare(reader.x, count, P, XX);
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
  const { rows, fixed: P, weights, offset } = model;
  const { pattern } = layout;
  const reader = new RowReader(model, layout, products.transform);
  const own = new Float64Array(rows); // sqrt(w) (y - offset), then less X b0
  const start = new Float64Array(P);
  let mean = 0;
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    const w = weights === null ? 1 : weights[i];
    own[i] = Math.sqrt(w) * (y[i] - (offset === null ? 0 : offset[i]));
    mean += Math.sqrt(w) * own[i];
    sum += w;
  }
  mean /= sum;
  let total = 0;
  for (let i = 0; i < rows; i++) total += (own[i] - Math.sqrt(weights === null ? 1 : weights[i]) * mean) ** 2;

  for (let first = 0; first < rows; first += chunkRows) {
    const count = Math.min(chunkRows, rows - first);
    reader.readFixed(first, count);
    for (let i = 0; i < count; i++) for (let c = 0; c < P; c++) start[c] += reader.x[i * P + c] * own[first + i];
  }
  const L = new Float64Array(P * P);
  if (shiftedCholesky(products.XX, P, 0, L)) {
    solveLowerInPlace(L, P, start);
    solveLowerTransposedInPlace(L, P, start);
  } else start.fill(0);

  let square = 0;
  for (let first = 0; first < rows; first += chunkRows) {
    const count = Math.min(chunkRows, rows - first);
    reader.readFixed(first, count);
    for (let i = 0; i < count; i++) {
      let t = own[first + i];
      for (let c = 0; c < P; c++) t -= reader.x[i * P + c] * start[c];
      own[first + i] = t;
      square += t * t;
    }
  }
  // what rounding leaves of an exact fit is no residual
  const exact = !(square > 1e-24 * total);
  const length = exact ? 1 : Math.sqrt(square);
  for (let i = 0; i < rows; i++) own[i] = exact ? 0 : own[i] / length;

  const Zy = new Float64Array(pattern.rowStart[pattern.nodes]);
  const Xy = new Float64Array(P);
  let yy = 0;
  for (let first = 0; first < rows; first += chunkRows) {
    const count = Math.min(chunkRows, rows - first);
    reader.read(first, count);
    const some = own.subarray(first, first + count);
    for (let i = 0; i < count; i++) {
      for (let c = 0; c < P; c++) Xy[c] += reader.x[i * P + c] * some[i];
      yy += some[i] * some[i];
    }
    layout.blocks.forEach((block, b) => {
      addBlockTimesFixed(block, reader.z[b], layout, first, count, some, 1, Zy);
    });
  }
  return { Zy, Xy, yy, length, start, total };
}

/** All rows as the products see them, transformed and weighted: what is mixed anew where errors are correlated. */
export function transformedRows(
  model: ModelRows,
  layout: Layout,
  products: Pick<CrossProducts, 'transform' | 'response'>,
): { x: Float64Array; z: Float64Array[]; y: Float64Array } {
  const { rows, fixed: P, weights, offset } = model;
  const reader = new RowReader(model, layout, products.transform);
  const { start, length } = products.response;
  const x = new Float64Array(rows * P);
  const y = new Float64Array(rows);
  const sizes = layout.blocks.map(({ load, size }) => (load.kind === 'dense' ? size : 1));
  const z = sizes.map((size) => new Float64Array(rows * size));
  for (let first = 0; first < rows; first += chunkRows) {
    const count = Math.min(chunkRows, rows - first);
    reader.read(first, count);
    x.set(reader.x.subarray(0, count * P), first * P);
    z.forEach((into, b) => {
      into.set(reader.z[b].subarray(0, count * sizes[b]), first * sizes[b]);
    });
    for (let i = 0; i < count; i++) {
      const row = first + i;
      let t = Math.sqrt(weights === null ? 1 : weights[row]) * (model.y[row] - (offset === null ? 0 : offset[row]));
      for (let c = 0; c < P; c++) t -= reader.x[i * P + c] * start[c];
      y[row] = t / length;
    }
  }
  return { x, z, y };
}

/** Transformed, weighted rows, a chunk at a time. */
class RowReader {
  readonly x: Float64Array; // chunk x P, row-major
  readonly z: readonly Float64Array[]; // per block: chunk x size, row-major; of an indicator one value per row
  private readonly root: Float64Array;

  constructor(
    private readonly model: ModelRows,
    private readonly layout: Layout,
    private readonly transform: FixedTransform,
  ) {
    this.x = new Float64Array(chunkRows * model.fixed);
    this.root = new Float64Array(chunkRows);
    this.z = layout.blocks.map(({ load, size }) => new Float64Array(chunkRows * (load.kind === 'dense' ? size : 1)));
  }

  readFixed(first: number, count: number): void {
    const { rows, fixed: P, X, weights } = this.model;
    const { scale, centre, orthogonal } = this.transform;
    const { x, root } = this;
    for (let i = 0; i < count; i++) root[i] = weights === null ? 1 : Math.sqrt(weights[first + i]);
    if (orthogonal !== null) {
      for (let c = 0; c < P; c++) {
        const from = c * rows + first;
        for (let i = 0; i < count; i++) x[i * P + c] = root[i] * orthogonal.Xt[from + i];
      }
      return;
    }
    for (let c = 0; c < P; c++) {
      const from = c * rows + first;
      const middle = centre[c];
      const size = scale[c];
      for (let i = 0; i < count; i++) x[i * P + c] = (root[i] * (X[from + i] - middle)) / size;
    }
  }

  read(first: number, count: number): void {
    this.readFixed(first, count);
    const { root } = this;
    for (let b = 0; b < this.z.length; b++) {
      const { load, rebase, size } = this.layout.blocks[b];
      const z = this.z[b];
      if (load.kind === 'indicator') for (let i = 0; i < count; i++) z[i] = root[i] * load.multiple;
      else if (load.values === null) for (let i = 0; i < count; i++) z[i] = root[i] / rebase.scale[0];
      else for (let i = 0; i < count; i++) rebaseRow(rebase, load.values, (first + i) * size, root[i], z, i * size);
    }
  }
}

function addSquare(x: Float64Array, count: number, P: number, XX: Float64Array): void {
  for (let i = 0; i < count; i++) {
    const at = i * P;
    for (let c = 0; c < P; c++) {
      const v = x[at + c];
      if (v === 0) continue;
      for (let r = 0; r <= c; r++) XX[r + c * P] += v * x[at + r];
    }
  }
}

/** into (q x columns, row-major) += Zt' x, for one block. */
function addBlockTimesFixed(
  block: BlockLayout,
  z: Float64Array,
  layout: Layout,
  first: number,
  count: number,
  x: Float64Array,
  columns: number,
  into: Float64Array,
): void {
  const { rowStart } = layout.pattern;
  const { load, nodeStart } = block;
  const { codes } = block.block.group;
  const size = load.kind === 'dense' ? load.size : 1;
  for (let i = 0; i < count; i++) {
    let to = rowStart[nodeStart + codes[first + i]] * columns;
    if (load.kind === 'indicator') to += load.column[first + i] * columns;
    const from = i * columns;
    for (let s = 0; s < size; s++, to += columns) {
      const v = z[i * size + s];
      for (let c = 0; c < columns; c++) into[to + c] += v * x[from + c];
    }
  }
}

function addDiagonal(
  block: BlockLayout,
  z: Float64Array,
  layout: Layout,
  first: number,
  count: number,
  A: Float64Array,
): void {
  const { columnStart, blockStart, size: sizes } = layout.pattern;
  const { load, nodeStart, size } = block;
  const { codes } = block.block.group;
  for (let i = 0; i < count; i++) {
    const node = nodeStart + codes[first + i];
    const at = blockStart[columnStart[node]];
    if (load.kind === 'indicator') {
      A[at + load.column[first + i] * (sizes[node] + 1)] += z[i] * z[i];
      continue;
    }
    const from = i * size;
    for (let c = 0; c < size; c++) {
      const v = z[from + c];
      for (let r = 0; r < size; r++) A[at + c * size + r] += v * z[from + r];
    }
  }
}

/** Block (node of v, node of u), stored size_v x size_u. */
function addPair(
  pair: Layout['pairs'][number],
  layout: Layout,
  z: readonly Float64Array[],
  first: number,
  count: number,
  A: Float64Array,
): void {
  const { blockStart, size: sizes } = layout.pattern;
  const U = layout.blocks[pair.u];
  const V = layout.blocks[pair.v];
  const zu = z[pair.u];
  const zv = z[pair.v];
  const many = U.load.kind === 'dense' ? U.size : 1;
  const high = V.load.kind === 'dense' ? V.size : 1;
  const { codes } = V.block.group;
  for (let i = 0; i < count; i++) {
    const row = first + i;
    const height = sizes[V.nodeStart + codes[row]];
    let at = blockStart[pair.entry[row]];
    if (U.load.kind === 'indicator') at += U.load.column[row] * height;
    if (V.load.kind === 'indicator') at += V.load.column[row];
    for (let c = 0; c < many; c++)
      for (let r = 0; r < high; r++) A[at + c * height + r] += zu[i * many + c] * zv[i * high + r];
  }
}
