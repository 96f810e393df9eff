// One model, many responses (genes, voxels, sensors): what does not depend on the response is done once.
// From the root of the repository: node scripts/run-ts.mjs examples/embedding/many-responses.ts
import { readFileSync } from 'node:fs';
import { compile, fit, parseTable, refitResponses, schemaOf, simulate } from 'mmlang';

const { table } = parseTable(readFileSync('examples/sleepstudy.csv', 'utf8'));
if (table === undefined) throw new Error('the data could not be read');

const { models } = compile('Reaction ~ Days + (Days | Subject)', { schema: schemaOf(table) });
const outcome = fit(models[0], table);
const { responses = [] } = simulate(outcome, null, { n: 200, seed: 1 }); // or columns of numbers that were measured
const refits = await refitResponses(outcome, responses); // side by side with { parallel: openThreads() } of mmlang/node
const slopes = refits.map((r) => r.fit?.fixef[1]?.estimate ?? Number.NaN).sort((a, b) => a - b);
console.log('fitted', slopes.length, 'middle', slopes[100], 'nine tenths', slopes[10], slopes[189]);
