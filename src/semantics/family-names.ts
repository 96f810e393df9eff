import { type FamilyName, familyNames } from '../families/family.js';
import { nearest } from './spelling.js';

export function isFamilyName(name: string): name is FamilyName {
  return (familyNames as readonly string[]).includes(name);
}

// What the same distribution is called elsewhere.
const elsewhere: Readonly<Record<string, FamilyName>> = {
  gaussian: 'normal',
  norm: 'normal',
  student: 'student_t',
  cauchy: 'student_t',
  half_normal: 'normal',
  laplace: 'student_t',
  t: 'student_t',
  Gamma: 'gamma',
  'inverse.gaussian': 'inverse_gaussian',
  inv_gaussian: 'inverse_gaussian',
  logistic: 'bernoulli',
  binary: 'bernoulli',
  betabinomial: 'beta_binomial',
  negbinomial: 'negative_binomial',
  negbin: 'negative_binomial',
  nbinom: 'negative_binomial',
  nbinom2: 'negative_binomial',
  neg_binomial_2: 'negative_binomial',
  nbinom1: 'negative_binomial1',
  ordinal: 'cumulative',
  ordered_logistic: 'cumulative',
  clm: 'cumulative',
  zero_inflated_poisson: 'zero_inflated',
  zip: 'zero_inflated',
  hurdle_poisson: 'hurdle',
};

/** The family a foreign or misspelt name most likely means. */
export function nearestFamily(name: string): string | undefined {
  return Object.hasOwn(elsewhere, name) ? elsewhere[name] : nearest(name, familyNames);
}

/** Argument names that other programs use; none is a column unless the data have it. */
export const foreignArguments: ReadonlySet<string> = new Set([
  'alpha',
  'beta',
  'rate',
  'scale',
  'theta',
  'sd',
  'tau',
  'mean',
  'var',
  'variance',
  'precision',
  'nu',
  'prob',
  'shape',
  'lambda',
  'mu',
  'sigma',
  'phi',
  'p',
  'df',
  'k',
  'loc',
  'location',
  'kappa',
  'dispersion',
]);

/** Why a name from elsewhere is not an argument here, where there is more to say than the usage. */
export function argumentAdvice(family: FamilyName, name: string): string | undefined {
  switch (family) {
    case 'gamma':
      return ['shape', 'rate', 'alpha', 'beta', 'scale', 'theta', 'k'].includes(name)
        ? 'gamma is by its mean and shape here (mean = shape / rate)'
        : undefined;
    case 'beta':
      return ['alpha', 'beta', 'a', 'b', 'shape1', 'shape2'].includes(name)
        ? 'beta is by its mean and precision here (phi = alpha + beta)'
        : undefined;
    case 'inverse_gaussian':
    case 'weibull':
      return ['scale', 'alpha', 'lambda', 'rate', 'k'].includes(name)
        ? `${family} is by its mean and shape here`
        : undefined;
    case 'exponential':
      return ['rate', 'lambda', 'beta'].includes(name)
        ? 'exponential is by its mean here (mean = 1 / rate)'
        : undefined;
    case 'negative_binomial':
      return ['phi', 'size', 'theta', 'k', 'alpha', 'dispersion'].includes(name)
        ? 'the variance is mu + mu^2 / shape'
        : undefined;
    case 'normal':
    case 'lognormal':
      return ['sd', 'tau', 'var', 'variance', 'precision'].includes(name)
        ? 'sigma is the standard deviation'
        : undefined;
    default:
      return undefined;
  }
}
