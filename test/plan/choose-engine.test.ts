import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile.js';
import { Report } from '../../src/diagnostics/report.js';
import { chooseEngine, reportRefusal } from '../../src/plan/choose-engine.js';
import { type Feature, featureFinders } from '../../src/plan/features.js';
import { expectDiagnostics } from '../semantics/expect-diagnostics.js';
import { schema } from '../semantics/schema.js';
import { grownEngines } from './grown-engines.js';

function graphOf(source: string) {
  const { models, diagnostics } = compile(source, { schema });
  const graph = models[0]?.graph;
  if (graph === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'));
  return graph;
}

const planOf = (source: string) => chooseEngine(graphOf(source), grownEngines());

describe('the engine of a model', () => {
  const cases: [string, string, object][] = [
    ['a normal response', 'Reaction ~ Days + (Days | Subject)', { engine: 'lmm', method: 'reml' }],
    ['by maximum likelihood', 'Reaction ~ Days + (Days | Subject)\nfit ml', { engine: 'lmm', method: 'ml' }],
    ['known standard deviations', 'Reaction ~ normal(mu, se)\nmu = 1 + (1 | id)', { engine: 'lmm', method: 'reml' }],
    ['a dispersion model', 'Reaction ~ normal(mu, sigma)\nmu = x + (1 | id)\nlog(sigma) = z', { engine: 'lmm' }],
    [
      'Laplace by name',
      'Reaction ~ Days + (Days | Subject)\nfit laplace',
      { engine: 'glmm', method: 'laplace', points: 1 },
    ],
    ['counts', 'incidence ~ poisson(lambda)\nlog(lambda) = x + (1 | id)', { engine: 'glmm', method: 'laplace' }],
    ['another link', 'Reaction ~ normal(mu, sigma)\nlog(mu) = x + (1 | id)', { engine: 'glmm', method: 'laplace' }],
    ['random scale', 'Reaction ~ normal(mu, sigma)\nmu = x\nlog(sigma) = (1 | id)', { engine: 'glmm' }],
    [
      'quadrature',
      'case ~ bernoulli(p)\nlogit(p) = x + (1 | id)\nfit agq(25)',
      { engine: 'glmm', method: 'agq', points: 25 },
    ],
    [
      'ml of counts',
      'incidence ~ poisson(lambda)\nlog(lambda) = x + (1 | id)\nfit ml',
      { engine: 'glmm', method: 'ml' },
    ],
    [
      'rows in classes',
      'mixture k { Reaction ~ normal(mu, sigma); class p { mu = x }; class q { mu = z } }',
      { engine: 'glmm' },
    ],
    [
      'rows in classes, asked for by em',
      'mixture k { Reaction ~ normal(mu, sigma); class p { mu = x }; class q { mu = z } }\nfit em(draws = 100)',
      { engine: 'glmm', method: 'laplace' },
    ],
    [
      'groups in classes',
      'mixture k per id { Reaction ~ normal(mu, sigma); class p { mu = x }; class q { mu = z } }',
      { engine: 'em', method: 'em', classes: 2 },
    ],
  ];
  test.each(cases)('%s', (_, source, plan) => {
    expect(planOf(source)).toMatchObject(plan);
  });

  test('one class per row needs no sampling, and that is said', () => {
    expectDiagnostics(
      'mixture k { Reaction ~ normal(mu, 2); class p { mu = x }; class q { mu = z } }\nfit «em(draws = 100)»',
      ['MM392'],
    );
  });

  test('every plan says why', () => {
    for (const [, source] of cases) expect(planOf(source).why).not.toBe('');
  });
});

describe('refusals', () => {
  const refusal = (source: string, able = grownEngines()) => {
    const graph = graphOf(source);
    const report = new Report();
    reportRefusal(chooseEngine(graph, able), graph, report);
    return report.sorted().map((d) => ({ code: d.code, at: source.slice(d.span?.start, d.span?.end), hint: d.hint }));
  };

  test('restricted likelihood of counts', () => {
    const found = refusal('incidence ~ poisson(lambda)\nlog(lambda) = x + (1 | id)\nfit reml');
    expect(found).toMatchObject([{ code: 'MM382', at: 'fit reml' }].map((f) => ({ ...f, at: 'reml' })));
    expect(found[0]?.hint).toContain('laplace, ml, agq');
  });

  test('quadrature over two groups', () => {
    const source = 'case ~ bernoulli(p)\nlogit(p) = x + (1 | id) + (1 | herd)\nfit agq(5)';
    expect(refusal(source)).toMatchObject([{ code: 'MM341', at: 'agq(5)' }]);
  });

  test('correlated errors of a mean with a link: each engine has its reason', () => {
    const source = 'Reaction ~ normal(mu, sigma, cor = ar1(time | id))\nlog(mu) = x';
    const found = refusal(source);
    expect(found).toMatchObject([{ code: 'MM341', at: 'ar1(time | id)' }]);
    expect(found[0]?.hint).toContain('the lmm engine has no place for the log link of mu');
  });

  test('what an engine cannot do yet names the statement', () => {
    const able = grownEngines();
    const features = { ...able.lmm.features, correlatedErrors: 'not yet' as const };
    const source = 'Reaction ~ normal(mu, sigma, cor = ar1(time | id))\nmu = x';
    const found = refusal(source, { ...able, lmm: { built: true, features } });
    expect(found).toMatchObject([{ code: 'MM381', at: 'ar1(time | id)' }]);
  });

  test('an engine that is not there names what needs it', () => {
    const able = grownEngines();
    const without = { ...able, glmm: { ...able.glmm, built: false } };
    expect(refusal('incidence ~ poisson(lambda)\nlog(lambda) = x', without)).toMatchObject([
      { code: 'MM385', at: 'poisson(lambda)' },
    ]);
  });
});

test('every feature is found where a model uses it', () => {
  const using: Record<Feature, string> = {
    otherFamily: 'incidence ~ poisson(lambda)',
    meanLink: 'Reaction ~ normal(mu, sigma)\nlog(mu) = x',
    randomScale: 'Reaction ~ normal(mu, sigma)\nmu = x\nlog(sigma) = (1 | id)',
    scalePredictor: 'Reaction ~ normal(mu, sigma)\nmu = x\nlog(sigma) = z',
    sharedParts: 'part = 0 + z\nReaction ~ normal(mu, sigma)\nmu = x + part\nlog(sigma) = part',
    scalePriors: 'Reaction ~ normal(mu, sigma)\nmu = x\nlog(sigma) = z\nsigma[z] ~ normal(0, 1)',
    knownScale: 'Reaction ~ normal(mu, se)\nmu = x',
    correlatedErrors: 'Reaction ~ normal(mu, sigma, cor = cs(time | id))\nmu = x',
    priors: 'Reaction ~ x\nbeta ~ normal(0, 1)',
    penalties: 'Reaction ~ x\npenalize beta[x]^2',
    fixedSigma: 'Reaction ~ x\nfix sigma^2 = 2',
    otherFixes: 'Reaction ~ x\nfix beta[x] = 0',
    sdFixes: 'Reaction ~ x + (1 | id)\nfix sd(id) = 1',
    covarianceFixes: 'Reaction ~ x + (x | id)\nfix cov(id) = 1',
    sumToZero: 'Reaction ~ x + sum_to_zero(1 | id)',
    mixturePerRow: 'mixture k { Reaction ~ normal(mu, sigma); class p { mu = x } }',
    mixturePerGroup: 'mixture k per id { Reaction ~ normal(mu, sigma); class p { mu = x } }',
    labels: 'mixture k per id { Reaction ~ normal(mu, sigma); class p { mu = x }; labels a }',
    manyPoints: 'case ~ bernoulli(p)\nlogit(p) = x + (1 | id) + (1 | herd)\nfit agq(5)',
    noRandomEffects: 'Reaction ~ x',
  };
  const plain = graphOf('Reaction ~ Days + (Days | Subject)');
  for (const [feature, source] of Object.entries(using)) {
    const find = featureFinders[feature as Feature];
    expect(find(graphOf(source)), feature).not.toEqual([]);
    expect(find(plain), feature).toEqual([]);
  }
});
