// npm run study:convergence: prints the figures and puts them into spec/validation.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { isBelowBest, isFalselyDenied, studyDesign } from './convergence.js';
import { convergenceReport } from './convergence-report.js';

const designs = Number(process.argv[2] ?? 300);
const restarts = Number(process.argv[3] ?? 20);
const start = '<!-- convergence: begin -->';
const end = '<!-- convergence: end -->';
const file = 'spec/validation.md';

const cases = Array.from({ length: designs }, (_, seed) => {
  const found = studyDesign(seed, restarts);
  if (isBelowBest(found) || !found.converged) console.error(JSON.stringify(found));
  return found;
});
const report = convergenceReport(cases, restarts);
console.log(report);
if (designs >= 300 && restarts >= 20) {
  const text = readFileSync(file, 'utf8');
  const [before, rest] = text.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${file} lacks its markers`);
  writeFileSync(file, `${before}${start}\n${report}\n${end}${after}`);
}
process.exitCode = cases.some(isBelowBest) || cases.some(isFalselyDenied) ? 1 : 0;
