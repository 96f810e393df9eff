// Everything in the numeric optimizer: no profiling, and if need be no derivatives either.
// From the root of the repository: node scripts/run-ts.mjs examples/embedding/fit-numerically.ts
import { readFileSync } from 'node:fs';
import { compile, parseTable } from 'mmlang';

const { table } = parseTable(readFileSync('examples/sleepstudy.csv', 'utf8'));
if (table === undefined) throw new Error('the data could not be read');

const problem = compile('Reaction ~ Days + (Days | Subject)\nfit ml').bind(table);
console.log('profiled', problem.fit().deviance);
console.log('theta, beta and sigma', problem.fitNumerically().deviance);
const simplex = problem.fitNumerically({ method: 'nelder-mead' });
console.log('simplex', simplex.deviance, simplex.warnings.map((w) => w.message).join('; '));

// a corner, which no gradient can see through: the lasso of one coefficient, found together with all the rest
const lasso = problem.penalize(({ beta }) => Math.abs(beta[1] ?? 0) / 2, { smooth: false });
console.log('lasso', lasso.fitNumerically({ method: 'nelder-mead' }).fixef[1]?.estimate);
