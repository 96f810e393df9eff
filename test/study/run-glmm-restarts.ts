// npm run study:glmm-restarts: prints the figures and puts them into spec/validation.md.
import { isBelowBest, isWronglyTold, restartGlmm } from './glmm-restarts.js';
import { restartsReport } from './glmm-restarts-report.js';
import { intoValidation } from './into-validation.js';

const models = Number(process.argv[2] ?? 200);
const restarts = Number(process.argv[3] ?? 10);
const first = Number(process.argv[4] ?? 0);

const cases = Array.from({ length: models }, (_, k) => {
  const found = restartGlmm(first + k, restarts);
  if (isBelowBest(found) || !found.converged) console.error(JSON.stringify(found));
  return found;
});
const report = restartsReport(cases, restarts);
console.log(report);
if (models >= 200 && restarts >= 10) intoValidation('glmm-restarts', report);
process.exitCode = cases.some(isBelowBest) || cases.some(isWronglyTold) ? 1 : 0;
