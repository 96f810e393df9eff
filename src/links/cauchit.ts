import { insideUnit } from './bounds.js';
import type { Link } from './link.js';

/** h = 1/2 + atan(eta) / pi; in the tails atan(1 / eta) keeps the digits that 1/2 + atan loses. */
function probability(eta: number): number {
  if (eta < -1) return Math.atan(-1 / eta) / Math.PI;
  if (eta > 1) return 1 - Math.atan(1 / eta) / Math.PI;
  return 0.5 + Math.atan(eta) / Math.PI;
}

export const cauchit: Link = {
  name: 'cauchit',
  link: (parameter) => (parameter < 0.25 ? -1 / Math.tan(Math.PI * parameter) : Math.tan(Math.PI * (parameter - 0.5))),
  inverse: (eta) => insideUnit(probability(eta)),
  derivative1: (eta) => 1 / (Math.PI * (1 + eta * eta)),
  derivative2: (eta) => {
    const t = 1 / (1 + eta * eta);
    return (-2 * eta * t * t) / Math.PI;
  },
  // (6 eta^2 - 2) t^3, with eta^2 t = 1 - t
  derivative3: (eta) => {
    const t = 1 / (1 + eta * eta);
    return (t * t * (6 - 8 * t)) / Math.PI;
  },
};
