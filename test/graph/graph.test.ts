import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile.js';
import { Report } from '../../src/diagnostics/report.js';
import type { Expr, ModelGraph } from '../../src/graph/model-graph.js';
import { printExpression } from '../../src/graph/print-expression.js';
import { printGraph } from '../../src/graph/print-graph.js';
import { graphProblems } from '../../src/graph/validate-graph.js';
import { varianceParameters } from '../../src/graph/variance-parameters.js';
import { lowerExpression } from '../../src/lower/lower-expression.js';
import { parseProgram } from '../../src/syntax/build-ast.js';

function graphOf(source: string): ModelGraph {
  const { models, diagnostics } = compile(source);
  const graph = models[0]?.graph;
  if (graph === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'));
  return graph;
}

const graph = graphOf(
  'y ~ normal(mu, sigma)\nmu = x + common + (1 | g)\ncommon = 0 + z\nsd(g) ~ gamma(2, 1)\nfix sigma = 2',
);

describe('a graph from outside', () => {
  test('is sound as it was made', () => {
    expect(graphProblems(graph)).toEqual([]);
    expect(graphProblems(JSON.parse(JSON.stringify(graph)))).toEqual([]);
  });

  const damaged: [string, Partial<ModelGraph> | object, string][] = [
    ['another version', { version: 2 }, 'version 1'],
    [
      'a predictor that is gone',
      { predictors: graph.predictors.filter((p) => p.id !== 'mu') },
      "'mu', which is not there",
    ],
    ['a random effect that is gone', { randomEffects: [] }, "'g', which is not there"],
    ['a part that is gone', { parts: [] }, "'common', which is not there"],
    ['two of one id', { randomEffects: [...graph.randomEffects, ...graph.randomEffects] }, "called 'g'"],
    [
      'a number that JSON does not keep',
      { penalties: [{ text: '', origin: graph.origin, value: { kind: 'number', value: Number.NaN } }] },
      'JSON',
    ],
    [
      'a class without a mixture',
      { likelihoods: graph.likelihoods.map((l) => ({ ...l, class: 'a' })) },
      "unknown class 'a'",
    ],
  ];
  test.each(damaged)('with %s', (_, change, problem) => {
    const problems = graphProblems({ ...graph, ...change } as ModelGraph);
    expect(problems.join('\n')).toContain(problem);
  });
});

describe('printing', () => {
  const read = (text: string): Expr => {
    const [statement] = parseProgram(`let q = ${text}`, new Report()).statements;
    if (statement?.kind !== 'let') throw new Error(text);
    return lowerExpression(statement.value);
  };

  test('an expression is read back as it was', () => {
    const texts = [
      'a + b * c',
      '(a + b) * c',
      'a - (b - c)',
      'a - b - c',
      'a / (b * c)',
      '-a^2',
      '(-a)^2',
      'a^b^c',
      '(a^b)^c',
      'not (a and b) or c',
      'a == b and c != "x"',
      'log(x, base = 2) + if(a > 1, NA, inf)',
      '[1, 2, [3, 4]]',
      '`odd name` + true',
      '1e-3 * x',
    ];
    for (const text of texts) {
      const expression = read(text);
      expect(read(printExpression(expression)), text).toEqual(expression);
    }
  });

  test('one line per node', () => {
    expect(printGraph(graph).trimEnd().split('\n')).toEqual([
      'model model',
      '  column      g: factor',
      '  likelihood  y ~ normal(mu, sigma)',
      '  predictor   mu = (Intercept) + x + common + [g]',
      '  predictor   sigma: an unknown constant, by its log',
      '  part        common = 0 + z',
      '  random      [g] (Intercept) per g: 1 variance parameter',
      '  prior       sd(g) ~ gamma(shape = 2, rate = 1)   (absolute scale)',
      '  fixed       sigma = 2',
    ]);
  });
});

test('numbers of variance parameters', () => {
  // us: k variances and k (k - 1) / 2 correlations; cs: k and one; homcs: one and one; ar1, car1: sd and correlation.
  expect([1, 2, 4, 8].map((k) => varianceParameters('us', k))).toEqual([1, 3, 10, 36]);
  expect([1, 4].map((k) => varianceParameters('diag', k))).toEqual([1, 4]);
  expect([1, 4].map((k) => varianceParameters('cs', k))).toEqual([1, 5]);
  expect([1, 4].map((k) => varianceParameters('homcs', k))).toEqual([1, 2]);
  expect(varianceParameters('ar1', 9)).toBe(2);
});
