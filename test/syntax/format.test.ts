import { describe, expect, test } from 'vitest';
import { formatSource } from '../../src/syntax/format.js';

function expectFormatted(source: string, expected: string): void {
  const { text, diagnostics } = formatSource(source);
  expect(diagnostics).toEqual([]);
  expect(text).toBe(expected);
  expect(formatSource(text).text).toBe(text);
}

describe('the formatter', () => {
  test('indents blocks by two and puts one blank around operators', () => {
    expectFormatted(
      `model  a{
data 'a.csv' {x:int,g:factor( "a" , "b" )}
      y~normal( mu,sigma )
mu=1+x*  z : w+(1|g)-a ^ 2
  }`,
      `model a {
  data "a.csv" { x: int, g: factor("a", "b") }
  y ~ normal(mu, sigma)
  mu = 1 + x * z:w + (1 | g) - a^2
}
`,
    );
  });

  test('gives every statement its line, except in blocks that stand on one', () => {
    expectFormatted(
      'model a { mixture z per g { class p {mu=x ;sigma=1;} ; class q, r {mu=z} } ; fit em }',
      `model a {
  mixture z per g {
    class p { mu = x; sigma = 1 }
    class q, r { mu = z }
  }
  fit em
}
`,
    );
    expectFormatted('y ~ x; fit ml;', 'y ~ x\nfit ml\n');
    expectFormatted('model a { y ~ x }', 'model a { y ~ x }\n');
    expectFormatted('class a {\n y ~ x }', 'class a {\n  y ~ x\n}\n');
  });

  test('keeps one blank line between statements, none at the ends of a block', () => {
    expectFormatted('\n\nmodel a\n{\n\n\ny ~ x\n\n\n\nfit ml\n\n}\n\n\n', 'model a {\n  y ~ x\n\n  fit ml\n}\n');
  });

  test('keeps comments where they are', () => {
    expectFormatted(
      `# first


# second
model a {# head
# before
   y ~ x# behind
   # last

   # very last
   } # after
# end`,
      `# first

# second
model a {  # head
  # before
  y ~ x  # behind
  # last

  # very last
}  # after
# end
`,
    );
  });

  test('keeps comments between a head and its brace, and in empty or single-line blocks', () => {
    expectFormatted('model a # one\n{ # two\n}', '# one\nmodel a {  # two\n}\n');
    expectFormatted('class a { y ~ x # why\n}', 'class a {\n  y ~ x  # why\n}\n');
    expectFormatted('class a { # why\n y ~ x }', 'class a {  # why\n  y ~ x\n}\n');
    expectFormatted('a = 1; b = 2 # both', 'a = 1\nb = 2  # both\n');
  });

  test('leaves a statement with comments inside as it is written, but for its indentation', () => {
    expectFormatted(
      'model a {\n      mu = 1 +   # intercept\n           x  # slope\n         + 0\n}'.replace(
        'x  # slope\n         + 0',
        'x  # slope',
      ),
      'model a {\n  mu = 1 +   # intercept\n       x  # slope\n}\n',
    );
    expectFormatted('data "a.csv" {\n  x: int   # one\n  y: int\n}', 'data "a.csv" {\n  x: int   # one\n  y: int\n}\n');
  });

  test('spreads columns over lines where they were, or where they are too many', () => {
    expectFormatted('data "a.csv" {\nx: int\ny: int,\n}', 'data "a.csv" {\n  x: int,\n  y: int\n}\n');
    const many = Array.from({ length: 20 }, (_, i) => `column_${i}: factor`);
    expectFormatted(`data { ${many.join(', ')} }`, `data {\n${many.map((c) => `  ${c}`).join(',\n')}\n}\n`);
    const levels = Array.from({ length: 40 }, (_, i) => `"level ${i}"`);
    const { text } = formatSource(`data { x: factor(${levels.join(', ')}) }`);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
    expect(text.replace(/\s+/g, ' ')).toContain(levels.join(', '));
  });

  test('wraps a long list of arguments behind a comma', () => {
    const rows = Array.from({ length: 12 }, (_, i) => `[${i}, ${i}.25, 100${i}]`).join(', ');
    const { text } = formatSource(`cov(g) ~ wishart(df = 14, scale = [${rows}])`);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
    expect(text.replace(/\s+/g, ' ').trim()).toBe(`cov(g) ~ wishart(df = 14, scale = [${rows}])`);
  });

  test('takes any line ends, and texts without anything', () => {
    expectFormatted('# a\r\ny ~ x\r\n\r\n\r\nfit ml', '# a\ny ~ x\n\nfit ml\n');
    expectFormatted('', '');
    expectFormatted('\n \n', '');
    expectFormatted('  # only this  ', '# only this\n');
  });

  test('leaves a text with errors alone', () => {
    const source = 'y ~  (x\nmu =  3';
    const { text, diagnostics } = formatSource(source);
    expect(text).toBe(source);
    expect(diagnostics.map((d) => d.code)).toEqual(['MM102']);
  });
});
