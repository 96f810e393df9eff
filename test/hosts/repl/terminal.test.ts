import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { root, runMm } from '../run-mm.js';
import { longFit } from './long-fit.js';
import { pseudoTerminal, Screen, type ScreenOptions } from './screen.js';

const pty = pseudoTerminal();
const reason = typeof pty === 'string' ? pty : '';
if (reason !== '') console.warn(`the session is not tested at a terminal: ${reason}`);

const esc = String.fromCharCode(27);
const keys = { up: `${esc}[A`, left: `${esc}[D`, ctrlC: '\u0003', ctrlD: '\u0004', tab: '\t', enter: '\r' };

describe.skipIf(reason !== '')('at a terminal', () => {
  let folder = '';
  let screen: Screen;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mm-terminal-'));
    for (const name of ['sleepstudy', 'epil'])
      writeFileSync(join(folder, `${name}.csv`), readFileSync(join(root, `test/data/${name}.csv`)));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(() => screen.end());

  function open(args: readonly string[] = ['--data', 'sleepstudy.csv'], options: Partial<ScreenOptions> = {}): Screen {
    const env = { XDG_STATE_HOME: join(folder, 'state'), ...options.env };
    screen = new Screen(['repl', ...args], { ...options, cwd: folder, env });
    return screen;
  }

  describe('a session with data', () => {
    beforeEach(async () => {
      await open().prompt();
    });

    test('a model is typed, fitted, looked at, and left', async () => {
      expect(screen.text()).toContain('180 rows, 3 columns');
      await screen.line('Reaction ~ normal(mu, sigma)');
      await screen.line('mu = 1 + Days + (1 + Days | Subject)');
      await screen.line(':fit');
      const file = join(folder, 'model.mm');
      writeFileSync(file, 'Reaction ~ normal(mu, sigma)\nmu = 1 + Days + (1 + Days | Subject)\n');
      const { stdout } = await runMm(['fit', file, '--data', join(folder, 'sleepstudy.csv')]);
      for (const line of stdout.trimEnd().split('\n')) expect(screen.text()).toContain(line);
      screen.type(`:quit${keys.enter}`);
      expect(await screen.exited).toBe(0);
    });

    test('a mistake is underlined where it stands, and what was right before still fits', async () => {
      await screen.line('Reaction ~ Days + (1 | Subject)');
      await screen.line('Reaction ~ Dayz + (1 | Subject)');
      const lines = screen.text().split('\n');
      const at = lines.findIndex((l) => l.startsWith('error[MM231]'));
      expect(lines[at + 1]?.indexOf('Dayz')).toBe(lines[at + 2]?.indexOf('^^^^'));
      await screen.line(':fit');
      // lme4: lmer(Reaction ~ Days + (1 | Subject)), REML criterion 1786.5
      expect(screen.text()).toMatch(/1786\.4[67]/);
    });

    test('Tab completes columns, parameters, families, commands and files', async () => {
      screen.type(`Rea${keys.tab}`);
      await screen.until(() => screen.beforeCursor() === 'mm> Reaction');
      screen.type(` ~ nor${keys.tab}`);
      await screen.until(() => screen.beforeCursor() === 'mm> Reaction ~ normal(');
      await screen.line('mu, sigma)');
      screen.type('mu = 1 + Da');
      screen.type(keys.tab);
      await screen.until(() => screen.beforeCursor() === 'mm> mu = 1 + Days');
      screen.type(' + (1 | Sub');
      screen.type(keys.tab);
      await screen.until(() => screen.beforeCursor() === 'mm> mu = 1 + Days + (1 | Subject');
      await screen.line(')');
      screen.type(`:sum${keys.tab}`);
      await screen.until(() => screen.beforeCursor() === 'mm> :summary');
      screen.type(keys.ctrlC);
      await screen.prompt();
      screen.type(`:data sleep${keys.tab}`);
      await screen.until(() => screen.beforeCursor() === 'mm> :data sleepstudy.csv');
      screen.type(keys.ctrlC);
      await screen.prompt();
      screen.type(':plot ');
      screen.type(keys.tab);
      screen.type(keys.tab);
      await screen.until('caterpillar  residuals');
    });

    test('a line that is not all goes on in the next; Ctrl-C leaves it', async () => {
      await screen.line('mu = 1 +', '..> ');
      await screen.line('  Days + (1', '..> ');
      screen.type(keys.ctrlC);
      await screen.prompt();
      await screen.line('Reaction ~ Days +', '..> ');
      await screen.line('  (1 | Subject)');
      await screen.line(':model');
      expect(screen.text()).toContain('1  Reaction ~ Days +\n     (1 | Subject)');
    });

    test('Ctrl-C at an empty prompt says how to leave, Ctrl-D leaves', async () => {
      screen.type(keys.ctrlC);
      await screen.until('(:quit or Ctrl-D leaves)');
      await screen.prompt();
      screen.type(keys.ctrlD);
      expect(await screen.exited).toBe(0);
    });

    test('what is typed has colours, which change nothing of what is read', async () => {
      screen.type('let half = Days / 2');
      await screen.until(() => screen.beforeCursor() === 'mm> let half = Days / 2');
      await screen.until(() => screen.raw.includes(`${esc}[1;34mlet${esc}[0m`));
      screen.type(`${keys.left}${keys.left}${keys.left}${keys.left}0`);
      await screen.until('let half = Days0 / 2');
      screen.type('\u007f');
      await screen.line('');
      await screen.line(':model');
      expect(screen.text()).toContain('1  let half = Days / 2');
    });
  });

  test('NO_COLOR is respected', async () => {
    open(undefined, { env: { NO_COLOR: '1' } });
    await screen.prompt();
    await screen.line('let half = Days / 2');
    await screen.line('mu = Dayz');
    await screen.line(':model');
    expect(screen.raw).not.toMatch(new RegExp(`${esc}\\[[0-9;]*m`));
  });

  test('Ctrl-C stops a fit and keeps the session', async () => {
    open(['--data', 'epil.csv']);
    await screen.prompt();
    const [model = '', fit = ''] = longFit;
    for (const line of model.split('\n')) screen.type(`${line}${keys.enter}`);
    await screen.prompt();
    screen.type(`${fit}${keys.enter}`);
    await screen.until(/model: \S+, \d+ evaluation/, 40_000); // it is under way for more than a second
    const started = performance.now();
    screen.type(keys.ctrlC);
    await screen.until('the fit was stopped');
    expect(performance.now() - started).toBeLessThan(3000);
    await screen.prompt();
    await screen.line(':delete all');
    await screen.line('y ~ poisson(lambda)');
    await screen.line('log(lambda) = base + (1 | subject)');
    await screen.line(':fit');
    expect(screen.text()).toContain('236 rows');
    screen.type(keys.ctrlD);
    expect(await screen.exited).toBe(0);
  });

  test('what is typed while a fit runs is done after it', async () => {
    await open().prompt();
    screen.type(`Reaction ~ Days + (Days | Subject)\r:fit\r:ranef\r`);
    // before it ends: a terminal may lose what a program writes last
    await screen.until('Random effects of Subject:');
    screen.type(':quit\r');
    expect(await screen.exited).toBe(0);
    expect(screen.text().indexOf('Random effects of Subject:')).toBeGreaterThan(
      screen.text().indexOf('REML criterion'),
    );
  });

  test('lines of earlier sessions come back with the arrow keys', async () => {
    const env = { XDG_STATE_HOME: join(folder, 'state-history') };
    await open([], { env }).prompt();
    await screen.line('fit ml');
    screen.type(keys.ctrlD);
    await screen.exited;
    await open([], { env }).prompt();
    screen.type(keys.up);
    await screen.until(() => screen.beforeCursor() === 'mm> fit ml');
    expect(readFileSync(join(env.XDG_STATE_HOME, 'mmlang/history'), 'utf8')).toBe('fit ml\n');
  });

  test('where the history cannot be written, there is none', async () => {
    const state = join(folder, 'state-closed');
    mkdirSync(state);
    writeFileSync(join(state, 'mmlang'), 'a file where the folder would be');
    chmodSync(state, 0o500);
    await open([], { env: { XDG_STATE_HOME: state } }).prompt();
    await screen.line('fit ml');
    await screen.line(':model');
    expect(screen.text()).toContain('1  fit ml');
    screen.type(keys.ctrlD);
    expect(await screen.exited).toBe(0);
    expect(existsSync(join(state, 'mmlang', 'history'))).toBe(false);
    chmodSync(state, 0o700);
  });

  test('a plot is as wide as the terminal', async () => {
    open(undefined, { cols: 60 });
    await screen.prompt();
    await screen.line('Reaction ~ Days + (Days | Subject)');
    await screen.line(':fit');
    await screen.line(':plot residuals');
    const widths = screen
      .text()
      .split('\n')
      .filter((l) => /[│┤└]/.test(l))
      .map((l) => l.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(60);
    expect(Math.max(...widths)).toBeGreaterThan(50);
  });
});
