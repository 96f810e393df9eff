import { describe, expect, test } from 'vitest';
import { maxBrackets, maxOperators } from '../../grammar/layout.js';
import { Report } from '../../src/diagnostics/report.js';
import { parseProgram } from '../../src/syntax/build-ast.js';
import { formatSource } from '../../src/syntax/format.js';
import { printProgram } from '../../src/syntax/print.js';
import { longTexts, tooDeepTexts } from './hostile-texts.js';
import { modelFiles } from './model-files.js';
import { randomSource, TextMaker } from './random-text.js';
import { withoutSpans } from './without-spans.js';

/** @param reads whether to read what is printed and formatted again */
function parse(source: string, reads = true): Report {
  const report = new Report();
  const program = parseProgram(source, report);
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

function check(source: string, reads = true): void {
  try {
    parse(source, reads);
  } catch (error) {
    throw new Error(`in the text ${JSON.stringify(source.slice(0, 2000))}`, { cause: error });
  }
}

const models = modelFiles().map((m) => m.source);

describe('any text is read without an exception', () => {
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
  test.each(tooDeepTexts)('%s: nested too deep is a diagnostic', (_, source) => {
    check(source);
    expect(
      parse(source)
        .sorted()
        .map((d) => d.code),
    ).toSatisfy((codes: string[]) => codes.some((c) => c === 'MM115' || c === 'MM116'));
  });

  test.each(longTexts)('%s', (_, source) => check(source));

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
