import seedrandom from 'seedrandom';
import { describe, expect, test } from 'vitest';
import {
  boundProblem,
  fitGlmm,
  fitGlmmProblem,
  type GlmmProblem,
  glmmProblem,
} from '../../../src/engines/glmm/fit-glmm.js';
import { glmmModel } from '../../../src/engines/glmm/glmm-model.js';
import { heldCoefficients } from '../../../src/engines/glmm/held-parameters.js';
import { expandEta } from '../../../src/engines/glmm/observations.js';
import { startInto } from '../../../src/engines/glmm/start.js';
import { type Bound, bindProgram } from './bind.js';
import { simulatedColumns, simulatedModels } from './simulated-models.js';

/** Sums in another order: a deviance of some thousands, relative to its size. */
const valueTolerance = 1e-12;
/** A gradient's components, relative to the largest; the mode searches of both leave less than this. */
const gradientTolerance = 1e-8;
/** What two searches may stop apart, in deviance and, relative, in what a fit says of its rows. */
const fitTolerance = 1e-7;
const rowTolerance = 1e-5;

type Columns = Record<string, (number | string)[]>;

const simulated = (): Columns => ({ ...simulatedColumns() });

function pick(columns: Columns, rows: readonly number[]): Columns {
  return Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [name, rows.map((i) => values[i] ?? Number.NaN)]),
  );
}

function shuffled(n: number, seed: string): number[] {
  const uniform = seedrandom(seed);
  return Array.from({ length: n }, (_, i) => [uniform(), i] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, i]) => i);
}

/** Every row once, twice or three times, in no order. */
function repeated(columns: Columns): Columns {
  const rows = Array.from({ length: 96 }, (_, i) => Array.from({ length: 1 + (i % 3) }, () => i)).flat();
  return pick(
    columns,
    shuffled(rows.length, 'order').map((k) => rows[k] ?? 0),
  );
}

/** The same with responses of their own: rows are then equal in their predictors only. */
function withOtherResponses(columns: Columns): Columns {
  const uniform = seedrandom('responses');
  const size = columns.size ?? [];
  return {
    ...columns,
    binary: size.map(() => (uniform() < 0.6 ? 1 : 0)),
    count: size.map(() => Math.floor(6 * uniform())),
    successes: size.map((n) => Math.floor((Number(n) + 1) * uniform())),
  };
}

const header = 'data { grade: ordered("low", "mid", "high", "top") }\n';

/** The model whose rows are the observations. */
function plainProblem({ graph, design }: Bound): GlmmProblem {
  const held = heldCoefficients(graph, design);
  return boundProblem(graph, design, glmmModel(graph, design, new Set(held.keys())), held);
}

/** Value and gradient away from the start. */
function evaluation({ work, space, objective }: GlmmProblem) {
  startInto(work, space);
  const x = Float64Array.from(space.free, (i, k) => (space.full[i] ?? 0) + 0.1 * Math.cos(3 * k + 1));
  const gradient = new Float64Array(x.length);
  const value = objective.evaluate(x, gradient);
  return { x, value, gradient, u: work.u.slice(), eta: expandEta(work.model, work.eta) };
}

function largest(values: Float64Array): number {
  return values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
}

function expectSameNumbers(a: Float64Array, b: Float64Array, tolerance: number): void {
  expect(a.length).toBe(b.length);
  const scale = 1 + largest(b.filter(Number.isFinite));
  a.forEach((v, i) => {
    const w = b[i] ?? Number.NaN;
    // NaN, and the infinite thresholds of the lowest and the highest category
    expect(Object.is(v, w) ? 0 : Math.abs(v - w) / scale).toBeLessThan(tolerance);
  });
}

function expectSameEvaluation(bound: Bound, rows?: number): void {
  const merged = glmmProblem(bound.graph, bound.design);
  const plain = plainProblem(bound);
  expect(plain.work.model.rows).toBe(bound.design.rows);
  if (rows !== undefined) expect(merged.work.model.rows).toBe(rows);
  expect(merged.work.model.rows).toBeLessThan(bound.design.rows);
  const a = evaluation(merged);
  const b = evaluation(plain);
  // starts are those of all observations
  expectSameNumbers(a.x, b.x, gradientTolerance);
  const at = evaluationAt(merged, b.x);
  expect(Math.abs(at.value - b.value)).toBeLessThan(valueTolerance * (1 + Math.abs(b.value)));
  expectSameNumbers(at.gradient, b.gradient, gradientTolerance);
  expectSameNumbers(at.u, b.u, gradientTolerance);
  expectSameNumbers(at.eta, b.eta, gradientTolerance);
}

function evaluationAt({ work, objective }: GlmmProblem, x: Float64Array) {
  work.u.fill(0);
  objective.forget();
  const gradient = new Float64Array(x.length);
  const value = objective.evaluate(x, gradient);
  return { value, gradient, u: work.u, eta: expandEta(work.model, work.eta) };
}

function numbers(values: Float64Array | undefined): Float64Array {
  return values ?? new Float64Array();
}

function expectSameFit(bound: Bound): void {
  const { graph, design } = bound;
  const merged = fitGlmm(graph, design, {});
  const plain = fitGlmmProblem(graph, design, plainProblem(bound), {});
  expect(merged.rows).toBe(plain.rows);
  expect(merged.converged).toBe(plain.converged);
  expect(Math.abs(merged.logLik - plain.logLik)).toBeLessThan(fitTolerance);
  expect(Math.abs(merged.aic - plain.aic)).toBeLessThan(2 * fitTolerance);
  expect(Math.abs(merged.bic - plain.bic)).toBeLessThan(2 * fitTolerance);
  expect(merged.overdispersion).toBeCloseTo(plain.overdispersion ?? Number.NaN, 5);
  for (const name of ['fitted', 'linear', 'residuals', 'variance', 'devianceResiduals'] as const)
    expectSameNumbers(numbers(merged[name]), numbers(plain[name]), rowTolerance);
  expectSameNumbers(numbers(merged.cdf?.below), numbers(plain.cdf?.below), rowTolerance);
  expect(merged.weights).toEqual(plain.weights);
  merged.fixef.forEach((effect, k) => {
    expect(Math.abs((effect.estimate ?? 0) - (plain.fixef[k]?.estimate ?? 0))).toBeLessThan(rowTolerance);
    expect(Math.abs((effect.se ?? 0) - (plain.fixef[k]?.se ?? 0))).toBeLessThan(rowTolerance);
  });
}

const models = simulatedModels().map(({ name, program }) => [name, program] as const);
const inGroups = models.filter(([, program]) => !/ar1|item|sum/.test(program));

describe('rows that occur more than once', () => {
  test.each(models)('the same objective and gradient: %s', (_name, program) => {
    expectSameEvaluation(bindProgram(program, repeated(simulated())));
  });

  test.each(inGroups)('by quadrature: %s', (_name, program) => {
    expectSameEvaluation(bindProgram(program, repeated(simulated()), 'agq(4)'));
  });

  test('everything that a density depends on tells rows apart', () => {
    const columns = repeated(simulated());
    const rows = (program: string) => {
      const { graph, design } = bindProgram(`${header}${program}`, columns);
      return glmmProblem(graph, design).work.model.rows;
    };
    // x is another number in each of the 96 rows that were repeated
    expect(rows('count ~ negative_binomial(mu, shape); log(mu) = x + (1 | g)')).toBe(96);
    expect(rows('real ~ normal(mu, se); mu = 1 + (1 | g)')).toBe(96);
    expect(rows('positive ~ gamma(mu, shape); log(mu) = 1 + (1 | g); weights w')).toBe(96);
    expect(rows('count ~ poisson(lambda); log(lambda) = 1 + offset(log(exposure)) + (1 | g)')).toBe(96);
    expect(rows('binary ~ bernoulli(p); logit(p) = 1 + (1 | g)')).toBe(12);
    expect(rows('binary ~ bernoulli(p); logit(p) = f + (1 | g)')).toBe(36);
    expect(rows('binary ~ bernoulli(p); logit(p) = 1 + (1 | g) + (1 | item)')).toBe(
      new Set(columns.g?.map((g, i) => `${g} ${columns.item?.[i]}`)).size,
    );
    expect(rows('binary ~ bernoulli(p); logit(p) = 1 + (1 + x | g)')).toBe(96);
    expect(rows('grade ~ cumulative(eta); eta = 1 + (1 | g)')).toBe(
      new Set(columns.g?.map((g, i) => `${g} ${columns.grade?.[i]}`)).size,
    );
  });

  test('rows are left alone where hardly any are equal', () => {
    const { graph, design } = bindProgram('binary ~ bernoulli(p); logit(p) = x + (1 | g)', simulated());
    expect(glmmProblem(graph, design).work.model.merged).toBeNull();
  });
});

const ofSums = models.filter(([, program]) =>
  /^data.*\n(binary|count|successes) ~ (bernoulli|poisson|binomial)/.test(program),
);

describe('rows that differ in the response only', () => {
  test.each(ofSums.filter(([, p]) => !/sqrt/.test(p)))('the same objective and gradient: %s', (_name, program) => {
    expectSameEvaluation(bindProgram(program, withOtherResponses(repeated(simulated()))));
  });

  test.each([
    'binary ~ bernoulli(p); logit(p) = f + (1 | g)',
    'binary ~ bernoulli(p); cloglog(p) = f + (1 | g) + (1 | item)',
    'successes ~ binomial(size, p); logit(p) = f + (1 | g)',
    'successes ~ binomial(size, p); probit(p) = f + (0 + f | g)',
    'count ~ poisson(lambda); log(lambda) = f + (1 | g)',
    'count ~ negative_binomial(mu, shape); log(mu) = f + (1 | g)',
    'count ~ hurdle(poisson(lambda), hu); log(lambda) = f + (1 | g); logit(hu) = f',
    'grade ~ cumulative(eta); eta = f + (1 | g)',
  ])('the same fit: %s', (body) => {
    expectSameFit(bindProgram(`${header}${body}`, withOtherResponses(repeated(simulated()))));
  });

  test.each(['binary ~ bernoulli(p); logit(p) = f + (1 | g)', 'count ~ poisson(lambda); log(lambda) = f + (1 | g)'])(
    'the same fit by quadrature: %s',
    (body) => {
      expectSameFit(bindProgram(body, withOtherResponses(repeated(simulated())), 'agq(9)'));
    },
  );

  test('rows in another order', () => {
    const columns = withOtherResponses(repeated(simulated()));
    const order = shuffled(columns.g?.length ?? 0, 'again');
    const program = 'binary ~ bernoulli(p); logit(p) = f + (1 | g)';
    const here = bindProgram(program, columns);
    const there = bindProgram(program, pick(columns, order));
    const a = fitGlmm(here.graph, here.design, {});
    const b = fitGlmm(there.graph, there.design, {});
    expect(Math.abs(a.logLik - b.logLik)).toBeLessThan(fitTolerance);
    for (const name of ['fitted', 'linear', 'residuals', 'devianceResiduals'] as const)
      expectSameNumbers(
        numbers(b[name]),
        Float64Array.from(order, (i) => a[name]?.[i] ?? Number.NaN),
        rowTolerance,
      );
  });

  test('another response of the same rows: the rows are found once, and the fit is its own', () => {
    const columns = withOtherResponses(repeated(simulated()));
    const program = 'binary ~ bernoulli(p); logit(p) = f + (1 | g)';
    const first = bindProgram(program, columns);
    const other = bindProgram(program, {
      ...columns,
      binary: (columns.binary ?? []).map((v, i) => (i % 5 === 0 ? 1 : v)),
    });
    const problem = glmmProblem(first.graph, first.design);
    const next = glmmProblem(other.graph, other.design, [], problem);
    expect(next.work.model.merged?.first).toBe(problem.work.model.merged?.first);
    const shared = fitGlmmProblem(other.graph, other.design, next, {});
    const alone = fitGlmm(other.graph, other.design, {});
    expect(Math.abs(shared.logLik - alone.logLik)).toBeLessThan(fitTolerance);
    expectSameNumbers(numbers(shared.devianceResiduals), numbers(alone.devianceResiduals), rowTolerance);
  });
});
