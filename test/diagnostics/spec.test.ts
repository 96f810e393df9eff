import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile.js';
import { codes } from '../../src/diagnostics/codes.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { Report } from '../../src/diagnostics/report.js';
import { parseProgram } from '../../src/syntax/build-ast.js';
import { schema } from '../semantics/schema.js';

const text = readFileSync(new URL('../../spec/diagnostics.md', import.meta.url), 'utf8');

interface Section {
  readonly code: string;
  readonly severity: string;
  readonly body: string;
  readonly examples: readonly string[];
}

const sections: readonly Section[] = text
  .split(/^### /m)
  .slice(1)
  .map((part) => {
    const [heading = '', ...rest] = part.split('\n');
    const [code = '', severity = ''] = heading.split(' ');
    const body = rest.join('\n').split(/^## /m)[0] ?? '';
    return { code, severity, body, examples: [...body.matchAll(/```mm\n([\s\S]*?)\n```/g)].map((m) => m[1] ?? '') };
  });

test('every code has its section, every section its code, in order', () => {
  const documented = sections.map((s) => s.code);
  expect(documented).toEqual([...documented].sort());
  expect(documented).toEqual(Object.keys(codes).sort());
});

test('sections tell the severity, and what happened', () => {
  for (const { code, severity, body } of sections) {
    expect({ code, severity }).toEqual({ code, severity: codes[code as keyof typeof codes].severity });
    expect(body.replace(/```[\s\S]*?```/g, '').trim().length, code).toBeGreaterThan(20);
  }
});

function found(code: string, source: string): readonly Diagnostic[] {
  if (!code.startsWith('MM1')) return compile(source, { schema }).diagnostics;
  const report = new Report();
  parseProgram(source, report);
  return report.sorted();
}

describe('the examples give the diagnostic they stand under, at the marked place', () => {
  const examples = sections.flatMap(({ code, examples }) => examples.map((example) => ({ code, example })));

  test.each(examples)('$code: $example', ({ code, example }) => {
    const start = example.indexOf('«');
    const end = example.indexOf('»') - 1;
    const source = example.replace(/[«»]/g, '');
    const diagnostics = found(code, source);
    const shown = diagnostics.map((d) => ({
      code: d.code,
      text: source.slice(d.span?.start, d.span?.end),
      span: d.span,
    }));
    expect(shown).toContainEqual({ code, text: source.slice(start, end), span: { start, end } });
    if (code.startsWith('MM1')) expect(shown.length).toBe(1);
  });

  test('all of the syntax, but for texts too long to be shown, has one', () => {
    const without = sections.filter((s) => s.code.startsWith('MM1') && s.examples.length === 0).map((s) => s.code);
    expect(without).toEqual(['MM115', 'MM116']);
  });
});
