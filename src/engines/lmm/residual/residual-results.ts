import type { Design, PredictorDesign } from '../../../data/design.js';
import { InternalError } from '../../../diagnostics/internal-error.js';
import { normalTwoSided } from '../../../kernels/distributions.js';
import { links } from '../../../links/index.js';
import { type LinkName, linkNames } from '../../../links/link.js';
import type { ErrorsResult, FixedEffect } from '../../../results/fit.js';
import { residualSd } from '../estimates.js';
import type { LmmWork } from '../lmm-work.js';
import type { ErrorGroups } from './residual-rows.js';
import { coefficientsOf } from './sigma-model.js';

/** Coefficients of sigma's predictor and their covariance. */
export interface SigmaCoefficients {
  readonly estimate: Float64Array;
  readonly covariance: Float64Array; // columns x columns
}

/**
 * @param link        of the predictor of sigma
 * @param covariance  of (theta, log sigma), as `varianceCovariance` gives it
 */
export function sigmaCoefficients(work: LmmWork, link: LinkName, covariance: Float64Array): SigmaCoefficients {
  const { residual, parameters } = work;
  const all = parameters + 1;
  const model = residual?.sigma ?? null;
  const logSigma = Math.log(residualSd(work));
  if (model === null) {
    const eta = links[link].link(residualSd(work));
    const slope = residualSd(work) / links[link].derivative1(eta); // d eta / d log sigma
    return { estimate: Float64Array.of(eta), covariance: Float64Array.of(slope * slope * covariance[all * all - 1]) };
  }
  if (residual === null) throw new InternalError('a predictor of sigma without residual structure', link);
  const { columns, count, T, a, unit } = model;
  const slope = (j: number, p: number): number => {
    const k = p - residual.at.sigma;
    if (k >= 0 && k < count) return unit * T[j + k * columns];
    return p === parameters && a !== null ? a[j] : 0;
  };
  const V = new Float64Array(columns * columns);
  const half = new Float64Array(all);
  for (let c = 0; c < columns; c++) {
    for (let p = 0; p < all; p++) {
      half[p] = 0;
      for (let r = residual.at.sigma; r < all; r++) half[p] += covariance[p + r * all] * slope(c, r);
    }
    for (let r = 0; r < columns; r++)
      for (let p = residual.at.sigma; p < all; p++) V[r + c * columns] += slope(r, p) * half[p];
  }
  return { estimate: coefficientsOf(model, work.theta, residual.at.sigma, Math.exp(logSigma)), covariance: V };
}

/** Rows of the table of coefficients for a predictor of sigma that somebody wrote; tests are asymptotic. */
export function sigmaEffects(
  work: LmmWork,
  design: Design,
  predictor: PredictorDesign,
  covariance: Float64Array,
): { readonly rows: FixedEffect[]; readonly covariance: Float64Array } {
  const link = linkNames.find((name) => name === predictor.link);
  if (link === undefined) throw new InternalError('sigma has no such link', predictor.link);
  const { parameter } = predictor;
  const found = sigmaCoefficients(work, link, covariance);
  const n = predictor.columns.length;
  const rows: FixedEffect[] = Array.from(predictor.columns, (column, j) => {
    const { name } = design.coefficients[column];
    const estimate = found.estimate[j];
    const se = Math.sqrt(found.covariance[j * (n + 1)]);
    // a sigma that is held has no error
    if (!(se > 0)) return { ...untested, name, predictor: parameter, link, estimate };
    const statistic = estimate / se;
    return { ...untested, name, predictor: parameter, link, estimate, se, statistic, p: normalTwoSided(statistic) };
  });
  for (const { name } of predictor.dropped)
    rows.push({ ...untested, name, predictor: parameter, link, estimate: null });
  return { rows, covariance: found.covariance };
}

const untested = { class: null, se: null, statistic: null, df: null, p: null };

/** Standard deviation of each row's error, weights included. */
export function rowSds(work: LmmWork): Float64Array {
  const { residual, model } = work;
  const sigma = residualSd(work);
  return Float64Array.from({ length: model.rows }, (_, i) => {
    const s = residual === null ? 1 : 1 / residual.inverseScale[i];
    return (sigma * s) / Math.sqrt(model.weights === null ? 1 : model.weights[i]);
  });
}

/** Correlations of the errors by name: `cor.ar1`; of `us` one per pair of positions. */
export function errorCorrelations(work: LmmWork): Record<string, number> {
  const { residual, theta } = work;
  if (residual === null || residual.correlation === null) return {};
  const found = residual.correlation.report(theta, residual.at.correlation);
  return Object.fromEntries(found.map(({ name, value }) => [name, value]));
}

/** Correlated errors as a summary shows them. */
export function errorsResult(work: LmmWork, groups: ErrorGroups): ErrorsResult {
  const { structure, label, labels } = groups;
  const values = Object.values(errorCorrelations(work));
  const K = labels.length;
  const correlations =
    structure !== 'us'
      ? null
      : labels.map((_, r) =>
          labels.map((__, c) => {
            const [low, high] = [Math.min(r, c), Math.max(r, c)];
            return r === c ? 1 : values[(high * (high - 1)) / 2 + low];
          }),
        );
  return {
    structure,
    group: label,
    positions: labels,
    correlation: structure === 'us' ? Number.NaN : values[0],
    correlations,
    sd: K > mostPositions ? null : sdByPosition(work, groups),
  };
}

/** More rows of a table than this are for the JSON's reader only. */
const mostPositions = 60;

function sdByPosition(work: LmmWork, { structure, labels, row, position }: ErrorGroups): number[] | null {
  const { residual } = work;
  if (residual === null || residual.sigma === null || structure === 'car1') return null;
  const sigma = residualSd(work);
  const sd = new Array<number>(labels.length).fill(Number.NaN);
  for (let k = 0; k < row.length; k++) {
    const own = sigma / residual.inverseScale[row[k]];
    const before = sd[position[k]];
    if (!Number.isNaN(before) && Math.abs(own - before) > 1e-12 * own) return null;
    sd[position[k]] = own;
  }
  return sd;
}

/** Residuals made independent and of variance one: R^-1/2 (y - fitted) / sigma, each given those before it in its group. */
export function normalizedResiduals(work: LmmWork, errors: Float64Array): Float64Array {
  const { residual, theta } = work;
  const sds = rowSds(work);
  const scaled = errors.map((e, i) => e / sds[i]);
  if (residual === null || residual.correlation === null) return scaled;
  return residual.correlation.standardize(scaled, residual.table, theta, residual.at.correlation);
}
