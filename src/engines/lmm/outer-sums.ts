import { subtractProduct, subtractProductLower } from '../../kernels/dense-multiply.js';

/** Vectors that are collected before they are multiplied: enough to fill tiles, few enough to stay in the cache. */
const room = 4096;

/** The sum of left right' over many pairs of short vectors, as products of matrices. */
export class OuterSums {
  readonly left: Float64Array;
  readonly right: Float64Array;
  private readonly most: number;
  private readonly negative: Float64Array;
  private count = 0;

  /** @param kind  'squares': left and right are the same, and written once */
  constructor(
    readonly width: number,
    private readonly kind: 'squares' | 'pairs',
  ) {
    this.most = Math.max(4, Math.floor(room / width));
    this.left = new Float64Array(this.most * width);
    this.right = kind === 'squares' ? this.left : new Float64Array(this.most * width);
    this.negative = new Float64Array(width * width);
  }

  /** Where the next vectors are to be written, in `left` and `right` alike: `width` numbers each. */
  next(): number {
    if (this.count === this.most) this.multiply();
    return this.width * this.count++;
  }

  /** Of all of them, width x width, column-major. */
  total(): Float64Array {
    this.multiply();
    const { width: w, negative } = this;
    const sum = negative.map((v) => -v);
    if (this.kind === 'squares')
      for (let c = 0; c < w; c++) for (let r = 0; r < c; r++) sum[r + c * w] = sum[c + r * w];
    return sum;
  }

  private multiply(): void {
    const { left, right, width: w, negative, count } = this;
    if (this.kind === 'squares') subtractProductLower(w, count, left, 0, 1, w, left, 0, w, 1, negative, 0, w);
    else subtractProduct(w, w, count, left, 0, 1, w, right, 0, w, 1, negative, 0, w);
    this.count = 0;
  }
}
