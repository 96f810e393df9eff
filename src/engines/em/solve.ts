import { InternalError } from '../../diagnostics/internal-error.js';
import type { EmRound } from '../engine.js';
import type { PenaltyTerm } from '../glmm/objective.js';
import { orderValues, wantedOrder } from './class-order.js';
import { degenerateClass } from './degenerate.js';
import { DrawRule, type Sampler } from './draw-rule.js';
import { EStep } from './e-step.js';
import { type EmRun, emLoop } from './em-loop.js';
import { applyWhole, type EmModel } from './em-model.js';
import { type EmObjective, emObjective } from './em-objective.js';
import { classKinds, exchangeClasses } from './exchange-classes.js';
import { type Finished, type FinishOptions, finish } from './finish.js';
import { NodeIntegral } from './node-integral.js';
import { type NodeRule, quadratureRule } from './node-rules.js';
import { type SamplingQuality, samplingQuality } from './sampling-quality.js';
import {
  coarseEStep,
  type End,
  integralOf,
  type SearchOptions,
  type StartJob,
  type StartResult,
  searchStarts,
} from './search-starts.js';

/** How effects are integrated where there is no closed form. */
export type Integration =
  | { readonly kind: 'quadrature'; readonly points: number }
  /** `draws` null: as many as the log-likelihood needs. */
  | { readonly kind: 'draws'; readonly draws: number | null; readonly sampler: Sampler; readonly df: number };

export interface SolveOptions extends SearchOptions {
  readonly integration: Integration;
  readonly starts: number;
  onProgress?(stage: string, evaluations: number, objective: number, round?: EmRound): void;
}

export interface Solution {
  readonly eStep: EStep;
  readonly objective: EmObjective;
  readonly found: Finished;
  readonly quality: SamplingQuality | null;
  /** Draws per group; 0 where none were needed. */
  readonly draws: number;
  readonly evaluations: number;
  /** Objective of the best start, EM round after EM round. */
  readonly trace: readonly number[];
  /** Starts that ended in a degenerate class, of so many. */
  readonly refused: number;
  readonly starts: number;
}

/** Draws of the first EM rounds, and how they grow. */
const firstDraws = 64;
const growth = 4;
/** Without a number of draws, they grow until the log-likelihood's Monte Carlo error is below this. */
const errorWanted = 0.02;
const mostDraws = 4096;
const mostRounds = 4;
const constrainedRounds = 12;

/**
 * Starts, EM, and the certified optimum of the objective with the points that were asked for. Yields what can be done side by side,
 * and takes what that came to.
 */
export function* solve(
  model: EmModel,
  penalties: readonly PenaltyTerm[],
  options: SolveOptions,
): Generator<readonly StartJob[], Solution, readonly StartResult[]> {
  const { onProgress } = options;
  const runs = yield* searchStarts(options.starts, model.classes.length);
  const coarse = emObjective(coarseEStep(model), penalties);
  const step = (objective: EmObjective) => ({
    maxEvaluations: options.maxEvaluations,
    onStep: ({ value }: { readonly value: number }) => onProgress?.('optimize', objective.evaluations(), value),
  });
  const best = yield* bestOf(runs, coarse, step(coarse));
  const first = inOrder(coarse, best.found, step(coarse));
  const trace = [...best.run.trace];
  const { refused } = best;
  const isExact = coarse.eStep.integrals.every((i) => !(i instanceof NodeIntegral));
  const common = { trace, refused, starts: runs.length };
  if (isExact)
    return {
      eStep: coarse.eStep,
      objective: coarse,
      found: first,
      quality: null,
      draws: 0,
      evaluations: coarse.evaluations(),
      ...common,
    };

  const { integration, seed } = options;
  if (integration.kind === 'quadrature') {
    const objective = emObjective(eStepBy(model, quadratureRule(integration.points)), penalties);
    copyModes(coarse.eStep, objective.eStep);
    const found = certain(
      finish(objective, model.space.full.slice(), {
        rounds: roundsOf(objective.eStep, 4),
        from: first,
        ...step(objective),
      }),
    );
    const evaluations = coarse.evaluations() + objective.evaluations();
    return { eStep: objective.eStep, objective, found, quality: null, draws: 0, evaluations, ...common };
  }

  const { sampler, df } = integration;
  const most = integration.draws ?? mostDraws;
  let draws = Math.min(integration.draws ?? firstDraws * growth, most);
  let rule = new DrawRule(model.rows.groups, { draws: Math.min(firstDraws, draws), sampler, df, key: `${seed}` });
  const eStep = eStepBy(model, rule);
  const objective = emObjective(eStep, penalties);
  copyModes(coarse.eStep, eStep);
  const use = (next: DrawRule) => {
    rule = next;
    for (const integral of eStep.integrals) if (integral instanceof NodeIntegral) integral.rule = next;
  };
  // EM with draws that grow once a round gains no more than their error [EM-8]
  let full: Float64Array = model.space.full.slice();
  for (let count = firstDraws; count < draws; count *= growth) {
    use(rule.withDraws(count));
    applyWhole(model, full);
    eStep.adapt();
    const run = emLoop(eStep, penalties, full, {
      iterations: 30,
      tolerance: 1e-4,
      adaptive: false,
      untilNoise: true,
      onIteration: (iteration, value, effectiveDraws) =>
        onProgress?.('E-step', objective.evaluations(), value, { iteration, effectiveDraws }),
    });
    trace.push(...run.trace);
    full = run.full;
  }
  use(rule.withDraws(draws));
  let from: Finished = first;
  for (let round = 1; ; round++) {
    const found = certain(
      finish(objective, full, { rounds: roundsOf(eStep, 0), from, cheapHessian: true, ...step(objective) }),
    );
    const quality = samplingQuality(eStep, rule);
    const enough =
      round >= mostRounds ||
      quality === null ||
      (quality.poor.length === 0 && (integration.draws !== null || quality.logLikMcse <= errorWanted || draws >= most));
    if (enough) {
      const evaluations = coarse.evaluations() + objective.evaluations();
      return { eStep, objective, found, quality, draws: rule.leastDraws, evaluations, ...common };
    }
    if (integration.draws === null && quality.logLikMcse > errorWanted && draws < most) {
      draws = Math.min(draws * growth, most);
      use(rule.withDraws(draws));
    } else for (const g of quality.poor) rule.addDraws(g);
    full = model.space.full.slice();
    from = found;
  }
}

/** Runs that are further than this behind the best, in deviance, will not come before it. */
const hopeless = 20;

interface Best {
  readonly found: Finished;
  readonly run: EmRun;
  readonly refused: number;
}

/** The optimum of the best run by the coarse points; runs that end in a degenerate class are refused. */
function* bestOf(
  runs: readonly EmRun[],
  coarse: EmObjective,
  options: Omit<FinishOptions, 'rounds'>,
): Generator<readonly StartJob[], Best, readonly StartResult[]> {
  const { eStep } = coarse;
  let refused = 0;
  const search = { ...options, isHopeless: () => degenerateClass(eStep) !== null };
  const [first] = runs;
  const near = (run: EmRun) => run.wentOn && !(run.value > first.value + hopeless);
  // the others where none of those with a chance ends well
  const batches = [runs.filter(near), runs.filter((run) => !near(run))];
  for (const batch of batches) {
    const results = yield batch.map(({ full }): StartJob => ({ kind: 'approach', full }));
    const ends: (End & { readonly run: EmRun })[] = [];
    results.forEach(({ end }, i) => {
      if (end === null) refused++;
      else ends.push({ run: batch[i], ...end });
    });
    ends.sort((a, b) => a.value - b.value);
    for (const { run, full } of ends) {
      const found = finish(coarse, full, { ...search, rounds: roundsOf(eStep, 3) });
      if (found !== null && degenerateClass(eStep) === null) return { found, run, refused };
      refused++;
    }
  }
  // every start degenerates: the point where the best of them had got to, which the result says is none
  const found = finish(coarse, first.full, { ...options, rounds: 0, maxEvaluations: 1 });
  return { found: certain(found), run: first, refused };
}

/** Exchanges classes that stand against `order`, and finishes again from there. */
function inOrder(coarse: EmObjective, found: Finished, options: Omit<FinishOptions, 'rounds'>): Finished {
  const { model } = coarse.eStep;
  const { full } = model.space;
  const values = orderValues(model, full);
  if (values === null || model.known !== null) return found;
  const from = wantedOrder(values, model.mixture.order?.descending === true, classKinds(model));
  if (from === null) return found;
  exchangeClasses(model, from, full);
  return certain(finish(coarse, full.slice(), { ...options, rounds: roundsOf(coarse.eStep, 2) }));
}

/** Weights of constraints are the class probabilities of what was found, which takes some rounds. */
function roundsOf(eStep: EStep, rounds: number): number {
  return eStep.constraints.some((c) => c !== null) ? Math.max(rounds, constrainedRounds) : rounds;
}

function certain(found: Finished | null): Finished {
  if (found === null) throw new InternalError('em: a search that cannot be given up was');
  return found;
}

function eStepBy(model: EmModel, rule: NodeRule): EStep {
  return new EStep(
    model,
    model.classes.map((c) => integralOf(c, model, rule)),
  );
}

function copyModes(from: EStep, to: EStep): void {
  to.integrals.forEach((integral, k) => {
    integral.modes.u.set(from.integrals[k].modes.u);
  });
}
