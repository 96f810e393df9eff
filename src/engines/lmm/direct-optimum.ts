import { flopCount } from '../../kernels/block-cholesky.js';
import { judge } from '../../optim/certify.js';
import { type CertifiedMinimum, endState } from '../../optim/minimize-certified.js';
import { NewtonSteps } from '../../optim/newton-steps.js';
import { levelClasses } from './level-classes.js';
import { LevelDeviance } from './level-deviance.js';
import type { LmmWork } from './lmm-work.js';
import { profiledDeviance } from './profiled-deviance.js';

/** Deviance that may be left: what a gradient of a billionth leaves where the curvature is one. */
const left = 1e-18;
/** What has not ended by then is no plain minimum. */
const mostEvaluations = 40;
/** With more floating-point operations in a factorization an evaluation more is not nothing. */
const cheap = 2e6;

/**
 * The minimum of the deviance of a small model with one grouping factor: Newton steps by classes of levels [LMM-20, OPT-8], whose last
 * Hessian is the proof. Null where the model has none or the steps lead nowhere; `work` ends at the minimum otherwise.
 */
export function directOptimum(work: LmmWork, start: Float64Array): CertifiedMinimum | null {
  const flops = flopCount(work.chol);
  if (work.parameters === 0 || flops.factor + flops.inverse > cheap) return null;
  const classes = levelClasses(work);
  if (classes === null) return null;
  const newton = new NewtonSteps(start.length);
  if (!newton.run(new LevelDeviance(work, classes), start, { tolerance: left, maxEvaluations: mostEvaluations }))
    return null;
  const { rows } = work.model;
  const x = newton.x.map((v) => v + 0); // without negative zeros
  const gradient = newton.gradient.map((v) => v / rows);
  const hessian = newton.hessian.map((v) => v / rows);
  const certificate = judge(newton.value / rows, gradient, hessian, 0);
  if (certificate.negativeCurvature !== null || !Number.isFinite(certificate.decrement)) return null;
  profiledDeviance(work, x);
  return { state: endState(x, certificate, newton.evaluations), certificate };
}
