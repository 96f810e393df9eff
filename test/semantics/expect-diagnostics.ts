import { expect } from 'vitest';
import { compile } from '../../src/compile.js';
import type { DataSchema } from '../../src/data/table.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { schema as testSchema } from './schema.js';

/** What depends on the engines that this version has, not on what the program says. */
const ofTheVersion: ReadonlySet<string> = new Set(['MM381', 'MM385']);

/**
 * Compiles a program in which « and » mark the places where something is wrong, and expects exactly these codes there,
 * in source order. `schema` null: nothing is known of the data.
 */
export function expectDiagnostics(
  marked: string,
  codes: readonly string[],
  schema: DataSchema | null = testSchema,
): readonly Diagnostic[] {
  const { source, spans } = readMarks(marked);
  const found = diagnosticsOf(source, schema);
  const shown = found.map((d) => `${d.code} at ${JSON.stringify(textAt(source, d))}: ${d.message}`);
  const wanted = codes.map((code, i) => ({ code, text: source.slice(...(spans[i] ?? [0, 0])) }));
  expect(
    found.map((d) => ({ code: d.code, text: textAt(source, d) })),
    shown.join('\n'),
  ).toEqual(wanted);
  const starts = found.map((d) => d.span?.start);
  expect(starts, shown.join('\n')).toEqual(spans.map(([start]) => start));
  return found;
}

export function diagnosticsOf(source: string, schema: DataSchema | null = testSchema): Diagnostic[] {
  const { diagnostics } = compile(source, schema === null ? {} : { schema });
  return diagnostics.filter((d) => !ofTheVersion.has(d.code));
}

function textAt(source: string, d: Diagnostic): string {
  return d.span === undefined ? '' : source.slice(d.span.start, d.span.end);
}

/** Marks may be nested; they are taken in the order in which they open. */
function readMarks(marked: string): { source: string; spans: [number, number][] } {
  let source = '';
  const spans: [number, number][] = [];
  const open: number[] = [];
  for (const character of marked) {
    if (character === '«') {
      open.push(spans.length);
      spans.push([source.length, source.length]);
    } else if (character === '»') {
      const index = open.pop();
      const span = index === undefined ? undefined : spans[index];
      if (span === undefined) throw new Error('a » without «');
      span[1] = source.length;
    } else source += character;
  }
  return { source, spans };
}
