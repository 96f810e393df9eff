import { certify } from '../optim/certify.js';
import type { CertifiedMinimum } from '../optim/minimize-certified.js';
import { nelderMead } from '../optim/nelder-mead.js';
import type { SmoothProblem } from '../optim/problem.js';
import type { NumericOptions } from './problem.js';

/** A minimum that was found without derivatives, and what the derivatives say of it. */
export interface SimplexMinimum {
  readonly optimum: CertifiedMinimum;
  /** The simplex has settled: its corners differ by less than the tolerance, and a fresh one brought nothing more. */
  readonly settled: boolean;
}

/** @param unit  units of the problem's values in deviance; the simplex stops at differences of 1e-9 */
export function simplexMinimum(
  problem: SmoothProblem,
  start: Float64Array,
  unit: number,
  options: NumericOptions,
): SimplexMinimum {
  const iteration = nelderMead((x) => problem.evaluate(x, null), start, {
    tolerance: 1e-9 / unit,
    ...(options.maxEvaluations === undefined ? {} : { maxEvaluations: options.maxEvaluations }),
  });
  for (;;) {
    const next = iteration.next();
    const { corners, values, evaluations, iteration: steps, status } = next.value;
    if (!next.done) {
      options.signal?.throwIfAborted();
      options.onProgress?.({ stage: 'simplex', evaluations, objective: values[0] * unit });
      continue;
    }
    const [x] = corners;
    const certificate = certify(problem, x, { gradientNoise: 1e-10 });
    const { value, gradient, hessian } = certificate;
    return {
      settled: status === 'converged',
      optimum: {
        certificate,
        state: {
          iteration: steps,
          evaluations: evaluations + certificate.evaluations,
          x,
          value,
          gradient,
          hessian,
          radius: 0,
          status: status === 'converged' ? 'converged' : 'limit',
          updates: -1,
          stalls: 0,
          escapes: 0,
          predicted: certificate.decrement,
        },
      },
    };
  }
}
