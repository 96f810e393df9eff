// The deviance and its gradient as plain functions, for an optimizer of one's own: here steepest descent by Barzilai and Borwein.
// From the root of the repository: node scripts/run-ts.mjs examples/embedding/own-optimizer.ts
import { readFileSync } from 'node:fs';
import { compile, parseTable } from 'mmlang';

const { table } = parseTable(readFileSync('examples/sleepstudy.csv', 'utf8'));
if (table === undefined) throw new Error('the data could not be read');

const problem = compile('Reaction ~ Days + (Days | Subject)').bind(table, { engine: 'lmm' });
let theta = problem.start();
let gradient = problem.gradient(theta);
let step = 1e-3;
for (let k = 0; k < 500 && Math.max(...gradient.map(Math.abs)) > 1e-7; k++) {
  const next = theta.map((t, i) => t - step * gradient[i]);
  const nextGradient = problem.gradient(next);
  const s = next.map((t, i) => t - theta[i]);
  const y = nextGradient.map((g, i) => g - gradient[i]);
  step = Math.abs(dot(s, s) / dot(s, y));
  [theta, gradient] = [next, nextGradient];
}
console.log('by hand', problem.deviance(theta), ...theta);
console.log('by fit', problem.fit().deviance);

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, v, i) => sum + v * b[i], 0);
}
