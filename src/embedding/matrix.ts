import type { FactorEntries } from '../kernels/factor-entries.js';
import { shiftedCholesky } from '../optim/cholesky-solve.js';

/** A dense matrix, column by column; its numbers may be changed. */
export class DenseMatrix {
  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly values: Float64Array = new Float64Array(rows * columns),
  ) {}

  /** One element; row and column count from 0. */
  get(row: number, column: number): number {
    return this.values[this.index(row, column)];
  }

  /** Changes one element; row and column count from 0. */
  set(row: number, column: number, value: number): void {
    this.values[this.index(row, column)] = value;
  }

  private index(row: number, column: number): number {
    if (!(row >= 0 && row < this.rows && column >= 0 && column < this.columns))
      throw new RangeError(`(${row}, ${column}) lies outside of a ${this.rows} x ${this.columns} matrix`);
    return row + column * this.rows;
  }

  /** A'A: of RX, the precision of beta in units of 1 / sigma^2. */
  gram(): DenseMatrix {
    const { rows, columns, values } = this;
    const G = new DenseMatrix(columns, columns);
    for (let c = 0; c < columns; c++)
      for (let r = 0; r < columns; r++) {
        let t = 0;
        for (let k = 0; k < rows; k++) t += values[k + r * rows] * values[k + c * rows];
        G.values[r + c * columns] = t;
      }
    return G;
  }

  /** The upper triangular R with R'R = A and a positive diagonal. @throws RangeError where A is not positive definite */
  upperFactor(): DenseMatrix {
    const n = this.columns;
    const lower = new Float64Array(n * n);
    if (this.rows !== n || !shiftedCholesky(this.values, n, 0, lower))
      throw new RangeError('a matrix that is not positive definite has no factor');
    const R = new DenseMatrix(n, n);
    for (let c = 0; c < n; c++) for (let r = 0; r <= c; r++) R.values[r + c * n] = lower[c + r * n];
    return R;
  }

  /** Rows of numbers, as one would write them. */
  toRows(): number[][] {
    return Array.from({ length: this.rows }, (_, r) =>
      Array.from({ length: this.columns }, (__, c) => this.values[r + c * this.rows]),
    );
  }
}

/**
 * A sparse lower triangular factor, P A P' = L L': row k of L belongs to the random effect `order[k]`. The values may be changed, the
 * pattern may not.
 */
export class SparseFactor {
  readonly size: number;
  readonly order: Int32Array;
  readonly columnStart: Int32Array; // size + 1
  readonly row: Int32Array; // of each entry, the diagonal first in its column
  readonly values: Float64Array;

  constructor({ rows, order, columnStart, row, values }: FactorEntries) {
    this.size = rows;
    this.order = order;
    this.columnStart = columnStart;
    this.row = row;
    this.values = values;
  }

  /** log|L|^2 */
  logDeterminant(): number {
    let sum = 0;
    for (let c = 0; c < this.size; c++) sum += 2 * Math.log(this.values[this.columnStart[c]]);
    return sum;
  }

  /** For small models: L with its zeros, in its own (permuted) order. */
  toDense(): DenseMatrix {
    const dense = new DenseMatrix(this.size, this.size);
    for (let c = 0; c < this.size; c++)
      for (let e = this.columnStart[c]; e < this.columnStart[c + 1]; e++)
        dense.values[this.row[e] + c * this.size] = this.values[e];
    return dense;
  }
}
