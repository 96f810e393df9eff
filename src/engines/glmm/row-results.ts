import type { BoundFamily } from '../../families/density.js';
import type { Fit } from '../../results/fit.js';
import type { GlmmWork } from './glmm-work.js';
import { observationEta } from './observations.js';

/** What a result says of the observations, at the mode; everything on the scale of the response. */
export type RowResults = Required<
  Pick<Fit, 'fitted' | 'linear' | 'residuals' | 'variance' | 'devianceResiduals' | 'cdf' | 'overdispersion'>
>;

/** What they are computed from: no part of a work, which goes on to other points. */
interface RowSource {
  readonly density: BoundFamily;
  readonly y: Float64Array;
  readonly etas: Float64Array; // D per observation
  readonly D: number;
  readonly location: number;
  readonly cuts: Float64Array;
  readonly parameters: number;
}

/** The same, computed when some of it is first asked for, from where `work` stands now. */
export function rowResults(work: GlmmWork, parameters: number): RowResults {
  const { model, D } = work;
  const { density, y } = model;
  const etas = new Float64Array(D * y.length);
  const own = new Float64Array(D);
  for (let i = 0; i < y.length; i++) {
    observationEta(own, model, work.eta, i);
    for (let d = 0; d < D; d++) etas[i * D + d] = own[d];
  }
  const source = { density, y, etas, D, location: locationOf(work), cuts: work.cuts.slice(), parameters };
  let found: RowResults | undefined;
  const all = (): RowResults => {
    found ??= computed(source);
    return found;
  };
  return {
    get fitted() {
      return all().fitted;
    },
    get linear() {
      return all().linear;
    },
    get residuals() {
      return all().residuals;
    },
    get variance() {
      return all().variance;
    },
    get devianceResiduals() {
      return all().devianceResiduals;
    },
    get cdf() {
      return all().cdf;
    },
    get overdispersion() {
      return all().overdispersion;
    },
  };
}

function computed({ density, y, etas, D, location, cuts, parameters }: RowSource): RowResults {
  const rows = y.length;
  density.thresholds?.use(cuts);
  const own = new Float64Array(D);
  const fitted = new Float64Array(rows);
  const linear = new Float64Array(rows);
  const residuals = new Float64Array(rows);
  const variance = new Float64Array(rows);
  const devianceResiduals = new Float64Array(rows);
  const at = new Float64Array(rows);
  const below = new Float64Array(rows);
  let squares = 0;
  for (let i = 0; i < rows; i++) {
    for (let d = 0; d < D; d++) own[d] = etas[i * D + d];
    linear[i] = own[location];
    fitted[i] = density.mean(i, own);
    residuals[i] = y[i] - fitted[i];
    variance[i] = density.variance(i, own);
    devianceResiduals[i] = Math.sign(residuals[i]) * Math.sqrt(density.unitDeviance(y[i], i, own));
    at[i] = density.cdf(y[i], i, own);
    below[i] = density.discrete ? density.cdf(y[i] - 1, i, own) : at[i];
    squares += residuals[i] ** 2 / variance[i];
  }
  // Pearson's: near one where the variance is as the family says
  const overdispersion = squares / (rows - parameters);
  return { fitted, linear, residuals, variance, devianceResiduals, cdf: { below, at }, overdispersion };
}

/** The first predictor of the density is that of the innermost family's location, but for families that begin with a shape. */
export function locationOf(work: GlmmWork): number {
  const { predictors } = work.model;
  const names = ['mu', 'p', 'lambda', 'eta'];
  const found = predictors.findIndex((p) => names.includes(p.parameter));
  return Math.max(found, 0);
}
