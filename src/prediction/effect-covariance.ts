import {
  analyze,
  type BlockPattern,
  buildPattern,
  factorize,
  findEntry,
  selectedInverse,
  solve,
  valueCount,
} from '../kernels/block-cholesky.js';
import { choleskyInPlace } from '../kernels/dense-cholesky.js';
import type { EffectEstimates } from '../results/estimates.js';

/** A linear combination of spherical effects u, by node. */
export type Combination = ReadonlyMap<number, Float64Array>;

/** The covariance of random effects about their modes, given the parameters [PRED-1]. */
export class EffectCovariance {
  private readonly pattern: BlockPattern;
  private readonly solveInPlace: (v: Float64Array) => void;
  private readonly inverse: Float64Array;
  /** q x m, row-major: what constraints take from the covariance is Y Y'. */
  private readonly Y: Float64Array;
  private readonly sound: boolean;

  constructor(readonly effects: EffectEstimates) {
    const { rowStart, precision } = effects;
    const size = Int32Array.from({ length: rowStart.length - 1 }, (_, i) => rowStart[i + 1] - rowStart[i]);
    this.pattern = buildPattern(size, precision.rows, precision.columns);
    const values = new Float64Array(valueCount(this.pattern));
    let at = 0;
    precision.rows.forEach((i, k) => {
      const j = precision.columns[k];
      const to = this.pattern.blockStart[findEntry(this.pattern, i, j)];
      const length = size[i] * size[j];
      values.set(precision.values.subarray(at, at + length), to);
      at += length;
    });
    const chol = analyze(this.pattern);
    this.solveInPlace = (v) => solve(chol, v, 1);
    this.sound = factorize(chol, values) === 0;
    this.inverse = new Float64Array(values.length);
    if (this.sound) selectedInverse(chol, this.inverse);
    this.Y = this.sound ? constraintShare(effects, (K, m) => solve(chol, K, m)) : new Float64Array(0);
  }

  /** F'z: a combination of a node's b as one of its u. */
  spherical(node: number, z: Float64Array): Float64Array {
    const { factorStart, factors } = this.effects;
    const s = z.length;
    const t = new Float64Array(s);
    for (let c = 0; c < s; c++) for (let r = 0; r < s; r++) t[c] += factors[factorStart[node] + r + c * s] * z[r];
    return t;
  }

  /** Cov(a'u, b'u); NaN where the precision is not positive definite. */
  covariance(a: Combination, b: Combination): number {
    if (a.size === 0 || b.size === 0) return 0;
    if (!this.sound) return Number.NaN;
    return (this.byPattern(a, b) ?? this.bySolving(a, b)) - this.constrained(a, b);
  }

  private byPattern(a: Combination, b: Combination): number | null {
    const { pattern, inverse } = this;
    let sum = 0;
    for (const [i, x] of a)
      for (const [j, y] of b) {
        const entry = findEntry(pattern, Math.max(i, j), Math.min(i, j));
        if (entry < 0) return null;
        const at = pattern.blockStart[entry];
        const [tall, wide] = i >= j ? [x, y] : [y, x];
        for (let c = 0; c < wide.length; c++)
          for (let r = 0; r < tall.length; r++) sum += tall[r] * inverse[at + r + c * tall.length] * wide[c];
      }
    return sum;
  }

  private bySolving(a: Combination, b: Combination): number {
    const { rowStart } = this.effects;
    const v = new Float64Array(rowStart[rowStart.length - 1]);
    for (const [j, y] of b) v.set(y, rowStart[j]);
    this.solveInPlace(v);
    let sum = 0;
    for (const [i, x] of a) for (let r = 0; r < x.length; r++) sum += x[r] * v[rowStart[i] + r];
    return sum;
  }

  private constrained(a: Combination, b: Combination): number {
    const { constraints: m } = this.effects;
    let sum = 0;
    for (let k = 0; k < m; k++) sum += this.along(a, k) * this.along(b, k);
    return sum;
  }

  private along(a: Combination, k: number): number {
    const { constraints: m, rowStart } = this.effects;
    let sum = 0;
    for (const [i, x] of a) for (let r = 0; r < x.length; r++) sum += x[r] * this.Y[(rowStart[i] + r) * m + k];
    return sum;
  }
}

/** H^-1 N L^-T with N'H^-1 N = L L'; q x m. Constraints that nothing is in take nothing. */
function constraintShare(
  { constraints: m, normals }: EffectEstimates,
  solveInPlace: (K: Float64Array, columns: number) => void,
): Float64Array {
  const K = normals.slice();
  if (m === 0) return K;
  solveInPlace(K, m);
  const q = K.length / m;
  const L = new Float64Array(m * m);
  for (let i = 0; i < q; i++)
    for (let c = 0; c < m; c++) for (let r = 0; r < m; r++) L[r + c * m] += normals[i * m + r] * K[i * m + c];
  if (choleskyInPlace(L, m, m, 0) !== 0) return K.fill(0);
  for (let i = 0; i < q; i++)
    for (let r = 0; r < m; r++) {
      let t = K[i * m + r];
      for (let k = 0; k < r; k++) t -= L[r + k * m] * K[i * m + k];
      K[i * m + r] = t / L[r + r * m];
    }
  return K;
}
