import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile, type Model, type Table } from '../../src/index.js';
import { modelAt, tableAt } from '../embedding/models.js';
import { readReferenceCase } from '../reference/reference-case.js';
import { runInProcess } from './run-in-process.js';
import { root } from './run-mm.js';
import { entries, TypedProject } from './typed-project.js';

const mm = (...args: readonly string[]) => runInProcess(args, { NO_COLOR: '1' });

const noData = `model open {
  y ~ poisson(lambda)
  log(lambda) = x + trt + trt:x + (1 | g)
}
model declared {
  data { x: real, n: count }
  y ~ x + n:x + (1 | g)
}
`;

const consumer = `import { tableFromColumns } from 'mmlang/model';
import { sleepstudy, type SleepstudyRow } from './sleepstudy.js';
import { declared, open } from './open.js';
import { mix_gauss_poor2 } from './mixture.js';

const rows: SleepstudyRow[] = [{ Reaction: 250, Days: 0, Subject: 308 }];
const fit = sleepstudy.fit(rows, { signal: AbortSignal.timeout(1000), onProgress: ({ evaluations }) => void evaluations });
const slope: number | null = fit.fixef.Days.estimate;
const levels: readonly string[] = fit.ranef.Subject.levels;
const subjects: number = fit.groups.Subject;
sleepstudy.bind({ Reaction: new Float64Array(3), Days: Int32Array.of(0, 1, 2), Subject: ['a', 'b', 'c'] });
sleepstudy.bind(tableFromColumns({ Reaction: [1] }));
// @ts-expect-error a coefficient that the model does not have
fit.fixef.Dayz;
// @ts-expect-error a group that the model does not have
fit.ranef.Subjects;
// @ts-expect-error Days is missing
sleepstudy.bind([{ Reaction: 250, Subject: 308 }]);
// @ts-expect-error Days is no text
sleepstudy.bind([{ Reaction: 250, Days: 'two', Subject: 308 }]);
// @ts-expect-error a column is missing
sleepstudy.bind({ Reaction: new Float64Array(3), Days: new Float64Array(3) });
// @ts-expect-error a model without classes
fit.mixture?.share.low;

const mixture = mix_gauss_poor2.fit([]);
const low: number | undefined = mixture.mixture?.share.low;
const inClass = mixture.fixef['x@low'].estimate;
// @ts-expect-error a class that the model does not have
mixture.mixture?.share.middle;
// @ts-expect-error coefficients stand in classes
mixture.fixef.x;

const { fixef } = open.fit([{ y: 1, x: 2, trt: 'drug', g: 1 }]);
const known = [fixef['(Intercept)'].estimate, fixef.xb.se, fixef.trtdrug.se, fixef['trtdrug:x'].se];
// @ts-expect-error no term begins so
fixef.treatment;
const number = declared.fit([{ y: 1, x: 2, n: 1, g: 1 }]).fixef;
const exact = [number.x.se, number['x:n'].se];
// @ts-expect-error a declared number has one coefficient
number.xb;
export { exact, inClass, known, levels, low, slope, subjects };
`;

const typeRoots = [join(root, 'node_modules/@types')];
const models = new TypedProject({ 'open.mm': noData });
afterAll(() => models.remove());

describe('mm build', () => {
  let module = '';

  beforeAll(async () => {
    for (const [name, file] of [
      ['sleepstudy', join(root, 'examples/sleepstudy.mm')],
      ['mixture', join(root, 'test/models/mix-gauss-poor2.mm')],
      ['open', models.path('open.mm')],
    ] as const) {
      const ran = await mm('build', file, '-o', models.path(`${name}.ts`));
      expect(ran).toEqual({ status: 0, stdout: '', stderr: '' });
    }
    module = readFileSync(models.path('sleepstudy.ts'), 'utf8');
  });

  test('the header says what it is made from, and that it is made', () => {
    const [first, second] = module.split('\n');
    expect(first).toMatch(
      /^\/\/ Made from \S*examples\/sleepstudy\.mm by mm build \(mmlang \d+\.\d+\.\d+\)\. Do not edit/,
    );
    expect(second).toContain('sleepstudy.csv (180 rows)');
  });

  test('names are types: what is there type-checks, what is not does not', async () => {
    models.write('use.ts', consumer);
    expect(await models.typeProblems(['use.ts'])).toEqual([]);
    expect(await models.typeProblems(['use.ts'], { noUncheckedIndexedAccess: true })).not.toEqual([]);
    // some check the types of what they use, too
    expect(await models.typeProblems(['use.ts'], { skipLibCheck: false, types: ['node'], typeRoots })).toEqual([]);
  });

  test('an expected error that is none would be seen', async () => {
    models.write('wrong.ts', consumer.replace('fit.fixef.Dayz', 'fit.fixef.Days'));
    expect(await models.typeProblems(['wrong.ts'])).toEqual([expect.stringContaining('TS2578')]);
  });

  test('the module fits what the file fits', async () => {
    const { sleepstudy } = (await load(models.path('sleepstudy.ts'))) as { sleepstudy: Model };
    const fit = sleepstudy.fit(tableAt('test/data/sleepstudy.csv'));
    const reference = readReferenceCase('sleepstudy-slope-reml');
    expect(fit.logLik).toBeCloseTo(reference.logLik, 6);
    expect(fit.fixef.Days?.estimate).toBeCloseTo(Number(reference.fixef?.estimate[1]), 4);
  });

  test('JavaScript, and the types beside it', async () => {
    const file = join(root, 'examples/sleepstudy.mm');
    expect((await mm('build', file, '-o', models.path('plain.js'))).status).toBe(0);
    expect((await mm('build', file, '-o', models.path('plain.d.ts'))).status).toBe(0);
    models.write(
      'plain-use.ts',
      "import { sleepstudy } from './plain.js';\nsleepstudy.fit([]).fixef.Days.se;\n// @ts-expect-error none\nsleepstudy.fit([]).fixef.Dayz;\n",
    );
    expect(await models.typeProblems(['plain-use.ts'])).toEqual([]);
    expect(readFileSync(models.path('plain.js'), 'utf8')).not.toMatch(/: Model|interface/);
    const { sleepstudy } = (await load(models.path('plain.js'))) as { sleepstudy: Model };
    expect(sleepstudy.name).toBe('sleepstudy');
  });

  test('--check tells whether the output would change', async () => {
    const output = models.path('checked.ts');
    const file = join(root, 'examples/sleepstudy.mm');
    expect(await mm('build', file, '-o', output, '--check')).toMatchObject({ status: 1 });
    expect(existsSync(output)).toBe(false);
    await mm('build', file, '-o', output);
    expect(await mm('build', file, '-o', output, '--check')).toEqual({ status: 0, stdout: '', stderr: '' });
    writeFileSync(output, `${readFileSync(output, 'utf8')}// changed\n`);
    const { status, stderr } = await mm('build', file, '-o', output, '--check');
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining('MM494') });
    expect((await mm('build', file, '--check')).status).toBe(2);
    expect((await mm('build', file, '-o', 'model.txt')).status).toBe(2);
  });

  test('a wrong model writes nothing and leaves what was there', async () => {
    models.write('wrong.mm', 'model right { y ~ x }\nmodel wrong { y ~ poisson( }\n');
    models.write('kept.ts', 'what was there');
    const { status, stderr } = await mm('build', models.path('wrong.mm'), '-o', models.path('kept.ts'));
    expect(status).toBe(1);
    expect(stderr).toContain('error[MM');
    expect(readFileSync(models.path('kept.ts'), 'utf8')).toBe('what was there');
    expect(readdirSync(models.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect((await mm('build', models.path('wrong.mm'), '-o', models.path('no/such/folder.ts'))).status).toBe(1);
  });

  test('data that do not fit the model are wrong; data that are not there are done without', async () => {
    models.write('data.mm', 'model m {\n  data "m.csv"\n  y ~ f + (1 | g)\n}\n');
    const missing = await mm('build', models.path('data.mm'));
    expect(missing).toMatchObject({ status: 0, stderr: expect.stringContaining('MM493') });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the type
    expect(missing.stdout).toContain("readonly coefficients: '(Intercept)' | `f${string}`;");
    copyFileSync(join(root, 'test/data/sleepstudy.csv'), models.path('m.csv'));
    expect(await mm('build', models.path('data.mm'))).toMatchObject({ status: 1, stdout: '' });
    models.write('m.csv', 'y,f,g\n1,a,1\n2,b,1\n3,a,2\n5,b,2\n4,a,3\n3,c,3\n2,a,4\n3,c,4\n');
    const found = await mm('build', models.path('data.mm'));
    expect(found.stdout).toContain("readonly coefficients: '(Intercept)' | 'fb' | 'fc';");
    const asked = await mm('build', models.path('data.mm'), '--data', models.path('none.csv'));
    expect(asked).toMatchObject({ status: 1, stdout: '' });
  });

  test('names that JavaScript does not know', async () => {
    const odd = "it's \\ a $" + '{x}';
    models.write(
      'odd.mm',
      `model class { y ~ \`${odd.replace('\\', '\\\\')}\` + (1 | \`my group\`) }\nmodel \`2 nd\` { y ~ 1 + (1 | g) }\n`,
    );
    const { status, stdout } = await mm('build', models.path('odd.mm'));
    expect(status).toBe(0);
    models.write('odd.ts', stdout);
    const name = JSON.stringify(odd);
    models.write(
      'odd-use.ts',
      `import { _2_nd, class_ } from './odd.js';
const row = { y: 1, [${name}]: 2, 'my group': 3 };
class_.fit([row]).fixef[${name}].se;
_2_nd.fit([{ y: 1, g: 1 }]).fixef['(Intercept)'].se;
// @ts-expect-error no such column
class_.fit([row]).fixef["its"];
`,
    );
    expect(await models.typeProblems(['odd-use.ts'])).toEqual([]);
  });
});

/** Bundles a module against the sources and imports it. */
async function load(path: string): Promise<Record<string, unknown>> {
  const outfile = path.replace(/\.\w+$/, '.bundle.mjs');
  await build({
    entryPoints: [path],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    alias: entries,
    logLevel: 'error',
  });
  return import(pathToFileURL(outfile).href);
}

/** Of the reference models those that take a moment: every kind of name is among them. */
const quick = [
  'sleepstudy-slope-reml',
  'sleepstudy-uncor-ml',
  'cake-rankdef-reml',
  'cake-helmert-reml',
  'disp-gauss',
  'cbpp-logit-laplace',
  'orthodont-catslope-reml',
  'orthodont-cs-tmb',
  'pastes-nested-reml',
  'mix-gauss-poor2',
  'mix-npreg-obs',
];
test.each(quick)('%s: the names of the module are those of the fit', async (name) => {
  const { stdout } = await mm('build', join(root, 'test/models', `${name}.mm`));
  const { source, table } = modelAt(name);
  const fit = compile(source).fit(table);
  const types = /Types \{\n([\s\S]*?)\n\}/.exec(stdout)?.[1] ?? '';
  const field = (key: string) => {
    const text = new RegExp(`readonly ${key}:([\\s\\S]*?);`).exec(types)?.[1] ?? '';
    return [...text.matchAll(/'((?:[^'\\]|\\.)*)'/g)].map((m) => m[1]);
  };
  expect(field('coefficients')).toEqual(Object.keys(fit.fixef));
  expect(field('effects').sort()).toEqual(Object.keys(fit.ranef).sort());
  expect(field('groups').sort()).toEqual(Object.keys(fit.groups).sort());
  expect(field('classes')).toEqual(fit.mixture?.classes ?? []);
  const row = /Row \{\n([\s\S]*?)\n\}/.exec(stdout)?.[1] ?? '';
  const columns = [...row.matchAll(/readonly (\w+):/g)].map((m) => m[1]);
  expect(compile(source).model().bind(only(table, columns)).rows).toBe(fit.rows);
});

/** A table without the columns that a module does not name. */
function only(table: Table, names: readonly string[]): Table {
  return { ...table, columns: new Map([...table.columns].filter(([name]) => names.includes(name))) };
}
