import { insideUnit } from './bounds.js';
import type { Link } from './link.js';

/** p (1 - p) without cancellation in either tail. */
function slope(eta: number): number {
  const e = Math.exp(-Math.abs(eta));
  return e / ((1 + e) * (1 + e));
}

export const logit: Link = {
  name: 'logit',
  link: (parameter) => Math.log(parameter) - Math.log1p(-parameter),
  inverse: (eta) => insideUnit(eta < 0 ? Math.exp(eta) / (1 + Math.exp(eta)) : 1 / (1 + Math.exp(-eta))),
  derivative1: slope,
  derivative2: (eta) => -slope(eta) * Math.tanh(eta / 2),
  derivative3: (eta) => {
    const s = slope(eta);
    return s * (1 - 6 * s);
  },
};
