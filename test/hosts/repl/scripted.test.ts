import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ran, type RunOptions, root, runMm } from '../run-mm.js';
import { longFit } from './long-fit.js';

const data = join(root, 'test/data/sleepstudy.csv');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mm-repl-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function script(
  lines: readonly string[],
  args: readonly string[] = ['--data', data],
  options: RunOptions = {},
): Promise<Ran> {
  return runMm(['repl', ...args], { input: `${lines.join('\n')}\n`, cwd: folder, ...options });
}

const model = ['Reaction ~ normal(mu, sigma)', 'mu = 1 + Days + (1 + Days | Subject)'];

describe('a script', () => {
  test('prints what was asked for, and nothing else', async () => {
    const { status, stdout, stderr } = await script([...model, ':fit']);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const file = join(folder, 'model.mm');
    writeFileSync(file, `${model.join('\n')}\n`);
    const direct = await runMm(['fit', file, '--data', data]);
    // the number of evaluations is that of the fit before in the same thread or not
    expect(stdout).toBe(direct.stdout);
  });

  test('with a mistake says where, goes on, and ends with status 1', async () => {
    const { status, stdout, stderr } = await script([...model, '', 'mu = 1 +', '  Dayz', ':nonsense', ':fit']);
    expect(status).toBe(1);
    expect(stderr).toContain('input:5:3 |   Dayz');
    expect(stderr).toContain('input:6:1 | :nonsense');
    const right = await script([...model, ':fit']);
    expect(stdout).toBe(right.stdout);
  });

  test('statements go over lines; a command ends what was left open', async () => {
    const { status, stdout, stderr } = await script([
      'model slopes {',
      '  Reaction ~ normal(mu, sigma)',
      '',
      '  mu = 1 + Days + (1 + Days | Subject)',
      '}',
      'mu = 1 + (Days',
      ':model',
    ]);
    expect(stdout).toBe('1  Reaction ~ normal(mu, sigma)\n2  mu = 1 + Days + (1 + Days | Subject)\n');
    expect(stderr).toContain('input:6:');
    expect(status).toBe(1);
  });

  test('of which the end is missing is told so', async () => {
    const { status, stderr } = await script(['mu = 1 + (Days']);
    expect(status).toBe(1);
    expect(stderr).toContain('input:1:');
  });

  test('starts with a model file, and ends at :quit', async () => {
    const file = join(folder, 'start.mm');
    writeFileSync(file, `data "${data}"\n${model.join('\n')}\n`);
    const { status, stdout } = await script([':model', ':quit', 'nonsense('], ['start.mm']);
    expect(status).toBe(0);
    expect(stdout).toContain('2  Reaction ~ normal(mu, sigma)');
  });

  test('takes the rows from --data, whatever the model file says', async () => {
    writeFileSync(join(folder, 'gone.mm'), `data "gone.csv"\n${model.join('\n')}\n`);
    const { status, stdout, stderr } = await script([':fit'], ['gone.mm', '--data', data]);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain('gone: Linear mixed model');
  });

  test('without its data is not begun', async () => {
    const { status, stdout, stderr } = await script([':help'], ['--data', 'nosuch.csv']);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('nosuch.csv');
  });

  test('that has a fit which does not converge ends with status 3', async () => {
    // a response that is constant within groups can be fitted exactly: sigma goes to zero, and there is no optimum
    const file = join(folder, 'steps.csv');
    const rows = Array.from({ length: 40 }, (_, i) => `${(i % 8) ** 2},g${i % 8}`);
    writeFileSync(file, `y,g\n${rows.join('\n')}\n`);
    const { status, stdout } = await script(['y ~ 1 + (1 | g)', ':fit', ':model'], ['--data', file]);
    expect(status).toBe(3);
    expect(stdout).toContain('1  y ~ 1 + (1 | g)');
  });

  test('has no colours but where they are asked for', async () => {
    const plain = await script([...model, ':model', 'mu = Dayz']);
    const esc = String.fromCharCode(27);
    expect(plain.stdout + plain.stderr).not.toContain(esc);
    const coloured = await script([...model, ':model', 'mu = Dayz'], ['--data', data, '--color']);
    expect(coloured.stdout).toContain(`${esc}[`);
    expect(coloured.stdout.replaceAll(new RegExp(`${esc}\\[[0-9;]*m`, 'g'), '')).toBe(plain.stdout);
  });

  test('leaves no history', async () => {
    const state = join(folder, 'state');
    await script(['mu = 1'], ['--data', data], { env: { XDG_STATE_HOME: state } });
    expect(() => readFileSync(join(state, 'mmlang/history'))).toThrow();
  });

  test('plots in ASCII where the terminal has no more', async () => {
    const ascii = await script([...model, ':fit', ':plot residuals'], ['--data', data], {
      env: { LC_ALL: 'C', LANG: 'C' },
    });
    expect([...ascii.stdout].every((c) => c.charCodeAt(0) < 128)).toBe(true);
    const unicode = await script([...model, ':fit', ':plot residuals'], ['--data', data], {
      env: { LC_ALL: 'C.UTF-8' },
    });
    expect(unicode.stdout).toContain('│');
  });

  test('ended from outside ends at once', async () => {
    const { signal, milliseconds } = await script(longFit, ['--data', join(root, 'test/data/epil.csv')], {
      interruptAfter: 2500,
    });
    expect(signal).toBe('SIGINT');
    expect(milliseconds).toBeLessThan(10_000);
  });
});
