import { largest, smallest } from './bounds.js';
import type { Link } from './link.js';

const inverse = (eta: number) => Math.min(Math.max(Math.exp(eta), smallest), largest);

export const log: Link = {
  name: 'log',
  link: (parameter) => Math.log(parameter),
  inverse,
  derivative1: inverse,
  derivative2: inverse,
  derivative3: inverse,
};
