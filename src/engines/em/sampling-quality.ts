import { paretoShape } from '../../kernels/pareto-smoothing.js';
import type { DrawRule } from './draw-rule.js';
import type { EStep } from './e-step.js';
import { NodeIntegral } from './node-integral.js';

/** How good the draws were at the current parameters [EM-8]. */
export interface SamplingQuality {
  /** Monte Carlo standard error of the log-likelihood. */
  readonly logLikMcse: number;
  /** Of each group's class probabilities: groups x K. */
  readonly posteriorMcse: Float64Array;
  /** Effective draws and Pareto shape of the groups and classes that count. */
  readonly ess: { readonly min: number; readonly median: number };
  readonly khat: { readonly max: number };
  /** Groups whose draws should be more. */
  readonly poor: readonly number[];
}

const replicates = 4;
/** A class of a group that is less probable hardly enters anything. */
const counts = 0.01;
/** Above it an average of weights cannot be trusted. */
const largestShape = 0.7;
const fewestEffective = 25;

/** Looks at the weights of every group and class, and at the spread between replicates of the draws. */
export function samplingQuality(eStep: EStep, rule: DrawRule): SamplingQuality | null {
  const sampled = eStep.integrals.flatMap((integral, k) => (integral instanceof NodeIntegral ? [{ integral, k }] : []));
  if (sampled.length === 0) return null;
  const { groups } = eStep.model.rows;
  const K = eStep.integrals.length;
  const logLik: Float64Array[] = [];
  const posterior: Float64Array[] = [];
  const use = (r: DrawRule) => {
    for (const { integral } of sampled) integral.rule = r;
  };
  for (let r = 1; r <= replicates; r++) {
    use(rule.replicate(r));
    eStep.run(0);
    logLik.push(eStep.logLikelihoods.slice());
    posterior.push(eStep.p.slice());
  }
  use(rule);
  const ess: number[] = [];
  let worst = Number.NEGATIVE_INFINITY;
  const poor = new Set<number>();
  eStep.run(0, (g) => {
    for (const { integral, k } of sampled) {
      if (eStep.p[g * K + k] < counts || integral.modes.size(g) === 0) continue;
      const { weights } = integral;
      const effective = effectiveDraws(weights);
      const shape = paretoShape(weights);
      ess.push(effective);
      if (shape > worst) worst = shape;
      if (shape > largestShape || !(effective > fewestEffective)) poor.add(g);
    }
  });
  logLik.push(eStep.logLikelihoods.slice());
  posterior.push(eStep.p.slice());

  let widest = 1;
  for (const { integral } of sampled) widest = Math.max(widest, integral.owner.effects.largest);
  const cells = new Map<number, Float64Array>();
  const spread = new Float64Array(groups);
  for (let g = 0; g < groups; g++) {
    const cell = rule.setOf(g, widest);
    let sums = cells.get(cell);
    if (sums === undefined) {
      sums = new Float64Array(logLik.length);
      cells.set(cell, sums);
    }
    const own = Float64Array.from(logLik, (values) => values[g]);
    own.forEach((v, r) => {
      sums[r] += v;
    });
    spread[g] = variance(own);
  }
  let total = 0;
  for (const sums of cells.values()) total += variance(sums);
  // a group that makes most of the error gets more draws, too
  for (let g = 0; g < groups; g++) if (spread[g] > total / 4 && total > notable ** 2) poor.add(g);
  ess.sort((a, b) => a - b);
  return {
    logLikMcse: Math.sqrt(total),
    posteriorMcse: Float64Array.from({ length: groups * K }, (_, i) =>
      Math.sqrt(variance(Float64Array.from(posterior, (p) => p[i]))),
    ),
    ess: { min: ess[0] ?? Number.NaN, median: ess[ess.length >> 1] ?? Number.NaN },
    khat: { max: worst },
    poor: [...poor],
  };
}

/** Looks on at an E-step: the fewest effective draws among the groups and classes that count so far; null where nothing is sampled. */
export function watchDraws(eStep: EStep): { readonly visit: (g: number) => void; readonly least: () => number | null } {
  const K = eStep.integrals.length;
  let least = Number.POSITIVE_INFINITY;
  return {
    visit(g) {
      for (let k = 0; k < K; k++) {
        const integral = eStep.integrals[k];
        if (!(integral instanceof NodeIntegral) || eStep.p[g * K + k] < counts || integral.modes.size(g) === 0)
          continue;
        least = Math.min(least, effectiveDraws(integral.weights));
      }
    },
    least: () => (Number.isFinite(least) ? least : null),
  };
}

/** (sum w)^2 / sum w^2. */
function effectiveDraws(weights: Float64Array): number {
  let sum = 0;
  let square = 0;
  for (let m = 0; m < weights.length; m++) {
    sum += weights[m];
    square += weights[m] ** 2;
  }
  return (sum * sum) / square;
}

/** A Monte Carlo error of the log-likelihood below this matters to nobody. */
const notable = 0.03;

function variance(v: Float64Array): number {
  let mean = 0;
  for (const t of v) mean += t / v.length;
  let square = 0;
  for (const t of v) square += (t - mean) ** 2;
  return square / (v.length - 1);
}
