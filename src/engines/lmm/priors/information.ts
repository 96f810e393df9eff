import { flopCount } from '../../../kernels/block-cholesky.js';
import { differenceHessian } from '../../../optim/certify.js';
import { shiftedCholesky, solveLowerInPlace, solveLowerTransposedInPlace } from '../../../optim/cholesky-solve.js';
import type { LmmWork } from '../lmm-work.js';
import { profiledDeviance } from '../profiled-deviance.js';
import type { JointOptimum } from './fit-joint.js';
import { jointProblem } from './joint-problem.js';

/** A gradient that costs more operations than this is taken half as often, for seven digits instead of nine. */
const costly = 2e8;

/**
 * Hessian of the objective in (theta, log sigma) at the optimum that `work` stands at, beta integrated out or at its mode
 * [LMM-PRIOR-9]; in theta alone where sigma is known. `work` is the same afterwards.
 */
export function thetaSigmaHessian(work: LmmWork): Float64Array {
  const { settings, at } = work;
  const n = work.parameters;
  const sigma = settings.fixedSigma === null;
  const theta = work.theta.slice();
  const x = new Float64Array(n + (sigma ? 1 : 0));
  x.set(theta);
  if (sigma) x[n] = Math.log(at.sigma);
  const problem = jointProblem(work, { thetas: n, beta: null, sigma });
  const gradient = new Float64Array(x.length);
  problem.evaluate(x, gradient);
  const flops = flopCount(work.chol);
  const differences = flops.factor + flops.inverse > costly ? 'forward' : 'central';
  const { hessian } = differenceHessian(problem, x, gradient, { differences });
  profiledDeviance(work, theta);
  return hessian.map((v) => v * work.model.rows);
}

/** The same from a joint optimum: beta is profiled out of its Hessian. */
export function reducedHessian(work: LmmWork, { optimum, space }: JointOptimum): Float64Array {
  const { rows } = work.model;
  const H = optimum.certificate.hessian;
  const all = optimum.state.x.length;
  const free = space.beta?.free ?? 0;
  const { thetas } = space;
  const kept = Array.from({ length: all }, (_, i) => i).filter((i) => i < thetas || i >= thetas + free);
  const n = kept.length;
  const inner = new Float64Array(free * free);
  for (let c = 0; c < free; c++)
    for (let r = 0; r < free; r++) inner[r + c * free] = H[thetas + r + (thetas + c) * all];
  const result = new Float64Array(n * n);
  const regular = shiftedCholesky(inner, free, 0, inner);
  for (let c = 0; c < n; c++) {
    const column = new Float64Array(free);
    for (let k = 0; k < free; k++) column[k] = H[thetas + k + kept[c] * all];
    if (regular) {
      solveLowerInPlace(inner, free, column);
      solveLowerTransposedInPlace(inner, free, column);
    } else column.fill(0);
    for (let r = 0; r < n; r++) {
      let t = H[kept[r] + kept[c] * all];
      for (let k = 0; k < free; k++) t -= H[kept[r] + (thetas + k) * all] * column[k];
      result[r + c * n] = t * rows;
    }
  }
  return result;
}
