// One fit in a process of its own, so that its peak of memory is its own: NAME ROWS -> a line of JSON.
import { compile, fit, schemaOf, tableFromColumns } from 'mmlang';
import { growthDesigns } from './designs.js';

export interface Grown {
  readonly rows: number;
  readonly seconds: number; // of the fit with binding
  readonly processor: number; // seconds, of all threads
  readonly evaluations: number;
  readonly converged: boolean;
  readonly columnsMiB: number;
  readonly peakMiB: number;
}

const [name, rows] = process.argv.slice(2);
const design = growthDesigns.find((d) => d.name === name);
if (design === undefined) throw new Error(`no design '${name}'`);
const columns = design.columns(Number(rows));
const bytes = Object.values(columns).reduce((sum, c) => sum + ('codes' in c ? c.codes.byteLength : c.byteLength), 0);
const table = tableFromColumns(columns);
const [model] = compile(design.model, { schema: schemaOf(table) }).models;
const cpu = process.cpuUsage();
const start = performance.now();
const outcome = fit(model, table, { degreesOfFreedom: 'none' });
const seconds = (performance.now() - start) / 1000;
const used = process.cpuUsage(cpu);
if (outcome.fit === undefined) throw new Error(outcome.diagnostics.map((d) => d.message).join('; '));
const found: Grown = {
  rows: Number(rows),
  seconds,
  processor: (used.user + used.system) / 1e6,
  evaluations: outcome.fit.evaluations,
  converged: outcome.fit.converged,
  columnsMiB: bytes / 2 ** 20,
  peakMiB: process.resourceUsage().maxRSS / 1024,
};
console.log(JSON.stringify(found));
