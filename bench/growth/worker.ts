// One design in a process of its own, so that its peak of memory is its own: NAME ROWS [DATA.csv or ''] [HELPER] -> JSON.
// With a file the rows are read from it, and that is in the time; without one they are in memory before the time starts.
import { compile, fit, schemaOf, type Table, tableFromColumns } from 'mmlang';
import { readTable } from '../../src/hosts/read-file.js';
import { median } from '../statistics.js';
import { shared } from '../team.js';
import { bytesOf, growthDesigns } from './designs.js';

export interface Grown {
  readonly rows: number;
  readonly seconds: number; // of the first fit with binding, and with the reading where the rows are in a file
  readonly reading: number; // seconds of that; 0 without a file
  readonly processor: number; // seconds of the first fit, of all threads
  /** Processor seconds of a fit once the code has been compiled: the median of some, or of the first where that is long. */
  readonly warm: number;
  readonly evaluations: number;
  readonly converged: boolean;
  readonly columnsMiB: number;
  readonly peakMiB: number; // of the process after the first fit
}

const [name, size, path, helper] = process.argv.slice(2);
const file = path === '' ? undefined : path;
const options = { degreesOfFreedom: 'none', ...shared(helper) } as const;
const rows = Number(size);
const design = growthDesigns.find((d) => d.name === name);
if (design === undefined) throw new Error(`no design '${name}'`);

const made = file === undefined ? tableFromColumns(design.columns(rows)) : undefined;
const before = process.cpuUsage();
const start = performance.now();
const table = made ?? (await read(file ?? ''));
const reading = made === undefined ? (performance.now() - start) / 1000 : 0;
const [model] = compile(design.model, { schema: schemaOf(table) }).models;
const outcome = fit(model, table, options);
const seconds = (performance.now() - start) / 1000;
const processor = since(before);
if (outcome.fit === undefined) throw new Error(outcome.diagnostics.map((d) => d.message).join('; '));
const { evaluations, converged } = outcome.fit;
const peakMiB = process.resourceUsage().maxRSS / 1024;

const found: Grown = {
  rows,
  seconds,
  reading,
  processor,
  warm: file === undefined && seconds < 5 ? warm() : processor,
  evaluations,
  converged,
  columnsMiB: bytesOf(design.shape, rows) / 2 ** 20,
  peakMiB,
};
console.log(JSON.stringify(found));

function since(from: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1e6;
}

async function read(path: string): Promise<Table> {
  const parsed = await readTable(path);
  if (parsed.table === undefined) throw new Error(`cannot read ${path}`);
  return parsed.table;
}

/** Fits for some seconds; the first half of them may still compile. */
function warm(): number {
  const times: number[] = [];
  const end = performance.now() + 6000;
  while (times.length < 3 || (times.length < 40 && performance.now() < end)) {
    const from = process.cpuUsage();
    fit(model, table, options);
    times.push(since(from));
  }
  return median(times.slice(times.length >> 1));
}
