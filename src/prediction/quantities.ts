import { links } from '../links/index.js';
import type { LinkName } from '../links/link.js';
import type { Component } from './components.js';

export const predictionTypes = ['response', 'link', 'parameters', 'categories', 'classes'] as const;
/** What can be predicted. */
export type PredictionType = (typeof predictionTypes)[number];

/** Where a quantity lives, which decides how its confidence interval is made [PRED-5]. */
export type Scale =
  | { readonly kind: 'real' }
  /** The inverse link of one linear predictor. */
  | { readonly kind: 'link'; readonly predictor: number; readonly link: LinkName }
  | { readonly kind: 'positive' }
  | { readonly kind: 'between'; readonly low: number; readonly high: number };

/** What a component says of a row, as functions of its linear predictors and thresholds. */
export interface Quantities {
  readonly names: readonly string[];
  /** @param x  linear predictors as `bound.predictors` has them, then the thresholds */
  at(x: Float64Array, row: number): ArrayLike<number>;
  scale(index: number, row: number): Scale;
}

/** Families whose mean is the inverse link of the location. */
const meanIsLocation: ReadonlySet<string> = new Set([
  'normal',
  'gamma',
  'inverse_gaussian',
  'beta',
  'bernoulli',
  'poisson',
  'negative_binomial',
  'negative_binomial1',
]);

/** @param family  of the component's likelihood; @param alone  whether there are no other classes */
export function quantitiesOf(
  component: Component,
  type: Exclude<PredictionType, 'classes'>,
  family: string,
  alone: boolean,
): Quantities {
  const { bound, location, cuts } = component;
  const D = bound.predictors.length;
  const use = (x: Float64Array) => {
    bound.thresholds?.use(x.subarray(D));
    return x;
  };
  const linked = (predictor: number): Scale => ({
    kind: 'link',
    predictor,
    link: component.links[predictor] ?? 'identity',
  });
  if (type === 'link')
    return { names: ['link'], at: (x) => [x[location] ?? Number.NaN], scale: () => ({ kind: 'real' }) };
  if (type === 'parameters') {
    const shown = bound.predictors.flatMap((name, d) => (component.places[d] < 0 ? [] : [{ name, d }]));
    const thresholds = Array.from({ length: cuts?.length ?? 0 }, (_, k) => `threshold[${k + 1}]`);
    return {
      names: [...shown.map((p) => p.name), ...thresholds],
      at: (x) => [...shown.map(({ d }) => links[component.links[d] ?? 'identity'].inverse(x[d])), ...x.subarray(D)],
      scale: (index) => (index < shown.length ? linked(shown[index].d) : { kind: 'real' }),
    };
  }
  if (type === 'categories') {
    const count = (cuts?.length ?? 1) + 1;
    const first = cuts === null ? 0 : 1;
    return {
      names: Array.from({ length: count }, (_, k) => String(first + k)),
      at(x, row) {
        use(x);
        const upTo = Array.from({ length: count }, (_, k) => bound.cdf(first + k, row, x));
        return upTo.map((p, k) => p - (k === 0 ? 0 : upTo[k - 1]));
      },
      scale: () => ({ kind: 'between', low: 0, high: 1 }),
    };
  }
  return {
    names: ['response'],
    at: (x, row) => [bound.mean(row, use(x))],
    scale(_, row) {
      if (alone && meanIsLocation.has(family)) return linked(location);
      const [low, high] = bound.support(row);
      if (Number.isFinite(low) && Number.isFinite(high)) return { kind: 'between', low, high };
      return low >= 0 ? { kind: 'positive' } : { kind: 'real' };
    },
  };
}

/** Step of the differences, relative to the size of the argument: their error is about 1e-10. */
const step = 1e-5;

/** Derivatives of every quantity by every argument: quantities x arguments. */
export function slopesOf(quantities: Quantities, x: Float64Array, row: number): Float64Array[] {
  const slopes = quantities.names.map(() => new Float64Array(x.length));
  const at = x.slice();
  for (let d = 0; d < x.length; d++) {
    const h = step * Math.max(1, Math.abs(x[d]));
    at[d] = x[d] + h;
    const ahead = Array.from(quantities.at(at, row));
    at[d] = x[d] - h;
    const behind = Array.from(quantities.at(at, row));
    at[d] = x[d];
    for (let q = 0; q < slopes.length; q++) slopes[q][d] = (ahead[q] - behind[q]) / (2 * h);
  }
  return slopes;
}
