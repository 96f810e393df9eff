import { shiftedCholesky, solveLowerInPlace, solveLowerTransposedInPlace } from '../../optim/cholesky-solve.js';
import { type ResponseProducts, transformedRows } from './cross-products.js';
import type { LmmWork } from './lmm-work.js';

/** More numbers of X and Z than this are read anew for every response. */
const mostNumbers = 1e6;

/** What `ResponseProducts` is to one response, for many: `form` overwrites it. */
export interface ResponseStorage extends ResponseProducts {
  length: number;
  total: number;
}

/**
 * The transformed rows of a model with one grouping factor, kept so that one response after the other is multiplied by them without an
 * allocation.
 */
export class ResponseRows {
  readonly products: ResponseStorage;
  private readonly x: Float64Array; // rows x P, row-major
  private readonly z: Float64Array; // rows x columns, row-major
  private readonly columns: number;
  private readonly first: Int32Array; // rows: the first effect that a row loads on
  private readonly root: Float64Array | null;
  private readonly L: Float64Array | null; // of X'X
  private readonly own: Float64Array; // rows

  private constructor(private readonly work: LmmWork) {
    const { model, layout, products, q, P } = work;
    const [{ load, block, size }] = layout.blocks;
    const rows = transformedRows(model, layout, products);
    const { rowStart } = layout.pattern;
    const { codes } = block.group;
    this.x = rows.x;
    this.z = rows.z[0];
    this.columns = load.kind === 'dense' ? size : 1;
    this.first = Int32Array.from(
      { length: model.rows },
      (_, i) => rowStart[codes[i]] + (load.kind === 'dense' ? 0 : load.column[i]),
    );
    this.root = model.weights === null ? null : model.weights.map(Math.sqrt);
    const L = new Float64Array(P * P);
    this.L = shiftedCholesky(products.XX, P, 0, L) ? L : null;
    this.own = new Float64Array(model.rows);
    this.products = {
      Zy: new Float64Array(q),
      Xy: new Float64Array(P),
      yy: 1,
      length: 1,
      start: new Float64Array(P),
      total: 0,
    };
  }

  /** @returns null where there are too many rows to keep */
  static of(work: LmmWork): ResponseRows | null {
    const { model, layout, P } = work;
    return model.rows * (P + layout.blocks[0].size) > mostNumbers ? null : new ResponseRows(work);
  }

  /** As `formResponse`. @returns false where y is not finite, or X explains all of it */
  form(y: Float64Array): boolean {
    const { work, x, z, columns, first, root, L, own, products } = this;
    const { model, P } = work;
    const { rows, offset } = model;
    const { start, Xy, Zy } = products;
    start.fill(0);
    let sum = 0;
    let weight = 0;
    for (let i = 0; i < rows; i++) {
      const r = root === null ? 1 : root[i];
      const v = r * (offset === null ? y[i] : y[i] - offset[i]);
      own[i] = v;
      sum += r * v;
      weight += r * r;
      for (let c = 0; c < P; c++) start[c] += x[i * P + c] * v;
    }
    if (!Number.isFinite(sum)) return false;
    if (L === null) start.fill(0);
    else {
      solveLowerInPlace(L, P, start);
      solveLowerTransposedInPlace(L, P, start);
    }
    const mean = sum / weight;
    Xy.fill(0);
    Zy.fill(0);
    let total = 0;
    let square = 0;
    for (let i = 0; i < rows; i++) {
      let t = own[i];
      const about = t - (root === null ? mean : root[i] * mean);
      total += about * about;
      for (let c = 0; c < P; c++) t -= x[i * P + c] * start[c];
      square += t * t;
      for (let c = 0; c < P; c++) Xy[c] += x[i * P + c] * t;
      for (let c = 0; c < columns; c++) Zy[first[i] + c] += z[i * columns + c] * t;
    }
    if (!(square > nothingLeft * total)) return false;
    const length = Math.sqrt(square);
    for (let c = 0; c < P; c++) Xy[c] /= length;
    for (let i = 0; i < Zy.length; i++) Zy[i] /= length;
    products.length = length;
    products.total = total;
    return true;
  }
}

/** A residual that is this much smaller than the response has lost its digits: `formResponse` decides what it is. */
const nothingLeft = 1e-16;
