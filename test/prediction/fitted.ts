import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../../src/compile.js';
import { parseTable } from '../../src/data/parse-table.js';
import { schemaOf } from '../../src/data/schema-of.js';
import type { Table } from '../../src/data/table.js';
import { type FitOutcome, fit } from '../../src/fit.js';
import type { PredictOutcome } from '../../src/predict.js';

export function tableOf(name: string): Table {
  const { table } = parseTable(readFileSync(join(import.meta.dirname, '../data', name), 'utf8'), { source: name });
  if (table === undefined) throw new Error(`cannot read ${name}`);
  return table;
}

/** Fits a program that has no mistake. */
export function fitted(data: string | Table, text: string): FitOutcome {
  const table = typeof data === 'string' ? tableOf(data) : data;
  const { models, diagnostics } = compile(text, { schema: schemaOf(table) });
  const wrong = diagnostics.filter((d) => d.severity === 'error');
  const [model] = models;
  if (model === undefined || wrong.length > 0) throw new Error(wrong.map((d) => d.message).join('; '));
  const outcome = fit(model, table);
  if (outcome.fit === undefined) throw new Error(outcome.diagnostics.map((d) => d.message).join('; '));
  return outcome;
}

/** The first quantity as plain arrays. */
export function numbersOf({ prediction, diagnostics }: PredictOutcome) {
  if (prediction === undefined) throw new Error(diagnostics.map((d) => d.message).join('; '));
  const list = (values: Float64Array | null) => (values === null ? [] : Array.from(values));
  return {
    fit: list(prediction.fit),
    se: list(prediction.se),
    lower: list(prediction.lower),
    upper: list(prediction.upper),
  };
}
