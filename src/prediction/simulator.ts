import type { NewRows, RandomUse } from '../data/design.js';
import type { ModelGraph } from '../graph/model-graph.js';
import { createRng, type Rng } from '../kernels/rng.js';
import { squareRootOf } from '../kernels/square-root.js';
import type { Estimates } from '../results/estimates.js';
import type { ErrorsResult } from '../results/fit.js';
import { ClassProbabilities } from './class-probabilities.js';
import { type Component, componentsOf } from './components.js';
import { serialPower } from './drawn-effects.js';
import { DrawnErrors } from './drawn-errors.js';
import { LinearRows } from './linear-rows.js';

export interface DrawnResponse {
  readonly y: Float64Array;
  /** Class of each row; null without classes. */
  readonly classes: Int32Array | null;
}

/** What responses are drawn from; plain values, so that another thread can do it. */
export interface SimulatedModel {
  readonly graph: ModelGraph;
  readonly estimates: Estimates;
  readonly errors: ErrorsResult | undefined;
}

/** A grouping of rows by their own levels; a row without one is a level of its own. */
interface Levels {
  readonly count: number;
  readonly own: Int32Array; // rows: level
  readonly row: Int32Array; // levels: its first row
}

interface BlockPlace extends Levels {
  readonly size: number;
  readonly root: Float64Array; // size x size
  /** Constrained: rows of each level. */
  readonly weights: Float64Array | null;
  /** ar1, car1: the levels' positions, one after the other, and each row's among them. */
  readonly serial: { readonly start: Int32Array; readonly positions: Float64Array; readonly at: Int32Array } | null;
}

/** Draws responses for the same rows again and again [PRED-7]; what does not change is computed once. */
export class Simulator {
  private readonly components: readonly Component[];
  private readonly fixed: readonly Float64Array[];
  private readonly blocks: readonly BlockPlace[];
  private readonly errors: readonly (DrawnErrors | null)[];
  private readonly groups: Levels | null;
  private readonly prior: readonly Float64Array[]; // by class: rows

  /** @param kept  random effects and classes of levels that were seen stay as they were estimated */
  constructor(
    private readonly model: SimulatedModel,
    private readonly rows: NewRows,
    private readonly kept: boolean,
  ) {
    const { graph, errors, estimates } = model;
    this.components = componentsOf(graph, rows, estimates);
    const linear = new LinearRows(estimates, rows, {
      excludeEffects: true,
      allNew: false,
      drawn: null,
      valuesOnly: true,
    });
    this.fixed = rows.predictors.map((_, p) =>
      Float64Array.from({ length: rows.rows }, (__, i) => linear.at(i, p, 0).value),
    );
    this.blocks = rows.blocks.map((_, b) => this.blockPlace(b));
    this.errors = graph.likelihoods.map(({ correlation }, k) => {
      const where = rows.errors?.[k] ?? null;
      return correlation === null || errors === undefined || where === null
        ? null
        : new DrawnErrors(errors, where.group, where.position);
    });
    const perGroup = graph.mixture?.per != null;
    this.groups = perGroup ? levelsOf(rows.rows, rows.classLabels?.codes ?? rows.classGroup) : null;
    const probabilities = new ClassProbabilities(graph, rows, estimates, linear, kept);
    const K = this.components.length;
    this.prior = Array.from({ length: K }, () => new Float64Array(rows.rows).fill(1));
    if (K > 1)
      for (let i = 0; i < rows.rows; i++)
        probabilities.at(i).forEach((p, k) => {
          this.prior[k][i] = p.value;
        });
  }

  /** Names of data that the distribution needs and the rows lack. */
  get missing(): readonly string[] {
    return [...new Set(this.components.flatMap((c) => c.missing))];
  }

  /** The response of one replicate: the same whichever are drawn before it. */
  replicate(seed: number, index: number): DrawnResponse {
    return this.draw(createRng(`${seed}/${index}`));
  }

  /** One response for every row; NaN where a value is missing. */
  draw(rng: Rng): DrawnResponse {
    const { rows, components } = this;
    const effects = this.blocks.map((place, b) => this.effectsOf(place, b, rng));
    const classes = components.length === 1 ? null : this.drawClasses(rng);
    const y = new Float64Array(rows.rows);
    const e = new Float64Array(rows.rows);
    for (let k = 0; k < components.length; k++) {
      const component = components[k];
      const correlated = this.errors[component.likelihood];
      correlated?.drawInto(e, rng);
      const { bound, places, cuts, missing } = component;
      const D = places.length;
      const x = new Float64Array(D + (cuts?.length ?? 0));
      if (cuts !== null) {
        x.set(cuts, D);
        bound.thresholds?.use(cuts);
      }
      const linear = places.map((place) => (place < 0 ? null : this.linear(place, component, effects)));
      for (let i = 0; i < y.length; i++) {
        if (classes !== null && classes[i] !== k) continue;
        let sound = missing.length === 0;
        for (let d = 0; d < D; d++) {
          const own = linear[d];
          x[d] = own === null ? 0 : own[i];
          if (!Number.isFinite(x[d])) sound = false;
        }
        if (!sound) y[i] = Number.NaN;
        else if (correlated !== null) y[i] = bound.mean(i, x) + Math.sqrt(bound.variance(i, x)) * e[i];
        else y[i] = bound.random(i, x, rng.uniform);
      }
    }
    return { y, classes };
  }

  /** A linear predictor of every row. */
  private linear(predictor: number, component: Component, effects: readonly Float64Array[]): Float64Array {
    const { rows, fixed } = this;
    const sum = new Float64Array(rows.rows);
    for (const { block, z } of rows.predictors[predictor].random)
      this.addEffects(block, z, component, effects[block], sum);
    const own = fixed[predictor];
    for (let i = 0; i < sum.length; i++) sum[i] += own[i];
    return sum;
  }

  /** Adds what a block's effects are to every row. */
  private addEffects(
    block: number,
    z: RandomUse['z'],
    component: Component,
    drawn: Float64Array,
    sum: Float64Array,
  ): void {
    const { rows, model, kept, blocks } = this;
    const { serial, own, size } = blocks[block];
    const { codes } = rows.blocks[block];
    const set = kept ? model.estimates.effects.find((s) => s.class === null || s.class === component.class) : undefined;
    const within = set?.blocks.indexOf(block) ?? -1;
    const values = z.kind === 'dense' ? z.values : null;
    for (let i = 0; i < sum.length; i++) {
      const code = kept ? codes[i] : -1;
      const column = z.kind === 'indicator' ? z.column[i] : -1;
      if (code >= 0 && (z.kind === 'dense' || column >= 0)) {
        if (set === undefined || within < 0) continue;
        const first = set.rowStart[set.nodeStart[within] + code];
        if (z.kind === 'indicator') sum[i] += set.mode[first + column];
        else sum[i] += along(values, i, size, set.mode, first);
      } else if (serial !== null) sum[i] += drawn[serial.at[i]];
      else sum[i] += along(values, i, size, drawn, own[i] * size);
    }
  }

  private blockPlace(b: number): BlockPlace {
    const { rows, model } = this;
    const { covariance, size, correlation } = model.estimates.blocks[b];
    const { labels, position, codes } = rows.blocks[b];
    const levels = levelsOf(rows.rows, labels?.codes ?? codes);
    const constrained = model.graph.randomEffects[b].constraint !== null;
    let weights: Float64Array | null = null;
    if (constrained) {
      weights = new Float64Array(levels.count);
      for (const l of levels.own) weights[l]++;
    }
    return {
      ...levels,
      size,
      root: squareRootOf(covariance, size),
      weights,
      serial: correlation === null || position === null ? null : serialPlaces(levels, position),
    };
  }

  /** Effects of all levels, drawn from their distribution: levels x size, or, of ar1 and car1, one for each position. */
  private effectsOf(place: BlockPlace, b: number, rng: Rng): Float64Array {
    const { size, root, count, weights, serial } = place;
    const { correlation } = this.model.estimates.blocks[b];
    if (serial !== null && correlation !== null) {
      const { start, positions } = serial;
      const values = new Float64Array(positions.length);
      for (let l = 0; l < count; l++)
        for (let j = start[l]; j < start[l + 1]; j++) {
          const r = j === start[l] ? 0 : serialPower(correlation, positions[j] - positions[j - 1]);
          values[j] = (j === start[l] ? 0 : r * values[j - 1]) + Math.sqrt(1 - r * r) * root[0] * rng.normal();
        }
      return values;
    }
    const values = new Float64Array(count * size);
    for (let l = 0; l < count; l++)
      for (let c = 0; c < size; c++) {
        const z = rng.normal();
        for (let r = 0; r < size; r++) values[l * size + r] += root[r + c * size] * z;
      }
    if (weights !== null) sumToZero(values, weights, size);
    return values;
  }

  private drawClasses(rng: Rng): Int32Array {
    const { rows, groups, prior } = this;
    const classes = new Int32Array(rows.rows);
    if (groups === null) {
      for (let i = 0; i < classes.length; i++) classes[i] = pick(prior, i, rng.uniform());
      return classes;
    }
    const ofGroup = Int32Array.from(groups.row, (i) => pick(prior, i, rng.uniform()));
    for (let i = 0; i < classes.length; i++) classes[i] = ofGroup[groups.own[i]];
    return classes;
  }
}

function pick(prior: readonly Float64Array[], row: number, uniform: number): number {
  let u = uniform;
  let k = 0;
  while (k < prior.length - 1 && u > prior[k][row]) u -= prior[k++][row];
  return k;
}

function along(z: Float64Array | null, row: number, size: number, b: Float64Array, first: number): number {
  if (z === null) return b[first];
  let sum = 0;
  for (let c = 0; c < size; c++) sum += z[row * size + c] * b[first + c];
  return sum;
}

/** b given sum_l w_l b_l = 0, for independent levels: what the sum has is taken from them by their weights. */
function sumToZero(values: Float64Array, weights: Float64Array, size: number): void {
  let square = 0;
  for (const w of weights) square += w * w;
  for (let c = 0; c < size; c++) {
    let sum = 0;
    for (let l = 0; l < weights.length; l++) sum += weights[l] * values[l * size + c];
    for (let l = 0; l < weights.length; l++) values[l * size + c] -= (weights[l] * sum) / square;
  }
}

function levelsOf(rows: number, codes: Int32Array | null): Levels {
  const known = new Map<number, number>();
  const first: number[] = [];
  const own = Int32Array.from({ length: rows }, (_, i) => {
    const code = codes?.[i] ?? -1;
    const level = code < 0 ? undefined : known.get(code);
    if (level !== undefined) return level;
    if (code >= 0) known.set(code, first.length);
    first.push(i);
    return first.length - 1;
  });
  return { count: first.length, own, row: Int32Array.from(first) };
}

function serialPlaces({ count, own }: Levels, position: Float64Array): NonNullable<BlockPlace['serial']> {
  const sets = Array.from({ length: count }, () => new Set<number>());
  own.forEach((l, i) => {
    sets[l].add(position[i]);
  });
  const start = new Int32Array(count + 1);
  const all: number[] = [];
  const at = new Map<string, number>();
  sets.forEach((set, l) => {
    for (const p of Float64Array.from(set).sort()) {
      at.set(`${l} ${p}`, all.length);
      all.push(p);
    }
    start[l + 1] = all.length;
  });
  return {
    start,
    positions: Float64Array.from(all),
    at: own.map((l, i) => at.get(`${l} ${position[i]}`) ?? 0),
  };
}
