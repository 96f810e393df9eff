import type { NewRows } from '../data/design.js';
import { createRng } from '../kernels/rng.js';
import { normalQuantile } from '../kernels/special/normal.js';
import { links } from '../links/index.js';
import { ClassProbabilities } from './class-probabilities.js';
import { type Component, componentsOf } from './components.js';
import { DrawnEffects } from './drawn-effects.js';
import type { FittedModel } from './fitted-model.js';
import { LinearRows } from './linear-rows.js';
import { PredictiveRules, predictiveQuantiles } from './predictive.js';
import { type PredictionType, type Quantities, quantitiesOf, type Scale, slopesOf } from './quantities.js';
import { axesCovariance, certain, combine, effectsCovariance, type Uncertain } from './uncertain.js';

export interface RowOptions {
  readonly type: PredictionType;
  readonly effects: 'include' | 'exclude';
  readonly levels: 'population' | 'draw';
  readonly se: boolean;
  readonly interval: 'confidence' | 'prediction' | null;
  readonly level: number;
  readonly seed: number;
}

/** One quantity for every new row: of the whole model, or of one class of a mixture. */
export interface PredictedQuantity {
  readonly name: string;
  readonly class: string | null;
  readonly fit: Float64Array;
  readonly se: Float64Array | null;
  readonly lower: Float64Array | null;
  readonly upper: Float64Array | null;
}

/** A value, its variance and where it lives. */
interface Found {
  readonly value: number;
  readonly variance: number;
  readonly scale: Scale;
  /** Value and variance of the linear predictor that `scale` names. */
  readonly linear: { readonly value: number; readonly variance: number } | null;
}

/** Predictions of coded rows; every quantity first of the whole model and then, in a mixture, of its classes. */
export function predictRows(model: FittedModel, rows: NewRows, options: RowOptions): PredictedQuantity[] {
  const predictor = new RowPredictor(model, rows, options);
  const columns = predictor.columns();
  for (let i = 0; i < rows.rows; i++) predictor.row(i, columns);
  return columns;
}

class RowPredictor {
  private readonly components: readonly Component[];
  private readonly linear: LinearRows;
  private readonly classes: ClassProbabilities;
  private readonly quantities: readonly Quantities[];
  private readonly wanted: boolean;
  private readonly rules = new PredictiveRules();
  private readonly z: number;
  private readonly axes: number;
  private readonly perGroup: boolean;

  constructor(
    private readonly model: FittedModel,
    private readonly rows: NewRows,
    private readonly options: RowOptions,
  ) {
    const { estimates, graph } = model;
    this.axes = estimates.axes;
    this.perGroup = graph.mixture?.per != null;
    this.wanted = options.se || options.interval !== null;
    const drawn = options.levels === 'draw' ? new DrawnEffects(estimates, rows, createRng(options.seed)) : null;
    this.linear = new LinearRows(estimates, rows, {
      excludeEffects: options.effects === 'exclude',
      allNew: false,
      drawn,
      valuesOnly: !this.wanted,
    });
    this.classes = new ClassProbabilities(graph, rows, estimates, this.linear, options.effects === 'include');
    this.components = componentsOf(graph, rows, estimates);
    const { type } = options;
    this.quantities =
      type === 'classes'
        ? []
        : this.components.map((c, k) =>
            quantitiesOf(c, type, graph.likelihoods[k].family.name, this.components.length === 1),
          );
    this.z = normalQuantile((1 + options.level) / 2);
  }

  /** Empty columns for what `row` finds. */
  columns(): PredictedQuantity[] {
    const { options, components, rows, model } = this;
    const column = (name: string, of: string | null): PredictedQuantity => {
      const numbers = (wanted: boolean) => (wanted ? new Float64Array(rows.rows) : null);
      return {
        name,
        class: of,
        fit: new Float64Array(rows.rows),
        se: numbers(options.se),
        lower: numbers(options.interval !== null),
        upper: numbers(options.interval !== null),
      };
    };
    if (options.type === 'classes') return (model.graph.mixture?.classes ?? []).map((name) => column(name, null));
    const { names } = this.quantities[0];
    const whole = this.combines() ? names.map((name) => column(name, null)) : [];
    if (components.length === 1) return whole;
    return [...whole, ...components.flatMap((c, k) => this.quantities[k].names.map((name) => column(name, c.class)))];
  }

  /** Linear predictors and parameters of classes are no quantities of the whole mixture. */
  private combines(): boolean {
    return this.components.length === 1 || this.options.type === 'response' || this.options.type === 'categories';
  }

  row(i: number, into: readonly PredictedQuantity[]): void {
    const p = this.classes.at(i);
    if (this.options.type === 'classes') {
      const scale = { kind: 'between', low: 0, high: 1 } as const;
      p.forEach((own, k) => {
        this.store(into[k], i, { value: own.value, variance: axesCovariance(own, own), scale, linear: null });
      });
      return;
    }
    const parts = this.components.map((component, k) => this.component(component, k, i));
    let at = 0;
    if (this.combines()) {
      parts[0].found.forEach((_, q) => {
        this.store(into[at], i, parts.length === 1 ? parts[0].found[q] : this.overall(parts, p, q, i));
        this.predict(into[at], i, parts, p);
        at++;
      });
    }
    if (parts.length > 1)
      for (const part of parts)
        for (const found of part.found) {
          this.store(into[at], i, found);
          this.predict(into[at], i, [part], [certain(1, 0)]);
          at++;
        }
  }

  private component(component: Component, k: number, i: number): Part {
    const { axes, linear, model } = this;
    const { estimates } = model;
    const set = linear.setOf(component.class);
    const x = component.places.map((place) => (place < 0 ? certain(0, axes) : linear.at(i, place, set)));
    const cutAxes = estimates.cutAxes[component.likelihood];
    component.cuts?.forEach((cut, c) => {
      const own = cutAxes?.slice(c * axes, (c + 1) * axes) ?? new Float64Array(axes);
      x.push({ ...certain(cut, 0), axes: own });
    });
    const values = Float64Array.from(x, (v) => v.value);
    const quantities = this.quantities[k];
    const at = Array.from(quantities.at(values, i));
    const slopes = this.wanted ? slopesOf(quantities, values, i) : null;
    const uncertain = at.map((value, q) => (slopes === null ? certain(value, 0) : combine(value, slopes[q], x, axes)));
    const variance = (u: Uncertain) => (this.wanted ? this.variance(u, set) : 0);
    const found = uncertain.map((u, q): Found => {
      const scale = quantities.scale(q, i);
      const own = scale.kind === 'link' ? x[scale.predictor] : null;
      return {
        value: u.value,
        variance: variance(u),
        scale,
        linear: own === null ? null : { value: own.value, variance: variance(own) },
      };
    });
    return { component, set, x, values, uncertain, found };
  }

  private variance(u: Uncertain, set: number): number {
    const { estimates } = this.model;
    return axesCovariance(u, u) + effectsCovariance(u, u, this.linear.covarianceOf(set), estimates.blocks);
  }

  /** A quantity of the whole mixture [PRED-4]. */
  private overall(parts: readonly Part[], p: readonly Uncertain[], q: number, i: number): Found {
    const { axes, model, linear } = this;
    const values = parts.map((part) => part.uncertain[q].value);
    const weights = p.map((own) => own.value);
    const value = values.reduce((sum, v, k) => sum + (weights[k] > 0 ? weights[k] * v : 0), 0);
    const scale = outermost(parts.map((_, k) => this.quantities[k].scale(q, i)));
    if (!this.wanted) return { value, variance: 0, scale, linear: null };
    const whole = combine(value, [...weights, ...values], [...parts.map((part) => part.uncertain[q]), ...p], axes);
    let variance = axesCovariance(whole, whole);
    if (this.perGroup) {
      parts.forEach((part, k) => {
        const u = part.uncertain[q];
        variance += weights[k] * effectsCovariance(u, u, linear.covarianceOf(part.set), model.estimates.blocks);
        if (this.options.effects === 'include') variance += weights[k] * (values[k] - value) ** 2;
      });
    } else variance += effectsCovariance(whole, whole, linear.covarianceOf(0), model.estimates.blocks);
    return { value, variance, scale, linear: null };
  }

  private store(into: PredictedQuantity, i: number, { value, variance, scale, linear }: Found): void {
    const { options, z } = this;
    into.fit[i] = value;
    const se = Math.sqrt(Math.max(variance, 0));
    if (into.se !== null) into.se[i] = se;
    if (options.interval !== 'confidence' || into.lower === null || into.upper === null) return;
    const [low, high] = limits(value, se, z, scale, linear);
    into.lower[i] = low;
    into.upper[i] = high;
  }

  private predict(into: PredictedQuantity, i: number, parts: readonly Part[], p: readonly Uncertain[]): void {
    const { options, model } = this;
    if (options.interval !== 'prediction' || into.lower === null || into.upper === null) return;
    const tail = (1 - options.level) / 2;
    const classes = parts.map(({ component, set, x, values }, k) => {
      const n = x.length;
      const covariance = new Float64Array(n * n);
      const blocks = model.estimates.blocks;
      for (let c = 0; c < n; c++)
        for (let r = 0; r <= c; r++) {
          const v = axesCovariance(x[r], x[c]) + effectsCovariance(x[r], x[c], this.linear.covarianceOf(set), blocks);
          covariance[r + c * n] = v;
          covariance[c + r * n] = v;
        }
      return { component, probability: p[k].value, x: values, covariance };
    });
    const [only] = classes;
    const exact = classes.length === 1 && only.component.isNormal;
    // sigma, where it is uncertain, is taken into account by the rule
    if (exact && !(only.x.length > 1 && only.covariance[3] > 0)) {
      const sd = Math.sqrt(only.component.bound.variance(i, only.x) + only.covariance[0]);
      into.lower[i] = only.x[0] - this.z * sd;
      into.upper[i] = only.x[0] + this.z * sd;
      return;
    }
    const [low, high] = predictiveQuantiles(classes, i, [tail, 1 - tail], this.rules);
    into.lower[i] = low;
    into.upper[i] = high;
  }
}

interface Part {
  readonly component: Component;
  readonly set: number; // of effects
  readonly x: readonly Uncertain[];
  readonly values: Float64Array;
  readonly uncertain: readonly Uncertain[];
  readonly found: readonly Found[];
}

function outermost(scales: readonly Scale[]): Scale {
  const ranges = scales.map((s): [number, number] => {
    if (s.kind === 'between') return [s.low, s.high];
    return s.kind === 'positive' ? [0, Number.POSITIVE_INFINITY] : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  });
  const low = Math.min(...ranges.map((r) => r[0]));
  const high = Math.max(...ranges.map((r) => r[1]));
  if (Number.isFinite(low) && Number.isFinite(high)) return { kind: 'between', low, high };
  return low >= 0 ? { kind: 'positive' } : { kind: 'real' };
}

/** Ends of a confidence interval [PRED-5]. */
function limits(
  value: number,
  se: number,
  z: number,
  scale: Scale,
  linear: Found['linear'],
): readonly [number, number] {
  if (scale.kind === 'link' && linear !== null) {
    const link = links[scale.link];
    const half = z * Math.sqrt(Math.max(linear.variance, 0));
    const ends = [link.inverse(linear.value - half), link.inverse(linear.value + half)];
    return [Math.min(...ends), Math.max(...ends)];
  }
  if (scale.kind === 'positive' && value > 0) {
    const factor = Math.exp((z * se) / value);
    return [value / factor, value * factor];
  }
  if (scale.kind === 'between' && value > scale.low && value < scale.high) {
    const { low, high } = scale;
    const slope = (high - low) / ((value - low) * (high - value)); // d logit / d value
    const eta = Math.log((value - low) / (high - value));
    const at = (t: number) => low + (high - low) / (1 + Math.exp(-t));
    return [at(eta - z * se * slope), at(eta + z * se * slope)];
  }
  return [value - z * se, value + z * se];
}
