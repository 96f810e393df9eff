// One case by this package, fitted whenever a line `fit` arrives on standard input. Usage: worker.ts MODEL.mm DATA.csv
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { compile } from '../../src/compile.js';
import { schemaOf } from '../../src/data/schema-of.js';
import { fit } from '../../src/fit.js';
import { readTable } from '../../src/hosts/read-file.js';

const [modelPath, dataPath] = process.argv.slice(2);
const { table } = await readTable(dataPath);
if (table === undefined) throw new Error(`cannot read ${dataPath}`);
const name = basename(modelPath, '.mm');
const { models, diagnostics } = compile(readFileSync(modelPath, 'utf8'), { name, schema: schemaOf(table) });
const [model] = models;
if (model?.graph === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'));

/** MiB. */
function peak(): number {
  return process.resourceUsage().maxRSS / 1024;
}

process.stdout.write('READY\n');
for await (const line of createInterface({ input: process.stdin })) {
  if (line !== 'fit') break;
  const start = performance.now();
  const before = process.cpuUsage();
  // lme4 and glmmTMB have no degrees of freedom either
  const outcome = fit(model, table, { degreesOfFreedom: 'none' });
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  const found = outcome.fit;
  if (found === undefined || !found.converged) process.stdout.write('FAILED\n');
  else
    process.stdout.write(
      `RESULT\t${seconds.toFixed(6)}\t${((user + system) / 1e6).toFixed(6)}\t${found.logLik.toFixed(9)}\t${found.evaluations}\t${peak().toFixed(1)}\n`,
    );
}
