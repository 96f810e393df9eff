import { describe, expect, test } from 'vitest';
import { Report } from '../../src/diagnostics/report.js';
import type { Program } from '../../src/syntax/ast.js';
import { parseProgram } from '../../src/syntax/build-ast.js';
import { formatSource } from '../../src/syntax/format.js';
import { lineWidth, printProgram } from '../../src/syntax/print.js';
import { modelFiles } from './model-files.js';
import { withoutSpans } from './without-spans.js';

function parse(source: string): Program {
  const report = new Report();
  const program = parseProgram(source, report);
  expect(report.sorted()).toEqual([]);
  return program;
}

describe.each(modelFiles())('$name', ({ source }) => {
  test('parses, and its printed text parses to the same tree', () => {
    const program = parse(source);
    expect(program.statements.length + program.models.length).toBeGreaterThan(0);
    expect(program.damaged).toBeUndefined();
    expect(withoutSpans(parse(printProgram(program)))).toEqual(withoutSpans(program));
  });

  test('is formatted once and for all, without a change of meaning or a lost comment', () => {
    const once = formatSource(source);
    expect(once.diagnostics).toEqual([]);
    expect(formatSource(once.text).text).toBe(once.text);
    const before = parse(source);
    const after = parse(once.text);
    expect(withoutSpans(after)).toEqual(withoutSpans(before));
    expect(after.comments.map((c) => c.text)).toEqual(before.comments.map((c) => c.text));
    for (const line of once.text.split('\n')) expect(line.length).toBeLessThanOrEqual(lineWidth + 10);
  });
});
