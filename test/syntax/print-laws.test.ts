import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Report } from '../../src/diagnostics/report.js';
import type { Program } from '../../src/syntax/ast.js';
import { parseProgram } from '../../src/syntax/build-ast.js';
import { formatSource } from '../../src/syntax/format.js';
import { isMissing } from '../../src/syntax/missing.js';
import { lineWidth, printExpression, printProgram } from '../../src/syntax/print.js';
import { arbitraryExpression, arbitraryProgram } from './arbitrary-program.js';
import { withoutSpans } from './without-spans.js';

function parse(source: string): Program {
  const report = new Report();
  const program = parseProgram(source, report);
  // Comparisons that chain are refused; the printer puts them into parentheses, so not even that is reported.
  expect(
    report.sorted().filter((d) => d.code !== 'MM109' && d.code !== 'MM125' && d.code !== 'MM112'),
    source,
  ).toEqual([]);
  return program;
}

/** Parentheses the printer had to add are no difference in meaning. */
function withoutParentheses(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutParentheses);
  if (typeof node !== 'object' || node === null) return node;
  if ('kind' in node && node.kind === 'paren' && 'inner' in node) return withoutParentheses(node.inner);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withoutParentheses(value)]));
}

test('a tree of any form is read back from its printed text', () => {
  fc.assert(
    fc.property(arbitraryProgram, (program) => {
      const text = printProgram(program);
      const read = parse(text);
      expect(withoutParentheses(withoutSpans(read)), text).toEqual(withoutParentheses(withoutSpans(program)));
      // What has been read once is read the same again, parentheses and all, and formatting changes nothing any more.
      expect(withoutSpans(parse(printProgram(read)))).toEqual(withoutSpans(read));
      expect(formatSource(formatSource(text).text).text).toBe(formatSource(text).text);
    }),
    { numRuns: 800, seed: 11 },
  );
});

test('an expression is read back, also where operators bind against the tree', () => {
  fc.assert(
    fc.property(arbitraryExpression, (expression) => {
      const text = `y = ${printExpression(expression)}`;
      const statement = parse(text).statements[0];
      if (statement?.kind !== 'assign') throw new Error(`not an assignment: ${text}`);
      expect(isMissing(statement.value)).toBe(false);
      expect(withoutParentheses(withoutSpans(statement.value)), text).toEqual(
        withoutParentheses(withoutSpans(expression)),
      );
    }),
    { numRuns: 3000, seed: 12 },
  );
});

test('long sums are wrapped behind a plus, and hang under their beginning', () => {
  const terms = Array.from({ length: 60 }, (_, i) => `predictor_${i}`).join(' + ');
  const { text } = formatSource(`model m {\n  log(lambda) = ${terms} + (1 | g)\n}\n`);
  const lines = text.trimEnd().split('\n').slice(1, -1);
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(lineWidth);
  for (const line of lines.slice(0, -1)) expect(line.endsWith(' +')).toBe(true);
  for (const line of lines.slice(1)) expect(line).toMatch(/^ {16}\S/);
  expect(lines.join(' ').replace(/\s+/g, ' ').trim()).toBe(`log(lambda) = ${terms} + (1 | g)`);
});
