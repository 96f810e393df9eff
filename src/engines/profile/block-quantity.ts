import { blockCovariance, type CovarianceState } from '../lmm/block-covariance.js';
import type { BlockLayout } from '../lmm/layout.js';
import { angleToCorrelation } from '../lmm/structures/compound-symmetry.js';
import type { Quantity } from './eliminate.js';
import type { ProfiledParameter } from './profile-problem.js';

/** How the free coordinates stand to the parameters of the blocks. */
export interface Coordinates {
  /** Place of parameter `theta` among the coordinates. */
  placeOf(theta: number): number;
  /** Place of log sigma, in whose units standard deviations are counted; null: they are absolute. */
  readonly logSigma: number | null;
  /** exp(log sigma) times this is the unit of standard deviations. */
  readonly unit: number;
  readonly dimension: number;
}

/** A standard deviation or a correlation of a block, and the parameter that it is a function of. */
export interface BlockParameter {
  readonly parameter: ProfiledParameter;
  readonly theta: number; // index among the layout's parameters
  /** Unstructured: the two terms that must come first in the chart; null: the structure's own parameters will do. */
  readonly first: readonly [number, number] | null;
  readonly scalar: Scalar;
}

/**
 * A standard deviation is |p|^power / scale (in units of sigma), a correlation a function of its angle. Profiles are followed in the
 * power's root and in the angle, in which they are smooth up to the ends of the range.
 */
type Scalar =
  | { readonly kind: 'sd'; readonly power: 1 | 2; readonly scale: number }
  | { readonly kind: 'angle'; readonly lower: number; readonly upper: number; readonly of: (angle: number) => number };

/** All standard deviations and correlations of one block. */
export function blockParameters(block: BlockLayout): BlockParameter[] {
  const { model, size, thetaStart: at, rebase, unit } = block;
  const { terms, label: group, class: className } = block.block;
  const common = { group, predictor: null, class: className };
  const sd = (
    term: string,
    theta: number,
    scale: number,
    first: BlockParameter['first'] = null,
    power: 1 | 2 = 1,
  ): BlockParameter => ({
    parameter: { ...common, kind: 'sd', name: `sd_${term}|${group}`, terms: [term] },
    theta,
    first,
    scalar: { kind: 'sd', power, scale },
  });
  const cor = (
    pair: readonly string[],
    theta: number,
    scalar: Scalar,
    first: BlockParameter['first'] = null,
  ): BlockParameter => ({
    parameter: { ...common, kind: 'cor', name: `cor_${[...pair].reverse().join('.')}|${group}`, terms: pair },
    theta,
    first,
    scalar,
  });
  switch (model.name) {
    case 'us': {
      const found: BlockParameter[] = [];
      for (let j = 0; j < size; j++) {
        found.push(sd(terms[j], at + j, 1, [0, 0]));
        for (let i = j + 1; i < size; i++) found.push(cor([terms[j], terms[i]], at + size, wholeTurn, [j, i]));
      }
      return found;
    }
    case 'diag':
      return terms.map((term, j) => sd(term, at + j, rebase.scale[j]));
    case 'cs': {
      const sds = terms.map((term, j) => sd(term, at + j, rebase.scale[j], null, 2));
      return size < 2 ? sds : [...sds, cor(terms.slice(0, 2), at + size, exchangeable(size))];
    }
    case 'homcs': {
      const own = sd(size > 1 ? 'all' : terms[0], at, rebase.scale[0]);
      return size < 2 ? [own] : [own, cor(terms.slice(0, 2), at + 1, exchangeable(size))];
    }
    case 'ar1':
      return [sd('ar1', at, 1), cor(['ar1'], at + 1, wholeTurn)];
    case 'car1': {
      const decay: Scalar = { ...quarter, of: (t) => (Math.sin(t) ** 2) ** (1 / unit) };
      return [sd('car1', at, 1), cor(['car1'], at + 1, decay)];
    }
  }
}

const quarter = { kind: 'angle', lower: 0, upper: Math.PI / 2 } as const;
const wholeTurn: Scalar = { kind: 'angle', lower: -Math.PI / 2, upper: Math.PI / 2, of: Math.sin };

function exchangeable(size: number): Scalar {
  return { ...quarter, of: (t) => angleToCorrelation(t, size) };
}

/** A correlation with an effect that is zero is no number. @param state  stands at the optimum */
export function isDetermined(state: CovarianceState, block: BlockLayout, of: BlockParameter): boolean {
  if (of.scalar.kind === 'sd') return true;
  const { sd } = blockCovariance(state, block, 1);
  const [j, i] = of.first ?? [0, Math.min(1, sd.length - 1)];
  return sd[j] > 0 && sd[i] > 0;
}

/**
 * In the coordinates of a base; sigma, where there is one, is the unit of standard deviations.
 * @param typical  a change of a standard deviation that matters
 */
export function blockQuantity({ theta, scalar }: BlockParameter, where: Coordinates, typical: number): Quantity {
  const axis = where.placeOf(theta);
  if (scalar.kind === 'angle')
    return {
      axis,
      lower: scalar.lower,
      upper: scalar.upper,
      typical: 0.3,
      value: (x) => x[axis],
      gradientInto(_x, into) {
        into.fill(0);
        into[axis] = 1;
      },
      solve: (_x, c) => c,
      display: scalar.of,
    };
  const { power, scale } = scalar;
  const { logSigma, unit } = where;
  const factor = (x: Float64Array): number =>
    ((logSigma === null ? unit : unit * Math.exp(x[logSigma])) / scale) ** (1 / power);
  return {
    axis,
    lower: 0,
    upper: Number.POSITIVE_INFINITY,
    typical: typical ** (1 / power),
    value: (x) => Math.abs(x[axis]) * factor(x),
    gradientInto(x, into) {
      into.fill(0);
      const f = factor(x);
      into[axis] = x[axis] < 0 ? -f : f;
      if (logSigma !== null) into[logSigma] = (Math.abs(x[axis]) * f) / power;
    },
    solve: (x, c) => c / factor(x),
    display: (c) => c ** power,
  };
}
