import { expect, test } from 'vitest';
import { compile } from '../../../src/compile.js';
import { schemaOf } from '../../../src/data/schema-of.js';
import { tableFromColumns } from '../../../src/data/table-from.js';
import { fit } from '../../../src/fit.js';
import { createRng } from '../../../src/kernels/rng.js';

/*
 * The observed information by Louis' identity (Louis 1982), from complete-data scores and information written out here: for
 * independent groups it is the sum over groups of E[information | y] - Cov[score | y]. The latent variables of a group are its class
 * and its random effect, whose expectations are taken on a fine grid.
 */

const groups = 60;
const each = 6;
const n = groups * each;

function simulated() {
  const rng = createRng('louis');
  const x = Float64Array.from({ length: n }, () => rng.normal());
  const g = Int32Array.from({ length: n }, (_, i) => Math.floor(i / each));
  const v = Float64Array.from({ length: groups }, () => 0.4 * rng.normal());
  const low = Float64Array.from({ length: groups }, () => (rng.uniform() < 0.45 ? 1 : 0));
  const y = Float64Array.from(x, (value, i) => {
    const eta = (low[g[i]] === 1 ? 0.2 + 0.5 * value : 1.5 - 0.2 * value) + v[g[i]];
    let count = 0;
    for (let p = Math.exp(-Math.exp(eta)), s = p, u = rng.uniform(); u > s && count < 200; ) {
      count++;
      p *= Math.exp(eta) / count;
      s += p;
    }
    return count;
  });
  return { x, g, y };
}

/** Parameters: intercept and slope of both classes, the standard deviation, and the log odds of the first class. */
function louis(parameters: readonly number[], { x, g, y }: ReturnType<typeof simulated>): number[][] {
  const P = parameters.length;
  const [sd, odds] = [parameters[4], parameters[5]];
  const logProbability = [-Math.log1p(Math.exp(-odds)), -Math.log1p(Math.exp(odds))];
  const probability = Math.exp(logProbability[0]);
  const information = Array.from({ length: P }, () => new Array<number>(P).fill(0));
  const step = 0.02;
  for (let group = 0; group < groups; group++) {
    const terms: { log: number; score: number[]; info: number[][] }[] = [];
    for (let k = 0; k < 2; k++)
      for (let u = -8; u <= 8; u += step) {
        let log = logProbability[k] - (u * u) / 2;
        const score = new Array<number>(P).fill(0);
        const info = Array.from({ length: P }, () => new Array<number>(P).fill(0));
        for (let i = 0; i < n; i++) {
          if (g[i] !== group) continue;
          const lambda = Math.exp(parameters[2 * k] + parameters[2 * k + 1] * x[i] + sd * u);
          log += y[i] * Math.log(lambda) - lambda;
          // eta is linear in these three, so the complete information has no second derivative of eta
          const slopes: [number, number][] = [
            [2 * k, 1],
            [2 * k + 1, x[i]],
            [4, u],
          ];
          for (const [a, da] of slopes) {
            score[a] += (y[i] - lambda) * da;
            for (const [b, db] of slopes) info[a][b] += lambda * da * db;
          }
        }
        score[5] = (k === 0 ? 1 : 0) - probability;
        info[5][5] = probability * (1 - probability);
        terms.push({ log, score, info });
      }
    const top = Math.max(...terms.map((t) => t.log));
    const total = terms.reduce((sum, t) => sum + Math.exp(t.log - top), 0);
    const mean = new Array<number>(P).fill(0);
    for (const { log, score } of terms) for (let a = 0; a < P; a++) mean[a] += (Math.exp(log - top) / total) * score[a];
    for (const { log, score, info } of terms) {
      const w = Math.exp(log - top) / total;
      for (let a = 0; a < P; a++)
        for (let b = 0; b < P; b++) information[a][b] += w * (info[a][b] - (score[a] - mean[a]) * (score[b] - mean[b]));
    }
  }
  return information;
}

/** Gauss-Jordan; the matrix is small and definite. */
function inverse(A: readonly (readonly number[])[]): number[][] {
  const m = A.length;
  const rows = A.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let c = 0; c < m; c++) {
    const pivot = rows[c][c];
    rows[c] = rows[c].map((v) => v / pivot);
    for (let r = 0; r < m; r++) {
      if (r === c) continue;
      const factor = rows[r][c];
      rows[r] = rows[r].map((v, j) => v - factor * rows[c][j]);
    }
  }
  return rows.map((row) => row.slice(m));
}

test("standard errors are those of Louis' identity", () => {
  const rows = simulated();
  const levels = Array.from({ length: groups }, (_, k) => `${k}`);
  const table = tableFromColumns({ x: rows.x, y: rows.y, g: { codes: rows.g, levels } });
  const source = `v = (1 | g)
mixture z per g {
  y ~ poisson(lambda)
  class low, high { log(lambda) = x + v }
}
order z by intercept
fit em(quadrature = 31)`;
  const [model] = compile(source, { schema: schemaOf(table) }).models;
  const found = fit(model, table).fit;
  const mixture = found?.mixture;
  if (found === undefined || mixture === null || mixture === undefined) throw new Error('no fit');
  const of = (name: string) => found.fixef.filter((f) => f.class === name);
  const coefficients = [...of('low'), ...of('high')];
  const beta = coefficients.map((f) => f.estimate ?? Number.NaN);
  const [share] = mixture.weights;
  const covariance = inverse(louis([...beta, found.varcorr[0].sd[0], Math.log(share / (1 - share))], rows));
  coefficients.forEach((f, i) => {
    expect((f.se ?? Number.NaN) / Math.sqrt(covariance[i][i])).toBeCloseTo(1, 4);
  });
  // by the delta method: d share / d log odds = share (1 - share)
  const shareSe = share * (1 - share) * Math.sqrt(covariance[5][5]);
  expect((mixture.weightsSe?.[0] ?? Number.NaN) / shareSe).toBeCloseTo(1, 4);
});
