import type { NewRows } from '../data/design.js';
import { InternalError } from '../diagnostics/internal-error.js';
import type { EffectEstimates, Estimates } from '../results/estimates.js';
import { type DrawnEffects, levelKey } from './drawn-effects.js';
import { EffectCovariance } from './effect-covariance.js';
import type { Uncertain, UnseenPart } from './uncertain.js';

export interface LinearOptions {
  /** Random effects at zero. */
  readonly excludeEffects: boolean;
  /** Every level counts as one that was not seen. */
  readonly allNew: boolean;
  /** Effects of levels that were not seen; null: they are zero and uncertain. */
  readonly drawn: DrawnEffects | null;
  /** Only values are wanted. */
  readonly valuesOnly: boolean;
}

/** Linear predictors of new rows, with what is uncertain about them. */
export class LinearRows {
  private readonly covariances: readonly (EffectCovariance | null)[];

  constructor(
    readonly estimates: Estimates,
    readonly rows: NewRows,
    private readonly options: LinearOptions,
  ) {
    const needed = !options.valuesOnly && !options.excludeEffects && !options.allNew;
    this.covariances = estimates.effects.map((e) => (needed && e.mode.length > 0 ? new EffectCovariance(e) : null));
  }

  /** Index of the set of effects that a class's rows load on. */
  setOf(className: string | null): number {
    const at = this.estimates.effects.findIndex((e) => e.class === null || e.class === className);
    if (at < 0) throw new InternalError('prediction: a class without effects', className);
    return at;
  }

  covarianceOf(set: number): EffectCovariance | null {
    return this.covariances[set];
  }

  /** @param predictor  index into `rows.predictors`; @param set  of effects */
  at(row: number, predictor: number, set: number): Uncertain {
    const { estimates, rows, options } = this;
    const { X, columns, offset, random } = rows.predictors[predictor];
    const { axes: A, coefficients, coefficientAxes } = estimates;
    const axes = new Float64Array(options.valuesOnly ? 0 : A);
    let value = offset === null ? 0 : offset[row];
    for (let j = 0; j < columns.length; j++) {
      const x = X[row + j * rows.rows];
      const c = columns[j];
      value += x * coefficients[c];
      if (x !== 0) for (let a = 0; a < axes.length; a++) axes[a] += x * coefficientAxes[c * A + a];
    }
    const effects = new Map<number, Float64Array>();
    const unseen = new Map<string, UnseenPart>();
    if (!options.excludeEffects)
      for (const { block, z } of random) {
        const own = estimates.effects[set];
        const within = own.blocks.indexOf(block);
        const code = options.allNew ? -1 : rows.blocks[block].codes[row];
        const size = estimates.blocks[block].size;
        const column = z.kind === 'indicator' ? z.column[row] : -1;
        const loads = z.kind === 'indicator' ? Float64Array.of(1) : loadsOf(z.values, row, size);
        if (code >= 0 && within >= 0 && (z.kind === 'dense' || column >= 0))
          value += this.seen(own, own.nodeStart[within] + code, loads, column, axes, effects);
        else if (options.drawn !== null) value += dot(loads, options.drawn.of(block, row));
        else if (!options.valuesOnly) {
          const key = `${block} ${levelKey(rows.blocks[block].labels, row)}`;
          const known = unseen.get(key)?.z;
          if (known === undefined) unseen.set(key, { block, z: loads.slice() });
          else for (let c = 0; c < loads.length; c++) known[c] += loads[c];
        }
      }
    return { value, axes, effects, unseen };
  }

  /** Adds the effects of a level that was seen; returns what they add to the value. */
  private seen(
    own: EffectEstimates,
    node: number,
    loads: Float64Array,
    column: number,
    axes: Float64Array,
    effects: Map<number, Float64Array>,
  ): number {
    const first = own.rowStart[node];
    const size = own.rowStart[node + 1] - first;
    const z = column < 0 ? loads : new Float64Array(size);
    if (column >= 0) z[column] = 1;
    const A = this.estimates.axes;
    let value = 0;
    for (let c = 0; c < size; c++) {
      if (z[c] === 0) continue;
      value += z[c] * own.mode[first + c];
      for (let a = 0; a < axes.length; a++) axes[a] += z[c] * own.modeAxes[(first + c) * A + a];
    }
    const covariance = this.options.valuesOnly ? null : this.covariances[this.estimates.effects.indexOf(own)];
    if (covariance !== null) {
      const t = covariance.spherical(node, z);
      const known = effects.get(node);
      if (known === undefined) effects.set(node, t);
      else for (let c = 0; c < size; c++) known[c] += t[c];
    }
    return value;
  }
}

function loadsOf(values: Float64Array | null, row: number, size: number): Float64Array {
  return values === null ? Float64Array.of(1) : values.subarray(row * size, (row + 1) * size);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let c = 0; c < a.length; c++) sum += a[c] * b[c];
  return sum;
}
