import { insideUnit } from './bounds.js';
import type { Link } from './link.js';

/** h = 1 - exp(-exp(eta)); above this every derivative is zero, and exp(eta) itself would soon overflow. */
const saturated = 10;

/** h' = exp(eta - exp(eta)), and h'' and h''' are polynomials in exp(eta) times it. */
function slope(eta: number): number {
  return eta > saturated ? 0 : Math.exp(eta - Math.exp(eta));
}

export const cloglog: Link = {
  name: 'cloglog',
  link: (parameter) => Math.log(-Math.log1p(-parameter)),
  inverse: (eta) => insideUnit(-Math.expm1(-Math.exp(eta))),
  derivative1: slope,
  derivative2: (eta) => (eta > saturated ? 0 : slope(eta) * (1 - Math.exp(eta))),
  derivative3: (eta) => {
    if (eta > saturated) return 0;
    const e = Math.exp(eta);
    return slope(eta) * (1 - 3 * e + e * e);
  },
};
