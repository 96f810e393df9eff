import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FitJson } from '../src/results/fit-json.js';
import { root, runMm } from './hosts/run-mm.js';
import { readReferenceCase } from './reference/reference-case.js';

const folder = join(root, 'examples');
const examples = readdirSync(folder).filter((name) => name.endsWith('.mm'));

/** Cases of test/reference that fit the same model to the same data. */
const references: Readonly<Record<string, string>> = {
  'sleepstudy.mm': 'sleepstudy-slope-reml',
  'penicillin.mm': 'penicillin-reml',
  'pastes.mm': 'pastes-nested-reml',
};

test('every example with a reference is there', () => {
  expect(examples).toEqual(expect.arrayContaining(Object.keys(references)));
});

test.each(examples)('%s compiles silently and is fitted', async (name) => {
  const file = join('examples', name);
  expect(await runMm(['check', file])).toMatchObject({ status: 0, stderr: '' });
  const { status, stdout, stderr } = await runMm(['fit', file, '--json']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const parsed = JSON.parse(stdout) as FitJson | FitJson[];
  const reference = references[name];
  for (const fit of [parsed].flat()) {
    expect(fit.converged).toBe(true);
    if (reference !== undefined) expect(fit.logLik).toBeCloseTo(readReferenceCase(reference).logLik, 6);
  }
});

test('the sessions that README.md shows are what the command prints', async () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/```\n\$ ([^\n]+)\n([\s\S]*?)\n(?:\.\.\.\n)?```/g)];
  expect(blocks.length).toBeGreaterThan(1);
  for (const [, command, shown] of blocks) {
    const [input, call] = command.includes(' | mm ') ? command.split(' | mm ') : ['', command.replace(/^mm /, '')];
    const { stdout, stderr } = await runMm(call.split(' '), { input: input.replace(/^echo '(.*)'$/, '$1\n') });
    expect(stdout + stderr).toContain(shown);
  }
});

test('the examples are in the standard layout', async () => {
  const { status, stdout, stderr } = await runMm(['fmt', '--check', ...examples.map((name) => join('examples', name))]);
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
});
