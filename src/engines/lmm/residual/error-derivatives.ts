import type { LmmWork } from '../lmm-work.js';
import type { ErrorGroups, ScaleRows } from './residual-rows.js';
import type { ResidualWork } from './residual-work.js';

/**
 * Covariance of two rows' errors (of weighted rows; of one group, or one row with itself) and its derivatives by parameters that a
 * user knows [LMM-RES-10]. Linear where it can be: a variance for each class of rows that sigma's predictor tells apart, and a
 * covariance for each pair of positions in us, one in cs. Else sigma^2 or the coefficients of sigma's predictor, and the correlations.
 */
export interface ErrorDerivatives {
  readonly parameters: number;
  value(i: number, j: number): number;
  first(k: number, i: number, j: number): number;
  /** Null where all are zero. */
  readonly second: ((k: number, l: number, i: number, j: number) => number) | null;
  /** Derivatives of the parameters by (theta, log sigma) of the search, parameters x (work.parameters + 1), row-major. */
  slopes(): Float64Array;
}

/** In units of the scaled response, as `work.at.sigma` is. */
export function errorDerivatives(work: LmmWork, residual: ResidualWork): ErrorDerivatives {
  const { model, at, settings, theta } = work;
  const { inverseScale, correlation } = residual;
  const groups = model.residual?.correlation ?? null;
  const scale = model.residual?.scale ?? null;
  const sd = (i: number): number => at.sigma / inverseScale[i];
  const position = positionsByRow(groups, model.rows);
  const reported = correlation?.report(theta, residual.at.correlation).map(({ value }) => value) ?? [];
  const cor = (i: number, j: number): number =>
    i === j ? 1 : (correlation?.natural.value(reported, position[i], position[j]) ?? 0);
  const value = (i: number, j: number): number => sd(i) * sd(j) * cor(i, j);
  const free = settings.fixedSigma === null || scale !== null;
  const classes = scale === null ? { of: new Int32Array(model.rows), count: 1 } : rowClasses(scale, model.rows);

  const structure = groups?.structure ?? 'none';
  const oneSigma = classes !== null && classes.count === 1;
  const byPosition =
    structure === 'us' && classes !== null && groups !== null && (oneSigma || samePartition(classes, position, groups));
  if (classes !== null && (structure === 'none' || byPosition || (structure === 'cs' && oneSigma)))
    return linear(work, residual, { classes, free, value, position, structure, reported, sd });

  // coefficients of sigma (or sigma^2), then the correlations
  const own = !free ? 0 : scale === null ? 1 : scale.columns;
  const variance = at.sigma * at.sigma;
  const d = (i: number, k: number): number =>
    scale === null ? 0 : scale.X[i + k * model.rows] * logSlope(residual, i);
  const curve = (i: number, k: number, l: number): number =>
    scale === null ? 0 : scale.X[i + k * model.rows] * scale.X[i + l * model.rows] * logCurvature(residual, i);
  const byCorrelation = (k: number, i: number, j: number): number =>
    i === j ? 0 : (correlation?.natural.first(reported, position[i], position[j], k) ?? 0);
  return {
    parameters: own + reported.length,
    value,
    first(k, i, j) {
      if (k >= own) return sd(i) * sd(j) * byCorrelation(k - own, i, j);
      return scale === null ? value(i, j) / variance : value(i, j) * (d(i, k) + d(j, k));
    },
    second(k, l, i, j) {
      const [a, b] = k < l ? [k, l] : [l, k];
      if (a >= own) {
        if (i === j || correlation === null) return 0;
        return sd(i) * sd(j) * correlation.natural.second(reported, position[i], position[j], a - own, b - own);
      }
      if (b >= own) {
        const by = sd(i) * sd(j) * byCorrelation(b - own, i, j);
        return scale === null ? by / variance : by * (d(i, a) + d(j, a));
      }
      if (scale === null) return 0;
      return value(i, j) * ((d(i, a) + d(j, a)) * (d(i, b) + d(j, b)) + curve(i, a, b) + curve(j, a, b));
    },
    slopes() {
      const n = work.parameters + 1;
      const J = new Float64Array((own + reported.length) * n);
      if (scale === null && own === 1) J[n - 1] = 2 * variance;
      const { sigma } = residual;
      if (sigma !== null)
        for (let k = 0; k < own; k++) {
          for (let p = 0; p < sigma.count; p++) J[k * n + residual.at.sigma + p] = sigma.unit * sigma.T[k + p * own];
          if (sigma.a !== null) J[k * n + n - 1] = sigma.a[k];
        }
      const byParameter = correlation?.reportSlopes(theta, residual.at.correlation) ?? new Float64Array(0);
      for (let k = 0; k < reported.length; k++)
        for (let p = 0; p < reported.length; p++)
          J[(own + k) * n + residual.at.correlation + p] = byParameter[k * reported.length + p];
      return J;
    },
  };
}

/** d log sigma_i / d eta. */
function logSlope({ sigma, slope }: ResidualWork, i: number): number {
  return sigma === null ? 0 : slope[i];
}

/** d2 log sigma_i / d eta2. */
function logCurvature({ sigma, eta, slope }: ResidualWork, i: number): number {
  if (sigma === null) return 0;
  const { link } = sigma;
  return link.derivative2(eta[i]) / link.inverse(eta[i]) - slope[i] * slope[i];
}

interface RowClasses {
  readonly of: Int32Array; // rows
  readonly count: number;
}

interface LinearParts {
  readonly classes: RowClasses;
  readonly free: boolean;
  readonly value: (i: number, j: number) => number;
  readonly position: Float64Array;
  readonly structure: string;
  readonly reported: readonly number[];
  readonly sd: (i: number) => number;
}

function linear(work: LmmWork, residual: ResidualWork, parts: LinearParts): ErrorDerivatives {
  const { classes, free, value, position, structure, reported, sd } = parts;
  const own = free ? classes.count : 0;
  const pairs = reported.length;
  const pairOf = (i: number, j: number): number => {
    if (structure !== 'us') return 0;
    const r = Math.max(position[i], position[j]);
    return (r * (r - 1)) / 2 + Math.min(position[i], position[j]);
  };
  return {
    parameters: own + pairs,
    value,
    first(k, i, j) {
      if (i === j) return k < own && classes.of[i] === k ? 1 : 0;
      return k >= own && pairOf(i, j) === k - own ? 1 : 0;
    },
    second: null,
    slopes() {
      const n = work.parameters + 1;
      const J = new Float64Array((own + pairs) * n);
      const { sigma, slope, correlation } = residual;
      // derivatives of log s_i + log s_j, times a covariance
      const addScale = (k: number, i: number, j: number, covariance: number): void => {
        J[k * n + n - 1] += 2 * covariance;
        if (sigma === null) return;
        for (let p = 0; p < sigma.count; p++)
          J[k * n + residual.at.sigma + p] +=
            covariance * sigma.unit * (slope[i] * sigma.B[i + p * sigma.rows] + slope[j] * sigma.B[j + p * sigma.rows]);
      };
      for (let k = 0; k < own; k++) {
        const i = classes.of.indexOf(k);
        addScale(k, i, i, sd(i) * sd(i));
      }
      const byParameter = correlation?.reportSlopes(work.theta, residual.at.correlation) ?? new Float64Array(0);
      for (let k = 0, r = 1, c = 0; k < pairs; k++) {
        // any row at the position will do: with us sigma depends on nothing else, with cs it is the same for all
        const [i, j] = structure === 'us' ? [position.indexOf(c), position.indexOf(r)] : [0, 0];
        const both = sd(i) * sd(j);
        addScale(own + k, i, j, both * reported[k]);
        for (let p = 0; p < pairs; p++)
          J[(own + k) * n + residual.at.correlation + p] += both * byParameter[k * pairs + p];
        c++;
        if (c === r) {
          r++;
          c = 0;
        }
      }
      return J;
    },
  };
}

function positionsByRow(groups: ErrorGroups | null, rows: number): Float64Array {
  const position = new Float64Array(rows);
  groups?.row.forEach((i, k) => {
    position[i] = groups.position[k];
  });
  return position;
}

/** Rows that sigma's predictor cannot tell apart, if it has as many coefficients as there are such classes; null otherwise. */
function rowClasses({ X, columns, offset }: ScaleRows, rows: number): RowClasses | null {
  const known = new Map<string, number>();
  const of = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    const own = Array.from({ length: columns }, (_, c) => X[i + c * rows]);
    own.push(offset === null ? 0 : offset[i]);
    const key = own.join(' ');
    const found = known.get(key) ?? known.size;
    if (found === columns) return null;
    known.set(key, found);
    of[i] = found;
  }
  return known.size === columns ? { of, count: columns } : null;
}

/** Whether a class holds the rows at one position. */
function samePartition({ of, count }: RowClasses, position: Float64Array, groups: ErrorGroups): boolean {
  const at = new Float64Array(count).fill(-1);
  for (let i = 0; i < of.length; i++) {
    if (at[of[i]] >= 0 && at[of[i]] !== position[i]) return false;
    at[of[i]] = position[i];
  }
  return count === groups.labels.length;
}
