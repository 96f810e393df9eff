import type { Design } from '../../data/design.js';
import type { Estimates } from '../../results/estimates.js';
import { blockEstimates, effectFrame, precisionOf } from '../lmm/effect-estimates.js';
import { parameterAxes } from '../parameter-axes.js';
import type { GlmmProblem } from './fit-glmm.js';
import { freeCovariance } from './parameter-covariance.js';
import { publicBeta } from './public-parameters.js';
import { ownModes } from './random-results.js';
import type { Found } from './search.js';

/**
 * Estimates of a generalised linear mixed model at its optimum [PRED-3]: the axes are those of the covariance of everything
 * that was estimated, covariance parameters included, and the modes follow each of them.
 */
export function glmmEstimates(design: Design, problem: GlmmProblem, found: Found): Estimates {
  const { work, objective } = problem;
  const { model, q } = work;
  const { layout, coefficients: P, gateConstants, mixture } = model;
  const n = objective.dimension;
  const best = Float64Array.from(found.x);
  const stand = (offset: Float64Array | null) => {
    objective.recall(found.memory);
    objective.evaluate(offset === null ? best : best.map((x, k) => x + offset[k]), null);
  };
  const V = freeCovariance(found.optimum.certificate.hessian, found.pre, n);
  const all = parameterAxes(V, n, (offset) => {
    stand(offset);
    return Float64Array.from([...publicBeta(model, work.beta), ...work.cuts, ...ownModes(work)]);
  });
  stand(null);
  const own = P - gateConstants; // the design's coefficients; the constants of the gates follow
  const rowsOf = (from: number, to: number) => all.slice(from * n, to * n);
  const firstMode = P + model.cuts;
  const beta = publicBeta(model, work.beta);
  const classes = mixture === null ? 0 : mixture.classes;
  const hasGates = classes > 0 && design.predictors.every((p) => p.parameter !== 'prob');
  const cuts = design.likelihoods.map((l) => (l.categories === null || model.cuts === 0 ? null : work.cuts.slice()));
  return {
    coefficients: beta.slice(0, own),
    cuts,
    gates: hasGates ? Float64Array.from({ length: classes }, (_, k) => (k < gateConstants ? beta[own + k] : 0)) : null,
    axes: n,
    coefficientAxes: rowsOf(0, own),
    cutAxes: cuts.map((c) => (c === null ? null : rowsOf(P, firstMode))),
    gateAxes: hasGates
      ? Float64Array.from({ length: classes * n }, (_, e) => (e < gateConstants * n ? all[own * n + e] : 0))
      : null,
    blocks: blockEstimates({ layout, lambda: work.lambda, theta: work.theta }, design.blocks, 1),
    effects: [
      {
        class: null,
        ...effectFrame(layout, work.lambda, design.blocks, 1),
        mode: ownModes(work),
        modeAxes: rowsOf(firstMode, firstMode + q),
        precision: precisionOf(layout.pattern, work.H),
        constraints: model.m,
        normals: model.normals.slice(),
      },
    ],
    posterior: null,
  };
}
