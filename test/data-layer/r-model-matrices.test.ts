import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildDesign } from '../../src/data/build-design.js';
import { codeNewRows } from '../../src/data/code-new-rows.js';
import type { Design } from '../../src/data/design.js';
import type { Table } from '../../src/data/table.js';
import { tableFromColumns } from '../../src/data/table-from.js';
import { Report } from '../../src/diagnostics/report.js';
import type { ContrastCoding, ModelGraph, TermNode } from '../../src/graph/model-graph.js';
import { graphOf } from './graph-helper.js';
import { parseR, variablesOf } from './r-expression.js';

/** R prints 15 significant digits; splines extrapolated far beyond their knots reach 1e3. */
const tolerance = 1e-11;

interface RCase {
  readonly formula: string;
  readonly labels: string[];
  readonly intercept: number;
  readonly columns: string[];
  readonly X: number[][];
  readonly dropped: string[];
  readonly new: number[][] | null;
}

interface RResults {
  readonly data: Record<string, (number | string | boolean)[]>;
  readonly newdata: Record<string, (number | string | boolean)[]>;
  readonly cases: RCase[];
  readonly contrasts: {
    readonly coding: string;
    readonly formula: string;
    readonly labels: string[];
    readonly columns: string[];
    readonly X: number[][];
  }[];
}

const r: RResults = JSON.parse(readFileSync(join(import.meta.dirname, 'model-matrices.json'), 'utf8'));

function tableOf(columns: RResults['data']): Table {
  const rows = Object.values(columns)[0].length;
  return tableFromColumns({ ...columns, y: Float64Array.from({ length: rows }, (_, i) => Math.sin(i)) });
}

function graphFor(
  labels: readonly string[],
  intercept: boolean,
  contrasts: Record<string, ContrastCoding> = {},
): ModelGraph {
  const origin = { start: 0, end: 0 };
  const terms = labels.map(
    (label): TermNode => ({
      label,
      factors: variablesOf(label).map((variable) => ({ label: variable, value: parseR(variable) })),
      origin,
    }),
  );
  return graphOf({
    mean: [intercept ? '1' : '0'],
    predictor: { terms },
    columns: { o: { type: 'ordered', levels: ['lo', 'mid', 'hi', 'top'] } },
    contrasts,
  });
}

function designOf(graph: ModelGraph): Design {
  const report = new Report();
  const design = buildDesign(graph, tableOf(r.data), report);
  expect(report.sorted().filter((d) => d.severity === 'error')).toEqual([]);
  if (design === undefined) throw new Error('no design');
  return design;
}

function expectColumns(
  X: Float64Array,
  rows: number,
  kept: readonly number[],
  expected: readonly (readonly number[])[],
) {
  expected.forEach((row, i) => {
    kept.forEach((j, c) => {
      const difference = Math.abs(X[i + c * rows] - row[j]);
      expect(difference, `row ${i + 1}, column ${j + 1}`).toBeLessThanOrEqual(
        tolerance * Math.max(1, Math.abs(row[j])),
      );
    });
  });
}

describe("R's model.matrix", () => {
  test.each(r.cases.map((c): [string, RCase] => [c.formula, c]))('%s', (_, c) => {
    const design = designOf(graphFor(c.labels, c.intercept === 1));
    const mean = design.predictors[0];
    const names = Array.from(mean.columns, (k) => design.coefficients[k].name);
    expect(mean.dropped.map((d) => d.name)).toEqual(c.dropped);
    const kept = c.columns.flatMap((name, j) => (c.dropped.includes(name) ? [] : [j]));
    expect(names).toEqual(kept.map((j) => c.columns[j]));
    expectColumns(mean.X, design.rows, kept, c.X);

    if (c.new === null) return;
    const report = new Report();
    // What a fit remembers goes to JSON and back.
    const memory = JSON.parse(JSON.stringify(design.memory));
    const rows = codeNewRows(memory, tableFromColumns(r.newdata), report);
    expect(report.sorted()).toEqual([]);
    expectColumns(rows?.predictors[0].X ?? new Float64Array(0), rows?.rows ?? 0, kept, c.new);
  });
});

describe("R's contrasts", () => {
  test.each(r.contrasts.map((c): [string, (typeof r.contrasts)[number]] => [`${c.coding} ${c.formula}`, c]))(
    '%s',
    (_, c) => {
      const coding: ContrastCoding =
        c.coding === 'treatment' ? { kind: 'treatment', ref: 'r' } : { kind: c.coding as 'sum' | 'helmert' | 'poly' };
      const design = designOf(graphFor(c.labels, true, { g: coding }));
      const mean = design.predictors[0];
      expect(Array.from(mean.columns, (k) => design.coefficients[k].name)).toEqual(c.columns);
      expectColumns(
        mean.X,
        design.rows,
        c.columns.map((_, j) => j),
        c.X,
      );
    },
  );
});
