// Times the E-step of mixtures with classes per group against plain loops over the same densities, its growth with rows, draws and
// classes, starts on threads, and a whole fit; writes bench/mixtures.md.
// Usage: npm run bench:mixtures [-- CASE ...]   CASE: estep scaling threads fit; without one all, and the report is written
// Processor time, which other work on the machine disturbs least; starts on threads in time on the clock.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const folder = mkdtempSync(join(tmpdir(), 'mm-bench-'));
const outfile = join(folder, 'mixtures.mjs');
const workerFile = join(folder, 'mm-worker.cjs');
const common = { bundle: true, platform: 'node', target: 'node20', logLevel: 'warning' };
await build({
  ...common,
  stdin: {
    contents: `
      export { compile } from './src/compile.ts';
      export { fit, fitAsync } from './src/fit.ts';
      export { buildDesign } from './src/data/build-design.ts';
      export { schemaOf } from './src/data/schema-of.ts';
      export { tableFromColumns } from './src/data/table-from.ts';
      export { Report } from './src/diagnostics/report.ts';
      export { emModel, applyWhole } from './src/engines/em/em-model.ts';
      export { EStep } from './src/engines/em/e-step.ts';
      export { NodeIntegral } from './src/engines/em/node-integral.ts';
      export { DrawRule } from './src/engines/em/draw-rule.ts';
      export { WorkerPool } from './src/hosts/workers/pool.ts';
      export { createRng } from './src/kernels/rng.ts';
    `,
    resolveDir: process.cwd(),
    loader: 'ts',
  },
  format: 'esm',
  outfile,
});
await build({ ...common, entryPoints: ['src/hosts/workers/worker.ts'], format: 'cjs', outfile: workerFile });
const mm = await import(pathToFileURL(outfile).href);

/** Two classes of groups with a random intercept: counts, and whether there are any. */
function simulate(groups, perGroup, seed) {
  const rng = mm.createRng(seed);
  const columns = { y: [], any: [], x: [], id: [] };
  for (let g = 0; g < groups; g++) {
    const low = rng.uniform() < 0.4;
    const v = 0.4 * rng.normal();
    for (let j = 0; j < perGroup; j++) {
      const x = rng.normal();
      const lambda = Math.exp((low ? 0.3 + 0.5 * x : 1.4 - 0.2 * x) + v);
      let y = 0;
      for (let p = Math.exp(-lambda), u = rng.uniform(); u > p && y < 1000; p *= lambda / ++y) u -= p;
      columns.y.push(y);
      columns.any.push(rng.uniform() < lambda / (1 + lambda) ? 1 : 0);
      columns.x.push(x);
      columns.id.push(`g${g}`);
    }
  }
  return mm.tableFromColumns(columns);
}

const kinds = {
  'Poisson, intercepts': { effect: '1', response: 'y ~ poisson(lambda)', location: 'log(lambda)', plain: plainPoisson },
  'Poisson, slopes': { effect: '0 + x', response: 'y ~ poisson(lambda)', location: 'log(lambda)', plain: plainPoisson },
  'Poisson, both': { effect: '1 + x', response: 'y ~ poisson(lambda)', location: 'log(lambda)', plain: plainPoisson },
  'Bernoulli, intercepts': { effect: '1', response: 'any ~ bernoulli(p)', location: 'logit(p)', plain: plainBernoulli },
};

function source({ effect, response, location }, classes, draws) {
  const names = Array.from({ length: classes }, (_, k) => `c${k + 1}`);
  return `
    v = (${effect} | id)
    mixture z per id {
      ${response}
      class ${names.join(', ')} { ${location} = x + v }
    }
    order z by intercept
    fit em(draws = ${draws}, seed = 1)`;
}

function compiled(text, table) {
  const { models, diagnostics } = mm.compile(text, { schema: mm.schemaOf(table) });
  if (models[0]?.graph === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'));
  return models[0];
}

/** An E-step at values near the truth, its points placed. */
function eStepOf(kind, groups, perGroup, classes, draws) {
  const table = simulate(groups, perGroup, 'bench');
  const model = compiled(source(kind, classes, draws), table);
  const bound = mm.emModel(model.graph, mm.buildDesign(model.graph, table, new mm.Report()));
  const rule = new mm.DrawRule(groups, { draws, sampler: 'sobol', df: 4, key: '1' });
  const eStep = new mm.EStep(
    bound,
    bound.classes.map((c) => new mm.NodeIntegral(c, bound.rows.start, rule)),
  );
  const { full, free } = bound.space;
  for (const i of free) full[i] = 0.4;
  mm.applyWhole(bound, full);
  eStep.adapt();
  eStep.run(0); // draws are made and code is compiled
  eStep.run(1);
  return { eStep, bound };
}

function clock() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The best of several times of each, in turn: what the work costs where nothing disturbs it. */
function timed(repeats, ...works) {
  const best = works.map(() => Number.POSITIVE_INFINITY);
  for (let r = 0; r < repeats; r++)
    works.forEach((work, k) => {
      const started = clock();
      work();
      best[k] = Math.min(best[k], clock() - started);
    });
  return best;
}

/** What a draw adds to the linear predictors. */
const points = (draws) => Float64Array.from({ length: draws }, (_, m) => 0.12 * Math.sin(m));

/** The sums of log densities of all rows, classes and draws by the plainest loop there is; with derivatives by row, too. */
function plainPoisson({ bound }, draws, first) {
  const { rows, classes } = bound;
  const { y } = classes[0].work.model;
  const constant = y.map((v) => {
    let t = 0;
    for (let k = 2; k <= v; k++) t += Math.log(k);
    return -t;
  });
  const [{ z, width }] = classes[0].work.model.loads.loads;
  const x = z === null ? null : Float64Array.from(y, (_, i) => z[i * width + width - 1]);
  const b = points(draws);
  const density = (i, eta) => {
    const lambda = Math.exp(eta);
    if (first !== null) first[i] += y[i] - lambda;
    return y[i] * eta - lambda + constant[i];
  };
  return () => {
    let total = 0;
    for (const { work } of classes) {
      const { fixedEta } = work;
      for (let g = 0; g < rows.groups; g++) {
        const from = rows.start[g];
        const to = rows.start[g + 1];
        for (let m = 0; m < draws; m++) {
          const move = b[m];
          let sum = 0;
          if (x === null) for (let i = from; i < to; i++) sum += density(i, fixedEta[i] + move);
          else for (let i = from; i < to; i++) sum += density(i, fixedEta[i] + move + x[i] * move);
          total += sum;
        }
      }
    }
    return total;
  };
}

function plainBernoulli({ bound }, draws, first) {
  const { rows, classes } = bound;
  const { y } = classes[0].work.model;
  const b = points(draws);
  return () => {
    let total = 0;
    for (const { work } of classes)
      for (let g = 0; g < rows.groups; g++)
        for (let m = 0; m < draws; m++) {
          let sum = 0;
          for (let i = rows.start[g]; i < rows.start[g + 1]; i++) {
            const eta = work.fixedEta[i] + b[m];
            const e = Math.exp(-Math.abs(eta));
            sum += (eta < 0 ? y[i] * eta : (y[i] - 1) * eta) - Math.log1p(e);
            if (first !== null) first[i] += y[i] - (eta < 0 ? e : 1) / (1 + e);
          }
          total += sum;
        }
    return total;
  };
}

const cases = process.argv.slice(2);
const wanted = (name) => cases.length === 0 || cases.includes(name);
const lines = [];
const say = (line = '') => {
  console.log(line);
  lines.push(line);
};
const ns = (ms, n) => ((ms * 1e6) / n).toFixed(1);

say('# Mixtures: what an E-step and a fit cost');
say();
say(`Written by \`npm run bench:mixtures\`. Node ${process.version}, ${cpus().length} x ${cpus()[0].model}.`);

if (wanted('estep')) {
  say();
  say('## Against a plain loop');
  say();
  say(
    '500 groups of 20 rows, 2 classes, 512 draws: nanoseconds of processor time per row, draw and class, and the ratio to',
  );
  say(
    'a loop over typed arrays that does no more than sum the same log densities (with the derivatives of each row, too).',
  );
  say('A Poisson group whose effect is an intercept has sums that serve all draws.');
  say();
  say('| | values | plain loop | ratio | with gradient | plain loop | ratio |');
  say('|---|---|---|---|---|---|---|');
  for (const [name, kind] of Object.entries(kinds)) {
    const made = eStepOf(kind, 500, 20, 2, 512);
    const n = 500 * 20 * 2 * 512;
    const cells = [0, 1].flatMap((order) => {
      const plain = kind.plain(made, 512, order === 0 ? null : new Float64Array(10_000));
      plain();
      const [ours, theirs] = timed(9, () => made.eStep.run(order), plain);
      return [ns(ours, n), ns(theirs, n), (ours / theirs).toFixed(2)];
    });
    say(`| ${name} | ${cells.join(' | ')} |`);
  }
}

if (wanted('scaling')) {
  say();
  say('## Growth');
  say();
  say('E-steps with gradient of Bernoulli mixtures: nanoseconds per row, draw and class, relative to the first line.');
  say();
  say('| groups | rows each | classes | draws | relative |');
  say('|---|---|---|---|---|');
  let base = 0;
  for (const size of [
    [500, 20, 2, 512],
    [500, 1, 2, 512],
    [500, 5, 2, 512],
    [2000, 20, 2, 512],
    [50, 200, 2, 512],
    [5, 2000, 2, 512],
    [500, 20, 1, 512],
    [500, 20, 4, 512],
    [500, 20, 2, 64],
    [500, 20, 2, 2048],
  ]) {
    const { eStep } = eStepOf(kinds['Bernoulli, intercepts'], ...size);
    const [ms] = timed(4, () => eStep.run(1));
    const each = ms / size.reduce((t, v) => t * v, 1);
    if (base === 0) base = each;
    say(`| ${size[0]} | ${size[1]} | ${size[2]} | ${size[3]} | ${(each / base).toFixed(2)} |`);
  }
}

/** Least seconds on the clock of `repeats` fits. */
async function secondsOf(repeats, fit) {
  let least = Number.POSITIVE_INFINITY;
  for (let r = 0; r < repeats; r++) {
    const started = performance.now();
    await fit();
    least = Math.min(least, (performance.now() - started) / 1000);
  }
  return least;
}

if (wanted('threads')) {
  say();
  say('## Threads');
  say();
  say(
    'A fit of three Bernoulli classes by coarse points alone, where the starts are most of the work: 300 groups of 10 rows, 20 starts.',
  );
  say(
    'Time on the clock, relative to one thread; the estimates are the same, bit by bit. Threads share the processors of the machine',
  );
  say('with everything else that runs on it.');
  say();
  say('| threads | relative |');
  say('|---|---|');
  const table = simulate(300, 10, 'threads');
  const text = source(kinds['Bernoulli, intercepts'], 3, 64).replace('draws = 64', 'quadrature = 7, starts = 20');
  const model = compiled(text, table);
  let alone = 0;
  let found = 0;
  for (const threads of [1, 2, 4]) {
    const pool = threads === 1 ? null : new mm.WorkerPool(workerFile, threads);
    const seconds = await secondsOf(3, async () => {
      const { fit } = await mm.fitAsync(model, table, pool === null ? {} : { parallel: pool });
      if (threads === 1) found = fit.logLik;
      else if (fit.logLik !== found) throw new Error('threads change the fit');
    });
    await pool?.close();
    if (threads === 1) alone = seconds;
    say(`| ${threads} | ${(seconds / alone).toFixed(2)} |`);
  }
}

if (wanted('fit')) {
  const table = simulate(500, 20, 'bench');
  say();
  say('## A whole fit');
  say();
  say(
    '500 groups of 20 rows, 2 classes, 500 draws, 10 starts: seconds of processor time on one thread, standard errors,',
  );
  say('Monte Carlo errors and all.');
  say();
  say('| | seconds | log-likelihood | its error | least effective draws | Pareto k |');
  say('|---|---|---|---|---|---|');
  for (const [name, kind] of Object.entries(kinds)) {
    const model = compiled(source(kind, 2, 500), table);
    const started = clock();
    const { fit } = mm.fit(model, table);
    const seconds = (clock() - started) / 1000;
    if (!fit.converged) throw new Error(`${name} has not converged`);
    const { logLikMcse, ess, khat } = fit.mixture;
    const cells = [
      seconds.toFixed(1),
      fit.logLik.toFixed(3),
      logLikMcse.toFixed(4),
      ess.min.toFixed(0),
      khat.max.toFixed(2),
    ];
    say(`| ${name} | ${cells.join(' | ')} |`);
  }
}

rmSync(folder, { recursive: true });
if (cases.length === 0) writeFileSync('bench/mixtures.md', `${lines.join('\n')}\n`);
