import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import type { Table } from '../../../src/data/table.js';
import { tableFromColumns } from '../../../src/data/table-from.js';
import { blockCovariance } from '../../../src/engines/lmm/block-covariance.js';
import { fixedEffects } from '../../../src/engines/lmm/estimates.js';
import { jointProblem, whitenedSpace } from '../../../src/engines/lmm/priors/joint-problem.js';
import { profiledDeviance } from '../../../src/engines/lmm/profiled-deviance.js';
import { startTheta } from '../../../src/engines/lmm/start-theta.js';
import { logGamma } from '../../../src/kernels/special/gamma.js';
import { type BoundModel, bindTable } from './prior-models.js';
import { random } from './shapes.js';

/** An unbalanced design with a column far from zero, a factor, weights and an offset. */
function data(): Table {
  const { normal, uniform } = random('prior data');
  const n = 60;
  const rows = Array.from({ length: n }, (_, i) => i);
  const g = rows.map((i) => `g${i % 7}`);
  const h = rows.map((i) => `h${Math.floor(i / 11)}`);
  const x = rows.map(() => 300 + 20 * normal());
  const f = rows.map((i) => ['a', 'b', 'c'][(i + Math.floor(i / 5)) % 3]);
  const t = rows.map((i) => Math.floor(i / 7) + 1);
  const w = rows.map(() => 0.5 + uniform());
  const o = rows.map(() => normal());
  const y = rows.map((i) => 5 + 0.03 * x[i] + (i % 7) * 0.4 + o[i] + 1.5 * normal());
  return tableFromColumns({ y, x, f, t, w, o, g, h });
}

const table = data();

/** What an independent hand computes of a model at one point: everything in the user's own units, and dense. */
interface Point {
  readonly sigma: number;
  readonly beta: Readonly<Record<string, number>>;
  readonly sd: Readonly<Record<string, readonly number[]>>; // by block
  readonly cor: Readonly<Record<string, readonly (readonly (number | null)[])[]>>;
  readonly cov: Readonly<Record<string, Matrix>>;
}

/** Normal priors as a'beta ~ N(m, C), in the order of the coefficients. */
interface Normal {
  readonly rows: readonly (readonly number[])[];
  readonly mean: readonly number[];
  readonly cov: (sigma: number) => number[][];
}

interface Case {
  readonly name: string;
  readonly formula: string;
  readonly priors: string;
  readonly normal: Normal | null;
  /** -2 log of all other densities. */
  readonly others: (p: Point) => number;
}

const log2pi = Math.log(2 * Math.PI);
const logGammaD = (d: number, a: number): number =>
  ((d * (d - 1)) / 4) * Math.log(Math.PI) +
  Array.from({ length: d }, (_, j) => logGamma(a - j / 2)).reduce((s, v) => s + v, 0);
/** Products are symmetric up to rounding only, and the decomposition insists. */
const symmetric = (m: Matrix): Matrix => Matrix.add(m, m.transpose()).div(2);
const logDet = (m: Matrix): number =>
  new CholeskyDecomposition(symmetric(m)).lowerTriangularMatrix.diagonal().reduce((t, v) => t + 2 * Math.log(v), 0);
const trace = (m: Matrix): number => m.diagonal().reduce((t, v) => t + v, 0);
const solve = (a: Matrix, b: Matrix): Matrix => new CholeskyDecomposition(symmetric(a)).solve(b);
const minus2 = {
  gamma: (x: number, a: number, b: number) => -2 * ((a - 1) * Math.log(x) - b * x + a * Math.log(b) - logGamma(a)),
  inverseGamma: (x: number, a: number, b: number) =>
    -2 * (-(a + 1) * Math.log(x) - b / x + a * Math.log(b) - logGamma(a)),
  normal: (x: number, m: number, s: number) => log2pi + 2 * Math.log(s) + ((x - m) / s) ** 2,
  t: (x: number, df: number, m: number, s: number) =>
    -2 *
    (logGamma((df + 1) / 2) -
      logGamma(df / 2) -
      Math.log(df * Math.PI) / 2 -
      Math.log(s) -
      ((df + 1) / 2) * Math.log(1 + ((x - m) / s) ** 2 / df)),
  laplace: (x: number, m: number, b: number) => 2 * Math.log(2 * b) + (2 * Math.abs(x - m)) / b,
  wishart(X: Matrix, df: number, S: Matrix): number {
    const d = X.rows;
    return (
      -((df - d - 1) * logDet(X)) + trace(solve(S, X)) + df * d * Math.LN2 + df * logDet(S) + 2 * logGammaD(d, df / 2)
    );
  },
  inverseWishart(X: Matrix, df: number, S: Matrix): number {
    const d = X.rows;
    return (
      (df + d + 1) * logDet(X) + trace(solve(X, S)) + df * d * Math.LN2 - df * logDet(S) + 2 * logGammaD(d, df / 2)
    );
  },
  /** Of one correlation: (1 - r^2)^(eta - 1) over its integral from -1 to 1. */
  lkj2: (r: number, eta: number) =>
    -2 * ((eta - 1) * Math.log(1 - r * r) - ((2 * eta - 1) * Math.LN2 + 2 * logGamma(eta) - logGamma(2 * eta))),
};

const diagonal = (...v: number[]) => Matrix.diag(v);
const sameSd = (sds: readonly number[]) => (): number[][] =>
  sds.map((s, i) => sds.map((_, j) => (i === j ? s * s : 0)));

// coefficients: (Intercept), x, fb, fc
const cases: readonly Case[] = [
  {
    name: 'some coefficients on each scale, an unstructured slope far from zero',
    formula: 'x + f + (x | g) + (1 | h)',
    priors: `intercept ~ normal(10, 4)
beta[f] ~ normal(0.5, 2 * sigma)
cov(g) ~ inverse_wishart(df = 5, scale = [[4, 0.02], [0.02, 0.001]])
sd(h) ~ gamma(2, 0.5)
sigma^2 ~ inverse_gamma(3, 4)`,
    normal: {
      rows: [
        [1, 0, 0, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 1],
      ],
      mean: [10, 0.5, 0.5],
      cov: (sigma) => [
        [16, 0, 0],
        [0, 4 * sigma * sigma, 0],
        [0, 0, 4 * sigma * sigma],
      ],
    },
    others: ({ cov, sd, sigma }) =>
      minus2.inverseWishart(
        cov.g,
        5,
        new Matrix([
          [4, 0.02],
          [0.02, 0.001],
        ]),
      ) +
      minus2.gamma(sd.h[0], 2, 0.5) +
      minus2.inverseGamma(sigma * sigma, 3, 4),
  },
  {
    name: 'a joint prior, a difference, correlations',
    formula: 'x + f + (1 + x | g)',
    priors: `[intercept, beta[x]] ~ multi_normal([8, 0.02], [[9, 0.01], [0.01, 0.01]])
beta[fb] - 2 * beta[fc] ~ normal(1, 0.7)
cor(g) ~ lkj(2.5)
sd(g)[x] ~ student_t(4, 0.01, 0.05)
cov(g) / sigma^2 ~ wishart(df = 6, scale = diag(2, 0.001))
sigma ~ lognormal(0.3, 0.4)`,
    normal: {
      rows: [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, -2],
      ],
      mean: [8, 0.02, 1],
      cov: () => [
        [9, 0.01, 0],
        [0.01, 0.01, 0],
        [0, 0, 0.49],
      ],
    },
    others: ({ cov, cor, sd, sigma }) =>
      minus2.lkj2(cor.g[0][1] ?? Number.NaN, 2.5) +
      minus2.t(sd.g[1], 4, 0.01, 0.05) +
      minus2.wishart(Matrix.mul(cov.g, 1 / sigma ** 2), 6, diagonal(2, 0.001)) +
      minus2.normal(Math.log(sigma), 0.3, 0.4) +
      2 * Math.log(sigma),
  },
  {
    name: 'independent columns, variances, a penalty',
    formula: '0 + f + x + (x || g) + (1 | h)',
    priors: `beta ~ normal(1, 3)
sd(g)^2 ~ inverse_gamma(2, 0.01)
sd(h) / sigma ~ gamma(2, 1.5)
penalize 3 * (log(sd(h)) - log(sigma))^2`,
    normal: {
      rows: [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? 1 : 0))),
      mean: [1, 1, 1, 1],
      cov: sameSd([3, 3, 3, 3]),
    },
    others: ({ sd, sigma }) =>
      minus2.inverseGamma(sd.g[0] ** 2, 2, 0.01) +
      minus2.inverseGamma(sd.g[1] ** 2, 2, 0.01) +
      minus2.gamma(sd.h[0] / sigma, 2, 1.5) +
      3 * Math.log(sd.h[0] / sigma) ** 2,
  },
  {
    name: 'compound symmetry and a serial effect',
    formula: 'x + cs(0 + f | h) + ar1(t | g)',
    priors: `sd(h) ~ gamma(2, 1)
sd(g) ~ inverse_gamma(2, 1)
cor(g) ~ normal(0.2, 0.3)
cor(h) ~ normal(0.4, 0.2)`,
    normal: null,
    others: ({ sd, cor }) =>
      sd.h.reduce((t, s) => t + minus2.gamma(s, 2, 1), 0) +
      minus2.inverseGamma(sd.g[0], 2, 1) +
      minus2.normal(cor.g[0][1] ?? Number.NaN, 0.2, 0.3) +
      minus2.normal(cor.h[0][1] ?? Number.NaN, 0.4, 0.2),
  },
  {
    name: 'one sd and one correlation',
    formula: 'x + homcs(0 + f | h)',
    priors: 'sd(h) ~ gamma(2, 1)\nbeta[x] / sigma ~ normal(0, 0.1)',
    normal: null,
    others: ({ sd, beta, sigma }) => minus2.gamma(sd.h[0], 2, 1) + minus2.normal(beta.x / sigma, 0, 0.1),
  },
  {
    name: 'priors that are not normal',
    formula: 'x + f + (1 | g)',
    priors: `intercept ~ student_t(4, 10, 3)
beta[x] ~ laplace(0.01, 0.02 * sigma)
[beta[fb], beta[fc]] ~ multi_student_t(3, [0, 1], diag(4, 9))
penalize 0.3 * (beta[fb] * sd(g) - 1)^2
sd(g) ~ exponential(0.7)`,
    normal: null,
    others({ beta, sd, sigma }) {
      const q = beta.fb ** 2 / 4 + (beta.fc - 1) ** 2 / 9;
      const joint =
        -2 * (logGamma(2.5) - logGamma(1.5) - Math.log(3 * Math.PI) - Math.log(36) / 2 - 2.5 * Math.log(1 + q / 3));
      return (
        minus2.t(beta['(Intercept)'], 4, 10, 3) +
        minus2.laplace(beta.x, 0.01, 0.02 * sigma) +
        joint +
        0.3 * (beta.fb * sd.g[0] - 1) ** 2 +
        2 * (0.7 * sd.g[0] - Math.log(0.7))
      );
    },
  },
];

function pointOf({ work, design }: BoundModel, sigma: number, beta: Float64Array): Point {
  const blocks = work.layout.blocks.map((b) => ({ label: b.block.label, ...blockCovariance(work, b, sigma) }));
  const cov = blocks.map(({ label, sd, cor }): [string, Matrix] => [
    label,
    new Matrix(sd.map((s, i) => sd.map((r, j) => s * r * (cor[i][j] ?? 0)))),
  ]);
  return {
    sigma,
    beta: Object.fromEntries(Array.from(beta, (b, j) => [design.coefficients[j].name, b])),
    sd: Object.fromEntries(blocks.map((b) => [b.label, b.sd])),
    cor: Object.fromEntries(blocks.map((b) => [b.label, b.cor])),
    cov: Object.fromEntries(cov),
  };
}

/** The covariance of y. */
function covarianceOf({ work }: BoundModel, point: Point): Matrix {
  const { model, layout } = work;
  const { rows, weights } = model;
  const V = Matrix.zeros(rows, rows);
  for (let i = 0; i < rows; i++) V.set(i, i, point.sigma ** 2 / (weights?.[i] ?? 1));
  layout.blocks.forEach((b, k) => {
    const S = point.cov[b.block.label];
    const { codes } = b.block.group;
    const load = model.loads[k];
    const all = b.block.positions === null ? null : [...new Set(b.block.positions)].sort((p, q) => p - q);
    const z = (i: number): number[] => {
      if (load.kind === 'dense')
        return Array.from({ length: load.size }, (_, c) => load.values?.[i * load.size + c] ?? 1);
      const position = b.block.positions?.[b.block.columnStart[codes[i]] + load.column[i]] ?? Number.NaN;
      return (all ?? []).map((p) => (p === position ? 1 : 0));
    };
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < rows; j++) {
        if (codes[i] !== codes[j]) continue;
        const [a, c] = [z(i), z(j)];
        let t = 0;
        for (let r = 0; r < a.length; r++) for (let s = 0; s < c.length; s++) t += a[r] * S.get(r, s) * c[s];
        V.set(i, j, V.get(i, j) + t);
      }
  });
  return V;
}

/** -2 log of likelihood times all priors at beta, or integrated over beta. */
function dense(bound: BoundModel, c: Case, point: Point, beta: Float64Array | null): number {
  const { model } = bound.work;
  const { rows, fixed } = model;
  const V = covarianceOf(bound, point);
  const X = new Matrix(
    Array.from({ length: rows }, (_, i) => Array.from({ length: fixed }, (_, j) => model.X[j * rows + i])),
  );
  const y = Matrix.columnVector(Array.from(model.y, (v, i) => v - (model.offset?.[i] ?? 0)));
  const K = c.normal?.rows.length ?? 0;
  const A = c.normal === null ? null : new Matrix(c.normal.rows.map((r) => [...r]));
  const m = Matrix.columnVector([...(c.normal?.mean ?? [0])]);
  const C = c.normal === null ? null : new Matrix(c.normal.cov(point.sigma));
  const square = (r: Matrix, M: Matrix): number => r.transpose().mmul(solve(M, r)).get(0, 0);
  const constants = (rows + K) * log2pi + logDet(V) + (C === null ? 0 : logDet(C)) + c.others(point);
  const at = (b: Matrix): number =>
    square(Matrix.sub(y, X.mmul(b)), V) + (A === null || C === null ? 0 : square(Matrix.sub(A.mmul(b), m), C));
  if (beta !== null) return constants + at(Matrix.columnVector([...beta]));
  let H = X.transpose().mmul(solve(V, X));
  let right = X.transpose().mmul(solve(V, y));
  if (A !== null && C !== null) {
    H = Matrix.add(H, A.transpose().mmul(solve(C, A)));
    right = Matrix.add(right, A.transpose().mmul(solve(C, m)));
  }
  return constants + at(solve(H, right)) + logDet(H) - fixed * log2pi;
}

const sourceOf = (c: Case, method: string) =>
  `y ~ normal(mu, sigma)\nmu = ${c.formula} + offset(o)\nweights w\n${c.priors}\nfit ${method}\n`;

describe.each(cases)('$name', (c) => {
  const integrable = c.name !== 'priors that are not normal' && c.name !== 'one sd and one correlation';

  test.runIf(integrable)('REML: the integral over beta, written out', () => {
    const bound = bindTable(sourceOf(c, 'reml'), table);
    const { work } = bound;
    const { normal, uniform } = random(c.name);
    const problem = jointProblem(work, { thetas: work.parameters, beta: null, sigma: true });
    for (let k = 0; k < 3; k++) {
      const theta = startTheta(work).map((v) => v + 0.2 * normal());
      const x = Math.log(0.05 + 0.1 * uniform());
      const ours = problem.evaluate(Float64Array.from([...theta, x]), null) * work.model.rows;
      const sigma = Math.exp(x) * work.products.response.length;
      const point = pointOf(bound, sigma, fixedEffects(work));
      expect(Math.abs(ours - dense(bound, c, point, null))).toBeLessThan(1e-7);
    }
  });

  test('ML: the sum at any beta, written out', () => {
    const bound = bindTable(sourceOf(c, 'ml'), table);
    const { work } = bound;
    const { normal, uniform } = random(`${c.name} ml`);
    profiledDeviance(work, startTheta(work));
    const space = whitenedSpace(work, true);
    const problem = jointProblem(work, space);
    for (let k = 0; k < 3; k++) {
      const theta = startTheta(work).map((v) => v + 0.2 * normal());
      const x = Math.log(0.05 + 0.1 * uniform());
      const w = Array.from({ length: work.P }, () => 0.5 * normal());
      const z = Float64Array.from([...theta, ...w, x]);
      const gradient = new Float64Array(z.length);
      const ours = problem.evaluate(z, gradient) * work.model.rows;
      const sigma = Math.exp(x) * work.products.response.length;
      const beta = fixedEffects(work);
      const point = pointOf(bound, sigma, beta);
      expect(Math.abs(ours - dense(bound, c, point, beta))).toBeLessThan(1e-7);
      // and its gradient
      for (let p = 0; p < z.length; p++) {
        const at = (h: number): number =>
          problem.evaluate(
            Float64Array.from(z, (v, i) => (i === p ? v + h : v)),
            null,
          );
        const central = (h: number): number => (at(h) - at(-h)) / (2 * h);
        const slope = (4 * central(1e-4) - central(2e-4)) / 3;
        expect(Math.abs(gradient[p] - slope) / Math.max(1, Math.abs(slope)), `z[${p}]`).toBeLessThan(1e-6);
      }
    }
  });
});
