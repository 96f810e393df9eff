// One decomposition, changed before the joint mode is taken from it: a prior for the fixed effects by hand.
// From the root of the repository: node scripts/run-ts.mjs examples/embedding/edit-rx.ts
import { readFileSync } from 'node:fs';
import { compile, parseTable } from 'mmlang';

const { table } = parseTable(readFileSync('examples/sleepstudy.csv', 'utf8'));
if (table === undefined) throw new Error('the data could not be read');

const problem = compile('Reaction ~ Days + (Days | Subject)\nfit ml').bind(table, { engine: 'lmm' });
const at = problem.at(problem.fit().theta).decompose();
console.log('likelihood', ...at.jointMode().beta, at.deviance());

// beta ~ normal(0, 2 sigma) adds I / 4 to RX'RX = X'X - RZX'RZX, and two pseudo-observations
const precision = at.RX.gram();
for (let j = 0; j < 2; j++) precision.set(j, j, precision.get(j, j) + 1 / 4);
at.RX.values.set(precision.upperFactor().values);
at.nu += 2;
const logDetPrior = 2 * Math.log(4);
console.log('with prior', ...at.jointMode().beta, at.deviance() + logDetPrior);
