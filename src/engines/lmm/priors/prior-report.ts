import type { PenaltyNode, PriorNode } from '../../../graph/model-graph.js';
import { lmmPenalty, lmmPrior } from '../../../priors/lmm-prior.js';
import { compilePenalty, compilePrior } from '../../../priors/prior-term.js';
import type { PriorReport } from '../../../results/fit.js';
import { fixedEffects, residualSd } from '../estimates.js';
import type { LmmPoint, LmmWork } from '../lmm-work.js';
import { decompose } from '../profiled-deviance.js';
import { createPriorWork, type PriorSource } from './prior-work.js';

/** Every prior and penalty with -2 log density at the estimates; of those that are integrated out with beta, at their mode. */
export function priorReports(work: LmmWork, source: PriorSource): PriorReport[] {
  const priors = work.priors ?? createPriorWork(source, work.layout, work.products);
  const { graph } = source;
  const { quantities, values } = priors;
  quantities.setTheta(work.theta);
  quantities.fill(values, residualSd(work), fixedEffects(work));
  const placeOf = quantities.placeOf.bind(quantities);
  // a term of the fit knows what the density is at a bound that it meets but for rounding
  const known = new Map([...priors.terms, ...priors.joint].map(({ node, term }) => [node, term]));
  const isThere = (node: PriorNode | PenaltyNode) => !priors.idle.includes(node);
  return [
    ...graph.priors.filter(isThere).map((node) => ({
      text: node.text,
      computation: lmmPrior(node, graph).computation,
      minus2logDensity: (known.get(node) ?? compilePrior(node, quantities.length, placeOf)).evaluate(values, null),
    })),
    ...graph.penalties.filter(isThere).map((node) => ({
      text: node.text,
      computation: lmmPenalty(node, graph),
      minus2logDensity: (known.get(node) ?? compilePenalty(node, quantities.length, placeOf)).evaluate(values, null),
    })),
  ];
}

/**
 * -2 log-likelihood without priors at the theta, sigma and (ML) beta that `work` holds; the REML criterion integrates beta out.
 * `work` is decomposed again, without the priors; its beta and u stay.
 */
export function likelihoodDeviance(work: LmmWork): number {
  const { P, settings, products, beta } = work;
  const at: LmmPoint = { ...work.at };
  const bare: LmmWork = { ...work, priors: null, at, RX: new Float64Array(P * P), cBeta: new Float64Array(P) };
  if (!decompose(bare)) return Number.NaN;
  const { length } = products.response;
  const variance = at.sigma * at.sigma;
  let r2 = at.r2;
  if (!settings.reml)
    for (let c = 0; c < P; c++) {
      // |RX beta - c_b|^2: how far beta is from the likelihood's own mode
      let t = -bare.cBeta[c];
      for (let r = c; r < P; r++) t += bare.RX[r + c * P] * beta[r];
      r2 += t * t;
    }
  const nu = work.model.rows - (settings.reml ? P : 0);
  const logDet = at.logDetOmega + at.logDetResidual + (settings.reml ? at.logDetRX : 0);
  return logDet + nu * Math.log(2 * Math.PI * length * length * variance) + r2 / variance + work.constant;
}
