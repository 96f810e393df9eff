import { createRng } from '../kernels/rng.js';
import { normalQuantile } from '../kernels/special/normal.js';
import type { Fit, MixtureResult, RandomEffects } from './fit.js';
import { residualsOf } from './residuals-of.js';

/** Residuals for plots: standard normal where the model holds, given the random effects. */
export interface PlotResiduals {
  readonly kind: 'normalized' | 'quantile' | 'pearson' | 'response';
  readonly values: Float64Array; // per kept row
}

/** The best kind of residual that the fit has; the random places within steps of counts are those of `seed`. */
export function plotResiduals(fit: Fit, seed: number | string = 1): PlotResiduals | null {
  const { uniform } = createRng(`${seed}`);
  for (const kind of ['quantile', 'pearson', 'response'] as const) {
    const values = residualsOf(fit, kind, uniform);
    if (values?.every(Number.isFinite) && values.length > 0)
      return { kind: fit.engine === 'lmm' && kind === 'quantile' ? 'normalized' : kind, values };
  }
  return null;
}

export interface QuantilePoint {
  readonly theoretical: number;
  readonly sample: number;
}

/**
 * Sample quantiles against those of a standard normal.
 * @param most  of a larger sample, as many evenly spaced ones, the extremes included
 */
export function normalQuantiles(sample: Float64Array, most: number): QuantilePoint[] {
  const sorted = sample.slice().sort();
  return evenly(sorted.length, most).map((i) => ({
    theoretical: normalQuantile((i + 0.5) / sorted.length),
    sample: sorted[i],
  }));
}

export interface EffectPoint {
  readonly level: string;
  readonly mode: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * The effects of one term, ascending, with intervals of `width` conditional standard deviations to both sides.
 * @param most  of more levels, as many evenly spaced ones, the extremes included
 */
export function rankedEffects(effects: RandomEffects, term: number, width: number, most: number): EffectPoint[] {
  const points = effects.levels.map((level, i) => {
    const mode = effects.mode[i][term];
    const reach = width * effects.sd[i][term];
    return { level, mode, lower: mode - reach, upper: mode + reach };
  });
  points.sort((a, b) => a.mode - b.mode);
  return evenly(points.length, most).map((i) => points[i]);
}

export interface ClassBar {
  readonly place: number; // from 1: groups stand by their most probable class, the surest first
  readonly class: string;
  readonly probability: number;
}

/**
 * Posterior class probabilities, one bar for each class of each group shown.
 * @param most  of more groups, as many evenly spaced ones
 */
export function classBars(mixture: MixtureResult, most: number): { readonly bars: ClassBar[]; readonly shown: number } {
  const { probabilities } = mixture.posterior;
  const likeliest = probabilities.map((p) => p.indexOf(Math.max(...p)));
  const order = Array.from(probabilities.keys());
  const sureness = (i: number) => probabilities[i][likeliest[i]];
  order.sort((a, b) => likeliest[a] - likeliest[b] || sureness(b) - sureness(a));
  const shown = evenly(order.length, most);
  const bars = shown.flatMap((i, k) =>
    mixture.classes.map((name, c) => ({ place: k + 1, class: name, probability: probabilities[order[i]][c] })),
  );
  return { bars, shown: shown.length };
}

/** At most `most` of 0 .. n - 1, evenly spaced, with the first and the last. */
export function evenly(n: number, most: number): number[] {
  if (n <= most) return Array.from({ length: n }, (_, i) => i);
  return Array.from({ length: most }, (_, k) => Math.round((k * (n - 1)) / (most - 1)));
}
