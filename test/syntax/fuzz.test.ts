import { describe, expect, test } from 'vitest';
import { maxBrackets, maxOperators } from '../../grammar/layout.js';
import { Report } from '../../src/diagnostics/report.js';
import { parseProgram } from '../../src/syntax/build-ast.js';
import { formatSource } from '../../src/syntax/format.js';
import { printProgram } from '../../src/syntax/print.js';
import { modelFiles } from './model-files.js';
import { randomSource, TextMaker } from './random-text.js';
import { withoutSpans } from './without-spans.js';

/**
 * One text may take this long, in processor time: a busy machine stretches the other kind. A time above it is measured
 * again, because threads of the same process count, too.
 */
const limitMs = 50;

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** @param reads whether to read what is printed and formatted again */
function parse(source: string, reads = true): Report {
  const report = new Report();
  const started = processorMs();
  const program = parseProgram(source, report);
  let time = processorMs() - started;
  for (let attempt = 0; time > limitMs && attempt < 8; attempt++) time = Math.min(time, parseTime(source));
  expect(time).toBeLessThan(limitMs);

  for (const d of report.sorted()) {
    const { start, end } = d.span ?? { start: -1, end: -1 };
    expect(start >= 0 && end >= start && end <= source.length, `${d.code} at ${start}..${end}`).toBe(true);
  }
  // Whatever was read can be shown, and what was read without an error is read again from what is shown.
  const shown = printProgram(program);
  if (report.hasErrors || !reads) return report;
  const again = new Report();
  const same = parseProgram(shown, again);
  expect(again.sorted(), shown).toEqual([]);
  expect(withoutSpans(same), shown).toEqual(withoutSpans(program));
  const { text } = formatSource(source);
  expect(formatSource(text).text, text).toBe(text);
  const formatted = parseProgram(text, again);
  expect(withoutSpans(formatted), text).toEqual(withoutSpans(program));
  expect(formatted.comments.map((c) => c.text)).toEqual(program.comments.map((c) => c.text));
  return report;
}

function parseTime(source: string): number {
  const start = processorMs();
  parseProgram(source, new Report());
  return processorMs() - start;
}

function check(source: string, reads = true): void {
  try {
    parse(source, reads);
  } catch (error) {
    throw new Error(`in the text ${JSON.stringify(source.slice(0, 2000))}`, { cause: error });
  }
}

const models = modelFiles().map((m) => m.source);

describe('any text is read in time, and without an exception', () => {
  test('14,000 mutations of real models', () => {
    const maker = new TextMaker(randomSource(1));
    for (let n = 0; n < 14_000; n++) check(maker.mutate(maker.pick(models)), n % 4 === 0);
  });

  test('4,000 soups of tokens', () => {
    const maker = new TextMaker(randomSource(2));
    for (let n = 0; n < 4_000; n++) check(maker.soup(1 + maker.below(120)));
  });

  test('2,000 noises', () => {
    const maker = new TextMaker(randomSource(3));
    for (let n = 0; n < 2_000; n++) check(maker.noise(1 + maker.below(400)));
  });
});

describe('hostile texts', () => {
  const many = 10_000;
  test.each([
    ['open parentheses', `y ~ ${'('.repeat(many)}`],
    ['open and closed parentheses', `y ~ ${'('.repeat(many)}x${')'.repeat(many)}`],
    ['open brackets', `y ~ ${'['.repeat(many)}`],
    ['calls in calls', `y ~ ${'f('.repeat(many)}x${')'.repeat(many)}`],
    ['signs', `y ~ ${'-'.repeat(many)}x`],
    ['nots', `where ${'not '.repeat(many)}x`],
    ['powers', `y ~ x${'^x'.repeat(many)}`],
    ['indices', `y ~ x${'[1]'.repeat(many)}`],
  ])('%s: nested too deep is a diagnostic', (_, source) => {
    check(source);
    expect(
      parse(source)
        .sorted()
        .map((d) => d.code),
    ).toSatisfy((codes: string[]) => codes.some((c) => c === 'MM115' || c === 'MM116'));
  });

  test.each([
    ['closing parentheses', ')'.repeat(many / 4)],
    ['open braces', '{'.repeat(many)],
    ['closing braces', '}'.repeat(many / 4)],
    ['models in models', 'model a {'.repeat(many / 10)],
    ['classes in classes', 'class a {\n'.repeat(many / 10)],
    ['semicolons', ';'.repeat(many)],
    ['semicolons in a parenthesis', `y ~ (${';'.repeat(many / 4)})`],
    ['newlines', '\n'.repeat(many)],
    ['newlines behind an operator', `y ~${'\n'.repeat(many)}x`],
    ['newlines before an operator', `y${'\n'.repeat(many)}~ x`],
    ['quotes', '"'.repeat(many)],
    ['backslashes', '\\'.repeat(many)],
    ['a long name', `${'a'.repeat(100 * many)} ~ x`],
    ['a long text', `data "${'a'.repeat(100 * many)}"`],
    ['a long comment', `#${'a'.repeat(100 * many)}`],
    ['a long number', `y ~ ${'1'.repeat(10 * many)}`],
    ['a long line of blanks', `y ~ ${' '.repeat(100 * many)}x`],
    ['unclosed comments', '/*'.repeat(many)],
    ['a long comment of another language', `/*${'a*'.repeat(10 * many)}`],
    ['percent signs', '%'.repeat(many)],
    ['many words', 'fit '.repeat(many / 5)],
    ['unknown characters', '@'.repeat(many / 2)],
  ])('%s', (_, source) => check(source));

  test('a statement as long as is allowed is read', () => {
    const terms = Array.from({ length: maxOperators + 1 }, (_, i) => `x${i}`).join(' + ');
    expect(parse(`y ~ ${terms}`).sorted()).toEqual([]);
    expect(
      parse(`y ~ ${terms} + z`)
        .sorted()
        .map((d) => d.code),
    ).toEqual(['MM116']);
    const nested = `y ~ ${'('.repeat(maxBrackets)}x${')'.repeat(maxBrackets)}`;
    expect(parse(nested).sorted()).toEqual([]);
  });
});
