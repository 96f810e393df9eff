import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compile, dataFiles } from '../../src/compile.js';
import { buildDesign } from '../../src/data/build-design.js';
import { codeNewRows } from '../../src/data/code-new-rows.js';
import type { Design } from '../../src/data/design.js';
import { schemaOf } from '../../src/data/schema-of.js';
import type { Table } from '../../src/data/table.js';
import { Report } from '../../src/diagnostics/report.js';
import { readData } from './read.js';

/** The references are printed with 15 significant digits. */
const tolerance = 1e-12;

const tests = join(import.meta.dirname, '..');

interface Case {
  readonly n?: number;
  readonly n_groups?: Readonly<Record<string, number>> | number;
  readonly X_head?: { readonly columns: string[]; readonly rows: number[][] };
  readonly dropped_columns?: readonly string[];
}

function filesIn(folder: string): string[] {
  return readdirSync(join(tests, folder))
    .filter((name) => name.endsWith('.mm'))
    .map((name) => `${folder}/${name}`);
}

function caseOf(file: string): Case {
  const path = join(tests, 'reference', `${basename(file, '.mm')}.json`);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

/** Every model of a file, bound to its data. */
function designsOf(file: string): { design: Design; table: Table; codes: string[] }[] {
  const source = readFileSync(join(tests, file), 'utf8');
  const tableOf = new Map<string, Table>();
  const table = (path: string) => {
    const name = basename(path);
    const known = tableOf.get(name) ?? readData(name);
    tableOf.set(name, known);
    return known;
  };
  const compiled = compile(source, { schema: (path) => (path === null ? undefined : schemaOf(table(path))) });
  const requests = dataFiles(compiled.ast);
  return compiled.models.map((model) => {
    const path = requests.find((request) => request.model === model.name)?.file;
    if (model.graph === undefined || path == null) throw new Error(model.diagnostics[0]?.message ?? 'no data');
    const report = new Report();
    const design = buildDesign(model.graph, table(path), report);
    if (design === undefined) throw new Error(report.sorted()[0]?.message);
    return { design, table: table(path), codes: report.sorted().map((d) => d.code) };
  });
}

describe('the models of the reference, bound to their data', () => {
  test.each([...filesIn('models'), ...filesIn('models/extra')])('%s', (file) => {
    const reference = caseOf(file);
    for (const { design, table, codes } of designsOf(file)) {
      const mean = design.predictors[0];
      const dropped = mean.dropped.map((d) => d.name);
      expect(dropped).toEqual(reference.dropped_columns ?? []);
      expect(codes).toEqual(dropped.length > 0 ? ['MM454'] : []);
      if (reference.n !== undefined) expect(design.rows).toBe(reference.n);
      const groups = typeof reference.n_groups === 'object' ? reference.n_groups : {};
      for (const block of design.blocks) {
        // R names a nested factor inside out: cask:batch for batch:cask.
        const named = groups[block.label] ?? groups[block.label.split(':').reverse().join(':')];
        if (named !== undefined) expect(block.group.levels.length).toBe(named);
      }
      if (reference.X_head !== undefined) expectHead(design, reference.X_head);
      expectSameAsNewRows(design, table);
    }
  });
});

function expectHead(design: Design, head: NonNullable<Case['X_head']>) {
  const mean = design.predictors[0];
  expect(Array.from(mean.columns, (k) => design.coefficients[k].name)).toEqual(head.columns);
  head.rows.forEach((row, i) => {
    row.forEach((value, j) => {
      const difference = Math.abs(mean.X[i + j * design.rows] - value);
      expect(difference).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value)));
    });
  });
}

/** The rows of the fit, coded as if they were new, are the fit's own; what is remembered passes through JSON. */
function expectSameAsNewRows(design: Design, table: Table) {
  const report = new Report();
  const fresh = codeNewRows(JSON.parse(JSON.stringify(design.memory)), table, report);
  expect(report.sorted()).toEqual([]);
  if (fresh === undefined) throw new Error('no rows');
  const at = Array.from(design.rowNumbers, (row) => row - 1);
  const sameRows = (own: ArrayLike<number>, other: ArrayLike<number>, columns: number) => {
    let different = 0;
    for (let c = 0; c < columns; c++) {
      for (let i = 0; i < at.length; i++) {
        if (own[i + c * design.rows] !== other[at[i] + c * fresh.rows]) different++;
      }
    }
    expect(different).toBe(0);
  };
  design.predictors.forEach((predictor, k) => {
    const other = fresh.predictors[k];
    expect(other.columns).toEqual(predictor.columns);
    sameRows(predictor.X, other.X, predictor.columns.length);
    if (predictor.offset !== null) sameRows(predictor.offset, other.offset ?? [], 1);
    predictor.random.forEach(({ z }, r) => {
      const theirs = other.random[r].z;
      if (z.kind === 'indicator' && theirs.kind === 'indicator') sameRows(z.column, theirs.column, 1);
    });
  });
  design.blocks.forEach((block, k) => {
    sameRows(block.group.codes, fresh.blocks[k].codes, 1);
  });
  if (design.classGroup !== null) sameRows(design.classGroup.codes, fresh.classGroup ?? [], 1);
}
