import { blockCovariance, type CovarianceState } from '../lmm/block-covariance.js';
import type { BlockLayout } from '../lmm/layout.js';
import { angleToCorrelation, correlationToAngle } from '../lmm/structures/compound-symmetry.js';
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
  readonly isSd: boolean;
  readonly lower: number;
  readonly upper: number;
}

/** value = f(parameter), monotone where `inverse` gives the parameter of a value. */
interface Scalar {
  value(p: number): number;
  derivative(p: number): number;
  inverse(v: number): number;
}

/** All standard deviations and correlations of one block. */
export function blockParameters(block: BlockLayout): BlockParameter[] {
  const { model, size, thetaStart: at, rebase, unit } = block;
  const { terms, label: group, class: className } = block.block;
  const common = { group, predictor: null, class: className };
  const sd = (term: string, theta: number, scalar: Scalar, first: BlockParameter['first'] = null): BlockParameter => ({
    parameter: { ...common, kind: 'sd', name: `sd_${term}|${group}`, terms: [term] },
    theta,
    first,
    scalar,
    isSd: true,
    lower: 0,
    upper: Number.POSITIVE_INFINITY,
  });
  const cor = (
    pair: readonly string[],
    theta: number,
    scalar: Scalar,
    lower: number,
    first: BlockParameter['first'] = null,
  ): BlockParameter => ({
    parameter: { ...common, kind: 'cor', name: `cor_${[...pair].reverse().join('.')}|${group}`, terms: pair },
    theta,
    first,
    scalar,
    isSd: false,
    lower,
    upper: 1,
  });
  switch (model.name) {
    case 'us': {
      const found: BlockParameter[] = [];
      for (let j = 0; j < size; j++) {
        const other = j === 0 ? size - 1 : 0;
        found.push(sd(terms[j], at + j, magnitude(1), size > 1 ? [other, j] : null));
        for (let i = j + 1; i < size; i++) found.push(cor([terms[j], terms[i]], at + size, sine, -1, [j, i]));
      }
      return found;
    }
    case 'diag':
      return terms.map((term, j) => sd(term, at + j, magnitude(rebase.scale[j])));
    case 'cs': {
      const sds = terms.map((term, j) => sd(term, at + j, square(rebase.scale[j])));
      return size < 2 ? sds : [...sds, cor(terms.slice(0, 2), at + size, angle(size), -1 / (size - 1))];
    }
    case 'homcs': {
      const own = sd(size > 1 ? 'all' : terms[0], at, magnitude(rebase.scale[0]));
      return size < 2 ? [own] : [own, cor(terms.slice(0, 2), at + 1, angle(size), -1 / (size - 1))];
    }
    case 'ar1':
      return [sd(label(block), at, magnitude(1)), cor([label(block)], at + 1, sine, -1)];
    case 'car1':
      return [sd(label(block), at, magnitude(1)), cor([label(block)], at + 1, sineSquared(unit), 0)];
  }
}

/** Serial blocks have one standard deviation and one correlation for all of their positions. */
function label(block: BlockLayout): string {
  return block.model.name;
}

/** A correlation with an effect that is zero is no number; @param state  stands at the optimum */
export function isDetermined(state: CovarianceState, block: BlockLayout, of: BlockParameter): boolean {
  if (of.isSd) return true;
  const { sd } = blockCovariance(state, block, 1);
  const [j, i] = of.first ?? [0, Math.min(1, sd.length - 1)];
  return sd[j] > 0 && sd[i] > 0;
}

/** In the coordinates of a base; sigma, where there is one, is the unit of standard deviations. */
export function blockQuantity(of: BlockParameter, where: Coordinates, typical: number): Quantity {
  const axis = where.placeOf(of.theta);
  const { scalar, isSd, lower, upper } = of;
  const { logSigma, unit } = where;
  const scale = (x: Float64Array): number => (!isSd ? 1 : logSigma === null ? unit : unit * Math.exp(x[logSigma]));
  return {
    axis,
    lower,
    upper,
    typical,
    value: (x) => scalar.value(x[axis]) * scale(x),
    gradientInto(x, into) {
      into.fill(0);
      const s = scale(x);
      into[axis] = scalar.derivative(x[axis]) * s;
      if (isSd && logSigma !== null) into[logSigma] = scalar.value(x[axis]) * s;
    },
    solve: (x, c) => scalar.inverse(c / scale(x)),
    display: (c) => c,
  };
}

/** A standard deviation of either sign, on its positive side. */
function magnitude(scale: number): Scalar {
  return { value: (p) => Math.abs(p) / scale, derivative: (p) => (p < 0 ? -1 : 1) / scale, inverse: (v) => v * scale };
}

function square(scale: number): Scalar {
  return { value: (p) => p ** 2 / scale, derivative: (p) => (2 * p) / scale, inverse: (v) => Math.sqrt(v * scale) };
}

const sine: Scalar = { value: Math.sin, derivative: Math.cos, inverse: Math.asin };

function angle(size: number): Scalar {
  return {
    value: (p) => angleToCorrelation(p, size),
    derivative: (p) => (2 * size * Math.sin(p) * Math.cos(p)) / (size - 1),
    inverse: (v) => correlationToAngle(v, size),
  };
}

/** phi = (sin^2 p)^(1 / unit). */
function sineSquared(unit: number): Scalar {
  const power = 1 / unit;
  return {
    value: (p) => (Math.sin(p) ** 2) ** power,
    derivative: (p) => 2 * power * (Math.sin(p) ** 2) ** (power - 1) * Math.sin(p) * Math.cos(p),
    inverse: (v) => Math.asin(Math.sqrt(v ** unit)),
  };
}
