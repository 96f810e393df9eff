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

/** One text may take this long: several times what the slowest needs. */
const limitMs = 50;
/** A time above a limit is measured again so often, since a busy machine stretches what needs much less. */
const attempts = 20;

/** @param reads whether to read what is printed and formatted again */
function parse(source: string, reads = true): Report {
  const report = new Report();
  const started = performance.now();
  const program = parseProgram(source, report);
  let time = performance.now() - started;
  for (let attempt = 0; time >= limitMs && attempt < attempts; attempt++) time = Math.min(time, readingMs(source));
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

/** Of texts eight times as long. */
const mostGrowth = 32;
/** What takes less time may have been measured as none. */
const clockMs = 0.1;

function readingMs(source: string): number {
  const start = performance.now();
  parseProgram(source, new Report());
  return performance.now() - start;
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
  test.each(tooDeepTexts())('%s: nested too deep is a diagnostic', (_, source) => {
    check(source);
    expect(
      parse(source)
        .sorted()
        .map((d) => d.code),
    ).toSatisfy((codes: string[]) => codes.some((c) => c === 'MM115' || c === 'MM116'));
  });

  test.each(longTexts())('%s', (_, source) => check(source));

  // Of a time that grows as the square the ratio would be 64. Both are measured again where something else took the machine.
  const larger = [...tooDeepTexts(80_000), ...longTexts(80_000)];
  test.each([...tooDeepTexts(), ...longTexts()].map(([name, text], k) => [name, text, larger[k]?.[1] ?? ''] as const))(
    '%s: the time grows as the text',
    (_, text, long) => {
      let [short, much] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      for (let attempt = 0; attempt === 0 || (attempt < attempts && !(much < mostGrowth * short)); attempt++) {
        short = Math.min(short, readingMs(text));
        much = Math.min(much, readingMs(long));
      }
      expect(much).toBeLessThan(mostGrowth * Math.max(short, clockMs));
    },
  );

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
