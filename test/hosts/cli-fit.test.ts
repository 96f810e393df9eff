import { spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import seedrandom from 'seedrandom';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileProblem } from '../../src/hosts/file-problem.js';
import type { FitJson } from '../../src/results/fit-json.js';
import { readReferenceCase } from '../reference/reference-case.js';
import { mm, root, runMm } from './run-mm.js';

const sleepstudy = join(root, 'examples/sleepstudy.mm');
const sleepstudyData = join(root, 'examples/sleepstudy.csv');
const reference = readReferenceCase('sleepstudy-slope-reml');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mm-cli-'));
  await copyFile(sleepstudyData, join(folder, 'sleepstudy.csv'));
});
afterAll(() => rm(folder, { recursive: true }));

async function modelFile(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('mm fit', () => {
  test('prints the summary on stdout and nothing on stderr', async () => {
    const { status, stdout, stderr } = await runMm(['fit', sleepstudy]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const text of ['Subject', '(Intercept)', 'Days', '251.4', '10.47', '24.74', '5.92', '25.59', '1743.6'])
      expect(stdout).toContain(text);
  });

  test('--json prints one object of the contract', async () => {
    const { status, stdout, stderr } = await runMm(['fit', sleepstudy, '--json']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const fit = JSON.parse(stdout) as FitJson;
    expect(fit).toMatchObject({
      schema: 'mm.fit/1',
      model: 'sleepstudy',
      engine: 'lmm',
      method: 'reml',
      family: 'normal',
      link: 'identity',
      rows: 180,
      dropped: 0,
      groups: { Subject: 18 },
      converged: true,
      singular: false,
      parameters: 6,
      mixture: null,
      seed: null,
    });
    expect(fit.logLik).toBeCloseTo(reference.logLik, 6);
    expect(fit.seconds?.read).toBeGreaterThan(0);
    expect(fit.seconds?.fit).toBeGreaterThan(0);
    expect(fit).not.toHaveProperty('ranef');
    expect(fit).not.toHaveProperty('fitted');
  });

  test('--ranef and --fitted add the random effects and the fitted values', async () => {
    const { stdout } = await runMm(['fit', sleepstudy, '--json', '--ranef', '--fitted']);
    const fit = JSON.parse(stdout) as FitJson;
    expect(fit.fitted).toHaveLength(180);
    expect(fit.fitted?.[0]).toBeCloseTo(reference.fitted_head?.[0] ?? Number.NaN, 3);
    expect(fit.ranef?.Subject?.levels).toHaveLength(18);
    expect(fit.ranef?.Subject?.mode[0][1]).toBeCloseTo(reference.ranef?.[0].values?.[0][1] ?? Number.NaN, 3);
    const text = await runMm(['fit', sleepstudy, '--ranef']);
    expect(text.stdout).toMatch(/308/);
    expect(text.stdout).toMatch(/9\.19/);
  });

  test('several models give an array, --model one of them', async () => {
    const text = `data "sleepstudy.csv"\nmodel a { Reaction ~ Days + (1 | Subject) }\nmodel b { Reaction ~ Days + (Days | Subject) }\n`;
    const file = await modelFile('two.mm', text);
    const both = JSON.parse((await runMm(['fit', file, '--json'])).stdout) as FitJson[];
    expect(both.map((fit) => fit.model)).toEqual(['a', 'b']);
    const one = JSON.parse((await runMm(['fit', file, '--json', '--model', 'b'])).stdout) as FitJson;
    expect(one).toMatchObject({ model: 'b' });
    expect(one.logLik).toBeCloseTo(reference.logLik, 6);
    const none = await runMm(['fit', file, '--model', 'c']);
    expect(none.status).not.toBe(0);
    expect(none.stderr).toMatch(/'c'/);
  });

  test('--fit goes before what the model says', async () => {
    const { stdout } = await runMm(['fit', sleepstudy, '--json', '--fit', 'ml']);
    const fit = JSON.parse(stdout) as FitJson;
    expect(fit.method).toBe('ml');
    expect(fit.logLik).toBeCloseTo(readReferenceCase('sleepstudy-slope-ml').logLik, 6);
  });

  test('--kr gives the degrees of freedom of Kenward and Roger', async () => {
    const file = await modelFile('kr.mm', 'data "sleepstudy.csv"\nReaction ~ Days + (Days | Subject)\n');
    const fit = JSON.parse((await runMm(['fit', file, '--json', '--kr'])).stdout) as FitJson;
    const theirs = reference.kenward_roger;
    fit.fixef.forEach((row, i) => {
      expect(row.df).toBeCloseTo(theirs?.df[i] ?? Number.NaN, 2);
      expect(row.se).toBeCloseTo(theirs?.se[i] ?? Number.NaN, 3);
    });
  });

  test('--seed is taken; a fit without chance has none', async () => {
    const { status, stdout } = await runMm(['fit', sleepstudy, '--json', '--seed', '7']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ seed: null });
  });

  test("a model on standard input, with data of another folder's", async () => {
    const input = 'Reaction ~ Days + (Days | Subject)\n';
    const { status, stdout } = await runMm(['fit', '-', '--data', sleepstudyData, '--json'], { input });
    expect(status).toBe(0);
    expect((JSON.parse(stdout) as FitJson).logLik).toBeCloseTo(reference.logLik, 6);
  });

  test('data paths are relative to the model file, wherever the command runs', async () => {
    const { status } = await runMm(['fit', sleepstudy, '--json'], { cwd: folder });
    expect(status).toBe(0);
  });

  test('a singular fit is said, with status 0', async () => {
    const data = `y,g\n${Array.from({ length: 20 }, (_, i) => `${[1, -1, 2, -2][i % 4] + (i >> 2) / 1e3},${i >> 2}`).join('\n')}`;
    await writeFile(join(folder, 'flat.csv'), data);
    const file = await modelFile('flat.mm', 'data "flat.csv"\ny ~ 1 + (1 | g)\n');
    const { status, stdout, stderr } = await runMm(['fit', file, '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ singular: true, converged: true });
    expect(stderr).toMatch(/warning\[MM\d+\].*singular/);
    expect((await runMm(['fit', file, '--json', '--quiet'])).stderr).toBe('');
  });
});

describe('what the data say nothing about', () => {
  test('a group of one level and a column that others determine: said once each, and the fit has converged', async () => {
    const rows = Array.from({ length: 24 }, (_, i) => `${[3, 1, 4, 1, 5, 9, 2, 6][i % 8]},${i % 5},${i * 0.1},only`);
    await writeFile(join(folder, 'one.csv'), ['y,x,t,g', ...rows].join('\n'));
    const input = 'y ~ x + t + I(2 * t) + (1 | g)\n';
    const args = ['fit', '-', '--data', join(folder, 'one.csv'), '--json'];
    const { status, stdout, stderr } = await runMm(args, { input });
    const found = JSON.parse(stdout) as FitJson;
    expect({ status, converged: found.converged }).toEqual({ status: 0, converged: true });
    expect(found.warnings.map((w) => w.code).sort()).toEqual(['MM503', 'MM505']);
    expect(stderr.match(/^warning/gm)).toHaveLength(2);
  });
});

describe('what is wrong with the model or the data: status 1, diagnostics on stderr, nothing on stdout', () => {
  test('every mistake of a file, with code, place and hint', async () => {
    const text = 'model m {\n  data "sleepstudy.csv"\n  Reaction ~ Dayz + (1 | Subjet)\n}\n';
    const { status, stdout, stderr } = await runMm(['fit', await modelFile('names.mm', text)]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('names.mm:3:14');
    expect(stderr).toMatch(/did you mean 'Days'\?/);
    expect(stderr).toMatch(/did you mean 'Subject'\?/);
    expect(stderr.match(/error\[MM/g)).toHaveLength(2);
  });

  test('no data named', async () => {
    const { status, stderr } = await runMm(['fit', '-'], { input: 'y ~ x + (1 | g)\n' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/error\[MM4\d\d\][\s\S]*--data/);
  });

  const unreadable: readonly (readonly [string, () => Promise<readonly string[]>, RegExp])[] = [
    ['a model file that is not there', async () => ['fit', join(folder, 'absent.mm')], /no such file/],
    ['a model file that is a folder', async () => ['fit', folder], /directory/],
    [
      'a model file that is no text',
      async () => {
        await writeFile(join(folder, 'binary.mm'), Buffer.from([0x6d, 0, 1, 2, 0xff]));
        return ['fit', join(folder, 'binary.mm')];
      },
      /not text/,
    ],
    [
      'data that are not there',
      async () => ['fit', await modelFile('a.mm', 'data "absent.csv"\ny ~ x\n')],
      /absent\.csv[\s\S]*no such file/,
    ],
    ['data that are a folder', async () => ['fit', sleepstudy, '--data', folder], /directory/],
    [
      'data that are no text',
      async () => {
        await writeFile(
          join(folder, 'noise.csv'),
          Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 167) % 256)),
        );
        return ['fit', sleepstudy, '--data', join(folder, 'noise.csv')];
      },
      /noise\.csv/,
    ],
    [
      'data without rows',
      async () => {
        await writeFile(join(folder, 'empty.csv'), '');
        return ['fit', sleepstudy, '--data', join(folder, 'empty.csv')];
      },
      /empty\.csv/,
    ],
  ];
  test.each(unreadable)('%s', async (_, args, message) => {
    const { status, stdout, stderr } = await runMm(await args());
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/error\[MM\d{3}\]/);
    expect(stderr).not.toContain('    at '); // a stack
  });

  test('what the system says of a file, in words', () => {
    const problem = (code: string) => fileProblem(Object.assign(new Error('system text'), { code }));
    expect(problem('EACCES')).toBe('permission denied');
    expect(problem('ENOENT')).toBe('there is no such file');
    expect(problem('EISDIR')).toBe('it is a directory');
    expect(problem('EIO')).toBe('system text');
  });
});

describe('as a process', () => {
  test('a reader that goes away is no error', async () => {
    const ran = await inShell(`"$0" "$1" fit "$2" --json --ranef --fitted | head -c 1; exit "\${PIPESTATUS[0]}"`);
    expect(ran).toEqual({ status: 0, stderr: '' });
  });

  test('a pipe that another process keeps from waiting gets all of the results', async () => {
    await writeFile(join(folder, 'rows.csv'), crossedRows(4_000, 40));
    const model = join(folder, 'rows.mm');
    await writeFile(model, 'data "rows.csv"\ny ~ x + (1 | a)\n');
    const { stdout } = await runMm(['fit', model, '--fitted']);
    expect(stdout.length).toBeGreaterThan(1 << 16); // more than a pipe holds
    const opensPipe = `"$0" -e 'process.stdout.write(""); setTimeout(() => {}, 3000)'`;
    const reads = `sleep 2; [ "$(wc -c)" = ${Buffer.byteLength(stdout)} ]`;
    const script = `{ ${opensPipe} & sleep 0.5; "$0" "$1" fit '${model}' --fitted; } | { ${reads}; }`;
    expect(await inShell(script)).toEqual({ status: 0, stderr: '' });
  });

  test('results that cannot be written are an error, not a stack', async () => {
    expect(await inShell('"$0" "$1" fit "$2" > /dev/full')).toEqual({
      status: 1,
      stderr: 'error: cannot write the results: no space is left on the device\n',
    });
  });

  test('SIGINT ends a running fit within a second', async () => {
    const long = join(folder, 'long');
    await mkdir(long);
    await writeFile(join(long, 'long.csv'), crossedRows(60_000, 2_000));
    await writeFile(join(long, 'long.mm'), 'data "long.csv"\ny ~ x + (1 + x | a) + (1 + x | b)\n');
    const waits: number[] = [];
    // a machine that is busy with something else may let one of them wait
    while (waits.length < 3 && !(Math.min(...waits) < 1000)) {
      const ran = await runMm(['fit', join(long, 'long.mm')], { interruptAfter: 1500 });
      expect(ran).toMatchObject({ status: null, signal: 'SIGINT', stdout: '' });
      waits.push(ran.waited);
    }
    expect(Math.min(...waits)).toBeLessThan(1000);
  });
});

/** A script in which $0 is node, $1 the command and $2 the model of an example. */
async function inShell(script: string): Promise<{ status: unknown; stderr: string }> {
  const child = spawn('bash', ['-c', script, process.execPath, mm, sleepstudy], { stdio: 'pipe' });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const status = await new Promise((done) => child.on('close', done));
  return { status, stderr };
}

/** Two factors crossed at random, so that their factor fills in: many seconds of work for any engine. */
function crossedRows(rows: number, levels: number): string {
  const uniform = seedrandom('long fit');
  const level = () => Math.floor(uniform() * levels);
  const lines = ['y,x,a,b'];
  for (let i = 0; i < rows; i++) lines.push(`${uniform().toFixed(6)},${uniform().toFixed(6)},${level()},${level()}`);
  return `${lines.join('\n')}\n`;
}
