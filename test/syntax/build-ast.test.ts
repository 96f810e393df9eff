import { describe, expect, test } from 'vitest';
import { Report } from '../../src/diagnostics/report.js';
import type { Expression, Program, Statement } from '../../src/syntax/ast.js';
import { parseProgram } from '../../src/syntax/build-ast.js';
import { isMissing } from '../../src/syntax/missing.js';
import { partsOf } from '../../src/syntax/walk.js';

function read(source: string): { program: Program; codes: string[] } {
  const report = new Report();
  const program = parseProgram(source, report);
  return { program, codes: report.sorted().map((d) => d.code) };
}

function parse(source: string): Program {
  const { program, codes } = read(source);
  expect(codes, source).toEqual([]);
  return program;
}

function only(source: string): Statement {
  const { statements } = parse(source);
  const [statement] = statements;
  if (statement === undefined || statements.length !== 1) throw new Error(`not one statement: ${source}`);
  return statement;
}

/** The tree with every operation in brackets. */
function grouped(e: Expression): string {
  switch (e.kind) {
    case 'number':
      return e.text;
    case 'string':
      return JSON.stringify(e.value);
    case 'name':
      return e.name;
    case 'call':
      return `${e.callee.name}(${e.arguments.map((a) => (a.name ? `${a.name.name}=` : '') + grouped(a.value)).join(',')})`;
    case 'index':
      return `${grouped(e.base)}[${grouped(e.index)}]`;
    case 'unary':
      return `<${e.operator} ${grouped(e.operand)}>`;
    case 'binary':
      return `<${grouped(e.left)} ${e.operator} ${grouped(e.right)}>`;
    case 'bar':
      return `{${grouped(e.left)} ${e.operator} ${grouped(e.right)}}`;
    case 'list':
      return `[${e.items.map(grouped).join(',')}]`;
    case 'paren':
      return `(${grouped(e.inner)})`;
  }
}

function expressionOf(text: string): Expression {
  const statement = only(`where ${text}`);
  if (statement.kind !== 'where') throw new Error(statement.kind);
  return statement.condition;
}

describe('operators group as in R', () => {
  test.each([
    ['a + b * c', '<a + <b * c>>'],
    ['a - b - c', '<<a - b> - c>'],
    ['a / b * c', '<<a / b> * c>'],
    ['a:b * c', '<<a : b> * c>'],
    ['a * b:c:d', '<a * <<b : c> : d>>'],
    ['a ^ b ^ c', '<a ^ <b ^ c>>'],
    ['-a ^ 2', '<- <a ^ 2>>'],
    ['-a:b', '<<- a> : b>'],
    ['-a * b', '<<- a> * b>'],
    ['a ^ -b', '<a ^ <- b>>'],
    ['a ^ -b * c', '<<a ^ <- b>> * c>'],
    ['- - a', '<- <- a>>'],
    ['a - -b', '<a - <- b>>'],
    ['a + b < c * d', '<<a + b> < <c * d>>'],
    ['not a == b', '<not <a == b>>'],
    ['not a and b', '<<not a> and b>'],
    ['not not a', '<not <not a>>'],
    ['a and not b or c', '<<a and <not b>> or c>'],
    ['a or b and c', '<a or <b and c>>'],
    ['a * not b + c', '<a * <not <b + c>>>'],
    ['(a + b)^2', '<(<a + b>) ^ 2>'],
    ['a[x]^2 / s', '<<a[x] ^ 2> / s>'],
    ['-sd(g)[intercept]', '<- sd(g)[intercept]>'],
    ['f(a, b = 1 + x)[y][2]', 'f(a,b=<1 + x>)[y][2]'],
    ['f()', 'f()'],
    ['[[1, -2], [x]]', '[[1,<- 2>],[x]]'],
    ['1e-3 + .5 - 2.', '<<1e-3 + .5> - 2.>'],
  ])('%s', (text, groups) => expect(grouped(expressionOf(text))).toBe(groups));

  test('bars are loosest, and may be named arguments', () => {
    const { statements } = parse('mu = 1 + (1 + x | a/b) + diag(0 + x || g) + (x | a:b)');
    expect(statements.map((s) => (s.kind === 'assign' ? grouped(s.value) : s.kind))).toEqual([
      '<<<1 + ({<1 + x> | <a / b>})> + diag({<0 + x> || g})> + ({x | <a : b>})>',
    ]);
    const sample = only('y ~ normal(mu, sigma, cor = ar1(time | g))');
    expect(sample.kind === 'sample' && grouped(sample.right)).toBe('normal(mu,sigma,cor=ar1({time | g}))');
  });
});

describe('every statement of the language', () => {
  test.each([
    ['data "a.csv"', { kind: 'data', file: { value: 'a.csv' }, columns: [] }],
    [
      'data { trt: factor("a", \'b\'), `x y`: int }',
      {
        kind: 'data',
        file: null,
        columns: [
          { column: { name: 'trt' }, type: { name: 'factor' }, levels: [{ value: 'a' }, { value: 'b' }] },
          { column: { name: 'x y', quoted: true }, type: { name: 'int' }, levels: null },
        ],
      },
    ],
    ['where x > 1', { kind: 'where', condition: { kind: 'binary', operator: '>' } }],
    ['let z = x', { kind: 'let', name: { name: 'z' }, value: { name: 'x' } }],
    ['contrasts z = sum', { kind: 'contrasts', column: { name: 'z' }, coding: { name: 'sum' } }],
    ['y ~ x', { kind: 'sample', left: { name: 'y' }, right: { name: 'x' } }],
    ['log(mu) = x', { kind: 'assign', target: { kind: 'call' }, value: { name: 'x' } }],
    ['fix sd(g)[x] = 1', { kind: 'fix', target: { kind: 'index' }, value: { kind: 'number', value: 1 } }],
    ['penalize x^2', { kind: 'penalize', penalty: { kind: 'binary', operator: '^' } }],
    ['mixture z { y ~ x }', { kind: 'mixture', name: { name: 'z' }, per: null, statements: [{ kind: 'sample' }] }],
    ['mixture z per a:b { }', { kind: 'mixture', per: { kind: 'binary', operator: ':' }, statements: [] }],
    ['class a, b { y ~ x; z = x }', { kind: 'class', names: [{ name: 'a' }, { name: 'b' }], statements: [{}, {}] }],
    ['labels known', { kind: 'labels', column: { name: 'known' } }],
    ['order z by intercept', { kind: 'order', mixture: { name: 'z' }, by: { name: 'intercept' }, descending: false }],
    ['order z by beta[x] descending', { kind: 'order', by: { kind: 'index' }, descending: true }],
    ['weights w', { kind: 'weights', value: { name: 'w' } }],
    ['fit em(draws = 5)', { kind: 'fit', method: { kind: 'call', arguments: [{ name: { name: 'draws' } }] } }],
  ])('%s', (source, expected) => expect(only(source)).toMatchObject(expected));

  test('statements before models, models, and comments', () => {
    const program = parse('# one\ndata "a.csv"; where x > 1 # two\nmodel a { y ~ x }\nmodel b { z ~ x }\n');
    expect(program.statements.map((s) => s.kind)).toEqual(['data', 'where']);
    expect(program.models.map((m) => m.name.name)).toEqual(['a', 'b']);
    expect(program.comments.map((c) => c.text)).toEqual(['# one', '# two']);
  });

  test('words are names wherever they do not start a statement, and where nothing else fits', () => {
    const words = [
      'data',
      'where',
      'let',
      'contrasts',
      'fix',
      'penalize',
      'mixture',
      'class',
      'labels',
      'order',
      'fit',
    ];
    for (const word of [...words, 'model', 'weights', 'per', 'by', 'descending', 'and', 'or']) {
      expect(only(`${word} ~ normal(${word}, ${word})`)).toMatchObject({ kind: 'sample', left: { name: word } });
      expect(only(`${word} = 1 + ${word}`)).toMatchObject({ kind: 'assign', target: { name: word } });
      expect(only(`${word}[x] ~ normal(0, 1)`)).toMatchObject({ kind: 'sample', left: { kind: 'index' } });
      expect(only(`${word} + x ~ normal(0, 1)`)).toMatchObject({ kind: 'sample', left: { kind: 'binary' } });
      expect(only(`let ${word} = 1`)).toMatchObject({ kind: 'let', name: { name: word } });
      expect(only(`data { ${word}: int }`)).toMatchObject({ columns: [{ column: { name: word } }] });
    }
    expect(only('fit and x ~ bernoulli(p)')).toMatchObject({ kind: 'sample', left: { operator: 'and' } });
    expect(only('where (x > 1) and y < 2')).toMatchObject({ kind: 'where' });
    expect(only('where -x > 1')).toMatchObject({ kind: 'where' });
    expect(only('mixture per per per { }')).toMatchObject({ kind: 'mixture', name: { name: 'per' } });
    expect(only('order by by descending descending')).toMatchObject({ by: { name: 'descending' }, descending: true });
  });

  test('texts and names mean what their escapes say', () => {
    expect(only(String.raw`data "a\"b\\c\n'"`)).toMatchObject({ file: { value: 'a"b\\c\n\'' } });
    expect(only('`trt drug+` ~ x')).toMatchObject({ left: { name: 'trt drug+', quoted: true } });
    expect(only('größe.1_b ~ x')).toMatchObject({ left: { name: 'größe.1_b', quoted: false } });
  });
});

function children(node: object): object[] {
  return Object.values(node).flatMap((v: unknown) =>
    Array.isArray(v) ? v.filter((x) => typeof x === 'object') : typeof v === 'object' && v !== null ? [v] : [],
  );
}

test('spans: every node lies within its parent, and covers its own text', () => {
  const source = `model seizures {
  data "a.csv" { trt: factor("a", "b"), y: count }
  mixture z per subject {
    class a, b { log(lambda) = 1 + -common * (v | g) + f(x, y = [1, 2])[z];  beta[trt] ~ normal(0, 1) }
  }
  order z by intercept descending
}`;
  const program = parse(source);
  const inside = (node: object, outer: { start: number; end: number }): void => {
    let span = outer;
    if ('span' in node) {
      span = node.span as typeof outer;
      expect(span.start).toBeGreaterThanOrEqual(outer.start);
      expect(span.end).toBeLessThanOrEqual(outer.end);
      if (span.start >= span.end) throw new Error(`empty: ${JSON.stringify(node)}`);
    }
    for (const child of children(node)) if (!('start' in child)) inside(child, span);
  };
  inside(program, { start: 0, end: source.length });

  const texts: string[] = [];
  const collect = (e: Expression): void => {
    texts.push(source.slice(e.span.start, e.span.end));
    partsOf(e).forEach(collect);
  };
  const mixture = program.models[0]?.statements[1];
  const assign = mixture?.kind === 'mixture' && mixture.statements[0]?.kind === 'class' && mixture.statements[0];
  const first = assign ? assign.statements[0] : undefined;
  if (first?.kind !== 'assign') throw new Error('no assignment');
  collect(first.value);
  expect(texts).toEqual([
    '1 + -common * (v | g) + f(x, y = [1, 2])[z]',
    '1 + -common * (v | g)',
    ...['1', '-common * (v | g)', '-common', 'common', '(v | g)', 'v | g', 'v', 'g'],
    ...['f(x, y = [1, 2])[z]', 'f(x, y = [1, 2])', 'x', '[1, 2]', '1', '2', 'z'],
  ]);
  expect(source.slice(first.span.start, first.span.end)).toBe(`log(lambda) = ${texts[0]}`);
});

describe('a damaged text still gives a tree', () => {
  test('with what could be read, and a mark where something is missing', () => {
    const { program, codes } = read('model a {\n  y ~ normal(mu,, s)\n  mu = 1 + x\n}\nmodel b {\n  y ~ x\n}\n');
    expect(codes).toEqual(['MM131']);
    expect(program.damaged).toBe(true);
    expect(program.models.map((m) => m.damaged)).toEqual([true, undefined]);
    const [likelihood, predictor] = program.models[0]?.statements ?? [];
    expect(likelihood).toMatchObject({ kind: 'sample', left: { name: 'y' } });
    expect(likelihood?.kind === 'sample' && isMissing(likelihood.right)).toBe(true);
    expect(predictor).toMatchObject({ kind: 'assign', target: { name: 'mu' } });
  });

  test('a block keeps what stands in it, whatever is wrong with its head', () => {
    const { program } = read('model {\n  mixture per g {\n    class { mu = x }\n  }\n  fit ml\n}');
    expect(program.models).toMatchObject([
      {
        statements: [
          { kind: 'mixture', statements: [{ kind: 'class', statements: [{ kind: 'assign' }] }] },
          { kind: 'fit' },
        ],
      },
    ]);
  });

  test('a missing brace leaves the blocks where they belong', () => {
    const { program } = read(
      'model a {\n  mixture z {\n    class p { mu = x\n    class q { mu = w }\n  }\n  fit em\n}',
    );
    expect(program.models[0]?.statements).toMatchObject([
      { kind: 'mixture', damaged: true, statements: [{ names: [{ name: 'p' }] }, { names: [{ name: 'q' }] }] },
      { kind: 'fit' },
    ]);
  });
});
