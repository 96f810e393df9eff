import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compile, type LmmProblem, type Problem, parseTable, type Table } from '../../src/index.js';
import { createRng } from '../../src/kernels/rng.js';

export const root = resolve(import.meta.dirname, '../..');

export function tableAt(path: string): Table {
  const { table } = parseTable(readFileSync(join(root, path), 'utf8'));
  if (table === undefined) throw new Error(`no table in ${path}`);
  return table;
}

/** A model of test/models with its data. */
export function modelAt(name: string): { readonly source: string; readonly table: Table } {
  const source = readFileSync(join(root, 'test/models', `${name}.mm`), 'utf8');
  const file = /data\s+"([^"]+)"/.exec(source)?.[1] ?? '';
  return { source, table: tableAt(join('test/models', file)) };
}

export function bound(name: string): Problem {
  const { source, table } = modelAt(name);
  return compile(source).bind(table);
}

export function boundLmm(name: string): LmmProblem {
  const { source, table } = modelAt(name);
  return compile(source).bind(table, { engine: 'lmm' });
}

/** Rows of two crossed factors, three covariates far from zero, weights and an offset. */
export function crossedRows(rows = 90) {
  const rng = createRng('embedding');
  const bG = Array.from({ length: 7 }, () => [rng.normal(), 0.5 * rng.normal()]);
  const bH = Array.from({ length: 5 }, () => 0.7 * rng.normal());
  return Array.from({ length: rows }, () => {
    const g = rng.integer(7);
    const h = rng.integer(5);
    const x = 20 + 2 * rng.normal();
    const z = 0.3 * rng.normal();
    const f = 'abc'[rng.integer(3)];
    const w = 0.5 + rng.uniform();
    const off = rng.normal();
    const y = 40 + 0.8 * x - z + bG[g][0] + bG[g][1] * (x - 20) + bH[h] + off + rng.normal() / Math.sqrt(w);
    return { y, x, z, f, g: `g${g}`, h: `h${h}`, w, off, rootw: 1 / Math.sqrt(w) };
  });
}

export function differences(f: (x: Float64Array) => number, x: Float64Array, relative = 1e-5): Float64Array {
  return x.map((v, i) => {
    const h = relative * Math.max(1, Math.abs(v));
    const at = (t: number) => f(x.map((u, k) => (k === i ? t : u)));
    return (at(v + h) - at(v - h)) / (v + h - (v - h));
  });
}
