import { InternalError } from '../diagnostics/internal-error.js';
import type { Order } from '../kernels/special/order.js';
import { links } from '../links/index.js';
import { coordinateMap, coordinateOf } from './coordinates.js';
import type { BatchLoop, BoundFamily, ExponentialRows, FamilyBinding } from './density.js';
import type { FamilySignature } from './family.js';
import { embedding, jetLayout, jetLength, substitute } from './jet.js';
import type { Uniform } from './samplers.js';

/**
 * A density in coordinates (see `coordinates.ts`), one per parameter in the signature's order; what a family's file
 * has to say. Everything else about links, known parameters and weights is done here once for all.
 */
export interface CoordinateDensity {
  readonly discrete: boolean;
  support(row: number): readonly [number, number];
  jetInto(jet: Float64Array, y: number, row: number, z: Float64Array, order: Order): void;
  /** As `BoundFamily.logIntervalInto`, in coordinates. */
  logIntervalInto?(jet: Float64Array, lower: number, upper: number, row: number, z: Float64Array, order: Order): void;
  mean(row: number, z: Float64Array): number;
  variance(row: number, z: Float64Array): number;
  cdf(y: number, row: number, z: Float64Array): number;
  unitDeviance(y: number, row: number, z: Float64Array): number;
  random(row: number, z: Float64Array, uniform: Uniform): number;
  /** Parameters, on their own scale, that fit the response roughly. */
  start(): readonly number[];
  /** The parameter that weights act on and the power: sigma / sqrt(w) is -1/2. */
  readonly weighted?: { readonly parameter: number; readonly power: number };
  /** A fast loop for when every parameter has a predictor, whose link makes it the coordinate, without weights. */
  readonly canonicalBatch?: BatchLoop;
  /** `BoundFamily.pooled` in the same case. */
  readonly canonicalPooled?: NonNullable<BoundFamily['pooled']>;
  /** Where no parameter is known or moved; `BoundFamily.exponential`. */
  readonly exponential?: ExponentialRows;
}

export function coordinateFamily(
  signature: FamilySignature,
  binding: FamilyBinding,
  density: CoordinateDensity,
): BoundFamily {
  const { parameters } = signature;
  const n = parameters.length;
  const free: number[] = [];
  const maps = parameters.map((parameter, k) => {
    const link = binding.links.get(parameter.name);
    if (link === undefined) return null;
    free.push(k);
    return coordinateMap(parameter.support, link);
  });
  const known = parameters.map((parameter, k) => {
    if (free.includes(k)) return null;
    const values = binding.data.get(parameter.name);
    if (values === undefined) throw new InternalError('family: parameter without predictor or data', parameter.name);
    return values.map((v) => coordinateOf(parameter.support, v));
  });
  const shift = weightShift(binding, density);
  const shifted = density.weighted?.parameter ?? -1;

  const layout = jetLayout(free.length);
  const inner = free.length === n ? layout : jetLayout(n);
  const reduction = free.length === n ? null : embedding(layout, inner, free);
  const full = new Float64Array(inner.size);
  const z = new Float64Array(n);
  const h = new Float64Array(4 * n);
  const step = new Float64Array(4);
  const moved = Uint8Array.from(maps, (map) => (map === null ? 0 : 1));
  const anyMoved = moved.some((m) => m === 1);
  const plain = reduction === null && !anyMoved && shift === null;

  const place = (row: number, eta: Float64Array, order: Order): Float64Array => {
    if (plain) return eta;
    for (let f = 0; f < free.length; f++) {
      const k = free[f];
      const map = maps[k];
      if (map === null) z[k] = eta[f];
      else {
        map(step, eta[f], order);
        z[k] = step[0];
        for (let d = 1; d <= order; d++) h[4 * k + d] = step[d];
      }
    }
    for (let k = 0; k < n; k++) {
      const values = known[k];
      if (values !== null) z[k] = values[row];
    }
    if (shift !== null) z[shifted] += shift[row];
    return z;
  };
  /** From the jet in all coordinates, in `jet` itself where nothing is known, to that in the predictors. */
  const chain = (jet: Float64Array, order: Order): void => {
    if (anyMoved) substitute(reduction === null ? jet : full, inner, h, moved, order);
    if (reduction === null) return;
    const length = jetLength(layout, order);
    for (let k = 0; k < length; k++) jet[k] = full[reduction[k]];
  };
  const interval = density.logIntervalInto?.bind(density);
  return {
    layout,
    predictors: free.map((k) => parameters[k].name),
    thresholds: null,
    discrete: density.discrete,
    support: density.support,
    jetInto(jet, y, row, eta, order) {
      const target = reduction === null ? jet : full;
      density.jetInto(target, y, row, place(row, eta, order), order);
      chain(jet, order);
    },
    ...(interval
      ? {
          logIntervalInto(jet, lower, upper, row, eta, order) {
            const target = reduction === null ? jet : full;
            interval(target, lower, upper, row, place(row, eta, order), order);
            chain(jet, order);
          },
        }
      : {}),
    ...(plain && density.canonicalBatch ? { batch: density.canonicalBatch } : {}),
    ...(plain && density.canonicalPooled ? { pooled: density.canonicalPooled } : {}),
    ...(plain && density.exponential ? { exponential: density.exponential } : {}),
    mean: (row, eta) => density.mean(row, place(row, eta, 0)),
    variance: (row, eta) => density.variance(row, place(row, eta, 0)),
    cdf: (y, row, eta) => density.cdf(y, row, place(row, eta, 0)),
    unitDeviance: (y, row, eta) => density.unitDeviance(y, row, place(row, eta, 0)),
    random: (row, eta, uniform) => density.random(row, place(row, eta, 0), uniform),
    start() {
      const values = density.start();
      return Float64Array.from(free, (k) => {
        const { support, name } = parameters[k];
        const link = links[binding.links.get(name) ?? 'identity'];
        const eta = link.link(values[k]);
        // a negative mean has no logarithm
        return Number.isFinite(eta) ? eta : link.link(support === 'unit' ? 0.5 : 1);
      });
    },
  };
}

function weightShift(binding: FamilyBinding, density: CoordinateDensity): Float64Array | null {
  if (binding.weights === null || density.weighted === undefined) return null;
  const { power } = density.weighted;
  return binding.weights.map((w) => power * Math.log(w));
}
