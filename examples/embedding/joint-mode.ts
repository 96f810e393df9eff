// For a given theta only the joint mode of fixed and random effects; sigma is not asked for, nothing is optimised.
// From the root of the repository: node scripts/run-ts.mjs examples/embedding/joint-mode.ts
import { readFileSync } from 'node:fs';
import { compile, parseTable } from 'mmlang';

const { table } = parseTable(readFileSync('examples/sleepstudy.csv', 'utf8'));
if (table === undefined) throw new Error('the data could not be read');

const problem = compile('Reaction ~ Days + (Days | Subject)').bind(table, { engine: 'lmm' });
console.log(problem.parameters.map((p) => p.name).join(', '));

// how strongly the subjects' slopes are shrunk, from nearly pooled to nearly separate
for (const size of [0.01, 0.1, 1, 100]) {
  const { beta, b } = problem.at([size, 0, size]).jointMode();
  const [{ start, columnStart }] = problem.effects;
  const slopes = Array.from(columnStart.slice(0, -1), (column) => beta[1] + b[start + column + 1]);
  console.log(size, 'slopes from', Math.min(...slopes), 'to', Math.max(...slopes));
}
