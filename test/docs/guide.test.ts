import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile, tableFromText } from '../../src/index.js';
import { root, runMm } from '../hosts/run-mm.js';
import { entries, run, TypedProject } from '../hosts/typed-project.js';
import { disagreements } from '../reference/agreement.js';
import { exampleDisagreements } from '../reference/examples/example-agreement.js';
import { mixtureDisagreements } from '../reference/mixture-agreement.js';
import { isMixture, readReferenceCase } from '../reference/reference-case.js';
import { filesOf, guide, type Run, readPage, runsIn, shownText, update } from './guide-page.js';

const pages = readdirSync(guide)
  .filter((name) => name.endsWith('.md'))
  .map(readPage);
const folderOf = (page: string) => page.replace(/\.md$/, '');

const data = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.csv'));
const project = new TypedProject(
  Object.fromEntries(
    pages.flatMap((page) => [
      ...data.map((name) => [join(folderOf(page.name), name), readFileSync(join(root, 'examples', name), 'utf8')]),
      ...filesOf(page).map((block) => [join(folderOf(page.name), block.name), block.text]),
    ]),
  ),
);
afterAll(() => project.remove());

/** What each page runs. */
const runsOf = new Map(pages.map((page) => [page, runsIn(page)]));
const outputs = new Map<Run, string>();

/** Everything that the pages run, commands before programs, which may use what commands make. */
beforeAll(async () => {
  const runs = [...runsOf].flatMap(([page, found]) =>
    found.map((run) => ({ run, folder: project.path(folderOf(page.name)) })),
  );
  for (const { run, folder } of runs) if (run.kind === 'command') outputs.set(run, await runCommand(run.args, folder));
  const programs = runs.flatMap(({ run, folder }) =>
    run.kind === 'program' ? [{ run, folder, file: join(folder, run.file) }] : [],
  );
  await build({
    entryPoints: programs.map(({ file }) => file),
    outdir: project.path('bundled'),
    outbase: project.folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    alias: entries,
    logLevel: 'error',
  });
  const printed = await runPrograms(programs);
  programs.forEach(({ run }, k) => {
    outputs.set(run, printed[k]);
  });
  if (process.env.UPDATE_GUIDE !== undefined) for (const [page, found] of runsOf) update(page, found, outputs);
}, 240_000);

async function runCommand(args: readonly string[], folder: string): Promise<string> {
  const { stdout, stderr, status } = await runMm(args, { cwd: folder });
  if (status !== 0) throw new Error(`mm ${args.join(' ')} ends with ${status}: ${stderr}`);
  return stdout;
}

async function runPrograms(programs: readonly { file: string; folder: string }[]): Promise<string[]> {
  const bundled = programs.map(({ file, folder }) => ({
    file: join(project.path('bundled'), relative(project.folder, file)).replace(/\.ts$/, '.mjs'),
    folder,
  }));
  const runner = join(root, 'test/docs/run-programs.mjs');
  const { status, stdout, stderr } = await run(process.execPath, [runner, JSON.stringify(bundled)]);
  if (status !== 0) throw new Error(`the programs of the guide end with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

test('there is a page for each of the six models, and each runs something', () => {
  expect(pages).toHaveLength(7);
  for (const [page, runs] of runsOf) expect(runs.length, page.name).toBeGreaterThan(1);
});

describe.each(pages)('$name', (page) => {
  const runs = runsOf.get(page) ?? [];

  test('prints what it shows', () => {
    for (const run of runs) expect(run.shown.text).toBe(shownText(run, outputs.get(run) ?? ''));
  });

  test('its links lead somewhere', () => {
    const there = readdirSync(guide);
    for (const [, link] of page.text.matchAll(/\]\(([\w-]+\.md)\)/g)) expect(there).toContain(link);
  });
});

test('its programs are right by their types', async () => {
  const files = pages.flatMap((page) =>
    filesOf(page)
      .filter((b) => b.language === 'ts')
      .map((b) => join(folderOf(page.name), b.name)),
  );
  expect(files.length).toBeGreaterThan(10);
  // the module that a command of the guide makes is there only after that page has run
  expect(
    await project.typeProblems(files, {
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
      noUncheckedIndexedAccess: true,
    }),
  ).toEqual([]);
});

describe('the models of the guide agree with their references', () => {
  const references: readonly (readonly [page: string, model: string, data: string, reference: string])[] = [
    ['linear-mixed-model', 'sleepstudy.mm', 'sleepstudy.csv', 'sleepstudy-slope-reml'],
    ['priors', 'sleepstudy-priors.mm', 'sleepstudy.csv', 'blme-sleepstudy-combo-absolute-reml'],
    ['generalized-linear-mixed-model', 'cbpp.mm', 'cbpp.csv', 'cbpp-logit-laplace'],
    ['latent-classes', 'epil-classes.mm', 'epil.csv', 'mix-epil-two'],
  ];
  const fitOf = (page: string, model: string, csv: string) =>
    compile(readFileSync(project.path(join(page, model)), 'utf8')).fit(
      tableFromText(readFileSync(join(root, 'examples', csv))),
    ).result;

  test.each(references)('%s: %s', (page, model, csv, name) => {
    const reference = readReferenceCase(name);
    const fit = fitOf(page, model, csv);
    expect(
      isMixture(reference) ? mixtureDisagreements(reference, reference, fit) : disagreements(reference, fit),
    ).toEqual([]);
  });

  test('zero-inflation: both forms', () => {
    const fit = fitOf('zero-inflation', 'salamanders.mm', 'salamanders.csv');
    expect(exampleDisagreements('salamanders.mm', fit)).toEqual([]);
    const [both] = [...outputs].filter(([run]) => run.kind === 'program' && run.file === 'same-likelihood.ts');
    expect(Number(both[1].trim().split(': ')[1])).toBeCloseTo(fit.logLik, 2);
  });
});
