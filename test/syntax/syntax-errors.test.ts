import { describe, expect, test } from 'vitest';
import { syntaxCodes } from '../../src/diagnostics/codes/syntax.js';
import { Report } from '../../src/diagnostics/report.js';
import { parseProgram } from '../../src/syntax/build-ast.js';
import { modelFiles } from './model-files.js';
import { randomSource, TextMaker } from './random-text.js';

/** Each `«...»` marks where a diagnostic must stand; `codes` are theirs, in the order of the text. */
function expectDiagnostics(marked: string, codes: readonly string[], hint?: RegExp | string | undefined): void {
  const spans: { start: number; end: number }[] = [];
  const open: number[] = [];
  let source = '';
  for (const c of marked) {
    if (c === '«') open.push(source.length);
    else if (c === '»') spans.push({ start: open.pop() ?? -1, end: source.length });
    else source += c;
  }
  const report = new Report();
  parseProgram(source, report);
  const found = report.sorted();
  expect(
    found.map((d) => d.code),
    JSON.stringify(found, null, 1),
  ).toEqual(codes);
  expect(found.map((d) => d.span)).toEqual(spans.sort((a, b) => a.start - b.start));
  if (hint !== undefined) expect(found[0]?.hint).toMatch(hint);
}

type Slip = readonly [code: string, marked: string, hint?: RegExp | string];

/** One slip each: where it is found, and what is advised. */
const slips: readonly Slip[] = [
  ['MM101', 'y ~ x «z»', /an operator before it; a new statement starts/],
  ['MM101', 'y ~ normal(mu, sigma) «mu» = 1 + x', /a new statement starts/],
  ['MM101', 'y ~ x «fit» ml', "a new line or ';'"],
  ['MM101', 'model a { data "a.csv" «mixture» z { class p { y ~ x } }; fit em }', "a new line or ';'"],
  ['MM101', 'y ~ x + «*» z', /a name, a number/],
  ['MM101', 'model «{» y ~ x }', 'a name for the model'],
  ['MM101', 'mixture z per g { class «{» y ~ x } }', 'a name for the class'],
  ['MM101', 'mixture z «of» g { class a { y ~ x } }', "'per' or '{'"],
  ['MM101', 'mixture z per g «or» h { class a { y ~ x } }'.replace('«or» h', '«h» i j'), "'per' or '{'"],
  ['MM101', 'model a {\n  mixture z {\n    class p «q», r { y ~ x; w = 1 }\n  }\n  fit em\n}', "',' or '{'"],
  ['MM101', 'model a «b» c {\n  y ~ x\n  fit ml\n}', "'{'"],
  ['MM101', 'let «3» = x', 'a name for the new column'],
  ['MM101', 'data «sleepstudy.csv»', 'the name of a file in quotes'],
  ['MM101', 'data { x «real» }', "':'"],
  ['MM101', 'data { x: factor(«a») }', 'a text in quotes'],
  ['MM101', 'fix sigma «3»', "'='"],
  ['MM101', 'order z «descending» by x', "'by'"],
  ['MM101', 'f(a «b») = 2', "',' or ')'"],
  ['MM101', 'y ~ x[1«,» 2]', "']'"],
  ['MM102', 'y ~ normal«(»mu, sigma\nmu = 1 + x', /'\)'/],
  ['MM102', '«[»intercept, beta[x] ~ multi_normal([0, 0], diag(1, 1))\ny ~ x', /'\]'/],
  ['MM102', 'model a «{»\n  y ~ x\n', /'\}'/],
  ['MM102', 'model a «{»\n  y ~ x\nmodel b {\n  y ~ x\n}\n'],
  ['MM102', 'model a {\n  mixture z per g {\n    class a «{» mu = x\n    class b { mu = x }\n  }\n  fit em\n}\n'],
  ['MM102', 'model a {\n  mixture z per g «{»\n    class a { mu = x }\n  order z by x\n  fit em\n}\n'],
  ['MM102', 'model a {\n  data "a.csv" «{» g: factor\n  y ~ x\n  fit ml\n}\n'],
  ['MM103', 'data «"sleepstudy.csv»\ny ~ x', /add a "/],
  ['MM103', 'y ~ x + «`trt drug + z»', /add a `/],
  ['MM104', 'y ~ x + 1 + g«)»'],
  ['MM104', 'model a {\n  y ~ x\n}\n«}»\n'],
  ['MM105', 'y ~ x + (1 | g«]»', "write ')'"],
  ['MM105', 'beta[x«)» ~ normal(0, 1)', "write ']'"],
  ['MM106', 'y ~ x «@» + z'],
  ['MM106', 'y ~ x + €z'.replace('€', '«\u20ac»')],
  ['MM107', 'mu «<-» 1 + x', "write '='"],
  ['MM107', 'mu «:=» 1 + x', "write '='"],
  ['MM107', 'y «~~» normal(mu, sigma)', "write '~'"],
  ['MM107', 'where x > 1 «&&» z < 2', "write 'and'"],
  ['MM107', 'where x > 1 «&» z < 2', "write 'and'"],
  ['MM107', 'where «!»(x > 1)', "write 'not'"],
  ['MM107', 'let z = x«**»2', "write '^'"],
  ['MM107', 'where x «≥» 2', "write '>='"],
  ['MM107', 'where x «===» 2', "write '=='"],
  ['MM107', 'where x «=>» 2', "write '>='"],
  ['MM107', 'where x «<>» 2', "write '!='"],
  ['MM107', 'y ~ x «−» 1', "write '-'"],
  ['MM108', 'where x «=» 3', "write '=='"],
  ['MM108', 'where (x > 1 and z «=» 3)', "write '=='"],
  ['MM109', 'mu = 1 + x «|» g', /\(1 \| group\)/],
  ['MM109', 'mu = 1 + x «||» g', /\(1 \|\| group\)/],
  ['MM109', 'where x > 1 «||» z < 2', "write 'or'"],
  ['MM109', 'where (x > 1 «|» z < 2)', "write 'or'"],
  ['MM109', 'let late = if(x > 1 «||» z < 2, 1, 0)', "write 'or'"],
  ['MM110', '«modle» a { y ~ x }', "did you mean 'model'?"],
  ['MM110', '«Fit» reml', "did you mean 'fit'?"],
  ['MM110', 'model a { y ~ x; «wieghts» w }', "did you mean 'weights'?"],
  ['MM111', '«lmer»(y ~ x + (1 | g), data = d)', /its formula alone/],
  ['MM111', '«glmmTMB»(y ~ x, family = poisson)'],
  ['MM111', 'm <- «lmer»(y ~ x + (1 | g), data = d)'],
  ['MM111', 'm = «lmer»(y ~ x + (1 | g), data = d)'],
  ['MM112', 'y ~ x + (1 | g), «family» = poisson', /poisson\(lambda\)/],
  ['MM112', '«family = binomial(link = "logit")»', /logit\(p\)/],
  ['MM113', 'mu = 1 +«»', /a name, a number/],
  ['MM113', 'model a {\n  mu = 1 +«»\n  y ~ normal(mu, sigma)\n}\n'],
  ['MM113', 'labels«»', 'the name of a column'],
  ['MM113', 'order z«»', "'by'"],
  ['MM113', 'let x«»', "'='"],
  ['MM113', 'data { x: int, y«» }', "':'"],
  ['MM114', 'mu = 1\n   «+» x', /end the line before/],
  ['MM114', 'y\n  «~» normal(mu, sigma)'],
  ['MM114', 'where x > 1\n  «and» z > 2'],
  ['MM115', `y ~ ${'('.repeat(100)}«(»x)${')'.repeat(100)}`],
  ['MM116', `y ~ ${'x + '.repeat(1000)}x «+» x`],
  ['MM117', 'data "C:«\\d»ata.csv"', /for a backslash/],
  ['MM118', 'mu = «2x» + 1', /write 2 \* x/],
  ['MM118', 'fit agq(«25L»)', 'write 25'],
  ['MM118', 'where x > «1.2.3»'],
  ['MM119', 'for (i in 1:10) «{» y[i] ~ normal(0, 1) }'],
  ['MM119', 'model a {\n  parameters «{»\n    real x;\n  }\n  y ~ x\n}\n'],
  ['MM120', '«1 + x + (1 | g)»', /to continue a line/],
  ['MM120', 'model a { y ~ x; «sigma»; fit ml }'],
  ['MM121', 'y ~ normal(mu«;» sigma)', "write ','"],
  ['MM122', 'where 0 < x «<» 1', /0 < x and x < 1/],
  ['MM123', 'model a { y ~ x; «model» b { y ~ x } }'],
  ['MM124', 'model a { y ~ x }\n«fit ml»', /before the first one/],
  ['MM125', '«data = "a.csv"»', 'write data "a.csv"'],
  ['MM125', '«fit = »reml', /write fit/],
  ['MM126', 'where x «%in%» z', /x == "a" or x == "b"/],
  ['MM127', 'y ~ d«$»x + 1', 'write x'],
  ['MM128', 'data «“a.csv”»'],
  ['MM129', '«//» a comment\ny ~ x'],
  ['MM129', '«/*» a { comment\n of two lines */\ny ~ x'],
  ['MM130', 'y ~ a «~» b'],
  ['MM130', 'mu = a «=» b', /write '=='/],
  ['MM131', 'y ~ normal(mu«,», sigma)'.replace('«,»,', ',«,»')],
  ['MM131', '«``» ~ x'],
  ['MM132', 'y ~ x + (1 | g), «data» = d', /statements of their own/],
  ['MM133', 'where x < «1e999»', "write 'inf'"],
  ['MM134', '«model» a\n  data "a.csv" { x: int }\n  y ~ x\n  fit ml\n}\n', /behind the head/],
  ['MM134', 'model a {\n  «mixture» z per g\n    class p { mu = x }\n  }\n  fit em\n}\n'],
  ['MM134', 'model a {\n  mixture z {\n    «class» p, q mu = x; sigma = 1 }\n  }\n  fit em\n}\n'],
  ['MM134', 'model a {\n  «data» "a.csv" x: int, y: factor("a", "b") }\n  y ~ x\n}\n', /before the columns/],
  ['MM104', 'data { x: factor"a", "b"«)», y: int }\ny ~ x'],
  ['MM104', 'y ~ multi(0, [1, 0], [0, 1]«]»)'],
  ['MM104', 'penalize 2 * (betax«]» - 1)^2'],
  ['MM103', 'model a {\n  data { x: factor("a", b", "c«") }»\n  y ~ x\n}\n'],
];

describe('a slip is one diagnostic, in its place, with advice', () => {
  test.each(slips.map(([code, marked, hint]) => ({ code, marked, hint })))('$code: $marked', (slip) =>
    expectDiagnostics(slip.marked, [slip.code], slip.hint),
  );

  test('every code has a slip', () => {
    expect([...new Set(slips.map(([code]) => code))].sort()).toEqual(Object.keys(syntaxCodes).sort());
  });

  test('a replacement mends the text', () => {
    const replaced = slips.filter(([, marked]) => {
      const source = marked.replace(/[«»]/g, '');
      const report = new Report();
      parseProgram(source, report);
      const [d] = report.sorted();
      if (d?.replacement === undefined || d.span === undefined) return false;
      const mended = source.slice(0, d.span.start) + d.replacement + source.slice(d.span.end);
      const after = new Report();
      parseProgram(mended, after);
      expect(after.sorted(), mended).toEqual([]);
      return true;
    });
    expect(replaced.length).toBeGreaterThan(20);
  });
});

describe('mistakes do not hide each other', () => {
  test('five in a file are five', () => {
    expectDiagnostics(
      `model sleepstudy {
  data "sleepstudy.csv" { Days: «3» }
  where Days «=» 2
  Reaction ~ normal«(»mu, sigma
  mu «<-» 1 + Days + (Days | Subject)
  sigma ~ gamma(2, , 1)
  «ft» reml
}
`.replace('2, , 1', '2, «,» 1'),
      ['MM101', 'MM108', 'MM102', 'MM107', 'MM131', 'MM110'],
    );
  });

  test('also when a block around them is not closed, and in a second model', () => {
    expectDiagnostics(
      `model a «{»
  y ~ x «z»
model b {
  y ~ x + 1 + g«)»
  mixture z per g {
    class a, b { mu = x «+»; }
  }
}
`.replace('«+»;', '+«»;'),
      ['MM102', 'MM101', 'MM104', 'MM113'],
    );
  });

  test('several slips of operators in one statement are all told', () => {
    expectDiagnostics('where x > 1 «&&» z > 2 «&&» «!»w', ['MM107', 'MM107', 'MM107']);
  });
});

test('a token missing from a real model is one diagnostic, or none', () => {
  const maker = new TextMaker(randomSource(4));
  const models = modelFiles().map((m) => m.source.replace(/#.*/g, ''));
  const cascades: string[] = [];
  const n = 4000;
  for (let i = 0; i < n; i++) {
    const tokens = maker.pick(models).split(/(\s+|[A-Za-z0-9_.]+|[^\sA-Za-z0-9_.])/);
    tokens[maker.below(tokens.length)] = '';
    const report = new Report();
    parseProgram(tokens.join(''), report);
    const found = report.sorted();
    if (found.length > 1) cascades.push(`${tokens.join('')}\n${found.map((d) => d.message).join('\n')}`);
  }
  // What is left is a quotation mark or a brace where the text itself does not say which one is missing.
  expect(cascades.length, cascades.slice(0, 5).join('\n\n')).toBeLessThan(n / 200);
});

describe('what only looks like a slip is none', () => {
  test.each([
    'where x<-1',
    'let q = a<-b',
    'where x > 1 and\n  z < 2',
    'mu = 1 +\n\n  # a remark\n  x',
    'y ~ normal(mu,\n  sigma)\nmu = (1\n  + x)',
    '-x ~ normal(mu, sigma)\n+z ~ normal(mu, sigma)',
    'mu = x +\n  weights + fit + class',
    'mu = x +\n  where(z) + data',
    'model a\n{\n  y ~ x\n}\nmodel b { y ~ x } model c { y ~ x; fit ml; }',
    'data "a.csv" {\n  x: int\n\n  class: factor("a",\n    "b")\n  , order: text,\n}',
    "data 'a.csv'",
    '\ufeffy ~ x\r\nfit ml\r\n',
    'y ~ x # “quotes” <- && 2x (',
    'family = (1 | fam)',
    'y ~ .',
    '',
    '\n\n  # nothing\n',
    ';;;',
  ])('%j', (source) => expectDiagnostics(source, []));
});
