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

/** EM rounds of every start, and of those that go on. */
const shortRun = 8;
const longRun = 12;
/** Starts that go on: the best ones that have not come to the same classes. */
const kept = 3;
/** Starts whose class probabilities differ by less, on average, are on the way to the same solution. */
const same = 0.02;

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
    model.classes.map((c) => integralOf(c, model, coarseRule(c, model), false)),
  );
}

export function integralOf(
  owner: EmClass,
  model: EmModel,
  rule: NodeRule,
  preciseModes = true,
): ClosedIntegral | NodeIntegral {
  return owner.effects.largest === 0 || owner.isNormal
    ? new ClosedIntegral(owner, model.rows.start)
    : new NodeIntegral(owner, model.rows.start, rule, preciseModes);
}

export interface StartOptions {
  readonly starts: number;
  readonly seed: number;
  onIteration?(stage: string, value: number): void;
}

/**
 * Short EM runs from several starts by coarse points, longer ones from the best of them that differ [EM-9].
 * @returns the runs that went on, by increasing objective, then the others
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
  const different: EmRun[] = [];
  const others: EmRun[] = [];
  for (const r of short) {
    const isNew = different.every((d) => distance(d.p, r.p, model.classes.length) > same);
    if (isNew && different.length < kept) different.push(r);
    else others.push(r);
  }
  const long = different.map((r) => ({ ...run(eStep, penalties, r.full, longRun, 1e-2, options), wentOn: true }));
  return [...long.sort(byValue), ...others];
}

/** Mean distance of two sets of class probabilities, the classes of one matched with the nearest of the other. */
function distance(p: Float64Array, q: Float64Array, K: number): number {
  const groups = p.length / K;
  const taken = new Set<number>();
  let total = 0;
  for (let k = 0; k < K; k++) {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let l = 0; l < K; l++) {
      if (taken.has(l)) continue;
      let sum = 0;
      for (let g = 0; g < groups; g++) sum += Math.abs(p[g * K + k] - q[g * K + l]);
      if (sum < least) {
        least = sum;
        best = l;
      }
    }
    taken.add(best);
    total += least;
  }
  return total / (groups * K);
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
