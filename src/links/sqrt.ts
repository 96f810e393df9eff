import { smallest } from './bounds.js';
import type { Link } from './link.js';

export const sqrt: Link = {
  name: 'sqrt',
  link: (parameter) => Math.sqrt(parameter),
  inverse: (eta) => Math.max(eta * eta, smallest),
  derivative1: (eta) => 2 * eta,
  derivative2: () => 2,
  derivative3: () => 0,
};
