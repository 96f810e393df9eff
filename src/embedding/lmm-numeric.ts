import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { diagnostic } from '../diagnostics/report.js';
import type { BoundLmm } from '../engines/lmm/bound-lmm.js';
import { resultOf } from '../engines/lmm/fit-lmm.js';
import type { LmmWork } from '../engines/lmm/lmm-work.js';
import { perRow } from '../engines/lmm/optimize-lmm.js';
import { foldRows } from '../engines/lmm/priors/absolute-rows.js';
import { type JointOptimum, optimizeJoint } from '../engines/lmm/priors/fit-joint.js';
import { profiledDeviance } from '../engines/lmm/profiled-deviance.js';
import { startTheta } from '../engines/lmm/start-theta.js';
import type { CertifiedMinimum } from '../optim/minimize-certified.js';
import type { OptimizerState, SmoothProblem } from '../optim/problem.js';
import type { Fit } from '../results/fit.js';
import { jointStart, penalisedJoint, searchJoint, startingSpace } from './lmm-joint.js';
import { penaltyTerm } from './lmm-penalty.js';
import type { Parameter } from './parameter.js';
import type { Penalty } from './penalty.js';
import type { NumericOptions } from './problem.js';
import { type SimplexMinimum, simplexMinimum } from './simplex.js';

/** A result, and what is to be said of how it was found. */
export interface NumericFit {
  readonly fit: Fit;
  readonly notes: readonly Diagnostic[];
}

/** Fits a linear mixed model by the numeric optimizer alone; penalties see the beta and sigma that it tries. */
export function fitLmmNumerically(
  bound: BoundLmm,
  parameters: readonly Parameter[],
  penalties: readonly Penalty[],
  options: NumericOptions,
): NumericFit {
  const { graph, design, input, work } = bound;
  const { rows } = work.model;
  const simplex = options.method === 'nelder-mead';
  const term = penalties.length > 0 ? penaltyTerm(parameters, penalties) : undefined;
  if (options.over === 'theta') {
    const problem = perRow(work, term);
    const found = simplexMinimum(problem, startTheta(work), rows, options);
    profiledDeviance(work, found.optimum.state.x);
    return simplexNotes(resultOf(graph, design, input, work, found.optimum, options), found);
  }
  profiledDeviance(work, startTheta(work));
  const onStep = ({ evaluations, value }: OptimizerState) => {
    options.signal?.throwIfAborted();
    options.onProgress?.({ stage: 'optimize', evaluations, objective: value * rows });
  };
  const limit = options.maxEvaluations === undefined ? {} : { maxEvaluations: options.maxEvaluations };
  const withBeta = !work.settings.reml;
  let joint: JointOptimum;
  let found: SimplexMinimum | null = null;
  if (penalties.length === 0 && !simplex) joint = optimizeJoint(work, withBeta, null, { ...limit, onStep });
  else {
    const space = startingSpace(work);
    const problem = penalisedJoint(work, parameters, penalties, space);
    const start = jointStart(work, space);
    if (simplex) {
      found = simplexMinimum(problem, start, rows, options);
      joint = { optimum: found.optimum, space };
    } else joint = { optimum: drain(work, problem, start, options, onStep), space };
    problem.evaluate(joint.optimum.state.x, new Float64Array(problem.dimension));
  }
  const absolute = work.priors?.absolute ?? null;
  // with beta integrated out the rows are in RX already
  if (absolute !== null && withBeta) foldRows(work, absolute, work.at.sigma);
  const fit = resultOf(graph, design, input, work, joint.optimum, options, joint);
  return found === null ? { fit, notes: [] } : simplexNotes(fit, found);
}

function drain(
  work: LmmWork,
  problem: SmoothProblem,
  start: Float64Array,
  options: NumericOptions,
  onStep: (state: OptimizerState) => void,
): CertifiedMinimum {
  const iteration = searchJoint(work, problem, start, options.maxEvaluations);
  for (;;) {
    const next = iteration.next();
    if (next.done) return next.value;
    onStep(next.value);
  }
}

/** A corner of a penalty has no Newton decrement: what the simplex itself says takes the place of "not converged". */
export function simplexNotes(fit: Fit, { optimum, settled }: SimplexMinimum): NumericFit {
  const { evaluations } = optimum.state;
  const left = fit.certificate.decrement;
  const notes = [diagnostic('MM572', {}, { evaluations, certified: fit.converged, left })];
  const warnings = settled ? fit.warnings.filter((d) => d.code !== 'MM502') : fit.warnings;
  return { fit: { ...fit, warnings }, notes };
}
