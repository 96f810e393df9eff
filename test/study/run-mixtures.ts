// npm run study:mixtures: prints how mixtures are found again and puts it into spec/validation.md.
import { intoValidation } from './into-validation.js';
import { recoverOnce, recoveryReport, settings } from './mixture-recovery.js';

const sets = Number(process.argv[2] ?? 200);

const found = settings.map((setting) => {
  const runs = Array.from({ length: sets }, (_, seed) => recoverOnce(setting, seed));
  return [setting, runs] as const;
});
const report = `${sets} data sets each.\n\n${recoveryReport(found)}`;
console.log(report);
for (const [{ label }, runs] of found) {
  const warned = runs.flatMap((run) => run.warnings);
  for (const code of new Set(warned))
    console.error(`${label}: ${code} ${warned.filter((own) => own === code).length} times`);
}
if (sets >= 200) intoValidation('mixtures', report);
