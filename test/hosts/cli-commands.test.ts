import { chmod, copyFile, lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mm, root, runMm } from './run-mm.js';

const sleepstudy = join(root, 'examples/sleepstudy.mm');
const untidy = 'model  m{\n # why\n y~x+( 1|g )\n}\n';
const tidy = 'model m {\n  # why\n  y ~ x + (1 | g)\n}\n';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mm-commands-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('mm check', () => {
  test('says nothing of a model that is right', async () => {
    expect(await runMm(['check', sleepstudy])).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  test('finds what only the data show, with row and column', async () => {
    await file('counts.csv', 'y,g\n1,a\n2,a\n-3,b\n4,b\n');
    const model = await file('counts.mm', 'data "counts.csv"\ny ~ poisson(lambda)\nlog(lambda) = 1 + (1 | g)\n');
    const { status, stdout, stderr } = await runMm(['check', model]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/error\[MM4\d\d\]/);
    expect(stderr).toMatch(/row 3/);
  });

  test('--json prints one object, right or wrong', async () => {
    const right = await runMm(['check', sleepstudy, '--json']);
    expect(JSON.parse(right.stdout)).toEqual({ schema: 'mm.check/1', file: sleepstudy, ok: true, diagnostics: [] });
    const model = await file('wrong.mm', 'y ~ x +\n');
    const wrong = await runMm(['check', model, '--json']);
    expect(wrong).toMatchObject({ status: 1, stderr: '' });
    const found = JSON.parse(wrong.stdout) as { ok: boolean; diagnostics: { code: string; span: object }[] };
    expect(found.ok).toBe(false);
    expect(found.diagnostics[0]?.code).toMatch(/^MM1\d\d$/);
    expect(found.diagnostics[0]?.span).toBeDefined();
  });

  test('a model without data is checked as far as that goes', async () => {
    expect(await runMm(['check', '-'], { input: 'y ~ x + (1 | g)\n' })).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('what is no model', () => {
  const data = 'y,x,g\n1,2,a\n3,4,b\n';
  test.each([
    ['commas', data],
    ['tabs', data.replaceAll(',', '\t')],
    ['semicolons', data.replaceAll(',', ';')],
    ['quoted fields with commas', 'y,"a, b"\r\n1,"2, 3, 4"\r\n3,4\r\n'],
    ['JSON records', '[{"y": 1, "g": "a"}]'],
    ['JSON columns', '{ "y": [1, 2] }'],
  ])('a data file (%s) is named as such, in one message', async (_, text) => {
    const path = await file('data.csv', text);
    for (const command of ['fit', 'check', 'explain', 'fmt']) {
      const { status, stdout, stderr } = await runMm([command, path]);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toMatch(/^error\[MM492\]: .*data\.csv.*\n {2}hint: .*--data.*\n$/);
    }
  });

  test.each([
    ['a formula', 'y ~ a + b\n'],
    [
      'statements with commas',
      'data "f.csv" { a: factor("p", "q") }\ncontrasts a = treatment(ref = "q"), b\nnonsense, more\n',
    ],
  ])('%s is taken for a model', async (_, text) => {
    expect((await runMm(['check', '-'], { input: text })).stderr).not.toContain('MM492');
  });

  test('of many mistakes ten are shown, the others counted', async () => {
    const text = Array.from({ length: 25 }, (_, i) => `word${i} word${i}\n`).join('');
    const { status, stderr } = await runMm(['check', '-'], { input: text });
    expect(status).toBe(1);
    expect(stderr.match(/^error/gm)).toHaveLength(10);
    expect(stderr).toMatch(/\nand \d+ errors more\n$/);
  });
});

describe('mm explain', () => {
  test('prints the graph, the engine and why', async () => {
    const { status, stdout, stderr } = await runMm(['explain', sleepstudy]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('Reaction ~ normal(mu, sigma)');
    expect(stdout).toMatch(/3 variance parameters/);
    expect(stdout).toMatch(/engine lmm, by reml/);
  });

  test('--json prints the graph and the plan', async () => {
    const explained = JSON.parse((await runMm(['explain', sleepstudy, '--json', '--fit', 'ml'])).stdout);
    expect(explained).toMatchObject({
      schema: 'mm.explain/1',
      name: 'sleepstudy',
      graph: { kind: 'model', version: 1, method: { name: 'ml' } },
      plan: { engine: 'lmm', method: 'ml' },
    });
  });
});

describe('mm fmt', () => {
  test('prints the standard layout, of a file or of standard input', async () => {
    const path = await file('untidy.mm', untidy);
    expect(await runMm(['fmt', path])).toMatchObject({ status: 0, stdout: tidy, stderr: '' });
    expect(await runMm(['fmt', '-'], { input: untidy })).toMatchObject({ status: 0, stdout: tidy, stderr: '' });
    expect(await readFile(path, 'utf8')).toBe(untidy);
  });

  test('--check names the files that are not in it', async () => {
    const [a, b] = [await file('a.mm', untidy), await file('b.mm', tidy)];
    expect(await runMm(['fmt', '--check', a, b])).toMatchObject({ status: 1, stdout: `${a}\n`, stderr: '' });
    expect(await runMm(['fmt', '--check', b])).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  test('--write replaces the files, keeps their mode and the links to them, and leaves nothing behind', async () => {
    const path = await file('script.mm', untidy);
    await chmod(path, 0o755);
    const link = join(folder, 'link.mm');
    await symlink(path, link);
    const before = await readdir(folder);
    expect(await runMm(['fmt', '--write', link])).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(await readFile(path, 'utf8')).toBe(tidy);
    expect((await stat(path)).mode & 0o777).toBe(0o755);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readdir(folder)).toEqual(before);
  });

  test('a file with errors stays as it is', async () => {
    const path = await file('broken.mm', 'model m {\n y~~x\n}\n');
    const { status, stdout, stderr } = await runMm(['fmt', '--write', path]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/error\[MM1\d\d\]/);
    expect(await readFile(path, 'utf8')).toBe('model m {\n y~~x\n}\n');
  });
});

describe('the code compiled at build time', () => {
  const bundle = join(root, 'dist/mm-fit.cjs');

  test('is accepted by the Node that built it', async () => {
    const source = await readFile(bundle, 'latin1');
    const script = new Script(source, { filename: bundle, cachedData: await readFile(`${bundle}.cache`) });
    expect(script.cachedDataRejected).toBe(false);
  });

  test('may be absent, or that of another V8', async () => {
    const command = join(folder, 'mm.cjs');
    await copyFile(mm, command);
    await copyFile(bundle, join(folder, 'mm-fit.cjs'));
    const expected = await runMm(['fit', sleepstudy]);
    expect(await runMm(['fit', sleepstudy], { command })).toMatchObject({
      status: 0,
      stdout: expected.stdout,
      stderr: '',
    });
    const code = await readFile(`${bundle}.cache`);
    code.fill(0x5a, 0, 16); // where V8 keeps its version
    await writeFile(join(folder, 'mm-fit.cjs.cache'), code);
    expect(await runMm(['fit', sleepstudy], { command })).toMatchObject({
      status: 0,
      stdout: expected.stdout,
      stderr: '',
    });
  });
});
