import type { ColumnUnits, CovarianceModel } from '../lmm/structures/covariance-model.js';
import { lowerFactor, product } from '../lmm/structures/lower-factor.js';

/** A chart of unstructured covariances, with the way into it. */
export interface UsChart extends CovarianceModel {
  /** Writes the parameters of the covariance whose factor in the transformed columns is Lambda (size x size). */
  enterInto(parameters: Float64Array, at: number, size: number, lambda: Float64Array): void;
}

/**
 * An unstructured covariance by its standard deviations and the angles of its correlations [PROF-3]: with the terms in the order
 * `order`, row r of the factor in the columns' own units is s_r (sin a_1, cos a_1 sin a_2, ..., cos a_1 ... cos a_r). Each standard
 * deviation is a parameter, of either sign, or the square of one, and so is asin of the correlation of the first two terms; zero and one
 * are finite points.
 * @param order  the terms, those whose correlation is asked for first
 * @param power  2: standard deviations are squares, where their sign would turn round the correlation that is asked for
 */
export function usChart(
  order: readonly number[],
  units: Pick<ColumnUnits, 'R' | 'inverse'>,
  power: 1 | 2 = 1,
): UsChart {
  const k = order.length;
  const sd = (p: number): number => (power === 1 ? p : p * p);
  const unit = new Float64Array(k * k); // rows of length one, in the chart's order
  const F = new Float64Array(k * k);

  const rowInto = (r: number, parameters: Float64Array, angles: number): void => {
    let rest = 1;
    for (let c = 0; c < k; c++) unit[r + c * k] = 0;
    for (let c = 0; c < r; c++) {
      const a = parameters[angles + c];
      unit[r + c * k] = rest * Math.sin(a);
      rest *= Math.cos(a);
    }
    unit[r + r * k] = rest;
  };

  return {
    name: 'us',
    rebase: 'triangular',
    triangular: false,
    parameterCount: (size) => (size * (size + 1)) / 2,
    startInto(parameters, at, size) {
      parameters.fill(0, at, at + (size * (size + 1)) / 2);
      parameters.fill(1, at, at + size);
    },
    scaleInto(parameters, at, _size, sds) {
      for (const [c, s] of sds.entries()) parameters[at + c] = power === 1 ? s : Math.sqrt(s);
    },
    factorInto(lambda, start, size, parameters, at) {
      for (let r = 0; r < k; r++) rowInto(r, parameters, firstAngle(at, k, r));
      for (let c = 0; c < k; c++)
        for (let r = 0; r < k; r++) F[order[r] + c * k] = sd(parameters[at + order[r]]) * unit[r + c * k];
      lambda.set(product(units.R, F, size), start);
    },
    gradientInto(gradient, at, G, start, size, parameters) {
      // by F: R'G
      for (let c = 0; c < size; c++)
        for (let r = 0; r < size; r++) {
          let t = 0;
          for (let i = 0; i < size; i++) t += units.R[i + r * size] * G[start + i + c * size];
          F[r + c * size] = t;
        }
      for (let r = 0; r < k; r++) {
        const angles = firstAngle(at, k, r);
        rowInto(r, parameters, angles);
        const term = order[r];
        const s = sd(parameters[at + term]);
        const slope = power === 1 ? 1 : 2 * parameters[at + term];
        for (let c = 0; c <= r; c++) gradient[at + term] += slope * F[term + c * k] * unit[r + c * k];
        let before = 1;
        for (let j = 0; j < r; j++) {
          const a = parameters[angles + j];
          // the entries after j have the factor cos a_j, whose derivative is -sin a_j
          let t = F[term + j * k] * before * Math.cos(a);
          let rest = -before * Math.sin(a);
          for (let c = j + 1; c < r; c++) {
            t += F[term + c * k] * rest * Math.sin(parameters[angles + c]);
            rest *= Math.cos(parameters[angles + c]);
          }
          t += F[term + r * k] * rest;
          gradient[angles + j] += s * t;
          before *= Math.cos(a);
        }
      }
    },
    reportInto(into, at, size, parameters) {
      const L = new Float64Array(size * size);
      this.factorInto(L, 0, size, parameters, at, null);
      const own = lowerFactor(product(units.inverse, L, size), size);
      for (let c = 0, e = at; c < size; c++) for (let r = c; r < size; r++, e++) into[e] = own[r + c * size];
    },
    adoptInto(parameters, at, size, reported) {
      const L = new Float64Array(size * size);
      for (let c = 0, e = at; c < size; c++) for (let r = c; r < size; r++, e++) L[r + c * size] = reported[e];
      this.enterInto(parameters, at, size, product(units.R, L, size));
    },
    enterInto(parameters, at, size, lambda) {
      const own = product(units.inverse, lambda, size);
      const rows = new Float64Array(size * size);
      for (let r = 0; r < size; r++) {
        let square = 0;
        for (let c = 0; c < size; c++) square += own[order[r] + c * size] ** 2;
        const s = Math.sqrt(square);
        parameters[at + order[r]] = power === 1 ? s : Math.sqrt(s);
        for (let c = 0; c < size; c++) rows[r + c * size] = s > 0 ? own[order[r] + c * size] / s : 0;
      }
      const L = lowerFactor(rows, size);
      for (let r = 1; r < size; r++) {
        const angles = firstAngle(at, size, r);
        let rest = L[r + r * size] ** 2;
        for (let c = r - 1; c >= 0; c--) {
          parameters[angles + c] = Math.atan2(L[r + c * size], Math.sqrt(rest));
          rest += L[r + c * size] ** 2;
        }
      }
    },
  };
}

/** Where the r angles of row r stand, after the standard deviations. */
export function firstAngle(at: number, size: number, r: number): number {
  return at + size + (r * (r - 1)) / 2;
}
