import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compile, dataFiles, explain, fit, parseTable, schemaOf, type Table } from '../src/index.js';
import { schema } from './semantics/schema.js';

function table(name: string): Table {
  const parsed = parseTable(readFileSync(join(import.meta.dirname, 'data', name)), { source: name });
  if (parsed.table === undefined) throw new Error(`cannot read ${name}`);
  return parsed.table;
}

const sleepstudy = table('sleepstudy.csv');
const good = 'Reaction ~ Days + (Days | Subject)';
const bad = 'Reaction ~ Dayz + (Days | Subject';

describe('compile', () => {
  test('gives tree, graph and plan of a right model', () => {
    const { ast, models, diagnostics } = compile(good, { schema: schemaOf(sleepstudy) });
    expect(diagnostics).toEqual([]);
    expect(ast.statements).toHaveLength(1);
    expect(models).toMatchObject([
      { name: 'model', plan: { engine: 'lmm', method: 'reml' }, graph: { kind: 'model', version: 1 } },
    ]);
  });

  test('gives the tree of a wrong one', () => {
    const { ast, models, diagnostics } = compile('Reaction ~ Dayz', { schema });
    expect(ast.statements).toHaveLength(1);
    expect(models[0]).not.toHaveProperty('graph');
    expect(models[0]).not.toHaveProperty('plan');
    expect(diagnostics).toHaveLength(1);
  });

  test('one wrong model does not keep another from its graph', () => {
    const { models } = compile(`model wrong { Reaction ~ Dayz }\nmodel right { ${good} }`, { schema });
    expect(models.map((m) => m.graph === undefined)).toEqual([true, false]);
  });

  test('an unread text gives no graph, and only what is sure is said of it', () => {
    const { models, diagnostics } = compile(`Reaction ~ period + (1 | Subject\n`, { schema });
    expect(models.every((m) => m.graph === undefined)).toBe(true);
    expect(diagnostics.every((d) => d.severity === 'error' && d.code.startsWith('MM1'))).toBe(true);
  });

  test('compiles one model of several, and names one that has no name', () => {
    const source = `model one { ${good} }\nmodel two { Reaction ~ Dayz }`;
    expect(compile(source, { model: 'one', schema }).diagnostics).toEqual([]);
    expect(compile(good, { name: 'sleepstudy' }).models[0]?.graph?.name).toBe('sleepstudy');
  });

  test('each model is checked against its own data', () => {
    const source = 'model one { data "a.csv"; y ~ x }\nmodel two { data "b.csv"; y ~ x }';
    const column = { type: 'real' as const, levels: null, distinct: null };
    const known = { 'a.csv': ['y', 'x'], 'b.csv': ['y', 'z'] };
    const asked: [string | null, string][] = [];
    const { diagnostics } = compile(source, {
      schema: (file, model) => {
        asked.push([file, model]);
        const names = file === 'a.csv' || file === 'b.csv' ? known[file] : [];
        return { columns: new Map(names.map((name) => [name, column])) };
      },
    });
    expect(asked).toEqual([
      ['a.csv', 'one'],
      ['b.csv', 'two'],
    ]);
    expect(diagnostics.map((d) => d.code)).toEqual(['MM231']);
  });

  test('says what data each model wants', () => {
    const { ast } = compile('data "a.csv" { g: factor("1", "2") }\nmodel one { y ~ g }\nmodel two { y ~ x }');
    const columns = [{ name: 'g', type: 'factor', levels: ['1', '2'] }];
    expect(dataFiles(ast)).toEqual([
      { model: 'one', file: 'a.csv', columns },
      { model: 'two', file: 'a.csv', columns },
    ]);
    expect(dataFiles(compile('y ~ x').ast, 'here')).toEqual([{ model: 'here', file: null, columns: [] }]);
  });
});

describe('fit', () => {
  test('is that of lme4', () => {
    const compiled = compile(good, { schema: schemaOf(sleepstudy) }).models[0];
    if (compiled === undefined) throw new Error('no model');
    const { fit: found, diagnostics } = fit(compiled, sleepstudy);
    expect(diagnostics).toEqual([]);
    // lme4 1.1-31, test/reference/sleepstudy-slope-reml.json
    expect(found?.logLik).toBeCloseTo(-871.81413598, 6);
  });

  test('of a graph that went through JSON is the same', () => {
    const compiled = compile(good, { schema: schemaOf(sleepstudy) }).models[0];
    if (compiled?.graph === undefined) throw new Error('no model');
    const copied = { ...compiled, graph: JSON.parse(JSON.stringify(compiled.graph)) as typeof compiled.graph };
    const [found, expected] = [fit(copied, sleepstudy), fit(compiled, sleepstudy)];
    expect(found.fit).toEqual(expected.fit);
    expect(found.design).toEqual(expected.design);
    expect(found.diagnostics).toEqual(expected.diagnostics);
  });

  test('of a model with errors gives its diagnostics back', () => {
    const compiled = compile('Reaction ~ Dayz', { schema: schemaOf(sleepstudy) }).models[0];
    if (compiled === undefined) throw new Error('no model');
    const outcome = fit(compiled, sleepstudy);
    expect(outcome.fit).toBeUndefined();
    expect(outcome.diagnostics.map((d) => d.code)).toEqual(['MM231']);
  });

  test('of a model compiled without a schema finds a missing column when the data are bound', () => {
    const compiled = compile('Reaction ~ Dayz + (1 | Subject)').models[0];
    if (compiled === undefined) throw new Error('no model');
    const outcome = fit(compiled, sleepstudy);
    expect(outcome.fit).toBeUndefined();
    expect(outcome.diagnostics.some((d) => d.severity === 'error' && d.message.includes('Dayz'))).toBe(true);
  });
});

describe('good after bad', () => {
  test('a wrong program leaves nothing behind', () => {
    const fresh = compile(good, { schema });
    for (const source of [
      bad,
      'Reaction ~ Dayz',
      'sigma = 2\nReaction ~ normal(mu, sigma)\nbeta[q] ~ normal(0, -1)',
      '}{',
      '',
    ]) {
      expect(compile(source, { schema }).diagnostics.some((d) => d.severity === 'error')).toBe(true);
      const after = compile(good, { schema });
      expect(after).toEqual(fresh);
      expect(after.models.map(explain)).toEqual(fresh.models.map(explain));
    }
  });
});
