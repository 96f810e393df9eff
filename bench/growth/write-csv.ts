// The rows of a design as a file, once. Usage: write-csv.ts NAME ROWS FILE.csv
import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import { growthDesigns } from './designs.js';

const [name, rows, path] = process.argv.slice(2);
const design = growthDesigns.find((d) => d.name === name);
if (design === undefined) throw new Error(`no design '${name}'`);
const columns = Object.entries(design.columns(Number(rows)));
const part = `${path}.${process.pid}`;
const file = openSync(part, 'w');
writeSync(file, `${columns.map(([key]) => key).join(',')}\n`);
const cells = columns.map(([, column]) =>
  'codes' in column ? (i: number) => `${column.codes[i] + 1}` : (i: number) => column[i].toFixed(6),
);
for (let from = 0; from < Number(rows); from += 1e4) {
  const lines: string[] = [];
  for (let i = from; i < Math.min(from + 1e4, Number(rows)); i++) lines.push(cells.map((cell) => cell(i)).join(','));
  writeSync(file, `${lines.join('\n')}\n`);
}
closeSync(file);
renameSync(part, path); // whole or not there
console.log('{}');
