import { describe, expect, test } from 'vitest';
import { compile, GlmmProblem, tableFromColumns } from '../../../src/index.js';
import { createRng } from '../../../src/kernels/rng.js';

const [groups, years] = [24, 15];

/** Levels whose slopes over some years differ so much that nobody could overlook it. */
function rows(key: string, slope: number) {
  const rng = createRng(key);
  const group: string[] = [];
  const year: number[] = [];
  const eta: number[] = [];
  for (let g = 0; g < groups; g++) {
    const [b0, b1] = [0.3 * rng.normal(), slope * rng.normal()];
    for (let t = 0; t < years; t++) {
      group.push(`g${g}`);
      year.push(2000 + t);
      eta.push(b0 + b1 * (t - (years - 1) / 2));
    }
  }
  return { rng, group, year, eta };
}

describe.each([
  ['one term', '(year || group)'],
  ['two terms', '(1 | group) + (0 + year | group)'],
])('slopes of a year, independent of the intercepts: %s', (_, effects) => {
  test.each([
    ['counts', 'y ~ poisson(lambda)\nlog(lambda)', 0.1],
    ['proportions', 'y ~ binomial(20, p)\nlogit(p)', 0.4],
  ])('%s: the lower of the two minima', (kind, left, slope) => {
    const { rng, group, year, eta } = rows(`far ${kind}`, slope);
    const drawn = (e: number): number => {
      if (kind === 'counts') return Math.max(0, Math.round(Math.exp(3 + e) + Math.exp((3 + e) / 2) * rng.normal()));
      let hits = 0;
      for (let n = 0; n < 20; n++) if (rng.uniform() < 1 / (1 + Math.exp(-e))) hits++;
      return hits;
    };
    const table = tableFromColumns({ y: eta.map(drawn), year, group });
    const problem = compile(`${left} = year + ${effects}`).bind(table, { engine: 'glmm' });
    expect(problem).toBeInstanceOf(GlmmProblem);
    const fit = problem.fit();
    expect(fit.converged).toBe(true);
    // both far from zero: one makes up for the other
    for (const { sd } of fit.varcorr) for (const s of sd) expect(s).toBeGreaterThan(slope / 4);
    const thetas = problem.parameters.flatMap((p, i) => (p.kind === 'theta' ? [i] : []));
    for (const scale of [0.01, slope / 2, 2 * slope]) {
      const start = problem.start();
      start[thetas[0]] = 2000 * scale;
      start[thetas[1]] = scale;
      expect(problem.optimize({ start }).run().deviance).toBeGreaterThan(fit.deviance - 1e-6);
    }
  });
});
