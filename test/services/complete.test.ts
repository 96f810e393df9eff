import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile.js';
import { parseTable } from '../../src/data/parse-table.js';
import { schemaOf } from '../../src/data/schema-of.js';
import type { DataSchema } from '../../src/data/table.js';
import { familyNames } from '../../src/families/family.js';
import { linkNames } from '../../src/links/link.js';
import { priorNames } from '../../src/priors/prior.js';
import { complete } from '../../src/services/complete.js';

function schemaFrom(text: string): DataSchema {
  const { table } = parseTable(text, { source: 'x.csv' });
  if (table === undefined) throw new Error('no table');
  return schemaOf(table);
}

const sleepstudy = schemaFrom(readFileSync(new URL('../data/sleepstudy.csv', import.meta.url), 'utf8'));
const trial = schemaFrom('y,n,trt,my site,dose\n1,5,drug,a,1.5\n0,5,placebo,b,2.5\n3,5,drug,a,0.5\n');

/** Names offered at the ¦ of a text. */
function at(marked: string, schema?: DataSchema): string[] {
  return items(marked, schema).map((i) => i.name);
}

function items(marked: string, schema: DataSchema = sleepstudy) {
  return complete(marked.replace('¦', ''), marked.indexOf('¦'), { schema }).items;
}

/** The text after the first item has been taken. */
function taken(marked: string, schema: DataSchema = sleepstudy): string {
  const source = marked.replace('¦', '');
  const found = complete(source, marked.indexOf('¦'), { schema });
  return source.slice(0, found.start) + (found.items[0]?.insert ?? '') + source.slice(found.end);
}

describe('where a statement starts', () => {
  test('columns come first, then words, parameters and links', () => {
    const found = at('¦');
    expect(found.slice(0, 3)).toEqual(['Reaction', 'Days', 'Subject']);
    expect(found).toEqual(expect.arrayContaining(['mixture', 'let', 'data', 'fit', 'sd', 'beta', 'log', 'logit']));
  });

  test('letters narrow it down, in either case', () => {
    expect(at('re¦')).toEqual(['Reaction']);
    expect(at('mi¦')).toEqual(['mixture']);
    expect(taken('mi¦')).toBe('mixture ');
  });

  test('blocks have their own words', () => {
    expect(at('mixture z per Subject {\n  ¦')).toEqual(expect.arrayContaining(['class', 'labels', 'order']));
    expect(at('mixture z per Subject {\n  ¦')).not.toContain('mixture');
    expect(at('mixture z per Subject {\n  class a {\n ¦')).not.toContain('class');
    expect(at('model m {\n  ¦')).not.toContain('model');
  });

  test('a parameter of the likelihood is offered for its predictor', () => {
    expect(at('Reaction ~ normal(mu, sigma)\nm¦')).toEqual(['model', 'mixture', 'mu']);
    expect(at('Reaction ~ poisson(lambda)\nlog(¦')[0]).toBe('lambda');
  });
});

describe('right of ~', () => {
  test('a column has families, a parameter has priors', () => {
    expect(at('Reaction ~ ¦')).toEqual(expect.arrayContaining([...familyNames, 'Days', 'poly']));
    expect(at('Reaction ~ ¦')).not.toContain('lkj');
    expect(at('sd(Subject) ~ ¦')).toEqual([...priorNames]);
    expect(at('beta[Days] ~ ¦')).toEqual([...priorNames]);
    expect(at('Reaction ~ normal(mu, sigma)\nsigma ~ ¦')).toEqual([...priorNames]);
    expect(taken('Reaction ~ neg¦')).toBe('Reaction ~ negative_binomial(');
  });

  test('a family has its parameters, columns, and families inside of those that take one', () => {
    expect(at('Reaction ~ normal(¦').slice(0, 2)).toEqual(['mu', 'sigma']);
    expect(at('y ~ binomial(¦', trial)).toEqual(expect.arrayContaining(['p', 'n']));
    expect(at('y ~ zero_inflated(¦', trial)).toEqual(expect.arrayContaining(['poisson', 'zi']));
    expect(at('y ~ cumulative(eta, ¦', trial)).toEqual(expect.arrayContaining([...linkNames]));
    expect(at('Reaction ~ normal(mu, sigma, cor = ¦')).toEqual(['ar1', 'car1', 'cs', 'us']);
  });
});

describe('in a predictor', () => {
  test('columns, named effects and parts, functions and structures', () => {
    const text = 'Reaction ~ normal(mu, sigma)\nv = (1 | Subject)\nbase = 0 + Days\nmu = 1 + ¦';
    expect(at(text)).toEqual(expect.arrayContaining(['Days', 'v', 'base', 'poly', 'ns', 'ar1', 'sum_to_zero']));
    expect(at('Reaction ~ normal(mu, sigma)\nmu = 1 + poly(¦')).not.toContain('ar1');
  });

  test('the columns behind a bar are those with levels, whole numbers after them', () => {
    expect(at('y ~ 1 + (1 | ¦', trial)).toEqual(['trt', 'my site', 'y', 'n']);
    expect(at('y ~ 1 + (1 | trt:¦', trial)).toEqual(['trt', 'my site', 'y', 'n']);
    expect(at('mixture z per ¦', trial)).toEqual(['trt', 'my site', 'y', 'n']);
  });

  test('a name that needs quoting is quoted', () => {
    expect(taken('y ~ 1 + (1 | my¦', trial)).toBe('y ~ 1 + (1 | `my site`');
    expect(taken('y ~ 1 + (1 | `my s¦', trial)).toBe('y ~ 1 + (1 | `my site`');
  });
});

describe('priors and the rest', () => {
  const model = 'Reaction ~ normal(mu, sigma)\nmu = 1 + Days + (1 + Days | Subject)\n';

  test('groups and coefficients of the model that is there', () => {
    expect(at(`${model}sd(¦`)).toEqual(['Subject']);
    expect(at(`${model}sd(Subject)[¦`)).toEqual(['intercept', 'Days']);
    expect(at(`${model}beta[¦`)).toEqual(['Days']);
    expect(at(`${model}mu[¦`)).toEqual(['intercept', 'Days']);
    expect(at('y ~ poisson(lambda)\nlog(lambda) = trt\nbeta[¦', trial)).toEqual(['trt', 'trtplacebo']);
  });

  test('each coefficient that is offered is one that the compiler knows', () => {
    const text = 'y ~ poisson(lambda)\nlog(lambda) = trt + dose + `my site`';
    const found = items(`${text}\nbeta[¦`, trial);
    expect(found.length).toBeGreaterThan(3);
    for (const { insert } of found) {
      const { diagnostics } = compile(`${text}\nbeta[${insert}] ~ normal(0, 1)`, { schema: trial });
      expect(
        diagnostics.filter((d) => d.severity === 'error'),
        insert,
      ).toEqual([]);
    }
  });

  test('methods and their options, codings, types', () => {
    expect(at('fit ¦')).toEqual(['reml', 'ml', 'laplace', 'agq', 'em']);
    expect(taken('fit em(dr¦')).toBe('fit em(draws = ');
    expect(at('contrasts trt = ¦', trial)).toEqual(['treatment', 'sum', 'helmert', 'poly']);
    expect(at('data { trt: f¦', trial)).toEqual(['factor']);
    expect(at('data {\n  trt: factor, d¦', trial)).toEqual(['dose']);
  });

  test('levels inside of quotes', () => {
    expect(at('where trt == "¦', trial)).toEqual(['drug', 'placebo']);
    expect(taken('where trt == "pl¦"', trial)).toBe('where trt == "placebo"');
    expect(at('contrasts trt = treatment(ref = "¦")', trial)).toEqual(['drug', 'placebo']);
    expect(at('data { trt: factor("¦', trial)).toEqual(['drug', 'placebo']);
  });

  test('a file is for the host to know', () => {
    const source = 'data "sl';
    expect(complete(source, source.length)).toMatchObject({ file: true, start: 6, end: 8, items: [] });
  });

  test('classes and their order', () => {
    const mixture = 'mixture z per Subject { class low, high { mu = 1 } }\n';
    expect(at(`${mixture}order ¦`)).toEqual(['z']);
    expect(at(`${mixture}order z ¦`)).toEqual(['by']);
    expect(at(`${mixture}prob(¦`)).toEqual(['z', 'low', 'high']);
  });

  test('nothing in comments, and nothing where a new name is to be made up', () => {
    expect(at('# Da¦')).toEqual([]);
    expect(at('let ¦')).toEqual([]);
    expect(at('model ¦')).toEqual([]);
  });
});

test('any place of any text has an answer', () => {
  const texts = [
    'mixture z per Subject {\n class a { mu = 1 + (Days | Subject) }\n}',
    'data "x.csv" { a: factor("x", "y") }\n)]}¦ ~ ~ = "',
    "y ~ binomial(n, p); logit(p) = `q` + 'x",
  ];
  for (const text of texts)
    for (let offset = 0; offset <= text.length; offset++) {
      const found = complete(text, offset, { schema: sleepstudy });
      expect(found.start).toBeLessThanOrEqual(offset);
      expect(found.end).toBeGreaterThanOrEqual(offset);
    }
});
