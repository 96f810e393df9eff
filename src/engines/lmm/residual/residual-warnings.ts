import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { diagnostic } from '../../../diagnostics/report.js';
import type { Span } from '../../../diagnostics/span.js';
import { symmetricEigen } from '../../../kernels/symmetric-eigen.js';
import type { CertifiedMinimum } from '../../../optim/minimize-certified.js';
import type { LmmWork } from '../lmm-work.js';
import { startCurvature } from './residual-start.js';
import type { ResidualWork } from './residual-work.js';

/** A correlation below this is at the bound of zero. */
const noCorrelation = 1e-6;
/** A row whose error, given the others of its group, has a standard deviation below this share of its own is determined by them. */
const determined = 1e-2;
/** A sigma below this share of the least-squares fit's is going to zero. */
const vanishing = 1e-6;
/** Directions of the scaled Hessian below this share of its largest eigenvalue are flat; above `involved` a parameter is part of one. */
const flat = 1e-9;
const involved = 0.1;

export interface ResidualFindings {
  readonly warnings: readonly Diagnostic[];
  readonly singular: boolean;
  /** The search ran after a likelihood without a maximum. */
  readonly unbounded: boolean;
}

/** What is odd about the errors' variances and correlations at the end of a search. */
export function residualFindings(
  work: LmmWork,
  residual: ResidualWork,
  optimum: CertifiedMinimum,
  converged: boolean,
  span: Span,
): ResidualFindings {
  const warnings: Diagnostic[] = [];
  const groups = work.model.residual?.correlation ?? null;
  const reported = residual.correlation?.report(work.theta, residual.at.correlation) ?? [];
  const singular = groups?.structure === 'car1' && reported.every(({ value }) => Math.abs(value) < noCorrelation);
  if (singular && groups !== null) warnings.push(diagnostic('MM512', { span }, { group: groups.label }));
  const runaway = converged ? null : whatVanishes(work, residual);
  if (runaway !== null) warnings.push(diagnostic('MM513', { span }, { what: runaway }));
  if (converged && isFlat(work, residual, optimum)) warnings.push(diagnostic('MM514', { span }, {}));
  return { warnings, singular, unbounded: runaway !== null };
}

function whatVanishes(work: LmmWork, { inverseScale, table, correlation, sigma }: ResidualWork): string | null {
  const label = work.model.residual?.correlation?.label ?? '';
  if (correlation !== null && table.some((v) => Math.abs(v) * determined > 1))
    return `errors within ${label} become linear functions of each other`;
  const share = work.at.sigma * Math.sqrt(work.model.rows);
  if (sigma !== null && inverseScale.some((v) => share < vanishing * v)) return 'sigma goes to zero for some rows';
  return null;
}

/** Whether some combination of parameters, the residual's among them, leaves the deviance as it is. */
function isFlat(work: LmmWork, residual: ResidualWork, optimum: CertifiedMinimum): boolean {
  const n = work.parameters;
  const { hessian } = optimum.certificate;
  if (hessian.length !== n * n || !hessian.every(Number.isFinite)) return false;
  // a coefficient of sigma by itself: against the information that rows have
  const expected = startCurvature(work, residual);
  for (let k = residual.at.sigma; k < n; k++) {
    const own = k - work.layout.thetas;
    if (Math.abs(hessian[k * (n + 1)]) < flat * expected[own * (residual.parameters + 1)]) return true;
  }
  if (optimum.certificate.flat === 0) return false;
  const scale = Float64Array.from({ length: n }, (_, i) => {
    const h = Math.abs(hessian[i * (n + 1)]);
    return h > 0 ? 1 / Math.sqrt(h) : 1;
  });
  const scaled = hessian.map((v, k) => v * scale[k % n] * scale[Math.floor(k / n)]);
  const { values, vectors } = symmetricEigen(scaled, n);
  for (let k = 0; k < n; k++) {
    if (!(Math.abs(values[k]) < flat * Math.abs(values[n - 1]))) continue;
    for (let i = work.layout.thetas; i < n; i++) if (Math.abs(vectors[i + k * n]) > involved) return true;
  }
  return false;
}
