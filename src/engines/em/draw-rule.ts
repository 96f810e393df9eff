import { chiSquaredQuantile, studentQuantile } from '../../kernels/distributions.js';
import { haltonPoints, sobolDimensions, sobolPoints } from '../../kernels/quasi-random.js';
import { createRng } from '../../kernels/rng.js';
import { logGamma } from '../../kernels/special/gamma.js';
import { normalQuantile } from '../../kernels/special/normal.js';
import type { NodeRule, NodeSet } from './node-rules.js';

export type Sampler = 'sobol' | 'halton' | 'random';

export interface DrawOptions {
  /** Draws per group; Sobol points are rounded up to a power of two, at which they are balanced. */
  readonly draws: number;
  readonly sampler: Sampler;
  /** Degrees of freedom of the proposal, a multivariate t; Infinity: normal. */
  readonly df: number;
  /** The same key gives the same draws. */
  readonly key: string;
}

/** Numbers that the sets of draws of one dimension hold at most: beyond it groups share sets. */
const mostNumbers = 2 ** 20;
const fewestSets = 16;

/**
 * Draws of the proposal, in units of the integrand's mode and curvature [EM-8]. Groups have sets of their own while memory
 * allows; all classes of a group have the same.
 */
export class DrawRule implements NodeRule {
  private readonly made = new Map<string, NodeSet>();
  /** Doublings of each group's number of draws. */
  private readonly doublings: Uint8Array;

  constructor(
    readonly groups: number,
    readonly options: DrawOptions,
    doublings?: Uint8Array,
  ) {
    this.doublings = doublings ?? new Uint8Array(groups);
  }

  /** Doubles the draws of a group. */
  addDraws(group: number): void {
    this.doublings[group]++;
  }

  /** Of the groups whose draws were not doubled. */
  get leastDraws(): number {
    const { draws, sampler } = this.options;
    return sampler === 'sobol' ? 2 ** Math.ceil(Math.log2(Math.max(draws, 2))) : draws;
  }

  drawsOf(group: number): number {
    return this.leastDraws * 2 ** this.doublings[group];
  }

  /** Other draws of the same numbers: a replicate. */
  replicate(index: number): DrawRule {
    return new DrawRule(
      this.groups,
      { ...this.options, key: `${this.options.key}/replicate/${index}` },
      this.doublings,
    );
  }

  /** Other numbers of draws. */
  withDraws(draws: number): DrawRule {
    return new DrawRule(this.groups, { ...this.options, draws });
  }

  /** Groups with the same number share their draws, and with them the error of the integral. */
  setOf(group: number, dimension: number): number {
    // powers of two, so that groups which share a set in one dimension do so in all that have fewer sets
    const sets = Math.max(fewestSets, mostNumbers / (this.drawsOf(group) * (dimension + 1)));
    return group % 2 ** Math.floor(Math.log2(sets));
  }

  nodesOf(group: number, dimension: number): NodeSet {
    const count = this.drawsOf(group);
    const set = this.setOf(group, dimension);
    const key = `${dimension}/${count}/${set}`;
    let found = this.made.get(key);
    if (found === undefined) {
      found = drawNodes(count, dimension, this.options, `${this.options.key}/${set}`);
      this.made.set(key, found);
    }
    return found;
  }
}

function drawNodes(count: number, dimension: number, { sampler, df }: DrawOptions, key: string): NodeSet {
  const heavy = df < Number.POSITIVE_INFINITY;
  // one more coordinate makes a t of several normals; in one dimension its own quantiles do
  const coordinates = heavy && dimension > 1 ? dimension + 1 : dimension;
  const points = uniforms(count, coordinates, sampler, key);
  const z = new Float64Array(count * dimension);
  const logWeights = new Float64Array(count);
  const constant =
    -Math.log(count) -
    (dimension / 2) * Math.log(2 * Math.PI) -
    (heavy
      ? logGamma((df + dimension) / 2) - logGamma(df / 2) - (dimension / 2) * Math.log(df * Math.PI)
      : -(dimension / 2) * Math.log(2 * Math.PI));
  for (let m = 0; m < count; m++) {
    const at = m * coordinates;
    const stretch = coordinates > dimension ? Math.sqrt(df / chiSquared(points[at + dimension], df)) : 1;
    let square = 0;
    for (let d = 0; d < dimension; d++) {
      const u = points[at + d];
      const v = heavy && dimension === 1 ? student(u, df) : stretch * normalQuantile(u);
      z[m * dimension + d] = v;
      square += v * v;
    }
    logWeights[m] = constant + (heavy ? ((df + dimension) / 2) * Math.log1p(square / df) : square / 2);
  }
  return { count, dimension, z, logWeights };
}

function uniforms(count: number, dimension: number, sampler: Sampler, key: string): Float64Array {
  if (sampler === 'halton' || (sampler === 'sobol' && dimension > sobolDimensions))
    return haltonPoints(count, dimension, key);
  if (sampler === 'sobol') return sobolPoints(count, dimension, key);
  const rng = createRng(`draws/${key}`);
  return Float64Array.from({ length: count * dimension }, () => rng.uniform());
}

/** Quantile of Student's t; with four degrees of freedom it has a closed form (Shaw 2006, J. Comput. Finance 9). */
function student(u: number, df: number): number {
  if (df !== 4) return studentQuantile(u, df);
  const root = Math.sqrt(4 * u * (1 - u));
  const q = Math.cos(Math.acos(Math.min(1, root)) / 3) / root;
  return Math.sign(u - 0.5) * 2 * Math.sqrt(Math.max(0, q - 1));
}

function chiSquared(u: number, df: number): number {
  if (df !== 4) return chiSquaredQuantile(u, df);
  // 1 - exp(-h) (1 + h) = u with h = x / 2, by Newton steps on the log of the smaller tail
  let h = u < 0.5 ? Math.sqrt(2 * u) : 1 - Math.log1p(-u);
  for (let step = 0; step < 50; step++) {
    const upper = Math.exp(-h) * (1 + h);
    const lower = h < 0.1 ? h * h * (1 / 2 - h * (1 / 3 - h * (1 / 8 - h * (1 / 30 - h / 144)))) : 1 - upper;
    const density = h * Math.exp(-h);
    const change = u < 0.5 ? (Math.log(lower / u) * lower) / density : (Math.log(upper / (1 - u)) * -upper) / density;
    const next = h - change;
    h = next > 0 ? next : h / 2;
    if (Math.abs(change) < 1e-14 * h) break;
  }
  return 2 * h;
}
