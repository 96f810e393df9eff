// npm run bench:growth [-- rows=N]: how time and memory grow with the rows, up to N (default 1e6; 1e7 takes minutes and 3 GiB).
// Writes bench/growth.md and bench/growth.svg.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import * as Plot from '@observablehq/plot';
import { draw } from '../src/hosts/report/draw.js';
import { growthDesigns } from './growth/designs.js';
import type { Grown } from './growth/worker.js';

interface Series {
  readonly name: string;
  readonly points: readonly Grown[];
}

const most = Number(process.argv.find((a) => a.startsWith('rows='))?.slice(5) ?? 1e6);
const series: Series[] = growthDesigns.map(({ name, sizes }) => ({
  name,
  points: sizes.filter((n) => n <= most).map((rows) => grown(name, rows)),
}));
writeFileSync('bench/growth.md', report());
writeFileSync('bench/growth.svg', picture());
console.log(report());

function grown(name: string, rows: number): Grown {
  const worker = ['scripts/run-ts.mjs', 'bench/growth/worker.ts', name, `${rows}`];
  const run = spawnSync(process.execPath, worker, { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`${name}, ${rows} rows: ${run.stderr}`);
  console.error(`${name} ${run.stdout.trim()}`);
  return JSON.parse(run.stdout);
}

function report(): string {
  const [cpu] = cpus();
  const rows = series.flatMap(({ name, points }) =>
    points.map((p, i) => {
      const cells = [
        i === 0 ? name : '',
        p.rows.toExponential().replace('+', ''),
        p.seconds.toFixed(2),
        p.processor.toFixed(2),
        p.evaluations,
        p.columnsMiB.toFixed(1),
        Math.round(p.peakMiB),
        p.converged ? 'yes' : 'no',
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  );
  const slopes = series.map(({ name, points }) => `| ${name} | ${slope(points).toFixed(2)} |`);
  return [
    '# Growth of time and memory',
    '',
    `Made by \`npm run bench:growth\` on ${cpu?.model.trim() ?? 'an unknown processor'}, ${cpus().length} cores, Node ${process.versions.node}. Each fit is in a process of its own, cold, without degrees of freedom; the columns are in memory before the time starts, and binding them to the model is in it. The peak is that of the whole process, Node and the making of the data included.`,
    '',
    '| design | rows | seconds | processor s | evaluations | columns MiB | peak MiB | converged |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |',
    ...rows,
    '',
    'Slopes of log time on log rows, by least squares (1: the cost grows as the rows do):',
    '',
    '| design | slope |',
    '| --- | ---: |',
    ...slopes,
    '',
    '![seconds against rows](growth.svg)',
    '',
  ].join('\n');
}

function slope(points: readonly Grown[]): number {
  const x = points.map((p) => Math.log(p.rows));
  const y = points.map((p) => Math.log(p.processor));
  const mean = (v: readonly number[]) => v.reduce((a, b) => a + b, 0) / v.length;
  const [mx, my] = [mean(x), mean(y)];
  const over = x.reduce((sum, v, i) => sum + (v - mx) * (y[i] - my), 0);
  return over / x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
}

function picture(): string {
  const points = series.flatMap(({ name, points: of }) =>
    of.map((p) => ({ name, rows: p.rows, seconds: p.processor })),
  );
  const svg = draw(
    {
      width: 640,
      height: 400,
      marginRight: 150,
      x: { type: 'log', label: 'rows', grid: true },
      y: { type: 'log', label: 'processor seconds', grid: true },
      marks: [
        Plot.line(points, { x: 'rows', y: 'seconds', stroke: 'name' }),
        Plot.dot(points, { x: 'rows', y: 'seconds', fill: 'name', r: 3 }),
        Plot.text(
          points,
          Plot.selectLast({ x: 'rows', y: 'seconds', z: 'name', text: 'name', textAnchor: 'start', dx: 8 }),
        ),
      ],
    },
    'Processor seconds against rows, both on log scales',
  );
  return svg.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ');
}
