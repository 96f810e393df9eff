// One case by this package, done whenever a line `fit` arrives on standard input.
// Usage: worker.ts TASK MODEL.mm DATA.csv [RESPONSES.csv, or of a fit the script of its helpers]
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { bootstrap, compile, confint, type Fit, fit, parseTable, schemaOf, type Table } from 'mmlang';
import { readTable } from '../../src/hosts/read-file.js';
import { shared } from '../team.js';
import type { TimedFit } from './fitter.js';

type Found = Pick<TimedFit, 'logLik' | 'evaluations' | 'values'>;

/** lme4 and glmmTMB have no degrees of freedom either. */
const plain = { degreesOfFreedom: 'none' } as const;

const [task, modelPath, dataPath, also] = process.argv.slice(2);
const table = read(await readTable(dataPath));
const name = basename(modelPath, '.mm');
const source = readFileSync(modelPath, 'utf8');
const { models, diagnostics } = compile(source, { name, schema: schemaOf(table) });
const [model] = models;
if (model?.graph === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'));

function read(from: { readonly table: Table | undefined }): Table {
  if (from.table === undefined) throw new Error('the data cannot be read');
  return from.table;
}

function converged(found: Fit | undefined): Fit {
  if (found?.converged !== true) throw new Error('no fit');
  return found;
}

/** What is timed, and how many times it is done at once. */
function work(): { readonly times: number; readonly once: () => Found | Promise<Found> } {
  if (task === 'refit') {
    const problem = compile(source).bind(table, { engine: 'lmm' });
    problem.fit(plain);
    const responses = [...read(parseTable(readFileSync(also, 'utf8'))).columns.values()].map((c) =>
      c.kind === 'number' ? c.values : new Float64Array(0),
    );
    const once = (): Found => {
      const fits = responses.map((y) => converged(problem.refit(y, plain)));
      const sum = (of: (f: Fit) => number) => fits.reduce((total, f) => total + of(f), 0);
      return { logLik: sum((f) => f.logLik), evaluations: sum((f) => f.evaluations) / fits.length, values: [] };
    };
    return { times: responses.length, once };
  }
  if (task === 'bootstrap') {
    const outcome = fit(model, table, plain);
    let seed = 0;
    const once = async (): Promise<Found> => {
      const { run } = await bootstrap(outcome, { n: 1000, seed: ++seed });
      if (run.values.length < 1000) throw new Error('refits failed');
      const values = ['(Intercept)', 'Days'].map((term) => {
        const k = run.statistics.findIndex((s) => s.name === term);
        return spread(run.values.map((row) => row[k]));
      });
      return { logLik: null, evaluations: null, values };
    };
    return { times: 1, once };
  }
  if (task === 'profile' || task === 'curve') {
    // the curves of lme4 reach sqrt(qchisq(0.99, 6)) = 4.1 standard errors, ten points or so on either side
    const how = task === 'profile' ? {} : { level: 0.99996, between: 9 };
    const once = (): Found => {
      const { intervals } = confint(model, table, { ...plain, ...how });
      if (intervals === undefined) throw new Error('no intervals');
      const values = task === 'profile' ? intervals.intervals.flatMap((i) => [i.lower, i.upper]) : [];
      return { logLik: null, evaluations: intervals.evaluations, values };
    };
    return { times: 1, once };
  }
  const options = { ...plain, ...shared(also) };
  const once = (): Found => {
    const found = converged(fit(model, table, options).fit);
    return { logLik: found.logLik, evaluations: found.evaluations, values: [] };
  };
  return { times: 1, once };
}

function spread(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / (values.length - 1));
}

const { times, once } = work();
let repeats = 1; // what is quick is done many times in a row
process.stdout.write('READY\n');
for await (const line of createInterface({ input: process.stdin })) {
  if (line !== 'fit') break;
  const start = performance.now();
  const before = process.cpuUsage();
  try {
    let found = await once();
    for (let k = 1; k < repeats; k++) found = await once();
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(before);
    const peak = process.resourceUsage().maxRSS / 1024;
    const all = repeats * times;
    const result: TimedFit = { seconds: seconds / all, processor: (user + system) / 1e6 / all, peak, ...found };
    repeats = Math.max(1, Math.min(50, Math.ceil((0.1 * repeats) / seconds)));
    process.stdout.write(`RESULT ${JSON.stringify(result)}\n`);
  } catch (error) {
    process.stderr.write(`${error}\n`);
    process.stdout.write('FAILED\n');
  }
}
process.exit(); // helpers are let go
