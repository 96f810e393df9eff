import { betaDensity } from './beta.js';
import { cauchyDensity } from './cauchy.js';
import { dirichletDensity } from './dirichlet.js';
import type { EllipticalDensity } from './elliptical.js';
import { exponentialDensity } from './exponential.js';
import { gammaDensity } from './gamma.js';
import { halfCauchyDensity } from './half-cauchy.js';
import { halfNormalDensity } from './half-normal.js';
import { halfTDensity } from './half-t.js';
import { horseshoeDensity } from './horseshoe.js';
import { inverseGammaDensity } from './inverse-gamma.js';
import { inverseWishartDensity } from './inverse-wishart.js';
import { laplaceDensity } from './laplace.js';
import { lkjDensity } from './lkj.js';
import { lognormalDensity } from './lognormal.js';
import type { MatrixDensity } from './matrix-density.js';
import { multiNormalDensity } from './multi-normal.js';
import { multiStudentTDensity } from './multi-student-t.js';
import { normalDensity } from './normal.js';
import type { PriorName } from './prior.js';
import type { ScalarDensity } from './scalar-density.js';
import { studentTDensity } from './student-t.js';
import { uniformDensity } from './uniform.js';
import { wishartDensity } from './wishart.js';

/** How a prior is computed, by what its left side is. */
export type PriorDensity =
  | { readonly kind: 'scalar'; readonly density: ScalarDensity }
  | { readonly kind: 'vector'; readonly density: EllipticalDensity }
  | { readonly kind: 'covariance'; readonly density: MatrixDensity }
  | { readonly kind: 'correlation'; readonly density: typeof lkjDensity }
  | { readonly kind: 'simplex'; readonly density: typeof dirichletDensity };

const scalar = (density: ScalarDensity): PriorDensity => ({ kind: 'scalar', density });

/** The numeric side of every distribution of `priorSignatures`. */
export const priorDensities: Record<PriorName, PriorDensity> = {
  normal: scalar(normalDensity),
  student_t: scalar(studentTDensity),
  cauchy: scalar(cauchyDensity),
  laplace: scalar(laplaceDensity),
  horseshoe: scalar(horseshoeDensity),
  half_normal: scalar(halfNormalDensity),
  half_t: scalar(halfTDensity),
  half_cauchy: scalar(halfCauchyDensity),
  gamma: scalar(gammaDensity),
  inverse_gamma: scalar(inverseGammaDensity),
  exponential: scalar(exponentialDensity),
  lognormal: scalar(lognormalDensity),
  uniform: scalar(uniformDensity),
  beta: scalar(betaDensity),
  multi_normal: { kind: 'vector', density: multiNormalDensity },
  multi_student_t: { kind: 'vector', density: multiStudentTDensity },
  wishart: { kind: 'covariance', density: wishartDensity },
  inverse_wishart: { kind: 'covariance', density: inverseWishartDensity },
  lkj: { kind: 'correlation', density: lkjDensity },
  dirichlet: { kind: 'simplex', density: dirichletDensity },
};
