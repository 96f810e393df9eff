import { assertNever } from '../../diagnostics/internal-error.js';
import type { PenaltyTerm } from '../glmm/objective.js';
import { ClosedIntegral } from './closed-integral.js';
import { degenerateClass } from './degenerate.js';
import { DrawRule } from './draw-rule.js';
import { EStep } from './e-step.js';
import { type EmRun, emLoop } from './em-loop.js';
import type { EmClass, EmModel } from './em-model.js';
import { emObjective } from './em-objective.js';
import { approach } from './finish.js';
import { type GroupSummaries, groupSummaries } from './group-summaries.js';
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

/** One piece of the search [EM-9]; none depends on what others of its kind come to. */
export type StartJob =
  /** A short EM run from the start of this number. */
  | { readonly kind: 'short'; readonly index: number }
  /** A longer one from where a short one has ended. */
  | { readonly kind: 'long'; readonly full: Float64Array }
  /** From where EM has come, as near to the optimum as comparing needs. */
  | { readonly kind: 'approach'; readonly full: Float64Array };

/** Where a run has come to; `approach`: null where it ended in a degenerate class. */
export interface StartResult {
  readonly run: EmRun | null;
  readonly end: End | null;
}

export interface End {
  /** The whole vector, and its objective by the coarse points. */
  readonly full: Float64Array;
  readonly value: number;
}

export interface SearchOptions {
  readonly seed: number;
  readonly maxEvaluations: number;
}

/** What does the pieces of a search, with storage of its own: each starts from nothing that another has left. */
export function startSearch(
  model: EmModel,
  penalties: readonly PenaltyTerm[],
  { seed, maxEvaluations }: SearchOptions,
): (job: StartJob, onIteration: (value: number) => void) => StartResult {
  const rough = roughValues(model);
  const one = rough.slice();
  const summaries = groupSummaries(model, one);
  const eStep = coarseEStep(model);
  const objective = emObjective(eStep, penalties);
  const run = (full: Float64Array, iterations: number, tolerance: number, onIteration: (value: number) => void) =>
    emLoop(eStep, penalties, full, {
      iterations,
      tolerance,
      adaptive: true,
      onIteration: (_, value) => onIteration(value),
    });
  return (job, onIteration) => {
    for (const integral of eStep.integrals) integral.modes.u.fill(0);
    switch (job.kind) {
      case 'short':
        return {
          run: run(startValues(model, one, summaries, job.index, seed), shortRun, 1e-3, onIteration),
          end: null,
        };
      case 'long':
        return { run: { ...run(job.full, longRun, 1e-2, onIteration), wentOn: true }, end: null };
      case 'approach':
        return {
          run: null,
          end: approach(objective, job.full, {
            maxEvaluations,
            onStep: ({ value }) => onIteration(value),
            isHopeless: () => degenerateClass(eStep) !== null,
          }),
        };
      default:
        return assertNever(job);
    }
  };
}

/** The whole vector that a start begins with. @param one  the fit of one class */
function startValues(
  model: EmModel,
  one: Float64Array,
  summaries: GroupSummaries,
  index: number,
  seed: number,
): Float64Array {
  const p = startProbabilities(model, summaries, index, seed);
  const full = one.slice();
  withoutImpossible(model, full, p);
  const gates = full.slice();
  if (model.gates.maximize(p, gates)) full.set(gates);
  weightedFit(model, p, full);
  startThetas(model, full, index % 2 === 0 ? 1 : 0.5);
  return full;
}

/**
 * Short EM runs from several starts by coarse points, longer ones from the best of them that differ [EM-9]: yields the pieces that
 * can be done side by side, and takes what they came to.
 * @param K  classes
 * @returns  the runs that went on, by increasing objective, then the others
 */
export function* searchStarts(
  starts: number,
  K: number,
): Generator<readonly StartJob[], EmRun[], readonly StartResult[]> {
  const short = runsOf(yield Array.from({ length: starts }, (_, index): StartJob => ({ kind: 'short', index })));
  short.sort(byValue);
  const different: EmRun[] = [];
  const others: EmRun[] = [];
  for (const r of short) {
    const isNew = different.every((d) => distance(d.p, r.p, K) > same);
    if (isNew && different.length < kept) different.push(r);
    else others.push(r);
  }
  const long = runsOf(yield different.map(({ full }): StartJob => ({ kind: 'long', full })));
  return [...long.sort(byValue), ...others];
}

function runsOf(results: readonly StartResult[]): EmRun[] {
  return results.flatMap(({ run }) => (run === null ? [] : [run]));
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

function byValue(a: EmRun, b: EmRun): number {
  if (Number.isNaN(a.value)) return 1;
  return Number.isNaN(b.value) ? -1 : a.value - b.value;
}
