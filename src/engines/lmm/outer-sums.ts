import { subtractProduct } from '../../kernels/dense-multiply.js';

/** Vectors that are collected before they are multiplied: enough to fill tiles, few enough to stay in the cache. */
const room = 4096;

/** The sum of left right' over many pairs of short vectors, as products of matrices. */
export class OuterSums {
  readonly left: Float64Array;
  readonly right: Float64Array;
  private readonly most: number;
  private readonly negative: Float64Array;
  private count = 0;

  constructor(readonly width: number) {
    this.most = Math.max(4, Math.floor(room / width));
    this.left = new Float64Array(this.most * width);
    this.right = new Float64Array(this.most * width);
    this.negative = new Float64Array(width * width);
  }

  /** Where the next pair is to be written, in `left` and `right` alike: `width` numbers each. */
  next(): number {
    if (this.count === this.most) this.multiply();
    return this.width * this.count++;
  }

  /** Of all pairs, width x width, column-major. */
  total(): Float64Array {
    this.multiply();
    return this.negative.map((v) => -v);
  }

  private multiply(): void {
    const { left, right, width: w, negative, count } = this;
    subtractProduct(w, w, count, left, 0, 1, w, right, 0, w, 1, negative, 0, w);
    this.count = 0;
  }
}
