import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from '../../src/compile.js';
import type { DataSchema } from '../../src/data/table.js';
import { explain } from '../../src/explain.js';
import { graphProblems } from '../../src/graph/validate-graph.js';
import { printProgram } from '../../src/syntax/print.js';
import { arbitraryProgram } from '../syntax/arbitrary-program.js';
import { modelFiles } from '../syntax/model-files.js';
import { randomSource, TextMaker } from '../syntax/random-text.js';
import { schema } from './schema.js';

/** Whatever the text, it is compiled without an exception, and a graph comes only without errors and sound. */
function check(source: string, known: DataSchema | undefined): void {
  try {
    const { models, diagnostics } = compile(source, known === undefined ? {} : { schema: known });
    for (const d of diagnostics) {
      const { start, end } = d.span ?? { start: 0, end: 0 };
      expect(start >= 0 && end >= start && end <= source.length, `${d.code} at ${start}..${end}`).toBe(true);
    }
    for (const m of models) {
      if (m.graph === undefined) {
        expect(diagnostics.some((d) => d.severity === 'error')).toBe(true);
        continue;
      }
      expect(graphProblems(m.graph)).toEqual([]);
      expect(explain(m)).not.toBe('');
      expect(m.plan?.engine === 'refused').toBe(m.diagnostics.some((d) => d.severity === 'error'));
    }
  } catch (error) {
    throw new Error(`in the text ${source}`, { cause: error });
  }
}

const sources = modelFiles().map((m) => m.source);
const word = /[A-Za-z_][\w.]*/g;
const words = [...new Set(sources.flatMap((s) => s.replace(/#.*/g, '').match(word) ?? []))];

test('4,000 real models with words exchanged', () => {
  const random = randomSource(11);
  const pick = <T>(items: readonly T[]): T => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  };
  for (let n = 0; n < 4000; n++) {
    const share = pick([0.02, 0.05, 0.1, 0.3]);
    const source = pick(sources).replace(word, (old) => (random() < share ? pick(words) : old));
    check(source, n % 3 === 0 ? schema : undefined);
  }
});

test('2,000 damaged models', () => {
  const maker = new TextMaker(randomSource(12));
  for (let n = 0; n < 2000; n++) check(maker.mutate(maker.pick(sources)), n % 3 === 0 ? schema : undefined);
});

test('any tree at all', () => {
  fc.assert(
    fc.property(arbitraryProgram, fc.boolean(), (program, known) => {
      check(printProgram(program), known ? schema : undefined);
    }),
    { seed: 13, numRuns: 600 },
  );
});
