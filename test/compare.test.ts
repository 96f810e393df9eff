import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Contender, compareModels } from '../src/compare.js';
import { compile, dataFiles } from '../src/compile.js';
import { schemaOf } from '../src/data/schema-of.js';
import { tableFromColumns } from '../src/data/table-from.js';
import { Report } from '../src/diagnostics/report.js';
import { readTable } from '../src/hosts/read-file.js';
import { comparisonToJson } from '../src/results/comparison-json.js';
import { comparisonText } from '../src/results/comparison-text.js';
import { parseProgram } from '../src/syntax/build-ast.js';
import { readReferenceCase } from './reference/reference-case.js';

const folder = join(import.meta.dirname, 'models');

async function contender(name: string): Promise<Contender> {
  return contenderOf(readFileSync(join(folder, `${name}.mm`), 'utf8'), name);
}

async function contenderOf(source: string, name: string): Promise<Contender> {
  const [request] = dataFiles(parseProgram(source, new Report()));
  const { table } = await readTable(join(import.meta.dirname, 'data', basename(request?.file ?? '')));
  if (table === undefined) throw new Error(`${name}: no data`);
  const [model] = compile(source, { schema: schemaOf(table), name }).models;
  if (model === undefined) throw new Error(`${name}: no model`);
  return { name, file: `${name}.mm`, model, table };
}

interface Reference {
  readonly models: readonly {
    readonly npar: number;
    readonly logLik: number;
    readonly AIC: number;
    readonly BIC: number;
  }[];
  readonly lrt: readonly {
    readonly smaller: number;
    readonly larger: number;
    readonly chisq: number;
    readonly df: number;
    readonly p: number;
  }[];
}

describe('likelihood-ratio tests are those of anova() in lme4', () => {
  test.each(['lrt-cake', 'lrt-sleepstudy'])('%s', async (id) => {
    const theirs = JSON.parse(readFileSync(join(import.meta.dirname, 'reference', `${id}.json`), 'utf8')) as Reference;
    const contenders = await Promise.all(theirs.models.map((_, k) => contender(`${id}-${k}`)));
    // the order in which they are given does not matter
    const { models, diagnostics } = compareModels(contenders.toReversed());
    expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    theirs.models.forEach((m, k) => {
      expect(models[k]?.parameters).toBe(m.npar);
      expect(models[k]?.logLik).toBeCloseTo(m.logLik, 6);
      expect(models[k]?.aic).toBeCloseTo(m.AIC, 5);
      expect(models[k]?.bic).toBeCloseTo(m.BIC, 5);
    });
    for (const { smaller, larger, chisq, df, p } of theirs.lrt) {
      const found = models[larger - 1]?.test;
      expect(found).toMatchObject({ against: contenders[smaller - 1]?.name, df });
      expect(found?.chisq).toBeCloseTo(chisq, 5);
      expect(Math.abs((found?.p ?? Number.NaN) / p - 1)).toBeLessThan(1e-5);
    }
    expect(models.reduce((sum, m) => sum + m.weight, 0)).toBeCloseTo(1, 12);
    expect(models[0]).toMatchObject({ test: null, notTested: null });
  });
});

const sleepstudy = (mu: string, rest = ''): string =>
  `data "sleepstudy.csv"\nReaction ~ normal(mu, sigma)\nmu = ${mu}\n${rest}\n`;

describe('REML', () => {
  test('fits with the same fixed effects are compared as they are', async () => {
    const found = compareModels(await Promise.all(['sleepstudy-uncor-reml', 'sleepstudy-slope-reml'].map(contender)));
    expect(found.models.map((m) => m.method)).toEqual(['reml', 'reml']);
    const [small, large] = ['sleepstudy-uncor-reml', 'sleepstudy-slope-reml'].map((id) => readReferenceCase(id).logLik);
    expect(found.models[1]?.test?.chisq).toBeCloseTo(2 * ((large ?? 0) - (small ?? 0)), 5);
    expect(comparisonText(found.models)).toContain('REML criterion');
  });

  test('fits with other fixed effects are fitted again by ML, which is said', async () => {
    const found = compareModels([
      await contenderOf(sleepstudy('1 + (Days | Subject)', 'fit reml'), 'small'),
      await contenderOf(sleepstudy('Days + (Days | Subject)', 'fit reml'), 'large'),
    ]);
    expect(found.models.map((m) => m.method)).toEqual(['ml', 'ml']);
    expect(found.diagnostics.map((d) => d.code)).toContain('MM542');
    const byMl = compareModels([
      await contenderOf(sleepstudy('1 + (Days | Subject)', 'fit ml'), 'small'),
      await contenderOf(sleepstudy('Days + (Days | Subject)', 'fit ml'), 'large'),
    ]);
    expect(found.models[1]?.test?.chisq).toBeCloseTo(byMl.models[1]?.test?.chisq ?? Number.NaN, 6);
  });

  test('and ML together: those by REML are fitted again', async () => {
    const found = compareModels(await Promise.all(['sleepstudy-ri-ml', 'sleepstudy-slope-reml'].map(contender)));
    expect(found.models.map((m) => m.method)).toEqual(['ml', 'ml']);
    expect(found.models[1]?.test).toMatchObject({ df: 2, sdsAtZero: 1 });
    expect(found.models[1]?.test?.pBoundary).toBeLessThan(found.models[1]?.test?.p ?? 0);
  });
});

describe('what cannot be compared', () => {
  test('other rows', async () => {
    const found = compareModels(await Promise.all(['sleepstudy-ri-ml', 'sleepstudy-na-reml'].map(contender)));
    expect(found.models).toEqual([]);
    expect(found.diagnostics.filter((d) => d.severity === 'error').map((d) => d.code)).toEqual(['MM541']);
  });

  test('another response', async () => {
    const found = compareModels(await Promise.all(['sleepstudy-ri-ml', 'sleepstudy-logresp-reml'].map(contender)));
    expect(found.diagnostics.filter((d) => d.severity === 'error').map((d) => d.code)).toEqual(['MM541']);
  });

  test('one model alone', async () => {
    const found = compareModels([await contender('sleepstudy-ri-ml')]);
    expect(found.diagnostics.filter((d) => d.severity === 'error').map((d) => d.code)).toEqual(['MM543']);
  });

  test('a wrong model among them: its diagnostics, and no table', async () => {
    const wrong = await contenderOf(sleepstudy('Dayz + (1 | Subject)'), 'wrong');
    const found = compareModels([await contender('sleepstudy-ri-ml'), wrong]);
    expect(found.models).toEqual([]);
    expect(found.diagnostics.some((d) => d.severity === 'error' && d.of === 'wrong')).toBe(true);
  });
});

test('models of other families have criteria but no test, unless one is the limit of the other', async () => {
  const ids = ['epil-poisson-tmb', 'epil-nbinom2', 'epil-nbinom1', 'epil-nbinom2-disp'];
  const found = compareModels(await Promise.all(ids.map(contender)));
  const of = (name: string) => found.models.find((m) => m.model === name);
  const [poisson, negative, other] = ids.map((id) => readReferenceCase(id).logLik ?? Number.NaN);
  expect(of('epil-nbinom2')?.test).toMatchObject({ against: 'epil-poisson-tmb', df: 1, sdsAtZero: 1 });
  expect(of('epil-nbinom2')?.test?.chisq).toBeCloseTo(2 * (negative - poisson), 4);
  expect(of('epil-nbinom1')?.test?.against).toBe('epil-poisson-tmb');
  expect(of('epil-nbinom1')?.test?.chisq).toBeCloseTo(2 * (other - poisson), 4);
  expect(of('epil-nbinom2-disp')?.test?.against).toBe('epil-nbinom2');
  // as many parameters as the Poisson model, and the same family: the test of the covariate
  const less = 'data "epil.csv"\ny ~ negative_binomial(mu, shape)\nlog(mu) = lbase + (1 | subject)';
  const negativeOf = less.replace('lbase', 'lbase + trt');
  const poissonOf = negativeOf
    .replaceAll('mu', 'lambda')
    .replace('negative_binomial(lambda, shape)', 'poisson(lambda)');
  const three = compareModels([
    await contenderOf(less, 'less'),
    await contenderOf(poissonOf, 'poisson'),
    await contenderOf(negativeOf, 'more'),
  ]);
  expect(three.models[2]?.test).toMatchObject({ against: 'less', df: 1, sdsAtZero: 0 });
  expect(comparisonText(found.models)).toMatch(/epil-nbinom2-disp against epil-nbinom2 +0\.68/);
  const apart = compareModels(await Promise.all(['epil-nbinom2', 'epil-nbinom1'].map(contender)));
  expect(apart.models[1]?.notTested).toMatch(/families differ/);
  expect(comparisonText(apart.models)).toContain('no test, their families differ');
});

test('with classes per group BIC counts groups in all models, and ICL is BIC plus twice the entropy', async () => {
  const reference = JSON.parse(
    readFileSync(join(import.meta.dirname, 'reference', 'mix-epil-two.json'), 'utf8'),
  ) as MixtureCriteria;
  const oneClass =
    'data "epil.csv" { V4: int }\ny ~ poisson(lambda)\nlog(lambda) = lbase + trt + V4 + (1 | subject)\nfit agq(25)';
  const { models } = compareModels([await contender('mix-epil-two'), await contenderOf(oneClass, 'one')]);
  const [one, two] = models;
  expect(models.map((m) => m.bicPer)).toEqual(['subject', 'subject']);
  expect(one?.bic).toBeCloseTo(-2 * reference.one_class.logLik + 5 * Math.log(reference.n_groups), 4);
  expect(one?.icl).toBe(one?.bic); // one class is certain
  expect(two?.bic).toBeCloseTo(reference.BIC_n_groups, 4);
  const entropy = -reference.posterior.prob.flat().reduce((sum, p) => sum + p * Math.log(Math.max(p, 1e-300)), 0);
  expect(two?.icl).toBeCloseTo(reference.BIC_n_groups + 2 * entropy, 3);
  expect(comparisonText(models)).toContain('BIC counts the levels of subject, not the rows.');
});

test('a mixture without a maximum has no criteria, and no model is weighed against it', () => {
  const rows = Array.from({ length: 40 }, (_, i) => Math.floor(i / 4));
  const table = tableFromColumns({
    id: rows,
    known: rows.map((g) => (g === 0 ? 'flat' : 'rest')),
    y: rows.map((g, i) => (g === 0 ? 1.25 : Math.sin(7 * i))),
  });
  const contenders = ['class flat, rest { mu = 1; log(sigma) = 1 }', 'class flat, rest { mu = 1 }'].map((body, k) => {
    const source = `mixture z per id { y ~ normal(mu, sigma)\n${body}\nlabels known }`;
    const [model] = compile(source, { schema: schemaOf(table) }).models;
    if (model === undefined) throw new Error('no model');
    return { name: k === 0 ? 'own' : 'common', file: 'm.mm', model, table };
  });
  const { models } = compareModels(contenders);
  const [common, own] = models;
  expect([common?.model, common?.degenerate, common?.weight]).toEqual(['common', false, 1]);
  expect([own?.degenerate, own?.converged, own?.aic, own?.bic, own?.icl]).toEqual([true, false, NaN, NaN, NaN]);
  const text = comparisonText(models);
  expect(text).toContain('own (degenerate)');
  expect(text).toContain('Lowest: BIC common, ICL common.');
  expect(comparisonToJson(models)[1]).toMatchObject({ degenerate: true, aic: null, icl: null, weight: null });
});

interface MixtureCriteria {
  readonly n_groups: number;
  readonly BIC_n_groups: number;
  readonly one_class: { readonly logLik: number };
  readonly posterior: { readonly prob: readonly (readonly number[])[] };
}
