import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Report } from '../../src/diagnostics/report.js';
import { ColumnScope } from '../../src/semantics/column-scope.js';
import { expandFormula } from '../../src/semantics/expand-formula.js';
import { parseProgram } from '../../src/syntax/build-ast.js';

interface Case {
  readonly formula: string;
  readonly labels: readonly string[];
  readonly intercept: boolean;
}

const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, 'term-labels.json'), 'utf8')) as { cases: Case[] };

function expandText(text: string) {
  const report = new Report();
  const [statement] = parseProgram(`y ~ ${text}`, report).statements;
  if (statement?.kind !== 'sample') throw new Error(`not a formula: ${text}`);
  const formula = expandFormula(statement.right, {
    scope: new ColumnScope(undefined),
    report,
    named: new Set(),
    where: 'a predictor',
    allowRandom: true,
    allowOffset: true,
  });
  return { formula, diagnostics: report.sorted() };
}

test('terms, their order and their labels are those of R', () => {
  expect(cases.length).toBeGreaterThan(300);
  for (const { formula: text, labels, intercept } of cases) {
    const { formula, diagnostics } = expandText(text);
    expect(
      diagnostics.filter((d) => d.severity === 'error'),
      text,
    ).toEqual([]);
    expect({ labels: formula.terms.map((t) => t.label), intercept: formula.intercept }, text).toEqual({
      labels,
      intercept,
    });
  }
});

test('random effects, offsets and names are kept apart from the terms', () => {
  const { formula } = expandText('1 + x + (1 + x | g) + offset(log(t)) + ar1(time | g) - 1');
  expect(formula.terms.map((t) => t.label)).toEqual(['x']);
  expect(formula.intercept).toBe(false);
  expect(formula.random.map((r) => r.structure?.callee.name ?? null)).toEqual([null, 'ar1']);
  expect(formula.offsets).toHaveLength(1);
});
