import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, Script } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { root } from '../hosts/run-mm.js';
import { TypedProject } from '../hosts/typed-project.js';
import { readReferenceCase } from '../reference/reference-case.js';
import { findChromium, resultOf } from './chromium.js';
import { buildScript, buildSite, cases, type PageResult, pageFiles } from './page.js';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const project = new TypedProject(pageFiles(read));
afterAll(() => project.remove());

function expectFits(result: PageResult): void {
  const reference = readReferenceCase(cases.sleepstudy);
  for (const { logLik, days } of [result.typed, result.template]) {
    expect(logLik).toBeCloseTo(reference.logLik, 6);
    expect(days).toBeCloseTo(Number(reference.fixef?.estimate[1]), 4);
  }
  expect(result.logistic.logLik).toBeCloseTo(readReferenceCase(cases.logistic).logLik, 3);
  expect(result.classes.logLik).toBeCloseTo(readReferenceCase(cases.classes).logLik, 3);
  expect(result.classes.names).toEqual(['low', 'high']);
  expect(result.error).toContain('MM231');
  expect(result.stopped).toContain('enough');
  expect(result.globals).toEqual([]); // nothing of node was there to be used
}

test('a bundle by Vite fits every engine where there is nothing but the language and the web', async () => {
  const script = await buildScript(project);
  const context = createContext({ TextDecoder, TextEncoder, AbortController, AbortSignal, URL });
  new Script(script).runInContext(context);
  expectFits(JSON.parse(String(context.mmResult)) as PageResult);
});

test('a model made by mm build leaves the compiler out of the bundle', async () => {
  project.write('lean.js', "import { sleepstudy } from './sleepstudy.mm';\nglobalThis.lean = sleepstudy;\n");
  project.write('full.js', "import { compile } from 'mmlang';\nglobalThis.full = compile;\n");
  const [lean, full] = [await buildScript(project, 'lean.js'), await buildScript(project, 'full.js')];
  const marks = ['an operator', 'a text in quotes']; // labels of tokens
  for (const mark of marks.slice(1)) {
    expect(full).toContain(mark);
    expect(lean).not.toContain(mark);
  }
  expect(gzipSync(lean).length).toBeLessThan(gzipSync(full).length);
  const context = createContext({ TextDecoder, TextEncoder });
  new Script(lean).runInContext(context);
  expect(context.lean.name).toBe('sleepstudy');
});

describe('in Chromium', () => {
  const chromium = findChromium();
  test('a page fits every engine', async ({ skip }) => {
    if (chromium === undefined) {
      console.log('skipped: no Chromium or Chrome on the path; CHROMIUM=/path/to/it names one');
      skip('no Chromium');
      return;
    }
    const result = (await resultOf(chromium, await buildSite(project))) as PageResult;
    expect(result).not.toHaveProperty('failed');
    expectFits(result);
    const { worker } = result;
    expect(worker).toEqual({ ...result.template, told: true }); // the same to the last digit
  }, 120_000);
});
