import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Report } from '../../src/diagnostics/report.js';
import { complete } from '../../src/services/complete.js';
import { highlight } from '../../src/services/highlight.js';
import { needsMore } from '../../src/services/needs-more.js';
import { parseProgram } from '../../src/syntax/build-ast.js';

const examples = join(import.meta.dirname, '../../examples');
const programs = readdirSync(examples)
  .filter((name) => name.endsWith('.mm'))
  .map((name) => ({ name, text: readFileSync(join(examples, name), 'utf8') }));

test.each([
  'mu = 1 +',
  'mu = 1 + (Days',
  'Reaction ~',
  'Reaction ~ normal(mu,',
  'model m {',
  'model m',
  'mixture z per Subject',
  'mixture z per Subject {\n  class a { mu = 1 }',
  'where Days > 1 and',
  'where not',
  'mu = 1 +  # a comment',
])('%j is not all', (text) => {
  expect(needsMore(text)).toBe(true);
});

test.each([
  '',
  'mu = 1 + Days',
  'model m { y ~ x }',
  'class ~ bernoulli(p)',
  'y ~ x;',
  'mu = 1)',
  'let a = "(',
  '# (',
  'fit reml',
  'mixture z per g { class a { mu = 1 } }',
])('%j is', (text) => {
  expect(needsMore(text)).toBe(false);
});

test('a program is all there at its end, and what is cut within a statement of several lines is not', () => {
  expect(programs.length).toBeGreaterThan(0);
  for (const { name, text } of programs) {
    expect(needsMore(text), name).toBe(false);
    const { models } = parseProgram(text, new Report());
    for (const { span } of models)
      for (let at = text.indexOf('\n', span.start); at >= 0 && at < span.end; at = text.indexOf('\n', at + 1))
        expect(needsMore(text.slice(0, at)), `${name}: ${text.slice(0, at)}`).toBe(true);
  }
});

test('colours lie side by side in the text, and words have theirs only where they are words of the language', () => {
  for (const { text } of programs) {
    const spans = highlight(text);
    spans.forEach((span, i) => {
      expect(span.start).toBeGreaterThanOrEqual(spans[i - 1]?.end ?? 0);
      expect(span.end).toBeGreaterThan(span.start);
    });
  }
  const source = 'data "x.csv" { class: factor } # classes\nfit ~ normal(mu, 2)';
  const shown = highlight(source).map((s) => [source.slice(s.start, s.end), s.colour]);
  expect(shown).toEqual(
    expect.arrayContaining([
      ['data', 'keyword'],
      ['"x.csv"', 'string'],
      ['# classes', 'comment'],
      ['normal', 'distribution'],
      ['2', 'number'],
      ['~', 'operator'],
    ]),
  );
  expect(shown).not.toContainEqual(['class', 'keyword']);
  expect(shown).not.toContainEqual(['fit', 'keyword']);
});

test('nothing that can be typed is too much for them', () => {
  const bits = [
    'mixture z per g {',
    'model m',
    '}',
    '(',
    ')',
    '[',
    '"',
    '`',
    '#',
    '~',
    '=',
    '+',
    ' ',
    '\n',
    'data',
    'x',
    '1e',
    '<-',
    '%%',
    '\\',
    'é',
    '\u{1f600}',
  ];
  const typed = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(fc.constantFrom(...bits)).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(typed, (text) => {
      expect(typeof needsMore(text)).toBe('boolean');
      for (const { start, end } of highlight(text)) expect(start < end && end <= text.length).toBe(true);
      const { start, end } = complete(text, text.length);
      expect(start <= text.length && end === text.length).toBe(true);
    }),
  );
});
