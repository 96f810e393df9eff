import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildDesign } from '../../src/data/build-design.js';
import { Report } from '../../src/diagnostics/report.js';
import { column, graphOf } from './graph-helper.js';
import { type CaseFactor, declarationsOf, fixedParts, fixedText } from './model-matrix-cases.js';
import { readData } from './read.js';

/** The references are printed with 15 significant digits. */
const tolerance = 1e-12;

const folder = join(import.meta.dirname, '../reference');

interface Case {
  readonly id: string;
  readonly formula: string;
  readonly data: { readonly file: string };
  readonly factors?: Record<string, CaseFactor>;
  readonly X_head?: { readonly columns: string[]; readonly rows: number[][] };
  readonly n: number;
  readonly dropped_columns?: readonly string[];
}

const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name): Case => JSON.parse(readFileSync(join(folder, name), 'utf8')))
  .filter((c) => c.X_head !== undefined);

describe("model matrices are R's", () => {
  test.each(cases.map((c): [string, Case] => [c.id, c]))('%s', (_, c) => {
    const text = fixedText(c.formula);
    const part = fixedParts[text];
    if (part === undefined) throw new Error(`no case for '${text}'`);
    const report = new Report();
    const used = { ...c.factors };
    const present = readData(c.data.file);
    for (const name of Object.keys(used)) if (!present.columns.has(name)) delete used[name];
    // A response that no factor or formula function touches: what stands left of `~` is another test's matter.
    const response = c.formula.split('~')[0].trim();
    const plain = present.columns.get(response);
    const design = buildDesign(
      graphOf({
        response: plain?.kind === 'number' ? response : 'any',
        derived: plain?.kind === 'number' ? {} : { any: { kind: 'call', name: 'row', args: [] } },
        mean: part.labels,
        expressions: part.expressions ?? {},
        offsets: part.offsets ?? [],
        effects: [],
        graph: {},
        likelihood: c.id === 'sleepstudy-na-reml' ? { weights: groupsAsWeights() } : {},
        ...declarationsOf(used),
      }),
      present,
      report,
    );
    expect(report.sorted().filter((d) => d.severity === 'error')).toEqual([]);
    const mean = design?.predictors[0];
    if (design === undefined || mean === undefined) throw new Error('no design');
    expect(design.rows).toBe(c.n);
    expect(Array.from(mean.columns, (k) => design.coefficients[k].name)).toEqual(c.X_head?.columns);
    c.X_head?.rows.forEach((row, i) => {
      row.forEach((value, j) => {
        expect(Math.abs(mean.X[i + j * design.rows] - value)).toBeLessThanOrEqual(
          tolerance * Math.max(1, Math.abs(value)),
        );
      });
    });
    expect(mean.dropped.map((d) => d.name)).toEqual(c.dropped_columns ?? []);
  });
});

/** Missing groups drop rows too; here they enter as a variable that is 1 wherever it is present. */
function groupsAsWeights() {
  return {
    kind: 'call' as const,
    name: 'if',
    args: [
      {
        name: null,
        value: { kind: 'binary' as const, operator: '==' as const, left: column('Subject'), right: column('Subject') },
      },
      { name: null, value: { kind: 'number' as const, value: 1 } },
      { name: null, value: { kind: 'number' as const, value: 1 } },
    ],
  };
}
