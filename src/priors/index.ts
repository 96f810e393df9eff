import { betaSignature } from './beta.js';
import { cauchySignature } from './cauchy.js';
import { dirichletSignature } from './dirichlet.js';
import { exponentialSignature } from './exponential.js';
import { gammaSignature } from './gamma.js';
import { halfCauchySignature } from './half-cauchy.js';
import { halfNormalSignature } from './half-normal.js';
import { halfTSignature } from './half-t.js';
import { horseshoeSignature } from './horseshoe.js';
import { inverseGammaSignature } from './inverse-gamma.js';
import { inverseWishartSignature } from './inverse-wishart.js';
import { laplaceSignature } from './laplace.js';
import { lkjSignature } from './lkj.js';
import { lognormalSignature } from './lognormal.js';
import { multiNormalSignature } from './multi-normal.js';
import { multiStudentTSignature } from './multi-student-t.js';
import { normalSignature } from './normal.js';
import type { PriorName, PriorSignature } from './prior.js';
import { studentTSignature } from './student-t.js';
import { uniformSignature } from './uniform.js';
import { wishartSignature } from './wishart.js';

/** What the checker knows of each distribution that stands right of `~` in a prior. */
export const priorSignatures: Record<PriorName, PriorSignature> = {
  normal: normalSignature,
  student_t: studentTSignature,
  cauchy: cauchySignature,
  laplace: laplaceSignature,
  horseshoe: horseshoeSignature,
  half_normal: halfNormalSignature,
  half_t: halfTSignature,
  half_cauchy: halfCauchySignature,
  gamma: gammaSignature,
  inverse_gamma: inverseGammaSignature,
  exponential: exponentialSignature,
  lognormal: lognormalSignature,
  uniform: uniformSignature,
  beta: betaSignature,
  multi_normal: multiNormalSignature,
  multi_student_t: multiStudentTSignature,
  wishart: wishartSignature,
  inverse_wishart: inverseWishartSignature,
  lkj: lkjSignature,
  dirichlet: dirichletSignature,
};

export function isPriorName(name: string): name is PriorName {
  return Object.hasOwn(priorSignatures, name);
}
