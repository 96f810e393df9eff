import { describe, expect, test } from 'vitest';
import type { Parallel } from '../src/engines/index.js';
import { compile, type Refit, type RefitOptions, refitResponses, simulate } from '../src/index.js';
import { fitted, tableOf } from './prediction/fitted.js';

const linear = fitted('sleepstudy.csv', 'Reaction ~ Days + (Days | Subject)');
const counts = fitted('epil.csv', 'y ~ poisson(lambda)\nlog(lambda) = base + trt + (1 | subject)');

/** Pieces in the wrong order, each in a world of its own, as in threads. */
const apart: Parallel = {
  threads: 3,
  async run(task, shared, inputs) {
    const results = [...inputs].reverse().map((input) => task.prepare(structuredClone(shared))(input, () => {}));
    return results.reverse();
  },
};

/** What a search leaves of the log-likelihood, relative. */
const sameLikelihood = 1e-8;

const drawn = (outcome: typeof linear, n: number) => simulate(outcome, null, { n, seed: 3 }).responses ?? [];
const logLiks = (refits: readonly Refit[]) => refits.map((r) => r.fit?.logLik);

describe.each([
  ['linear', linear, 'Reaction ~ Days + (Days | Subject)', 'sleepstudy.csv', 'Reaction'],
  ['generalized', counts, 'y ~ poisson(lambda)\nlog(lambda) = base + trt + (1 | subject)', 'epil.csv', 'y'],
])('many responses of one model: %s', (_, outcome, text, file, column) => {
  const responses = drawn(outcome, 14);

  test('each has the likelihood of a fresh fit', async () => {
    const refits = await refitResponses(outcome, responses);
    const table = tableOf(file);
    responses.slice(0, 5).forEach((values, k) => {
      const columns = new Map([...table.columns, [column, { kind: 'number', name: column, type: 'real', values }]]);
      const fresh = fitted({ ...table, columns } as typeof table, text).fit;
      const found = refits[k]?.fit;
      expect(found?.converged).toBe(true);
      expect(Math.abs((found?.logLik ?? 0) / (fresh?.logLik ?? 1) - 1)).toBeLessThan(sameLikelihood);
      expect(found?.fixef.map((f) => f.name)).toEqual(fresh?.fixef.map((f) => f.name));
    });
  });

  test('is the same, bit by bit, in pieces side by side, and whatever stands before it', async () => {
    const whole = await refitResponses(outcome, responses);
    expect(await refitResponses(outcome, responses, { parallel: apart })).toEqual(whole);
    const turned = await refitResponses(outcome, [...responses].reverse());
    expect(logLiks(turned).reverse()).toEqual(logLiks(whole));
  });

  test('keeps nothing that has an entry for each row or level', async () => {
    const [one] = await refitResponses(outcome, responses.slice(0, 1));
    for (const name of ['fitted', 'linear', 'residuals', 'ranef']) expect(one?.fit).not.toHaveProperty(name);
  });
});

test('a mixture is searched anew for each response, from the seed of the fit', async () => {
  const text = 'mixture z {\n  waiting ~ normal(mu, sigma)\n  class a { mu = 1 }\n  class b { mu = 1 }\n}';
  const outcome = fitted('../../examples/faithful.csv', text);
  const [own] = await refitResponses(outcome, [outcome.design?.likelihoods[0]?.y ?? []]);
  expect(own?.fit?.logLik).toBe(outcome.fit?.logLik);
  expect(own?.fit?.mixture?.weights).toEqual(outcome.fit?.mixture?.weights);
});

test('a response that the family does not allow has its diagnostics, and the others their fits', async () => {
  const [good = new Float64Array()] = drawn(counts, 1);
  const found = await refitResponses(counts, [good, good.map((v) => -1 - v), good]);
  expect(found.map((r) => r.fit !== undefined)).toEqual([true, false, true]);
  expect(found[1]?.diagnostics.map((d) => d.severity)).toContain('error');
  expect(found[2]).toEqual(found[0]);
});

test('degrees of freedom are those of a fit, where they are asked for', async () => {
  const { fit, design } = linear;
  const y = design?.likelihoods[0]?.y ?? [];
  const degrees = async (options: RefitOptions) =>
    (await refitResponses(linear, [y], options))[0]?.fit?.fixef.map((f) => f.df);
  expect(await degrees({})).toEqual([null, null]);
  const found = await degrees({ degreesOfFreedom: 'satterthwaite' });
  for (const [j, { df }] of (fit?.fixef ?? []).entries()) expect(found?.[j]).toBeCloseTo(df ?? 0, 3);
});

test('a response has one number for each row of the model, or of the data', async () => {
  const [y = new Float64Array()] = drawn(linear, 1);
  await expect(refitResponses(linear, [y, y.slice(1)])).rejects.toThrow(RangeError);
  const table = tableOf('sleepstudy.csv');
  const some = fitted(table, 'Reaction ~ Days + (1 | Subject)\nwhere Days > 1');
  const rows = some.design?.rowNumbers ?? new Int32Array();
  const [ofData, ofModel] = await refitResponses(some, [y, Float64Array.from(rows, (row) => y[row - 1])]);
  expect(ofData).toEqual(ofModel);
});

test('what cannot be done is said at once', async () => {
  expect(await refitResponses(linear, [])).toEqual([]);
  const { models } = compile('y ~');
  await expect(refitResponses({ diagnostics: models[0]?.diagnostics ?? [] }, [])).rejects.toThrow('there is no fit');
  const controller = new AbortController();
  const seen: string[] = [];
  const run = refitResponses(linear, drawn(linear, 100), {
    signal: controller.signal,
    onProgress(done, of) {
      seen.push(`${done} of ${of}`);
      controller.abort(new Error('enough'));
    },
  });
  await expect(run).rejects.toThrow('enough');
  expect(seen).toEqual(['40 of 100']);
});
