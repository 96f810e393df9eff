import type { LmmWork } from '../lmm-work.js';
import { profiledDeviance } from '../profiled-deviance.js';
import { formMixedProducts, setResidual } from './mixed-products.js';
import type { ResidualWork } from './residual-work.js';
import { etaInto, gammaNear } from './sigma-model.js';

/** E log|e| = log sigma - (log 2 + Euler's constant) / 2 for normal errors. */
const logBias = (Math.log(2) + 0.5772156649015329) / 2;
/** Correlations of neighbours that a search may begin with. */
const correlations = [0, 0.4, 0.8];
/** A residual smaller than this share of their size says little of its sigma. */
const smallest = 0.02;

/**
 * Starts the residual's parameters from the residuals of the least-squares fit [LMM-RES-8]: sigma's predictor from a regression of
 * log|e|, the correlation the best of a few. R and the cross-products are set to the start.
 * @param theta   length work.parameters; the residual's part is written
 * @param effects writes the start of the random effects for the cross-products as they are
 */
export function startResidual(
  work: LmmWork,
  residual: ResidualWork,
  theta: Float64Array,
  effects: (theta: Float64Array) => void,
): void {
  startSigma(work, residual, theta);
  const { correlation, at } = residual;
  if (correlation === null) {
    if (Number.isFinite(setResidual(residual, theta))) formMixedProducts(residual, work.layout, work.products);
    effects(theta);
    return;
  }
  let best = theta.slice();
  let least = Number.POSITIVE_INFINITY;
  for (const c of correlations) {
    const trial = theta.slice();
    correlation.startInto(trial, at.correlation, c);
    if (!Number.isFinite(setResidual(residual, trial))) continue;
    formMixedProducts(residual, work.layout, work.products);
    effects(trial);
    const value = profiledDeviance(work, trial);
    if (!(value < least)) continue;
    least = value;
    best = trial;
  }
  theta.set(best);
}

function startSigma(work: LmmWork, residual: ResidualWork, theta: Float64Array): void {
  const { sigma, y, at, eta } = residual;
  if (sigma === null) return;
  const { link, size, rows } = sigma;
  const typical = work.products.response.length / Math.sqrt(rows); // sigma of all rows, in the response's units
  const wanted = new Float64Array(rows);
  if (link.name === 'log') {
    const unit = work.products.response.length;
    for (let i = 0; i < rows; i++) {
      const e = Math.max(Math.abs(y[i]) * unit, smallest * typical);
      wanted[i] = Math.log(e) + logBias;
    }
    gammaNear(theta, at.sigma, sigma, wanted);
    return;
  }
  for (const target of [
    (_: number) => typical,
    (i: number) => Math.abs(y[i]) * work.products.response.length * Math.sqrt(Math.PI / 2),
  ]) {
    for (let i = 0; i < rows; i++) wanted[i] = link.link(Math.max(target(i), smallest * typical));
    gammaNear(theta, at.sigma, sigma, wanted);
    etaInto(eta, sigma, theta, at.sigma);
    if (eta.every((v) => link.inverse(v) > smallest * size)) return;
  }
}

/** Curvature that a search may begin with: what the information about each parameter is by itself. Per row, the residual's n x n. */
export function startCurvature(work: LmmWork, residual: ResidualWork): Float64Array {
  const { parameters, correlation, sigma, slope } = residual;
  const { rows } = work.model;
  const H = new Float64Array(parameters * parameters);
  const own = correlation?.parameters ?? 0;
  const groups = work.model.residual?.correlation?.groups ?? 0;
  for (let k = 0; k < own; k++) H[k * (parameters + 1)] = own === 1 ? 2 : (2 * groups) / rows;
  if (sigma === null) return H;
  for (let k = 0; k < sigma.count; k++) {
    let t = 0;
    for (let i = 0; i < rows; i++) t += (slope[i] * sigma.unit * sigma.B[i + k * rows]) ** 2;
    H[(own + k) * (parameters + 1)] = (4 * t) / rows;
  }
  return H;
}
