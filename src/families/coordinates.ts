import { InternalError } from '../diagnostics/internal-error.js';
import type { Order } from '../kernels/special/order.js';
import type { LinkName } from '../links/link.js';
import { logTails } from '../links/tails.js';
import type { FamilyParameter } from './family.js';

/**
 * Densities are written in coordinates that no parameter can leave: a real parameter itself, the log of a positive
 * one, the logit of a probability. This is the map from a linear predictor to such a coordinate, out[0 .. order]; null
 * where they are the same (log link of a positive parameter), which is the common case and costs nothing.
 */
export type CoordinateMap = ((out: Float64Array, eta: number, order: Order) => void) | null;

const tailScratch = new Float64Array(8);

export function coordinateMap(support: FamilyParameter['support'], link: LinkName): CoordinateMap {
  const map = maps[support][link];
  if (map === undefined) throw new InternalError('family: link not allowed for this parameter', { support, link });
  return map;
}

/** The coordinate of a parameter's value. */
export function coordinateOf(support: FamilyParameter['support'], value: number): number {
  if (support === 'real') return value;
  return support === 'positive' ? Math.log(value) : Math.log(value) - Math.log1p(-value);
}

/** The parameter's value at a coordinate. */
export function parameterAt(support: FamilyParameter['support'], coordinate: number): number {
  if (support === 'real') return coordinate;
  return support === 'positive' ? Math.exp(coordinate) : 1 / (1 + Math.exp(-coordinate));
}

const exponential: CoordinateMap = (out, eta) => {
  out[0] = out[1] = out[2] = out[3] = Math.exp(eta);
};
const reciprocal: CoordinateMap = (out, eta) => {
  const r = 1 / eta;
  out[0] = r;
  out[1] = -r * r;
  out[2] = 2 * r * r * r;
  out[3] = -6 * r * r * r * r;
};
const square: CoordinateMap = (out, eta) => {
  out[0] = eta * eta;
  out[1] = 2 * eta;
  out[2] = 2;
  out[3] = 0;
};

/** scale * log(sign * eta), NaN (and with it a density of -Infinity) outside the domain. */
function logarithm(scale: number): CoordinateMap {
  return (out, eta) => {
    const r = 1 / eta;
    out[0] = scale * Math.log(eta);
    out[1] = scale * r;
    out[2] = -scale * r * r;
    out[3] = 2 * scale * r * r * r;
  };
}
const logSquare: CoordinateMap = (out, eta) => {
  const r = 1 / eta;
  out[0] = 2 * Math.log(Math.abs(eta));
  out[1] = 2 * r;
  out[2] = -2 * r * r;
  out[3] = 4 * r * r * r;
};

/** log p - log(1 - p) */
function logOdds(link: LinkName): CoordinateMap {
  const tails = logTails[link];
  if (tails === undefined) throw new InternalError('family: not a link of a probability', link);
  return (out, eta, order) => {
    tails(tailScratch, eta, order);
    for (let k = 0; k < 4; k++) out[k] = tailScratch[k] - tailScratch[k + 4];
  };
}

const maps: Record<FamilyParameter['support'], Partial<Record<LinkName, CoordinateMap>>> = {
  real: { identity: null, log: exponential, inverse: reciprocal, sqrt: square },
  positive: { log: null, identity: logarithm(1), inverse: logarithm(-1), sqrt: logSquare },
  unit: {
    logit: null,
    probit: logOdds('probit'),
    cloglog: logOdds('cloglog'),
    cauchit: logOdds('cauchit'),
    log: logOdds('log'),
    identity: logOdds('identity'),
  },
};
