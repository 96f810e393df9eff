// npm run study:glmm: prints the coverage of intervals and puts it into spec/validation.md.
import { coverageReport, coverOnce, settings } from './glmm-coverage.js';
import { intoValidation } from './into-validation.js';

const sets = Number(process.argv[2] ?? 1000);

const found = settings.map(
  (setting) => [setting, Array.from({ length: sets }, (_, seed) => coverOnce(setting, seed))] as const,
);
const report = coverageReport(found);
console.log(report);
if (sets >= 1000) intoValidation('glmm-coverage', report);
