import type { PenaltyTerm } from '../glmm/objective.js';
import { ClosedIntegral } from './closed-integral.js';
import { DrawRule } from './draw-rule.js';
import { EStep } from './e-step.js';
import { type EmRun, emLoop } from './em-loop.js';
import type { EmClass, EmModel } from './em-model.js';
import { groupSummaries } from './group-summaries.js';
import { NodeIntegral } from './node-integral.js';
import { type NodeRule, quadratureRule } from './node-rules.js';
import { startProbabilities, withoutImpossible } from './starts.js';
import { roughValues, startThetas, weightedFit } from './weighted-fit.js';

const shortRun = 12;
const longRun = 60;
const kept = 3;

/** Points per effect that are good enough to tell starts from each other, by the effects of the largest group. */
const coarsePoints = [7, 7, 5, 3, 3, 2, 2, 2, 2];
const coarseDraws = 64;

function coarseRule({ effects }: EmClass, model: EmModel): NodeRule {
  const points = coarsePoints[effects.largest];
  if (points !== undefined) return quadratureRule(points);
  const { groups } = model.rows;
  return new DrawRule(groups, { draws: coarseDraws, sampler: 'sobol', df: 4, key: 'coarse' });
}

/** The E-step by coarse adaptive quadrature, exact where a class has a closed form. */
export function coarseEStep(model: EmModel): EStep {
  return new EStep(
    model,
    model.classes.map((c) => integralOf(c, model, coarseRule(c, model))),
  );
}

export function integralOf(owner: EmClass, model: EmModel, rule: NodeRule): ClosedIntegral | NodeIntegral {
  return owner.effects.largest === 0 || owner.isNormal
    ? new ClosedIntegral(owner, model.rows.start)
    : new NodeIntegral(owner, model.rows.start, rule);
}

export interface StartOptions {
  readonly starts: number;
  readonly seed: number;
  onIteration?(stage: string, value: number): void;
}

/**
 * Short EM runs from several starts by coarse points, longer ones from the best of them [EM-9].
 * @returns runs by increasing objective
 */
export function searchStarts(model: EmModel, penalties: readonly PenaltyTerm[], options: StartOptions): EmRun[] {
  const rough = roughValues(model);
  const one = rough.slice();
  const summaries = groupSummaries(model, one);
  const eStep = coarseEStep(model);
  const short: EmRun[] = [];
  for (let s = 0; s < options.starts; s++) {
    const p = startProbabilities(model, summaries, s, options.seed);
    const full = one.slice();
    withoutImpossible(model, full, p);
    const gates = full.slice();
    if (model.gates.maximize(p, gates)) full.set(gates);
    weightedFit(model, p, full);
    startThetas(model, full, s % 2 === 0 ? 1 : 0.5);
    short.push(run(eStep, penalties, full, shortRun, 1e-3, options));
  }
  short.sort(byValue);
  const long = short.slice(0, kept).map((r) => run(eStep, penalties, r.full, longRun, 1e-3, options));
  return [...long, ...short.slice(kept)].sort(byValue);
}

function run(
  eStep: EStep,
  penalties: readonly PenaltyTerm[],
  full: Float64Array,
  iterations: number,
  tolerance: number,
  options: StartOptions,
): EmRun {
  for (const integral of eStep.integrals) integral.modes.u.fill(0);
  return emLoop(eStep, penalties, full, {
    iterations,
    tolerance,
    adaptive: true,
    onIteration: (_, value) => options.onIteration?.('starts', value),
  });
}

function byValue(a: EmRun, b: EmRun): number {
  if (Number.isNaN(a.value)) return 1;
  return Number.isNaN(b.value) ? -1 : a.value - b.value;
}
