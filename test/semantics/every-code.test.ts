import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nameCodes } from '../../src/diagnostics/codes/names.js';
import { structureCodes } from '../../src/diagnostics/codes/structure.js';

test('every code of names and structure has a test that marks its place', () => {
  const folders = ['semantics', 'plan'].map((name) => join(import.meta.dirname, '..', name));
  const text = folders
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
  const untested = Object.keys({ ...nameCodes, ...structureCodes }).filter((code) => !text.includes(`'${code}'`));
  expect(untested).toEqual([]);
});
