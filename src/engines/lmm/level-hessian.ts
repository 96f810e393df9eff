import type { LevelSums } from './level-sums.js';
import type { LevelValue } from './level-value.js';

/** Where each parameter stands in Lambda. */
export interface ParameterPlaces {
  readonly row: Int32Array;
  readonly column: Int32Array;
}

/** The Hessian of the deviance by the parameters of one block [LMM-17, LMM-20]; nothing is allocated after the constructor. */
export class LevelHessian {
  private readonly spread: Float64Array; // n x k x k: D_p = dLambda_p Lambda' + Lambda dLambda_p'
  private readonly image: Float64Array; // k x k
  private readonly low: Float64Array; // n x P x P: E'D_p E
  private readonly high: Float64Array; // n x P: E'D_p e
  private readonly about: Float64Array; // n: e'D_p e
  private readonly lower: Int32Array; // k x k: where the lower triangle has the entry

  constructor(
    private readonly at: LevelValue,
    private readonly sums: LevelSums,
    private readonly places: ParameterPlaces,
  ) {
    const { size: k, fixed: P } = at.classes;
    const n = places.row.length;
    this.spread = new Float64Array(n * k * k);
    this.image = new Float64Array(k * k);
    this.low = new Float64Array(n * P * P);
    this.high = new Float64Array(n * P);
    this.about = new Float64Array(n);
    this.lower = new Int32Array(k * k);
    for (let j = 0, f = 0; j < k; j++)
      for (let i = j; i < k; i++, f++) {
        this.lower[i + j * k] = f;
        this.lower[j + i * k] = f;
      }
  }

  /** After the sums' `form`. @param H  n x n, column-major; overwritten */
  write(H: Float64Array): void {
    this.combine();
    const { at, sums, places, spread, image, low, high, about, lower } = this;
    const { classes, reml, nu, sigma } = at;
    const { size: k, fixed: P } = classes;
    const { row, column } = places;
    const n = row.length;
    const m = sums.N.length;
    const variance = sigma * sigma;
    for (let p = 0; p < n; p++) {
      const D = p * k * k;
      // sum over (c, d) of D_p[c, d] pairs[(b, c), (d, a)], as [b, a]
      for (let a = 0; a < k; a++)
        for (let b = 0; b < k; b++) {
          let t = 0;
          for (let c = 0; c < k; c++)
            for (let d = 0; d < k; d++)
              t += spread[D + c + d * k] * sums.pairs[lower[b + c * k] * m + lower[d + a * k]];
          image[b + a * k] = t;
        }
      for (let q = 0; q <= p; q++) {
        let t = -(about[p] * about[q]) / (nu * variance * variance);
        for (let b = 0; b < k; b++) for (let a = 0; a < k; a++) t += spread[q * k * k + a + b * k] * image[b + a * k];
        for (let x = 0; x < P; x++) t -= (2 * high[p * P + x] * high[q * P + x]) / variance;
        if (reml)
          for (let x = 0; x < P; x++)
            for (let y = 0; y < P; y++) t -= low[(p * P + x) * P + y] * low[(q * P + y) * P + x];
        if (column[p] === column[q]) {
          const f = lower[row[p] + row[q] * k];
          t += 2 * (sums.N[f] - sums.outer[f] - sums.errors[f] / variance);
        }
        H[q + p * n] = t;
        H[p + q * n] = t;
      }
    }
  }

  /** D_p, and the products of its two sides with E and e, summed over the levels. */
  private combine(): void {
    const { at, sums, places, spread, low, high, about, lower } = this;
    const { classes, lambda, reml } = at;
    const { size: k, fixed: P } = classes;
    const { loads, means, errors } = sums;
    const wide = k * P;
    const n = places.row.length;
    spread.fill(0);
    for (let p = 0; p < n; p++) {
      const D = p * k * k;
      const r = places.row[p];
      for (let i = 0; i < k; i++) {
        const t = lambda[i + places.column[p] * k];
        spread[D + r + i * k] += t;
        spread[D + i + r * k] += t;
      }
      let t = 0;
      for (let e = 0; e < k * k; e++) t += spread[D + e] * errors[lower[e]];
      about[p] = t;
      for (let x = 0; x < P; x++) {
        let v = 0;
        for (let j = 0; j < k; j++) for (let i = 0; i < k; i++) v += spread[D + i + j * k] * means[(i + x * k) * k + j];
        high[p * P + x] = v;
        for (let y = 0; reml && y <= x; y++) {
          let w = 0;
          for (let j = 0; j < k; j++)
            for (let i = 0; i < k; i++) {
              const [f, o] = [i + x * k, j + y * k];
              w += spread[D + i + j * k] * (f >= o ? loads[f * wide + o] : loads[o * wide + f]);
            }
          low[(p * P + x) * P + y] = w;
          low[(p * P + y) * P + x] = w;
        }
      }
    }
  }
}
