import { blockCovariance } from './block-covariance.js';
import { untransformBeta } from './column-transform.js';
import { describeSingular } from './describe-singular.js';
import { exactShare } from './find-optimum.js';
import { levelClasses } from './level-classes.js';
import { LevelDeviance } from './level-deviance.js';
import { LightSearch } from './light-search.js';
import type { LmmWork } from './lmm-work.js';
import { ResponseRows } from './response-rows.js';

/** Deviance that a search may leave. */
const left = 1e-14;

/**
 * The estimates of one response after the other, by classes of levels [LMM-20] and nothing else: neither the factor of all levels nor
 * modes, fitted values or tests are made.
 */
export class LevelRefitter {
  /** Of the latest response, in the order of `fitStatistics`. */
  readonly estimates: Float64Array;
  deviance = Number.NaN;
  private readonly search: LightSearch;
  private readonly beta: Float64Array;

  private constructor(
    private readonly work: LmmWork,
    private readonly levels: LevelDeviance,
    private readonly response: ResponseRows,
    private readonly start: Float64Array,
    private readonly apart: boolean,
  ) {
    const [{ size: k }] = work.layout.blocks;
    this.search = new LightSearch(work, start);
    this.beta = new Float64Array(work.P);
    this.estimates = new Float64Array((apart ? k : (k * (k + 1)) / 2) + 1 + work.P);
  }

  /**
   * @param start  the optimum of another response
   * @param apart  the columns of the block are reported one by one
   * @returns      null where the model has no classes of levels, or too many rows
   */
  static of(work: LmmWork, start: Float64Array, apart: boolean): LevelRefitter | null {
    const classes = levelClasses(work);
    if (classes === null) return null;
    const response = ResponseRows.of(work);
    return response === null
      ? null
      : new LevelRefitter(work, new LevelDeviance(work, classes), response, start.slice(), apart);
  }

  /** @returns false where the ordinary search must decide */
  refit(y: Float64Array): boolean {
    const { levels, response, search } = this;
    if (!response.form(y)) return false;
    levels.use(response.products);
    if (!search.run(levels, this.start, { unit: 1, left }, () => this.isSingular())) return false;
    levels.evaluate(search.x, null); // mostly it stands there
    if (levels.r2 < exactShare) return false;
    this.deviance = search.value;
    this.report();
    return true;
  }

  private isSingular(): boolean {
    const { layout } = this.work;
    const { lambda, theta } = this.levels;
    if (clearlyRegular(lambda, layout.blocks[0].size)) return false;
    return describeSingular({ layout, lambda, theta }, layout.blocks[0]) !== null;
  }

  private report(): void {
    const { work, levels, response, estimates, beta, apart } = this;
    const { layout, products } = work;
    const { length, start } = response.products;
    const sigma = levels.sigma * length;
    const { lambda, theta } = levels;
    const { sd, cor } = blockCovariance({ layout, lambda, theta }, layout.blocks[0], sigma);
    let at = 0;
    for (let i = 0; i < sd.length; i++) {
      for (let j = 0; j < i && !apart; j++) estimates[at++] = cor[i][j] ?? Number.NaN;
      estimates[at++] = sd[i];
    }
    estimates[at++] = sigma;
    for (let c = 0; c < beta.length; c++) beta[c] = start[c] + levels.beta[c] * length;
    untransformBeta(products.transform, beta);
    estimates.set(beta, at);
  }
}

/**
 * Whether the smallest singular value of a triangular factor is far from what is called singular [LMM-15]: it is at least
 * |det| / |F|^(k - 1), Frobenius' norm being above all the others.
 */
function clearlyRegular(F: Float64Array, k: number): boolean {
  let square = 0;
  let det = 1;
  for (let e = 0; e < k * k; e++) square += F[e] * F[e];
  for (let c = 0; c < k; c++) det *= F[c * (k + 1)];
  const norm = Math.sqrt(square);
  return Math.abs(det) > norm ** (k - 1) * Math.max(clear, clear * norm);
}

/** Ten times what a block is called singular below. */
const clear = 1e-3;
