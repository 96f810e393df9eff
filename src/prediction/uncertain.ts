import type { BlockEstimates } from '../results/estimates.js';
import type { EffectCovariance } from './effect-covariance.js';

/** A number that depends linearly on what is uncertain: the axes, the effects of levels that were seen, those of others. */
export interface Uncertain {
  readonly value: number;
  readonly axes: Float64Array;
  /** By node of one set of effects: combinations of its u. */
  readonly effects: ReadonlyMap<number, Float64Array>;
  /** By level that was not seen: combinations of its b. */
  readonly unseen: ReadonlyMap<string, UnseenPart>;
}

export interface UnseenPart {
  readonly block: number;
  readonly z: Float64Array;
}

export function certain(value: number, axes: number): Uncertain {
  return { value, axes: new Float64Array(axes), effects: new Map(), unseen: new Map() };
}

/** sum_k weights[k] parts[k], with `value` as its value. */
export function combine(
  value: number,
  weights: ArrayLike<number>,
  parts: readonly Uncertain[],
  axes: number,
): Uncertain {
  const own = new Float64Array(axes);
  const effects = new Map<number, Float64Array>();
  const unseen = new Map<string, UnseenPart>();
  parts.forEach((part, k) => {
    const w = weights[k];
    if (w === 0) return;
    for (let a = 0; a < axes; a++) own[a] += w * part.axes[a];
    for (const [node, t] of part.effects) addTo(effects, node, t, w);
    for (const [key, { block, z }] of part.unseen) {
      const known = unseen.get(key)?.z ?? new Float64Array(z.length);
      for (let c = 0; c < z.length; c++) known[c] += w * z[c];
      unseen.set(key, { block, z: known });
    }
  });
  return { value, axes: own, effects, unseen };
}

function addTo(into: Map<number, Float64Array>, node: number, t: Float64Array, w: number): void {
  const known = into.get(node) ?? new Float64Array(t.length);
  for (let c = 0; c < t.length; c++) known[c] += w * t[c];
  into.set(node, known);
}

/** The part of the covariance that comes from the axes: from parameters being estimates. */
export function axesCovariance(a: Uncertain, b: Uncertain): number {
  let sum = 0;
  for (let k = 0; k < a.axes.length; k++) sum += a.axes[k] * b.axes[k];
  return sum;
}

/** The part that comes from the random effects, given the parameters. */
export function effectsCovariance(
  a: Uncertain,
  b: Uncertain,
  covariance: EffectCovariance | null,
  blocks: readonly BlockEstimates[],
): number {
  let sum = covariance === null ? 0 : covariance.covariance(a.effects, b.effects);
  for (const [key, { block, z }] of a.unseen) {
    const other = b.unseen.get(key);
    if (other === undefined) continue;
    const { covariance: S } = blocks[block];
    const n = z.length;
    for (let c = 0; c < n; c++) for (let r = 0; r < n; r++) sum += z[r] * S[r + c * n] * other.z[c];
  }
  return sum;
}
