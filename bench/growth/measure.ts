import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { bundle, cache, runJson } from '../process.js';
import { helperEntry } from '../team.js';
import { type GrowthDesign, growthDesigns } from './designs.js';
import type { Grown } from './worker.js';

/** Rows in memory, read from a file within the time, or in memory with threads for large factorizations. */
export type GrowthWay = 'memory' | 'file' | 'threads';

/** One size of a design. */
export interface GrowthCase {
  readonly key: string;
  readonly design: GrowthDesign;
  readonly rows: number;
  readonly way: GrowthWay;
}

const said = { memory: '', file: ', from a file', threads: ', with threads' } as const;

export const growthCases: readonly GrowthCase[] = growthDesigns.flatMap((design) => [
  ...design.sizes.map((rows) => growthCase(design, rows, 'memory')),
  ...design.threads.map((rows) => growthCase(design, rows, 'threads')),
  ...design.files.map((rows) => growthCase(design, rows, 'file')),
]);

function growthCase(design: GrowthDesign, rows: number, way: GrowthWay): GrowthCase {
  return { key: `${design.name}, ${power(rows)} rows${said[way]}`, design, rows, way };
}

/** 1e6 */
export function power(rows: number): string {
  return rows.toExponential().replace('+', '');
}

/** Null where the fit fails, or takes longer than so many seconds. */
export async function measureGrowth({ design, rows, way }: GrowthCase, patience: number): Promise<Grown | null> {
  const path = resolve(cache, `growth-${design.name.replaceAll(/\W+/g, '-')}-${power(rows)}.csv`);
  if (way === 'file' && !existsSync(path)) {
    const writer = await bundle('bench/growth/write-csv.ts');
    if (runJson<object>(writer, [design.name, `${rows}`, path], 600) === null) return null;
  }
  const worker = await bundle('bench/growth/worker.ts');
  const also = { memory: [], file: [path], threads: ['', await bundle(helperEntry, 'cjs')] }[way];
  return runJson<Grown>(worker, [design.name, `${rows}`, ...also], patience);
}
