import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { root, runMm } from './run-mm.js';

const folder = mkdtempSync(join(tmpdir(), 'mm-predict-'));
const at = (name: string) => join(folder, name);
const model = 'examples/sleepstudy.mm';

/** Written by predictions.R. */
const { sleepstudy } = JSON.parse(readFileSync(join(root, 'test/prediction/predictions.json'), 'utf8'));

beforeAll(async () => {
  const rows = sleepstudy.Days.map((day: number, i: number) => `${day},${sleepstudy.Subject[i]}`);
  writeFileSync(at('new.csv'), `Days,Subject\n${rows.join('\n')}\n`);
  writeFileSync(at('fresh.csv'), 'Days,Subject\n0,308\n4,901\n8,901\n');
  const saved = await runMm([
    'fit',
    model,
    '--save',
    at('fit.json'),
    '--output',
    at('varcomp.csv'),
    '--table',
    'varcomp',
  ]);
  expect(saved).toMatchObject({ status: 0, stderr: '' });
});

function cells(csv: string): string[][] {
  return csv
    .trim()
    .split('\n')
    .map((line) => line.split(','));
}

describe('mm fit', () => {
  test('--save writes one whole file, --output a table of it', () => {
    expect(readdirSync(folder).sort()).toEqual(['fit.json', 'fresh.csv', 'new.csv', 'varcomp.csv']);
    const table = cells(readFileSync(at('varcomp.csv'), 'utf8'));
    expect(table[0]).toEqual(['kind', 'group', 'class', 'term', 'term2', 'estimate']);
    expect(table.slice(1).map((row) => row.slice(0, 5).join(' ').trim())).toEqual([
      'sd Subject  (Intercept)',
      'sd Subject  Days',
      'cor Subject  (Intercept) Days',
      'sigma',
    ]);
    expect(Number(table.at(-1)?.[5])).toBeCloseTo(sleepstudy.sigma, 3);
  });

  test.each([
    ['coefficients', ['name', 'predictor', 'class', 'estimate', 'se', 'statistic', 'df', 'p'], 2],
    ['ranef', ['group', 'class', 'level', 'term', 'mode', 'sd'], 36],
    ['fitted', ['row', 'fitted', 'linear', 'residual'], 180],
  ])('the table %s, as CSV and as JSON', async (table, head, rows) => {
    const csv = at(`${table}.csv`);
    const json = at(`${table}.json`);
    await runMm(['fit', model, '--output', csv, '--table', table]);
    await runMm(['fit', model, '--output', json, '--table', table]);
    const lines = cells(readFileSync(csv, 'utf8'));
    expect(lines[0]).toEqual(head);
    expect(lines).toHaveLength(rows + 1);
    const parsed: Record<string, unknown>[] = JSON.parse(readFileSync(json, 'utf8'));
    expect(parsed.map((row) => head.map((name) => String(row[name] ?? '')))).toEqual(lines.slice(1));
  });

  test('a folder that is not there is told', async () => {
    const ran = await runMm(['fit', model, '--save', at('nowhere/fit.json')]);
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain('MM490');
  });
});

describe('mm summary', () => {
  test('prints of a saved fit what mm fit prints, in a folder without data', async () => {
    const wanted = await runMm(['fit', model, '--ranef']);
    const ran = await runMm(['summary', 'fit.json', '--ranef'], { cwd: folder });
    expect(ran).toMatchObject({ status: 0, stderr: '', stdout: wanted.stdout });
    const { sigma, ranef } = JSON.parse((await runMm(['summary', at('fit.json'), '--json', '--ranef'])).stdout);
    expect(sigma).toBeCloseTo(sleepstudy.sigma, 3);
    expect(ranef.Subject.levels).toHaveLength(18);
    const wrong = await runMm(['summary', model]);
    expect(wrong).toMatchObject({ status: 1, stdout: '' });
    expect(wrong.stderr).toContain('MM591');
  });
});

describe('mm predict', () => {
  test.each([
    ['a model', [model]],
    ['a saved fit, in a folder without data', ['fit.json']],
  ])('of %s, against lme4', async (_, [file = '']) => {
    const cwd = file === 'fit.json' ? folder : root;
    const args = ['predict', file, '--newdata', at('new.csv'), '--se', '--json'];
    const ran = await runMm(args, { cwd });
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    const found = JSON.parse(ran.stdout);
    expect(found).toMatchObject({ schema: 'mm.predict/1', model: 'sleepstudy', type: 'response', rows: 4 });
    found.quantities[0].fit.forEach((v: number, i: number) => {
      expect(v).toBeCloseTo(sleepstudy.fit[i], 3);
      expect(found.quantities[0].se[i]).toBeCloseTo(sleepstudy.se[i], 3);
    });
  });

  test('the table on the terminal', async () => {
    const { stdout } = await runMm(['predict', at('fit.json'), '--newdata', at('new.csv'), '--interval', 'confidence']);
    expect(stdout).toBe(
      `row    fit  lower  upper
  1  253.7  229.6  277.7
  2  401.2  379.4  423.0
  3  423.6  366.9  480.2
  4  334.2  316.7  351.7
`,
    );
  });

  test('levels that were not seen', async () => {
    const args = ['predict', at('fit.json'), '--newdata', at('fresh.csv'), '--json'];
    const population = await runMm(args);
    expect(population.stderr).toMatch(/note\[MM582\]: .*Subject: 901/);
    const [, zero] = JSON.parse(population.stdout).quantities[0].fit;
    expect(zero).toBeCloseTo(251.405 + 4 * 10.4673, 2);
    expect(await runMm([...args, '--levels', 'error'])).toMatchObject({ status: 1, stdout: '' });
    const drawn = await runMm([...args, '--levels', 'draw', '--seed', '7', '--quiet']);
    expect(drawn.stderr).toBe('');
    const values: number[] = JSON.parse(drawn.stdout).quantities[0].fit;
    expect(values[1]).not.toBeCloseTo(zero, 3);
    expect(await runMm([...args, '--levels', 'draw', '--seed', '7', '--quiet'])).toMatchObject({
      stdout: drawn.stdout,
    });
  });

  test('--output writes a file and nothing on stdout', async () => {
    const file = at('predicted.csv');
    const ran = await runMm(['predict', at('fit.json'), '--newdata', at('new.csv'), '--se', '--output', file]);
    expect(ran).toMatchObject({ status: 0, stdout: '' });
    expect(cells(readFileSync(file, 'utf8')).map((row) => row.length)).toEqual([3, 3, 3, 3, 3]);
  });

  test('what is wrong is told: the file, its content, what cannot be predicted, several models', async () => {
    writeFileSync(at('bad.json'), '{"schema": "mm.fit/1"}');
    const told = async (args: readonly string[]) => {
      const ran = await runMm(['predict', ...args]);
      return [ran.status, /\[(MM\d+)\]/.exec(ran.stderr)?.[1]];
    };
    expect(await told([at('none.json')])).toEqual([1, 'MM401']);
    expect(await told([at('bad.json')])).toEqual([1, 'MM591']);
    expect(await told([at('fit.json'), '--type', 'classes'])).toEqual([1, 'MM584']);
    expect(await told([at('fit.json'), '--newdata', at('none.csv')])).toEqual([1, 'MM401']);
    expect(await told([at('fit.json'), '--data', at('new.csv')])).toEqual([2, 'MM596']);
    const confint = await runMm(['confint', at('fit.json')]);
    expect([confint.status, confint.stderr]).toEqual([1, expect.stringMatching(/MM495.*'.*fit.json' is a saved fit/)]);
    const two = 'model a { Reaction ~ Days }\nmodel b { Reaction ~ 1 }\n';
    writeFileSync(at('two.mm'), two);
    expect(await told([at('two.mm'), '--data', 'examples/sleepstudy.csv'])).toEqual([2, 'MM595']);
    const one = await runMm(['predict', at('two.mm'), '--data', 'examples/sleepstudy.csv', '--model', 'a', '--json']);
    expect(JSON.parse(one.stdout).rows).toBe(180);
  });
});

describe('mm simulate', () => {
  test('is CSV, a column for each response, and the same for a seed', async () => {
    const args = ['simulate', at('fit.json'), '--n', '2', '--seed', '4'];
    const first = await runMm(args);
    const table = cells(first.stdout);
    expect(table[0]).toEqual(['row', 'sim_1', 'sim_2']);
    expect(table).toHaveLength(181);
    expect((await runMm(['simulate', model, '--n', '2', '--seed', '4'])).stdout).toBe(first.stdout);
    expect((await runMm(['simulate', at('fit.json'), '--n', '2', '--seed', '5'])).stdout).not.toBe(first.stdout);
  });
});

describe('mm bootstrap', () => {
  test('threads change nothing, and a run goes on from its file', async () => {
    const whole = await runMm(['bootstrap', model, '--n', '60', '--threads', '1', '--draws', at('a.csv'), '--json']);
    expect(whole).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(whole.stdout)).toMatchObject({
      schema: 'mm.bootstrap/1',
      replicates: 60,
      failed: 0,
      stopped: false,
    });
    await runMm(['bootstrap', model, '--n', '60', '--threads', '2', '--draws', at('b.csv')]);
    expect(readFileSync(at('b.csv'), 'utf8')).toBe(readFileSync(at('a.csv'), 'utf8'));
    const file = at('replicates.jsonl');
    await runMm(['bootstrap', model, '--n', '30', '--resume', file]);
    const before = readFileSync(file, 'utf8');
    // as if the machine had stopped in the middle of a line
    writeFileSync(file, before.slice(0, -40));
    await runMm(['bootstrap', model, '--n', '60', '--resume', file, '--draws', at('c.csv')]);
    expect(readFileSync(at('c.csv'), 'utf8')).toBe(readFileSync(at('a.csv'), 'utf8'));
    const other = await runMm(['bootstrap', model, '--n', '60', '--resume', file, '--seed', '2']);
    expect(other).toMatchObject({ status: 1, stdout: '' });
    expect(other.stderr).toContain('MM588');
  });

  test('Ctrl-C keeps what was done', async () => {
    const file = at('interrupted.jsonl');
    const ran = await runMm(['bootstrap', model, '--n', '1000000', '--threads', '1', '--resume', file], {
      interruptAfter: 3000,
    });
    expect(ran.status).toBe(3);
    expect(ran.stderr).toContain('MM590');
    const [, done] = /(\d+) replicates, seed 1; stopped before 1000000/.exec(ran.stdout) ?? [];
    expect(Number(done)).toBeGreaterThan(0);
    const lines = readFileSync(file, 'utf8').trim().split('\n').slice(1);
    const kept = lines.reduce((sum, line) => sum + JSON.parse(line).values.length, 0);
    expect(kept).toBe(Number(done));
  }, 30_000);

  test('mm confint --method bootstrap shows its percentiles', async () => {
    const boot = await runMm(['bootstrap', model, '--n', '50', '--json', '--parameter', 'Days']);
    const ran = await runMm(['confint', model, '--method', 'bootstrap', '--n', '50', '--parameter', 'Days', '--json']);
    const { method, intervals } = JSON.parse(ran.stdout);
    const [{ lower, upper }] = JSON.parse(boot.stdout).statistics;
    expect(method).toBe('bootstrap');
    expect(intervals).toMatchObject([{ name: 'Days', lower, upper }]);
  });
});

test('intervals and comparisons can be written to a file', async () => {
  await runMm(['confint', model, '--method', 'wald', '--output', at('intervals.csv')]);
  const [head, ...rows] = cells(readFileSync(at('intervals.csv'), 'utf8'));
  expect(head?.slice(0, 7)).toEqual(['name', 'kind', 'group', 'predictor', 'class', 'estimate', 'lower']);
  expect(rows.map((row) => row[0])).toEqual(['(Intercept)', 'Days']);
  await runMm(['compare', at('two.mm'), '--data', 'examples/sleepstudy.csv', '--output', at('compared.json')]);
  const compared = JSON.parse(readFileSync(at('compared.json'), 'utf8'));
  expect(compared.map((m: { model: string }) => m.model).sort()).toEqual(['a', 'b']);
});
