import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CompiledModel, compile, dataFiles } from '../src/compile.js';
import { schemaOf } from '../src/data/schema-of.js';
import type { Table } from '../src/data/table.js';
import type { Diagnostic } from '../src/diagnostics/diagnostic.js';
import { Report } from '../src/diagnostics/report.js';
import { fit } from '../src/fit.js';
import { readTable } from '../src/hosts/read-file.js';
import { parseProgram } from '../src/syntax/build-ast.js';
import { disagreements } from './reference/agreement.js';
import { awaited } from './reference/awaited.js';
import { readReferenceCase } from './reference/reference-case.js';

const folder = join(import.meta.dirname, 'models');
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.mm'))
  .map((name) => basename(name, '.mm'));
const refused = names.filter((name) => awaited.some(({ models }) => models.test(name)));
const fitted = names.filter((name) => !refused.includes(name));

const tables = new Map<string, Table>();

async function tableAt(path: string): Promise<Table> {
  const known = tables.get(path);
  if (known !== undefined) return known;
  const { table } = await readTable(path);
  if (table === undefined) throw new Error(`cannot read ${path}`);
  tables.set(path, table);
  return table;
}

interface Loaded {
  readonly source: string;
  readonly model: CompiledModel;
  readonly table: Table;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles the one model of a file against its data. */
async function load(name: string): Promise<Loaded> {
  const source = readFileSync(join(folder, `${name}.mm`), 'utf8');
  const [request] = dataFiles(parseProgram(source, new Report()));
  if (typeof request?.file !== 'string') throw new Error(`${name} names no data`);
  const table = await tableAt(join(folder, request.file));
  const { models, diagnostics } = compile(source, { schema: schemaOf(table), name });
  return { source, model: models[0], table, diagnostics };
}

const errorsOf = (diagnostics: readonly Diagnostic[]) => diagnostics.filter((d) => d.severity === 'error');

test('every model has a reference, and the two lists are not empty', () => {
  expect(names.length).toBeGreaterThan(150);
  for (const name of names) expect(readReferenceCase(name).logLik, name).toBeTypeOf('number');
  expect(fitted.length).toBeGreaterThan(50);
  for (const { models } of awaited)
    expect(
      names.some((name) => models.test(name)),
      String(models),
    ).toBe(true);
});

describe('fits agree with their references', () => {
  test.each(fitted)('%s', async (name) => {
    const { model, table, diagnostics } = await load(name);
    const outcome = fit(model, table);
    expect(errorsOf([...diagnostics, ...outcome.diagnostics])).toEqual([]);
    if (outcome.fit === undefined) throw new Error('no fit');
    expect(disagreements(readReferenceCase(name), outcome.fit)).toEqual([]);
  });
});

describe.skipIf(refused.length === 0)(
  'what no engine of this version fits is refused, with the statement named',
  () => {
    test.each(refused)('%s', async (name) => {
      const { source, model, table, diagnostics } = await load(name);
      const errors = errorsOf(diagnostics);
      expect(errors.length).toBeGreaterThan(0);
      const refusals = awaited.filter(({ models }) => models.test(name)).map(({ refusal }) => refusal);
      for (const { message, span } of errors) {
        expect(
          refusals.some((refusal) => refusal.test(message)),
          message,
        ).toBe(true);
        expect(source.slice(span?.start, span?.end).length).toBeGreaterThan(0);
      }
      expect(fit(model, table).fit).toBeUndefined();
    });
  },
);

describe('Kenward and Roger', () => {
  const withKenwardRoger = fitted.filter((name) => readReferenceCase(name).kenward_roger !== undefined);
  const relativeTolerance = 1e-3; // that of the differentiation behind the references

  test('there are references', () => expect(withKenwardRoger.length).toBeGreaterThan(4));

  test.each(withKenwardRoger)('%s', async (name) => {
    const { model, table } = await load(name);
    const found = fit(model, table, { degreesOfFreedom: 'kenward-roger' }).fit;
    const theirs = readReferenceCase(name).kenward_roger;
    theirs?.names.forEach((term, i) => {
      const ours = found?.fixef.find((row) => row.name === term);
      for (const [what, value, expected] of [
        ['df', ours?.df, theirs.df[i]],
        ['se', ours?.se, theirs.se[i]],
        ['t', ours?.statistic, theirs.t[i]],
      ] as const)
        expect(Math.abs((value ?? Number.NaN) / (expected ?? Number.NaN) - 1), `${what} of ${term}`).toBeLessThan(
          relativeTolerance,
        );
    });
  });
});
