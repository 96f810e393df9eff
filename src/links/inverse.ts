import type { Link } from './link.js';

/** A linear predictor at zero gives an infinite parameter, which no density accepts: the optimizer steps back. */
export const inverse: Link = {
  name: 'inverse',
  link: (parameter) => 1 / parameter,
  inverse: (eta) => 1 / eta,
  derivative1: (eta) => -1 / (eta * eta),
  derivative2: (eta) => 2 / (eta * eta * eta),
  derivative3: (eta) => -6 / (eta * eta * eta * eta),
};
