import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { diagnostic } from '../../diagnostics/report.js';
import type { EngineOptions } from '../engine.js';
import { fixedCovariance } from './estimates.js';
import { kenwardRoger } from './kenward-roger.js';
import type { LmmWork } from './lmm-work.js';
import { spreadByVariances } from './residual/joint-covariance.js';
import { satterthwaite, varianceCovariance } from './satterthwaite.js';

/** Beyond this Student's distribution is the normal one to every digit. */
const mostFreedom = 1e6;

export interface CoefficientTest {
  readonly se: number;
  readonly df: number | null;
}

export interface Curvature {
  readonly hessian: Float64Array;
  readonly withSigma: Float64Array | null;
  /** Covariance of the variance parameters, where sigma has a predictor. */
  readonly variances: Float64Array | null;
}

/**
 * Where a model is about the size of errors and not about their order in time, the coefficients' standard errors contain the uncertainty
 * of the variance parameters [LMM-RES-9].
 */
function describesSpread({ model, priors }: LmmWork): boolean {
  const structure = model.residual?.correlation?.structure ?? 'none';
  return model.residual?.scale != null && priors === null && (structure === 'none' || structure === 'cs');
}

export function coefficientTests(
  work: LmmWork,
  { hessian, withSigma, variances }: Curvature,
  options: EngineOptions,
  warnings: Diagnostic[],
): { tests: CoefficientTest[]; vcov: Float64Array } {
  const { P } = work;
  const given = fixedCovariance(work);
  const wanted = options.degreesOfFreedom ?? 'satterthwaite';
  const se = (V: Float64Array, j: number): number => Math.sqrt(V[j + j * P]);
  const each = (test: (j: number) => CoefficientTest): CoefficientTest[] =>
    Array.from({ length: P }, (_, j) => test(j));
  if (wanted === 'kenward-roger') {
    const adjusted = kenwardRoger(work, given, () => variances ?? varianceCovariance(work, hessian, withSigma));
    if (adjusted.kind === 'adjusted') {
      const { covariance, df } = adjusted;
      return { tests: each((j) => ({ se: se(covariance, j), df: df[j] })), vcov: covariance };
    }
    warnings.push(diagnostic('MM507', {}, { reason: adjusted.reason }));
  }
  const more = variances !== null && describesSpread(work) ? spreadByVariances(work, variances) : null;
  const plain = more === null ? given : given.map((v, k) => v + more[k]);
  if (wanted === 'none') return { tests: each((j) => ({ se: se(plain, j), df: null })), vcov: plain };
  const about = satterthwaite(work, hessian, withSigma);
  const contrast = new Float64Array(P);
  return {
    tests: each((j) => {
      contrast.fill(0);
      contrast[j] = 1;
      const { df } = about.of(contrast);
      return { se: se(plain, j), df: df > 0 ? Math.min(df, mostFreedom) : null };
    }),
    vcov: plain,
  };
}
