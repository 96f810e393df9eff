// A search that is paused, saved as JSON, and gone on with in another process.
// From the root of the repository:
//   node scripts/run-ts.mjs examples/embedding/pause-resume.ts save search.json
//   node scripts/run-ts.mjs examples/embedding/pause-resume.ts resume search.json
import { readFileSync, writeFileSync } from 'node:fs';
import { compile, parseTable } from 'mmlang';

const { table } = parseTable(readFileSync('examples/sleepstudy.csv', 'utf8'));
if (table === undefined) throw new Error('the data could not be read');
const [what, file = 'search.json'] = process.argv.slice(2);

const problem = compile('Reaction ~ Days + (Days | Subject)').bind(table);
if (what === 'save') {
  const search = problem.optimize();
  for (const step of search) if (step.iteration === 3) break;
  writeFileSync(file, JSON.stringify(search.save()));
} else {
  const search = problem.optimize(what === 'resume' ? { from: JSON.parse(readFileSync(file, 'utf8')) } : {});
  for (const { iteration, deviance } of search) console.log('step', iteration, deviance);
  console.log('end', search.run().deviance, ...search.fit().theta);
}
