import type { LmmWork } from '../lmm-work.js';
import { profileSigma, sigmaObjective } from '../profile-sigma.js';
import { absoluteJet, diagonalise, foldRows } from './absolute-rows.js';
import type { PriorWork } from './prior-work.js';
import { addSigmaPowers } from './sigma-powers.js';
import { searchSigma } from './sigma-search.js';

/**
 * The objective with priors and penalties at the decomposition that `work` holds, sigma profiled [LMM-PRIOR-3]:
 *   log|L|^2 + nu log(2 pi sigma^2) + r^2 / sigma^2 + (REML: log|RX|^2) + what the priors add.
 * Rows on the absolute scale are taken into RX and c_b for that sigma, so the mode, the gradient and the covariance of beta that
 * are made from them are those of the posterior.
 * @param given  sigma in units of the scaled response; null: profiled, unless it is known
 * @returns      +Infinity where there is no minimum
 */
export function penalisedDeviance(work: LmmWork, priors: PriorWork, given: number | null): number {
  const { at, settings, products, sigmaTerms } = work;
  const { quantities, absolute } = priors;
  quantities.setTheta(work.theta);
  if (!(at.r2 >= 0)) at.r2 = 0; // rounding, where the effects fit the response exactly; a prior may still hold sigma away from zero
  if (absolute !== null && !diagonalise(work, priors, absolute)) return Number.POSITIVE_INFINITY;
  const { length } = products.response;
  const counted = priors.common?.counted ?? 0;
  sigmaTerms.nu = work.nu + counted;
  sigmaTerms.A = at.r2;
  sigmaTerms.B = 0;
  sigmaTerms.C = 0;
  sigmaTerms.D = 0;
  const known = given ?? (settings.fixedSigma === null ? null : settings.fixedSigma / length);
  if (known !== null) at.sigma = known;
  else {
    for (const t of priors.terms) addSigmaPowers(t, priors, length, sigmaTerms);
    const searched = absolute !== null || priors.terms.some((t) => t.lowered.computation === 'search');
    at.sigma = searched ? search(work, priors) : profileSigma(sigmaTerms);
  }
  if (!(at.sigma > 0 && at.sigma < Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;

  const s2 = at.sigma * at.sigma;
  const logVariance = Math.log(length * length * s2);
  let total = at.logDetOmega + at.logDetResidual + work.constant + at.r2 / s2 + (work.nu + counted) * logVariance;
  total += work.nu * Math.log(2 * Math.PI) + (priors.common?.constant ?? 0);
  if (settings.reml) total += at.logDetRX;
  if (absolute !== null) {
    const jet = new Float64Array(3);
    absoluteJet(priors, settings.reml, Math.log(at.sigma), jet);
    total += jet[0] + absolute.constant;
    if (!foldRows(work, absolute, at.sigma)) return Number.POSITIVE_INFINITY;
    let logDet = 0;
    for (let c = 0; c < work.P; c++) logDet += Math.log(work.RX[c * (work.P + 1)]);
    at.logDetRX = 2 * logDet;
  }
  return total + termValues(priors, length * at.sigma, false);
}

/**
 * The sum of the terms of theta and sigma, with their constants.
 * @param sigma         in the response's units
 * @param withGradient  derivatives are added to those by the relative quantities
 */
export function termValues(priors: PriorWork, sigma: number, withGradient: boolean): number {
  const { quantities, terms, values } = priors;
  let total = 0;
  for (const { term, lowered, entries } of terms) {
    // relative quantities are seen with sigma = 1: no rounding makes them depend on it
    const at = lowered.computation === 'theta' ? 1 : sigma;
    quantities.fill(values, at, null);
    priors.gradient.fill(0);
    total += term.evaluate(values, withGradient ? priors.gradient : null);
    if (lowered.computation === 'theta') total += 2 * lowered.degree * entries * Math.log(sigma);
    if (withGradient) quantities.addRelative(priors.gradient, at);
  }
  return total;
}

/** Adds to a gradient by theta what the terms add, at the sigma that `work` holds. */
export function addTermGradient(work: LmmWork, priors: PriorWork, gradient: Float64Array): void {
  if (priors.terms.length === 0) return;
  const { quantities } = priors;
  quantities.gradient.fill(0);
  termValues(priors, work.products.response.length * work.at.sigma, true);
  quantities.pullBack(work.theta);
  for (let p = 0; p < quantities.thetaGradient.length; p++) gradient[p] += quantities.thetaGradient[p];
}

/** d / d log sigma of the terms at a sigma in the response's units, and their sum. */
export function termSlope(priors: PriorWork, sigma: number, only: 'search' | 'all'): { value: number; slope: number } {
  const { quantities, terms, values, gradient } = priors;
  let value = 0;
  let slope = 0;
  for (const { term, lowered, entries } of terms) {
    if (lowered.computation === 'theta') {
      if (only === 'all') slope += 2 * lowered.degree * entries;
      continue;
    }
    if (only === 'search' && lowered.computation !== 'search') continue;
    quantities.fill(values, sigma, null);
    gradient.fill(0);
    value += term.evaluate(values, gradient);
    slope += quantities.sigmaSlope(gradient, sigma);
  }
  return { value, slope };
}

/** Profiles sigma where more than powers of it are involved. */
function search(work: LmmWork, priors: PriorWork): number {
  const { sigmaTerms, settings, at } = work;
  const { length } = work.products.response;
  const searched = priors.terms.some((t) => t.lowered.computation === 'search');
  const own = new Float64Array(3);
  const h = 1e-5;
  const jet = (x: number): readonly [number, number, number] => {
    const s = Math.exp(x);
    const { nu, A, B, C, D } = sigmaTerms;
    absoluteJet(priors, settings.reml, x, own);
    let value = sigmaObjective(sigmaTerms, s) + own[0];
    let slope = 2 * nu - (2 * A) / (s * s) - B / s + 2 * C * s * s + D * s + own[1];
    let curvature = (4 * A) / (s * s) + B / s + 4 * C * s * s + D * s + own[2];
    if (searched) {
      const here = termSlope(priors, length * s, 'search');
      const above = termSlope(priors, length * s * Math.exp(h), 'search').slope;
      const below = termSlope(priors, length * s * Math.exp(-h), 'search').slope;
      value += here.value;
      slope += here.slope;
      curvature += (above - below) / (2 * h);
    }
    return [value, slope, curvature];
  };
  const nu = Math.max(sigmaTerms.nu, 1);
  const low = Math.log(Math.max(at.r2, 1e-300) / nu) / 2;
  // at most all that the absolute rows miss goes into sigma
  let most = at.r2;
  for (let k = 0; k < priors.eigenvalues.length; k++)
    if (priors.eigenvalues[k] > 0) most += priors.distances[k] / priors.eigenvalues[k];
  const high = Math.log(most / nu) / 2;
  return Math.exp(searchSigma(jet, low - 2, Math.min(high, low + 40) + 2));
}
