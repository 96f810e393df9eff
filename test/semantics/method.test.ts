import { expect, test } from 'vitest';
import { compile } from '../../src/compile.js';
import { expectDiagnostics } from './expect-diagnostics.js';

const model = 'Reaction ~ Days + (Days | Subject)\n';

test('methods and their options', () => {
  for (const fit of ['reml', 'ml', 'laplace', 'agq(25)', 'agq(points = 7)'])
    expectDiagnostics(`${model}fit ${fit}`, []);
  expectDiagnostics(`${model}fit «mll»`, ['MM346']);
  expectDiagnostics(`${model}fit «agq»`, ['MM348']);
  expectDiagnostics(`${model}fit agq(«2.5»)`, ['MM347']);
  expectDiagnostics(`${model}fit reml(«draws = 2»)`, ['MM226']);
  expectDiagnostics(`${model}fit em(draws = «0»)`, ['MM347']);
  expectDiagnostics(`${model}fit em(sampler = «soboll»)`, ['MM393']);
  expectDiagnostics(`${model}fit ml\n«fit reml»`, ['MM203']);
});

test('a method from outside replaces that of the model', () => {
  const { models } = compile(`${model}fit ml`, { fit: 'agq(7)' });
  expect(models[0]?.graph?.method).toEqual({ name: 'agq', options: { points: 7 }, origin: null });
});

test('a wrong method from outside has no place in the source', () => {
  const { diagnostics } = compile(model, { fit: 'mll' });
  expect(diagnostics.map((d) => [d.code, d.span])).toEqual([['MM383', undefined]]);
});

test('a model that is not there', () => {
  const { diagnostics, models } = compile(`model first { ${model} }`, { model: 'second' });
  expect(diagnostics.map((d) => d.code)).toEqual(['MM384']);
  expect(diagnostics[0]?.hint).toBe('the file has first');
  expect(models).toEqual([]);
});
