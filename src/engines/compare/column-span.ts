/** A column whose part outside of the span is smaller than this share of it lies in it. */
const inside = 1e-7;

/** The span of columns of one length, by an orthonormal basis; every column is orthogonalised twice. */
export class ColumnSpan {
  private readonly basis: Float64Array[] = [];

  constructor(private readonly length: number) {}

  get rank(): number {
    return this.basis.length;
  }

  /** @returns whether the column was outside */
  add(column: Float64Array): boolean {
    const rest = this.outside(column);
    if (rest === null) return false;
    let square = 0;
    for (const v of rest) square += v * v;
    const f = 1 / Math.sqrt(square);
    this.basis.push(rest.map((v) => v * f));
    return true;
  }

  contains(column: Float64Array): boolean {
    return this.outside(column) === null;
  }

  /** What is left of a column after its projection; null where that is rounding. */
  private outside(column: Float64Array): Float64Array | null {
    const { length } = this;
    const rest = column.slice();
    let before = 0;
    for (let i = 0; i < length; i++) before += rest[i] * rest[i];
    if (before === 0) return null;
    for (let pass = 0; pass < 2; pass++)
      for (const q of this.basis) {
        let t = 0;
        for (let i = 0; i < length; i++) t += q[i] * rest[i];
        for (let i = 0; i < length; i++) rest[i] -= t * q[i];
      }
    let after = 0;
    for (let i = 0; i < length; i++) after += rest[i] * rest[i];
    return after > inside * inside * before ? rest : null;
  }
}
