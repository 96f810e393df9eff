import type { LevelValue } from './level-value.js';

/**
 * Sums over all levels that the derivatives of the deviance are made of [LMM-20], at the point of a `LevelValue`. Of symmetric k x k
 * matrices the lower triangle is kept, column by column: m = k (k + 1) / 2 numbers.
 */
export class LevelSums {
  readonly N: Float64Array; // m: of Z'V^-1 Z
  readonly errors: Float64Array; // m: of e e', e = Z'V^-1 (y - X beta)
  readonly outer: Float64Array; // m: of E E', E = Z'V^-1 X RX^-1; this and `loads` are zero for ML
  readonly pairs: Float64Array; // m x m, row-major: of the outer products of N and W = 2 E E' + 2 e e' / sigma^2 - N
  readonly loads: Float64Array; // k P x k P: of E_ix E_jy, in the order (i + x k, j + y k); the lower triangle by rows
  readonly means: Float64Array; // k P x k, row-major: of E_ix e_j
  // of the class at hand
  private readonly about: Float64Array; // k x k
  private readonly E: Float64Array; // k x P, column-major
  private readonly e: Float64Array; // k: sum over its levels
  private readonly fitted: Float64Array; // k: Z'X beta
  private readonly product: Float64Array; // k x k
  private readonly ownN: Float64Array; // m
  private readonly ownErrors: Float64Array; // m
  private readonly W: Float64Array; // m

  constructor(private readonly at: LevelValue) {
    const { size: k, fixed: P } = at.classes;
    const m = (k * (k + 1)) / 2;
    this.N = new Float64Array(m);
    this.errors = new Float64Array(m);
    this.outer = new Float64Array(m);
    this.pairs = new Float64Array(m * m);
    this.loads = new Float64Array((k * P) ** 2);
    this.means = new Float64Array(k * k * P);
    this.about = new Float64Array(k * k);
    this.E = new Float64Array(k * P);
    this.e = new Float64Array(k);
    this.fitted = new Float64Array(k);
    this.product = new Float64Array(k * k);
    this.ownN = new Float64Array(m);
    this.ownErrors = new Float64Array(m);
    this.W = new Float64Array(m);
  }

  /** After the value's `evaluate`. */
  form(): void {
    const { N, errors, outer, pairs, loads, means, E, e, ownN, ownErrors, W } = this;
    const { classes, reml, sigma } = this.at;
    const { size: k, fixed: P, count, levels } = classes;
    const m = N.length;
    const wide = k * P;
    const overVariance = 2 / (sigma * sigma);
    for (const sum of [N, errors, outer, pairs, loads, means]) sum.fill(0);
    for (let c = 0; c < count; c++) {
      const many = levels[c];
      this.visit(c);
      for (let f = 0; f < m; f++) {
        N[f] += many * ownN[f];
        errors[f] += ownErrors[f];
        W[f] = overVariance * ownErrors[f] - many * ownN[f];
      }
      if (reml)
        for (let j = 0, f = 0; j < k; j++)
          for (let i = j; i < k; i++, f++) {
            let t = 0;
            for (let x = 0; x < wide; x += k) t += E[x + i] * E[x + j];
            outer[f] += many * t;
            W[f] += 2 * many * t;
          }
      for (let f = 0; f < m; f++) {
        const t = ownN[f];
        for (let o = 0; o < m; o++) pairs[f * m + o] += t * W[o];
      }
      for (let f = 0; f < wide; f++) {
        const t = E[f];
        for (let j = 0; j < k; j++) means[f * k + j] += t * e[j];
        if (!reml) continue;
        const load = many * t;
        for (let o = 0; o <= f; o++) loads[f * wide + o] += load * E[o];
      }
    }
  }

  /** N, E, e and the sum of e e' of one class. */
  private visit(c: number): void {
    const { at, about, E, e, fitted, product, ownN, ownErrors } = this;
    const { classes, blocks, moments, R, beta, K } = at;
    const { size: k, fixed: P, levels, A, B } = classes;
    const { sums, squares } = moments;
    const own = c * k * k;
    const many = levels[c];
    blocks.multiply(K, own, A, own, product);
    for (let j = 0, f = 0; j < k; j++) for (let i = j; i < k; i++, f++) ownN[f] = product[i + j * k];
    for (let i = 0; i < k; i++) {
      for (let x = 0; x < P; x++) {
        let t = 0;
        for (let j = 0; j < k; j++) t += K[own + i + j * k] * B[(c * k + j) * P + x];
        for (let y = 0; y < x; y++) t -= R[x + y * P] * E[y * k + i];
        E[x * k + i] = t / R[x + x * P];
      }
      let v = 0;
      for (let x = 0; x < P; x++) v += B[(c * k + i) * P + x] * beta[x];
      fitted[i] = v;
    }
    for (let i = 0; i < k; i++) {
      let t = 0;
      for (let x = 0; x < k; x++) t += K[own + i + x * k] * (sums[c * k + x] - many * fitted[x]);
      e[i] = t;
    }
    if (squares === null) {
      for (let j = 0, f = 0; j < k; j++) for (let i = j; i < k; i++, f++) ownErrors[f] = e[i] * e[j];
      return;
    }
    // K times the sum of (b - B beta)(b - B beta)' times K'
    for (let j = 0; j < k; j++)
      for (let i = 0; i < k; i++)
        about[i + j * k] =
          squares[own + i + j * k] - sums[c * k + i] * fitted[j] - fitted[i] * (sums[c * k + j] - many * fitted[j]);
    blocks.multiply(K, own, about, 0, product);
    for (let j = 0, f = 0; j < k; j++)
      for (let i = j; i < k; i++, f++) {
        let t = 0;
        for (let x = 0; x < k; x++) t += product[i + x * k] * K[own + j + x * k];
        ownErrors[f] = t;
      }
  }
}
