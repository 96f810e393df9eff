import type { Design } from '../../data/design.js';
import type { ModelGraph } from '../../graph/model-graph.js';
import type { ThreadTeam } from '../../kernels/thread-team.js';
import { lmmMethod } from '../../priors/lmm-prior.js';
import { formCrossProducts, formResponse } from './cross-products.js';
import { assembleWork, createWork, type LmmWork } from './lmm-work.js';
import { withResponse } from './model-rows.js';
import { type LmmInput, rowsFromDesign } from './rows-from-design.js';

/** A linear mixed model bound to data: the cross-products are formed, nothing is fitted. */
export interface BoundLmm {
  readonly graph: ModelGraph;
  readonly design: Design;
  readonly input: LmmInput;
  readonly work: LmmWork;
}

/** @param team  helps with large factorizations */
export function bindLmm(graph: ModelGraph, design: Design, team?: ThreadTeam): BoundLmm {
  const input = rowsFromDesign(graph, design);
  const reml = lmmMethod(graph) === 'reml';
  const hasPriors = graph.priors.length + graph.penalties.length > 0;
  const priors = hasPriors ? { graph, design, location: input.location } : null;
  const settings = { reml, fixedSigma: input.fixedSigma, priors };
  return { graph, design, input, work: createWork(input.model, settings, team) };
}

/**
 * The same model for another response. Products of Z and X, the pattern, its order and the factor's storage are shared: an
 * evaluation of one problem overwrites what the other had there.
 * @param design  as the problem's own but for the response
 */
export function rebindLmm(problem: BoundLmm, design: Design): BoundLmm {
  const { input, work } = problem;
  const model = withResponse(input.model, design.likelihoods[0].y);
  const settings = work.settings.priors
    ? { ...work.settings, priors: { ...work.settings.priors, design } }
    : work.settings;
  const own = { ...problem, design, input: { ...input, model } };
  if (work.residual !== null) {
    // the products at hand are mixed by the latest parameters of the residual
    const products = formCrossProducts(model, work.layout);
    return { ...own, work: assembleWork(model, settings, work.layout, products, work.chol) };
  }
  const products = { ...work.products, response: formResponse(model, work.layout, work.products, model.y) };
  // priors know the response's units
  if (work.priors !== null) return { ...own, work: assembleWork(model, settings, work.layout, products, work.chol) };
  return { ...own, work: { ...work, model, products } };
}
