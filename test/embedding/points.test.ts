import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { compile, type DenseMatrix, type LmmPoint, type SparseFactor } from '../../src/index.js';
import { type DenseModel, denseMode, denseStages, logDeterminant, symmetric } from './dense.js';
import { boundLmm, crossedRows } from './models.js';

/** Of numbers of order one to a hundred, after a few hundred operations. */
const close = 1e-8;

type Row = ReturnType<typeof crossedRows>[number];

interface Case {
  readonly name: string;
  readonly formula: string;
  readonly theta: readonly number[];
  readonly X: (row: Row) => number[];
  /** Per block: its group, its columns, and Lambda of one level. */
  readonly blocks: readonly {
    readonly group: 'g' | 'h';
    readonly z: (row: Row) => number[];
    readonly factor: number[][];
  }[];
  readonly weighted?: boolean;
  readonly offset?: boolean;
  /** Where the normal equations of the dense algebra lose more digits. */
  readonly digits?: number;
}

const intercept = (row: Row) => [1, row.x];
const cases: readonly Case[] = [
  {
    name: 'slope, far from the origin',
    formula: 'y ~ x + (x | g)',
    theta: [1.4, -0.05, 0.3],
    X: intercept,
    blocks: [
      {
        group: 'g',
        z: intercept,
        factor: [
          [1.4, 0],
          [-0.05, 0.3],
        ],
      },
    ],
  },
  {
    name: 'crossed, no intercept, offset',
    formula: 'y ~ 0 + f + x + offset(off) + (1 | g) + (1 | h)',
    theta: [0.7, 1.9],
    X: (r) => [r.f === 'a' ? 1 : 0, r.f === 'b' ? 1 : 0, r.f === 'c' ? 1 : 0, r.x],
    blocks: [
      { group: 'g', z: () => [1], factor: [[0.7]] },
      { group: 'h', z: () => [1], factor: [[1.9]] },
    ],
    offset: true,
  },
  {
    name: 'independent slopes, weights',
    formula: 'y ~ normal(mu, sigma / sqrt(w))\nmu = x + z + (x || g) + (1 | h)',
    theta: [0.8, 0.25, 0.4],
    X: (r) => [1, r.x, r.z],
    blocks: [
      {
        group: 'g',
        z: intercept,
        factor: [
          [0.8, 0],
          [0, 0.25],
        ],
      },
      { group: 'h', z: () => [1], factor: [[0.4]] },
    ],
    weighted: true,
  },
  {
    name: 'columns that nearly depend on each other',
    formula: 'y ~ x + near + (1 | g)',
    theta: [0.9],
    X: (r) => [1, r.x, r.x + 0.004 * r.z],
    blocks: [{ group: 'g', z: () => [1], factor: [[0.9]] }],
    digits: 1e-3,
  },
  {
    name: 'singular factor',
    formula: 'y ~ x + (x | g)',
    theta: [0, 0, 0.6],
    X: intercept,
    blocks: [
      {
        group: 'g',
        z: intercept,
        factor: [
          [0, 0],
          [0, 0.6],
        ],
      },
    ],
  },
];

const rows = crossedRows().map((r) => ({ ...r, near: r.x + 0.004 * r.z }));

function dense({ X, blocks, weighted, offset }: Case): DenseModel {
  const columns: number[][] = [];
  const Lambda: { at: number; factor: number[][] }[] = [];
  for (const { group, z, factor } of blocks) {
    const levels = [...new Set(rows.map((r) => r[group]))].sort();
    for (const level of levels) {
      Lambda.push({ at: columns.length, factor });
      for (let c = 0; c < factor.length; c++) columns.push(rows.map((r) => (r[group] === level ? z(r)[c] : 0)));
    }
  }
  const L = Matrix.zeros(columns.length, columns.length);
  for (const { at, factor } of Lambda) L.setSubMatrix(factor, at, at);
  return {
    X: new Matrix(rows.map(X)),
    Z: new Matrix(columns).transpose(),
    Lambda: L,
    y: rows.map((r) => r.y),
    weights: rows.map((r) => (weighted ? r.w : 1)),
    offset: rows.map((r) => (offset ? r.off : 0)),
  };
}

const asMatrix = (A: DenseMatrix) => new Matrix(A.toRows());

/** P'LP, whose rows are those of the effects. */
function inOrder(L: SparseFactor): Matrix {
  const dense = L.toDense();
  const out = Matrix.zeros(L.size, L.size);
  for (let r = 0; r < L.size; r++) for (let c = 0; c <= r; c++) out.set(L.order[r], L.order[c], dense.get(r, c));
  return out;
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance = close): void {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++)
    expect(Math.abs(found[i] - expected[i]), `entry ${i}`).toBeLessThan(tolerance * (1 + Math.abs(expected[i])));
}

const flat = (A: Matrix) => A.to1DArray();

describe.each(cases)('the stages against dense algebra: $name', (model) => {
  const problem = compile(`${model.formula}\nfit ml`).bind(rows, { engine: 'lmm' });
  const s = denseStages(dense(model));
  const at = () => problem.at(model.theta);
  const P = s.XX.columns;
  const more = (model.digits ?? close) / close; // of what is solved for by the dense algebra

  test("L L' = Omega, RZX = L^-1 Lambda'Z'X, RX'RX = X'X - RZX'RZX", () => {
    const point = at().decompose();
    const L = inOrder(point.L);
    expectClose(flat(L.mmul(L.transpose())), flat(s.Omega));
    const RZX = asMatrix(point.RZX);
    expectClose(flat(L.mmul(RZX)), flat(s.ZX));
    const RX = asMatrix(point.RX);
    expectClose(flat(RX.transpose().mmul(RX)), flat(Matrix.sub(s.XX, RZX.transpose().mmul(RZX))));
    for (let c = 0; c < P; c++) {
      expect(RX.get(c, c)).toBeGreaterThan(0);
      for (let r = c + 1; r < P; r++) expect(RX.get(r, c)).toBe(0);
    }
    expect(Math.abs(point.L.logDeterminant() - logDeterminant(s.Omega))).toBeLessThan(close);
  });

  test('the joint mode, b = Lambda u, and the parts of the deviance', () => {
    const { u, beta, r2 } = denseMode(s, Matrix.zeros(P, P));
    const point = at();
    const mode = point.jointMode();
    expectClose(mode.beta, beta, more * close);
    expectClose(mode.u, u, more * close);
    expectClose(mode.b, flat(dense(model).Lambda.mmul(Matrix.columnVector([...mode.u]))));
    expect(Math.abs(mode.pwrss - r2)).toBeLessThan(close * r2);
    const N = rows.length;
    const parts = point.parts();
    const schur = Matrix.sub(s.XX, s.ZX.transpose().mmul(new CholeskyDecomposition(symmetric(s.Omega)).solve(s.ZX)));
    expect(Math.abs(parts.logDetL - logDeterminant(s.Omega))).toBeLessThan(close);
    expect(Math.abs(parts.logDetRX - logDeterminant(schur))).toBeLessThan(more * close);
    expect(Math.abs(parts.sigma - Math.sqrt(r2 / N))).toBeLessThan(close);
    const logWeights = model.weighted ? rows.reduce((t, r) => t + Math.log(r.w), 0) : 0;
    const expected = logDeterminant(s.Omega) + N * (1 + Math.log((2 * Math.PI * r2) / N)) - logWeights;
    expect(Math.abs(point.deviance() - expected)).toBeLessThan(1e-7);
    expect(problem.deviance(model.theta)).toBeCloseTo(expected, 7);
  });

  test('RX with a precision added is the augmented least-squares problem', () => {
    const precision = Matrix.diag(Array.from({ length: P }, (_, j) => 2 + j));
    const { u, beta, r2 } = denseMode(s, precision);
    const point = at().decompose();
    const G = point.RX.gram();
    for (let j = 0; j < P; j++) G.set(j, j, G.get(j, j) + 2 + j);
    point.RX.values.set(G.upperFactor().values);
    const mode = point.jointMode();
    expectClose(mode.beta, beta);
    expectClose(mode.u, u, 1e-7);
    expect(Math.abs(mode.pwrss - r2)).toBeLessThan(close * r2);
    const N = rows.length;
    point.nu = N + P;
    const parts = point.parts();
    const schur = Matrix.sub(
      s.XX,
      s.ZX.transpose().mmul(new CholeskyDecomposition(symmetric(s.Omega)).solve(s.ZX)),
    ).add(precision);
    expect(Math.abs(parts.logDetRX - logDeterminant(schur))).toBeLessThan(close);
    expect(Math.abs(parts.sigma - Math.sqrt(r2 / (N + P)))).toBeLessThan(close);
    expect(() => point.gradient()).toThrow(/changed decomposition/);
  });

  test('changed RZX and L are taken as they stand', () => {
    const point = at().decompose();
    const L = inOrder(point.L);
    const RZX = asMatrix(point.RZX).mul(0.9);
    const RX = asMatrix(point.RX).mul(1.1);
    point.RZX.values.set(point.RZX.values.map((v) => 0.9 * v));
    point.RX.values.set(point.RX.values.map((v) => 1.1 * v));
    for (let c = 0; c < point.L.size; c++) point.L.values[point.L.columnStart[c]] *= 1.2;
    for (let i = 0; i < L.rows; i++) L.set(i, i, 1.2 * L.get(i, i));
    // the diagonal keeps its place under P' . P, so this is the same factor
    const cu = solveLower(permuted(L, point.L.order), pick(flat(s.Zy), point.L.order));
    const cuInOrder = unpick(cu, point.L.order);
    const right = Matrix.sub(s.Xy, RZX.transpose().mmul(Matrix.columnVector(cuInOrder)));
    const cb = solveLower(RX.transpose(), flat(right));
    const beta = solveUpper(RX, cb);
    const rest = Matrix.sub(Matrix.columnVector(cuInOrder), RZX.mmul(Matrix.columnVector(beta)));
    const u = unpick(
      solveUpper(permuted(L, point.L.order).transpose(), pick(flat(rest), point.L.order)),
      point.L.order,
    );
    const r2 = s.yy - cu.reduce((t, v) => t + v * v, 0) - cb.reduce((t, v) => t + v * v, 0);
    const mode = point.jointMode();
    expectClose(mode.beta, beta, more * 1e-7);
    expectClose(mode.u, u, more * 1e-6);
    expect(Math.abs(mode.pwrss - r2)).toBeLessThan(1e-7 * s.yy);
  });

  test('RZX and RX follow a changed L when asked to, and a new decomposition forgets it', () => {
    const point = at().decompose();
    const before = point.deviance();
    point.L.values.set(point.L.values.map((v) => 1.3 * v));
    point.eliminate();
    const L = inOrder(point.L);
    const RZX = asMatrix(point.RZX);
    expectClose(flat(L.mmul(RZX)), flat(s.ZX));
    const RX = asMatrix(point.RX);
    expectClose(flat(RX.transpose().mmul(RX)), flat(Matrix.sub(s.XX, RZX.transpose().mmul(RZX))), 1e-7);
    expect(point.deviance()).not.toBeCloseTo(before, 3);
    expect(point.decompose().deviance()).toBe(before);
  });
});

function permuted(A: Matrix, order: Int32Array): Matrix {
  return A.selection([...order], [...order]);
}
const pick = (v: readonly number[], order: Int32Array) => Array.from(order, (i) => v[i]);
function unpick(v: readonly number[], order: Int32Array): number[] {
  const out = new Array<number>(v.length);
  order.forEach((i, k) => {
    out[i] = v[k];
  });
  return out;
}
function solveLower(L: Matrix, b: readonly number[]): number[] {
  const x: number[] = [];
  for (let i = 0; i < b.length; i++) {
    let t = b[i];
    for (let k = 0; k < i; k++) t -= L.get(i, k) * x[k];
    x.push(t / L.get(i, i));
  }
  return x;
}
function solveUpper(R: Matrix, b: readonly number[]): number[] {
  const x = [...b];
  for (let i = b.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < b.length; k++) x[i] -= R.get(i, k) * x[k];
    x[i] /= R.get(i, i);
  }
  return x;
}

describe('points', () => {
  const problem = compile('y ~ x + (x | g) + (1 | h)').bind(rows, { engine: 'lmm' });

  test('do not disturb each other, nor a change in one of them the others', () => {
    const a = problem.at([1, 0.1, 0.3, 0.8]);
    const b = problem.at([0.2, 0, 0.1, 2]);
    const alone = (p: LmmPoint) => [p.deviance(), ...p.gradient(), ...p.jointMode().beta];
    const [first, second] = [alone(a), alone(b)];
    const c = problem.at([0.5, 0, 0.5, 0.5]).decompose();
    c.RX.set(0, 0, 100);
    c.jointMode();
    expect(alone(problem.at([1, 0.1, 0.3, 0.8]))).toEqual(first);
    a.decompose();
    b.decompose();
    c.deviance();
    expect(alone(a)).toEqual(first);
    expect(alone(b)).toEqual(second);
    expect(c.RX.get(0, 0)).toBe(100);
  });

  test('looking at matrices changes nothing', () => {
    const point = problem.at([1, 0.1, 0.3, 0.8]);
    const before = point.deviance();
    point.decompose();
    for (const A of [point.RX, point.RZX, point.L]) expect(A.values.length).toBeGreaterThan(0);
    expect(point.deviance()).toBe(before);
    expect(point.gradient()).toEqual(problem.gradient([1, 0.1, 0.3, 0.8]));
  });

  test('of the wrong length are refused with their names, outside of the bounds infinite', () => {
    expect(() => problem.at([1, 2])).toThrow(
      /4 numbers \(g\.\(Intercept\), g\.x\.\(Intercept\), g\.x, h\.\(Intercept\)\), not 2/,
    );
    expect(problem.deviance([Number.NaN, 0, 0, 0])).toBe(Number.POSITIVE_INFINITY);
    expect([...problem.gradient([1, Number.POSITIVE_INFINITY, 0, 0])]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    const cs = boundLmm('orthodont-cs-tmb');
    expect(cs.parameters.length).toBeGreaterThan(0);
    expect(() => problem.at([1, 0, 1, 1]).decompose().RX.get(2, 0)).toThrow(RangeError);
    const flat = problem.at([1, 0, 1, 1]).decompose();
    flat.RX.set(1, 1, 0);
    expect(() => flat.jointMode()).toThrow(RangeError);
  });

  test('a prior by hand is the prior of the language, at any theta', () => {
    const prior = boundLmm('blme-sleepstudy-normal-common-ml'); // sd 5 sigma and 0.2 sigma
    const plain = boundLmm('sleepstudy-slope-ml');
    for (const theta of [
      [0.9, 0.02, 0.2],
      [2, -0.3, 0.7],
    ]) {
      const at = plain.at(theta).decompose();
      const G = at.RX.gram();
      G.set(0, 0, G.get(0, 0) + 1 / 25);
      G.set(1, 1, G.get(1, 1) + 25);
      at.RX.values.set(G.upperFactor().values);
      at.nu += 2;
      const logDet = Math.log(25) + Math.log(0.04);
      expect(at.deviance() + logDet).toBeCloseTo(prior.deviance(theta), 8);
      const { beta } = prior.at(theta).jointMode();
      expectClose(at.jointMode().beta, beta, 1e-9);
    }
  });
});
