import { bernoulli } from './bernoulli.js';
import { beta } from './beta.js';
import { betaBinomial } from './beta-binomial.js';
import { binomial } from './binomial.js';
import { cumulative } from './cumulative.js';
import { dirac } from './dirac.js';
import { exponential } from './exponential.js';
import type { Family, FamilyName } from './family.js';
import { gamma } from './gamma.js';
import { hurdle } from './hurdle.js';
import { inverseGaussian } from './inverse-gaussian.js';
import { lognormal } from './lognormal.js';
import { negativeBinomial } from './negative-binomial.js';
import { negativeBinomial1 } from './negative-binomial1.js';
import { normal } from './normal.js';
import { poisson } from './poisson.js';
import { studentT } from './student-t.js';
import { truncated } from './truncated.js';
import { weibull } from './weibull.js';
import { zeroInflated } from './zero-inflated.js';

export const families: Record<FamilyName, Family> = {
  normal,
  student_t: studentT,
  lognormal,
  gamma,
  inverse_gaussian: inverseGaussian,
  exponential,
  weibull,
  beta,
  bernoulli,
  binomial,
  beta_binomial: betaBinomial,
  poisson,
  negative_binomial: negativeBinomial,
  negative_binomial1: negativeBinomial1,
  cumulative,
  dirac,
  truncated,
  zero_inflated: zeroInflated,
  hurdle,
};
