import { InternalError } from '../../../diagnostics/internal-error.js';
import type { SigmaTerms } from '../profile-sigma.js';
import type { PriorTerm, PriorWork } from './prior-work.js';

/**
 * Adds to h(sigma) what a prior contributes that is a power of sigma times a function of theta [LMM-PRIOR-3]. The function is had
 * from two values of the density: T(sigma) = T(1) + logPower log sigma^2 + weight (sigma^power - 1).
 */
export function addSigmaPowers(t: PriorTerm, priors: PriorWork, length: number, terms: SigmaTerms): void {
  const { lowered } = t;
  if (lowered.computation === 'theta') terms.nu += lowered.degree * t.entries;
  if (lowered.computation !== 'sigma') return;
  const { power } = lowered.powers;
  const logPower = logPowerOf(t);
  terms.nu += logPower;
  if (power === 0) return;
  const { quantities, values } = priors;
  const at = (sigma: number): number => {
    quantities.fill(values, sigma, null);
    return t.term.evaluate(values, null);
  };
  // with 2^power and the logarithm known, the difference is the weight; at the response's own size the two do not drown each other
  const base = length;
  const ratio = power > 0 ? 2 : 0.5;
  const difference = at(base * ratio) - at(base) - 2 * logPower * Math.log(ratio);
  // no density of these has a negative weight; rounding may
  const weight = Math.max(0, difference / (ratio ** power - 1));
  // in units of the scaled response: (length sigma)^power
  switch (power) {
    case -2:
      terms.A += weight;
      break;
    case -1:
      terms.B += weight;
      break;
    case 1:
      terms.D += weight;
      break;
    case 2:
      terms.C += weight;
      break;
    default:
      throw new InternalError('a power of sigma without a place', power);
  }
}

/** Coefficient of log sigma^2. */
export function logPowerOf({ lowered, entries, matrix }: PriorTerm): number {
  if (lowered.computation !== 'sigma') return 0;
  const { logPower, logPowerSquared } = lowered.powers;
  return matrix > 0 ? logPower * matrix + logPowerSquared * matrix * matrix : logPower * entries;
}
