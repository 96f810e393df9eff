import type { FactorEntries } from '../kernels/factor-entries.js';

/** A dense matrix, column by column; its numbers may be changed. */
export class DenseMatrix {
  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly values: Float64Array = new Float64Array(rows * columns),
  ) {}

  get(row: number, column: number): number {
    return this.values[this.index(row, column)];
  }

  set(row: number, column: number, value: number): void {
    this.values[this.index(row, column)] = value;
  }

  private index(row: number, column: number): number {
    if (!(row >= 0 && row < this.rows && column >= 0 && column < this.columns))
      throw new RangeError(`(${row}, ${column}) lies outside of a ${this.rows} x ${this.columns} matrix`);
    return row + column * this.rows;
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
