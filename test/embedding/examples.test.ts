import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../src/index.js';
import { readReferenceCase } from '../reference/reference-case.js';
import { modelAt, root } from './models.js';

const folder = mkdtempSync(join(tmpdir(), 'mm-embedding-'));
const examples = readdirSync(join(root, 'examples/embedding')).map((name) => name.replace(/\.ts$/, ''));

beforeAll(async () => {
  await build({
    entryPoints: examples.map((name) => join(root, 'examples/embedding', `${name}.ts`)),
    bundle: true,
    format: 'esm',
    platform: 'node',
    outdir: folder,
    splitting: true,
    outExtension: { '.js': '.mjs' },
    alias: { mmlang: join(root, 'src/index.ts') },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs an example in a process of its own, from the root of the repository; its lines, split at spaces. */
function run(name: string, ...args: string[]): Promise<string[][]> {
  const child = spawn(process.execPath, [join(folder, `${name}.mjs`), ...args], { cwd: root, stdio: 'pipe' });
  let out = '';
  let wrong = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    wrong += text;
  });
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (status) =>
      status === 0
        ? done(
            out
              .trim()
              .split('\n')
              .map((line) => line.split(' ')),
          )
        : failed(new Error(`${name} ends with ${status}: ${wrong}`)),
    );
  });
}

const numbers = (line: readonly string[] | undefined, from: number) => (line ?? []).slice(from).map(Number);
const slopeMl = readReferenceCase('sleepstudy-slope-ml');
const slopeReml = readReferenceCase('sleepstudy-slope-reml');

describe('the examples', () => {
  test('edit-rx: the likelihood is that of lme4, the prior by hand that of the language', async () => {
    const [plain, prior] = await run('edit-rx');
    const [intercept, days, deviance] = numbers(plain, 1);
    expect(deviance).toBeCloseTo(-2 * slopeMl.logLik, 5);
    expect(intercept).toBeCloseTo(Number(slopeMl.fixef?.estimate[0]), 4);
    expect(days).toBeCloseTo(Number(slopeMl.fixef?.estimate[1]), 4);
    const { source, table } = modelAt('sleepstudy-slope-ml');
    const text = `${source.trimEnd().slice(0, -1)}\n  beta ~ normal(0, 2 * sigma)\n  intercept ~ normal(0, 2 * sigma)\n}`;
    const problem = compile(text).bind(table, { engine: 'lmm' });
    const { theta } = compile(source).bind(table).fit();
    const [ridgeIntercept, ridgeDays, objective] = numbers(prior, 2);
    expect(objective).toBeCloseTo(problem.deviance(theta), 6);
    const { beta } = problem.at(theta).jointMode();
    expect(ridgeIntercept).toBeCloseTo(beta[0], 6);
    expect(ridgeDays).toBeCloseTo(beta[1], 6);
  });

  test('joint-mode: slopes are pooled where theta is small and those of each subject where it is large', async () => {
    const [names, ...lines] = await run('joint-mode');
    expect(names.join(' ')).toBe('Subject.(Intercept), Subject.Days.(Intercept), Subject.Days');
    const ends = lines.map((line) => [Number(line[3]), Number(line[5])]);
    const spreads = ends.map(([low, high]) => high - low);
    expect([...spreads].sort((a, b) => a - b)).toEqual(spreads);
    expect(spreads[0]).toBeLessThan(1);
    const days = Number(slopeReml.fixef?.estimate[1]);
    for (const [low, high] of ends) expect(low < days && days < high).toBe(true);
    // least squares within subjects, by hand
    const { table } = modelAt('sleepstudy-slope-ml');
    const column = (name: string) => {
      const found = table.columns.get(name);
      return found?.kind === 'number' ? found.values : Float64Array.from(found?.codes ?? []);
    };
    const [x, y, subject] = [column('Days'), column('Reaction'), column('Subject')];
    const slopes = [...new Set(subject)].map((s) => {
      const own = [...x.keys()].filter((i) => subject[i] === s);
      const mean = (v: Float64Array) => own.reduce((t, i) => t + v[i], 0) / own.length;
      const [mx, my] = [mean(x), mean(y)];
      return own.reduce((t, i) => t + (x[i] - mx) * (y[i] - my), 0) / own.reduce((t, i) => t + (x[i] - mx) ** 2, 0);
    });
    expect(ends.at(-1)?.[0]).toBeCloseTo(Math.min(...slopes), 2);
    expect(ends.at(-1)?.[1]).toBeCloseTo(Math.max(...slopes), 2);
  });

  test('own-optimizer: steepest descent ends where lme4 does', async () => {
    const [byHand, byFit] = await run('own-optimizer');
    const [deviance] = numbers(byHand, 2);
    expect(deviance).toBeCloseTo(-2 * slopeReml.logLik, 5);
    expect(deviance).toBeCloseTo(numbers(byFit, 2)[0] ?? 0, 7);
  });

  test('penalty: away from zero, at the minimum of the wrapped criterion', async () => {
    const [alone, penalised] = await run('penalty');
    expect(numbers(alone, 1)[0]).toBeLessThan(1e-6);
    const [theta, deviance, objective] = numbers(penalised, 1);
    expect(objective - deviance).toBeCloseTo(-2 * Math.log(theta) + 2 * theta, 9);
    const { source, table } = modelAt('dyestuff2-reml');
    const problem = compile(source).bind(table);
    const wrapped = (t: number) => problem.deviance([t]) - 2 * Math.log(t) + 2 * t;
    expect(wrapped(theta)).toBeCloseTo(objective, 7);
    for (const t of [0.98 * theta, 1.02 * theta]) expect(wrapped(t)).toBeGreaterThan(objective);
  });

  test('pause-resume: paused in one process and gone on with in another, the end is the same to the last digit', async () => {
    const file = join(folder, 'search.json');
    await run('pause-resume', 'save', file);
    const saved = readFileSync(file, 'utf8');
    const resumed = await run('pause-resume', 'resume', file);
    const whole = await run('pause-resume');
    expect(resumed.at(-1)).toEqual(whole.at(-1));
    expect(resumed).toEqual(whole.slice(4));
    expect(JSON.parse(saved)).toMatchObject({ format: 'mm.search/1', engine: 'lmm', rows: 180 });
    expect(numbers(whole.at(-1), 1)[0]).toBeCloseTo(-2 * slopeReml.logLik, 5);
  });

  test('fit-numerically: with gradients, without, and at a corner', async () => {
    const [profiled, joint, simplex, lasso] = await run('fit-numerically');
    const expected = -2 * slopeMl.logLik;
    expect(Number(profiled[1])).toBeCloseTo(expected, 5);
    expect(Number(joint[4])).toBeCloseTo(expected, 5);
    expect(Number(simplex[1])).toBeCloseTo(expected, 5);
    const { source, table } = modelAt('sleepstudy-slope-ml');
    const text = `${source.trimEnd().slice(0, -1)}\n  beta[Days] ~ laplace(0, 4)\n}`; // 2 |beta| / 4
    expect(Number(lasso[1])).toBeCloseTo(compile(text).bind(table).fit().fixef[1]?.estimate ?? 0, 3);
  });

  test('many-responses: the estimates spread as the standard error of lme4 says', async () => {
    const [line] = await run('many-responses');
    expect(line?.slice(0, 3)).toEqual(['fitted', '200', 'middle']);
    const [middle, low, high] = [line?.[3], line?.[6], line?.[7]].map(Number);
    const { estimate, se } = slopeReml.fixef ?? { estimate: [], se: [] };
    const spread = Number(se[1]);
    // five standard errors of a median of 200, and of the width between two of its quantiles
    expect(Math.abs((middle ?? 0) - Number(estimate[1]))).toBeLessThan((5 * 1.25 * spread) / Math.sqrt(200));
    expect(Math.abs(((high ?? 0) - (low ?? 0)) / (2 * 1.645 * spread) - 1)).toBeLessThan(5 * 0.09);
  });

  test('each is shown in README, word for word, in ten lines or so', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const section = readme.slice(readme.indexOf('## Embedding'));
    const blocks = [...section.slice(0, section.indexOf('\n## ', 3)).matchAll(/```ts\n([\s\S]*?)```/g)].map(
      (m) => m[1],
    );
    const shown = examples.filter((name) => {
      const text = readFileSync(join(root, 'examples/embedding', `${name}.ts`), 'utf8');
      return blocks.some((block) => text.includes(block ?? '-'));
    });
    expect(shown).toEqual(examples);
    expect(blocks).toHaveLength(examples.length);
    for (const block of blocks) expect((block ?? '').trim().split('\n').length).toBeLessThanOrEqual(13);
  });
});
