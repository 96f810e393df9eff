// npm run study:priors: prints the figures and puts them into spec/validation.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { coverageOf, coverageReport, isOff, kinds } from './prior-coverage.js';

const sets = Number(process.argv[2] ?? 2000);
const start = '<!-- priors: begin -->';
const end = '<!-- priors: end -->';
const file = 'spec/validation.md';

const found = kinds.map((kind) => {
  const coverage = coverageOf(kind, sets, true);
  console.error(JSON.stringify(coverage));
  return coverage;
});
const report = coverageReport(found);
console.log(report);
if (sets >= 2000) {
  const text = readFileSync(file, 'utf8');
  const [before, rest] = text.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${file} lacks its markers`);
  writeFileSync(file, `${before}${start}\n${report}\n${end}${after}`);
}
process.exitCode = found.some((c) => isOff(c) || c.failed > 0) ? 1 : 0;
