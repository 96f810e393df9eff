import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { bundle, cache, runJson } from '../process.js';
import { type GrowthDesign, growthDesigns } from './designs.js';
import type { Grown } from './worker.js';

/** One size of a design; from a file: read within the time. */
export interface GrowthCase {
  readonly key: string;
  readonly design: GrowthDesign;
  readonly rows: number;
  readonly file: boolean;
}

export const growthCases: readonly GrowthCase[] = growthDesigns.flatMap((design) => [
  ...design.sizes.map((rows) => growthCase(design, rows, false)),
  ...design.files.map((rows) => growthCase(design, rows, true)),
]);

function growthCase(design: GrowthDesign, rows: number, file: boolean): GrowthCase {
  return { key: `${design.name}, ${power(rows)} rows${file ? ', from a file' : ''}`, design, rows, file };
}

/** 1e6 */
export function power(rows: number): string {
  return rows.toExponential().replace('+', '');
}

/** Null where the fit fails, or takes longer than so many seconds. */
export async function measureGrowth({ design, rows, file }: GrowthCase, patience: number): Promise<Grown | null> {
  const path = resolve(cache, `growth-${design.name.replaceAll(/\W+/g, '-')}-${power(rows)}.csv`);
  if (file && !existsSync(path)) {
    const writer = await bundle('bench/growth/write-csv.ts');
    if (runJson<object>(writer, [design.name, `${rows}`, path], 600) === null) return null;
  }
  const worker = await bundle('bench/growth/worker.ts');
  return runJson<Grown>(worker, [design.name, `${rows}`, ...(file ? [path] : [])], patience);
}
