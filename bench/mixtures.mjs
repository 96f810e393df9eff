// Times the E-step of mixtures with classes per group against a plain loop over the same densities, and whole fits.
// Usage: node bench/mixtures.mjs [estep] [scaling] [fit] [clock=cpu]   (all three without a name)
// clock=cpu counts processor time, for machines that do other things too.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const folder = mkdtempSync(join(tmpdir(), 'mm-bench-'));
const outfile = join(folder, 'mixtures.mjs');
await build({
  stdin: {
    contents: `
      export { compile } from './src/compile.ts';
      export { fit } from './src/fit.ts';
      export { buildDesign } from './src/data/build-design.ts';
      export { schemaOf } from './src/data/schema-of.ts';
      export { tableFromColumns } from './src/data/table-from.ts';
      export { Report } from './src/diagnostics/report.ts';
      export { emModel, applyWhole } from './src/engines/em/em-model.ts';
      export { EStep } from './src/engines/em/e-step.ts';
      export { NodeIntegral } from './src/engines/em/node-integral.ts';
      export { DrawRule } from './src/engines/em/draw-rule.ts';
      export { createRng } from './src/kernels/rng.ts';
    `,
    resolveDir: process.cwd(),
    loader: 'ts',
  },
  bundle: true,
  format: 'esm',
  platform: 'node',
  outfile,
  logLevel: 'warning',
});
const mm = await import(pathToFileURL(outfile).href);
rmSync(folder, { recursive: true });

/** Poisson counts of two classes of groups with a random intercept. */
function simulate(groups, perGroup, seed) {
  const rng = mm.createRng(seed);
  const columns = { y: [], x: [], id: [] };
  for (let g = 0; g < groups; g++) {
    const low = rng.uniform() < 0.4;
    const v = 0.4 * rng.normal();
    for (let j = 0; j < perGroup; j++) {
      const x = rng.normal();
      const lambda = Math.exp((low ? 0.3 + 0.5 * x : 1.4 - 0.2 * x) + v);
      let y = 0;
      for (let p = Math.exp(-lambda), u = rng.uniform(); u > p && y < 1000; p *= lambda / ++y) u -= p;
      columns.y.push(y);
      columns.x.push(x);
      columns.id.push(`g${g}`);
    }
  }
  return mm.tableFromColumns(columns);
}

function source(classes, draws) {
  const names = Array.from({ length: classes }, (_, k) => `c${k + 1}`);
  return `
    v = (1 | id)
    mixture z per id {
      y ~ poisson(lambda)
      class ${names.join(', ')} { log(lambda) = x + v }
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
function eStepOf(groups, perGroup, classes, draws) {
  const table = simulate(groups, perGroup, 'bench');
  const model = compiled(source(classes, draws), table);
  const design = mm.buildDesign(model.graph, table, new mm.Report());
  const bound = mm.emModel(model.graph, design);
  const rule = new mm.DrawRule(groups, { draws, sampler: 'sobol', df: 4, key: '1' });
  const eStep = new mm.EStep(
    bound,
    bound.classes.map((c) => new mm.NodeIntegral(c, bound.rows.start, rule)),
  );
  const { full } = bound.space;
  for (const i of bound.space.free) full[i] = 0.4;
  mm.applyWhole(bound, full);
  eStep.adapt();
  eStep.run(0); // draws are made and code is compiled
  eStep.run(1);
  return { eStep, bound };
}

const cpu = process.argv.includes('clock=cpu');

function clock() {
  if (!cpu) return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The best of several times: what the work costs where nothing disturbs it. */
function timed(work, repeats = 15) {
  let best = Number.POSITIVE_INFINITY;
  for (let r = 0; r < repeats; r++) {
    const started = clock();
    work();
    best = Math.min(best, clock() - started);
  }
  return best;
}

/** The same sums of log densities by the plainest loops there are, order 0 and with first derivatives. */
function plainLoop({ bound }, draws, withDerivatives) {
  const { rows, classes } = bound;
  const { y } = classes[0].work.model;
  const fixed = classes.map((c) => c.work.fixedEta);
  const constant = y.map((v) => {
    let t = 0;
    for (let k = 2; k <= v; k++) t += Math.log(k);
    return -t;
  });
  const u = new Float64Array(draws).map((_, m) => Math.sin(m) * 0.3);
  const logs = new Float64Array(draws);
  const first = new Float64Array(y.length);
  let total = 0;
  for (let g = 0; g < rows.groups; g++) {
    for (let k = 0; k < classes.length; k++) {
      const eta0 = fixed[k];
      for (let m = 0; m < draws; m++) {
        const b = 0.4 * u[m];
        let sum = 0;
        for (let i = rows.start[g]; i < rows.start[g + 1]; i++) {
          const eta = eta0[i] + b;
          const lambda = Math.exp(eta);
          sum += y[i] * eta - lambda + constant[i];
          if (withDerivatives) first[i] += y[i] - lambda;
        }
        logs[m] = sum;
      }
      total += logs[0];
    }
  }
  return total;
}

const cases = process.argv.slice(2).filter((name) => !name.includes('='));
const wanted = (name) => cases.length === 0 || cases.includes(name);
const ns = (ms, n) => ((ms * 1e6) / n).toFixed(1).padStart(7);

if (wanted('estep')) {
  console.log('E-step, 500 groups x 20 rows x 2 classes x 512 draws, ns per row, draw and class');
  const made = eStepOf(500, 20, 2, 512);
  const n = 500 * 20 * 2 * 512;
  for (const [name, order] of [
    ['values', 0],
    ['with gradient', 1],
  ]) {
    plainLoop(made, 512, order === 1);
    const plain = timed(() => plainLoop(made, 512, order === 1));
    const ours = timed(() => made.eStep.run(order));
    console.log(
      `  ${name.padEnd(14)} ${ns(ours, n)}   plain loop ${ns(plain, n)}   ratio ${(ours / plain).toFixed(2)}`,
    );
  }
}

if (wanted('scaling')) {
  console.log('E-step with gradient: ms, and ns per row, draw and class');
  for (const [groups, perGroup, classes, draws] of [
    [500, 1, 2, 512],
    [500, 5, 2, 512],
    [500, 20, 2, 512],
    [2000, 20, 2, 512],
    [50, 200, 2, 512],
    [5, 2000, 2, 512],
    [500, 20, 1, 512],
    [500, 20, 4, 512],
    [500, 20, 2, 64],
    [500, 20, 2, 2048],
  ]) {
    const { eStep } = eStepOf(groups, perGroup, classes, draws);
    const ms = timed(() => eStep.run(1), 3);
    const size = `${groups} groups x ${perGroup} rows x ${classes} classes x ${draws} draws`;
    console.log(`  ${size.padEnd(48)} ${ms.toFixed(1).padStart(8)} ms ${ns(ms, groups * perGroup * classes * draws)}`);
  }
}

if (wanted('fit')) {
  const table = simulate(500, 20, 'bench');
  const model = compiled(source(2, 500), table);
  const started = clock();
  const { fit } = mm.fit(model, table);
  const seconds = (clock() - started) / 1000;
  const { logLikMcse, ess, khat } = fit.mixture;
  console.log(
    `Fit, 500 groups x 20 rows, 2 Poisson classes, 500 draws: ${seconds.toFixed(1)} s, converged ${fit.converged}, log-likelihood ${fit.logLik.toFixed(3)} (error ${logLikMcse.toFixed(4)}), least effective draws ${ess.min.toFixed(0)}, Pareto k ${khat.max.toFixed(2)}`,
  );
}
