import { describe, expect, test } from 'vitest';
import type { Problem, SavedSearch } from '../../src/index.js';
import { bound, boundLmm } from './models.js';

const names = [
  'sleepstudy-slope-reml',
  'pastes-nested-reml',
  'orthodont-lme-ar1-reml',
  'blme-sleepstudy-t-common-ml', // beta and sigma in the point
  'cbpp-logit-laplace',
  'epil-slope',
  'mix-npreg-obs',
];

/** Through text, as between processes. */
const throughText = (saved: SavedSearch): SavedSearch => JSON.parse(JSON.stringify(saved));

function trace(problem: Problem, from?: SavedSearch) {
  const search = problem.optimize(from === undefined ? {} : { from });
  const steps = [...search].map(({ iteration, evaluations, point, deviance }) => ({
    iteration,
    evaluations,
    point: [...point],
    deviance,
  }));
  const { point, deviance, evaluations, decrement, converged } = search.run();
  return { steps, end: { point: [...point], deviance, evaluations, decrement, converged } };
}

describe.each(names)('the search of %s', (name) => {
  const whole = trace(bound(name));

  test('ends where the fit does, and there its own deviance says the same', () => {
    const problem = bound(name);
    const { objective, converged } = problem.fit();
    expect(whole.end.converged && converged).toBe(true);
    expect(Math.abs(whole.end.deviance - objective)).toBeLessThan(1e-6);
    expect(Math.abs(problem.deviance(whole.end.point) - whole.end.deviance)).toBeLessThan(1e-7);
    expect(Math.max(...problem.gradient(whole.end.point).map(Math.abs))).toBeLessThan(1e-3);
  });

  test('saved after any of its first steps and gone on with elsewhere, ends in the same numbers', () => {
    for (const stop of [0, 1, 3]) {
      const first = bound(name).optimize();
      for (let k = 0; k <= stop; k++) first.next();
      const { steps, end } = trace(bound(name), throughText(first.save()));
      expect(end).toEqual(whole.end);
      expect(steps).toEqual(whole.steps.slice(stop + 1));
    }
  });

  test('is not disturbed by what is done with the problem between two steps', () => {
    const problem = bound(name);
    const search = problem.optimize();
    const elsewhere = problem.start().map((v) => 1.05 * v);
    const steps: number[] = [];
    for (const { deviance } of search) {
      steps.push(deviance);
      problem.gradient(elsewhere);
      problem.at(elsewhere).jointMode();
    }
    expect(steps).toEqual(whole.steps.map((s) => s.deviance));
    const { point, ...end } = search.run();
    expect({ ...end, point: [...point] }).toEqual(whole.end);
  });
});

describe('a search', () => {
  test('is left by break and gone on with', () => {
    const search = boundLmm('sleepstudy-slope-reml').optimize();
    const seen: number[] = [];
    for (const { iteration } of search) {
      seen.push(iteration);
      if (iteration === 2) break;
    }
    for (const { iteration } of search) seen.push(iteration);
    expect(seen.slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
    expect([...search]).toEqual([]); // it is over
  });

  test('gives the fit of its end', () => {
    const problem = boundLmm('sleepstudy-slope-reml');
    const { theta, fixef, varcorr } = problem.optimize().fit();
    const fit = problem.fit();
    expect(fixef).toEqual(fit.fixef);
    expect(varcorr).toEqual(fit.varcorr);
    expect(theta).toEqual(fit.theta);
  });

  test('begins where it is told to', () => {
    const problem = boundLmm('sleepstudy-slope-reml');
    const start = [2, 0.5, 0.5];
    const { value } = problem.optimize({ start }).next();
    expect([...value.point]).toEqual(start.map((v) => expect.closeTo(v, 12)));
    const other = bound('cbpp-logit-laplace');
    const first = other.start().map((v) => v + 0.1);
    expect([...other.optimize({ start: first }).next().value.point]).toEqual(
      Array.from(first, (v) => expect.closeTo(v, 12)),
    );
  });

  test('has nothing to save before its first step, and is not gone on with for another model', () => {
    const search = boundLmm('sleepstudy-slope-reml').optimize();
    expect(() => search.save()).toThrow(RangeError);
    search.next();
    const saved = search.save();
    expect(() => boundLmm('pastes-nested-reml').optimize({ from: saved })).toThrow(/saved for another model/);
    const broken = { ...saved, format: 'mm.search/0' } as unknown as SavedSearch;
    expect(() => boundLmm('sleepstudy-slope-reml').optimize({ from: broken })).toThrow(/not a saved search/);
  });

  test('stops at a limit of evaluations, and when it is aborted', () => {
    const limited = boundLmm('sleepstudy-slope-reml').optimize({ maxEvaluations: 3 });
    expect(limited.run().converged).toBe(false);
    const stop = new AbortController();
    const search = boundLmm('sleepstudy-slope-reml').optimize();
    const run = () =>
      search.run({ signal: stop.signal, onProgress: ({ evaluations }) => evaluations >= 4 && stop.abort() });
    expect(run).toThrow();
    expect(search.run().converged).toBe(true); // it stands where it was, and goes on
  });
});
