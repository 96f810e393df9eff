import { normalCdf, normalDensity, normalQuantile } from '../kernels/special/normal.js';
import { insideUnit } from './bounds.js';
import type { Link } from './link.js';

export const probit: Link = {
  name: 'probit',
  link: normalQuantile,
  inverse: (eta) => insideUnit(normalCdf(eta)),
  derivative1: normalDensity,
  derivative2: (eta) => {
    const f = normalDensity(eta);
    return f === 0 ? 0 : -eta * f;
  },
  derivative3: (eta) => {
    const f = normalDensity(eta);
    return f === 0 ? 0 : (eta * eta - 1) * f;
  },
};
