import { describe, expect, test } from 'vitest';
import { emStarts } from '../../../src/engines/em/em-starts.js';
import { fitEm, fitEmAsync } from '../../../src/engines/em/fit-em.js';
import type { StartJob } from '../../../src/engines/em/search-starts.js';
import type { Parallel } from '../../../src/engines/index.js';
import { bindProgram } from '../glmm/bind.js';
import { mixtureModels } from './models.js';
import { simulate } from './simulate.js';

const columns = simulate({ groups: 8, rows: 4 });

/** Threads as the order of pieces sees them: each piece goes to one of several workers, in another order, by messages. */
function shuffled(threads: number): Parallel {
  return {
    threads,
    async run(task, shared, inputs) {
      const workers = Array.from({ length: threads }, () => task.prepare(structuredClone(shared)));
      const outputs = inputs.map((input, i) => ({ input, i }));
      const found = new Map(
        outputs.reverse().map(({ input, i }) => {
          const worker = workers[(7 * i + 3) % threads];
          return [i, structuredClone(worker(structuredClone(input), () => {}))];
        }),
      );
      return inputs.flatMap((_, i) => found.get(i) ?? []);
    },
  };
}

describe('a start comes to the same whatever was done before it', () => {
  test.each(mixtureModels.map((m) => [m.name, m.program] as const))('%s', (_name, program) => {
    const { graph, design } = bindProgram(program, columns);
    const shared = { graph, design, seed: 1, maxEvaluations: 200 };
    const jobs: StartJob[] = [0, 1, 2].map((index) => ({ kind: 'short', index }));
    const fresh = jobs.map((job) => emStarts.prepare(shared)(job, () => {}));
    const used = emStarts.prepare(structuredClone(shared));
    const again = [...jobs].reverse().map((job) => used(job, () => {}));
    expect(again.reverse()).toEqual(fresh);
    const { full } = fresh[0].run ?? { full: new Float64Array(0) };
    for (const kind of ['long', 'approach'] as const)
      expect(used({ kind, full }, () => {})).toEqual(emStarts.prepare(shared)({ kind, full }, () => {}));
  });
});

test.each([
  ['draws', 'poisson, shared effect', 'em(draws = 64)'],
  ['closed forms', 'normal, own effects and sigma by a covariate', 'em'],
  ['constraints', 'poisson, units that sum to zero in each class', 'em(quadrature = 5)'],
])('a fit is the same side by side: %s', async (_name, model, method) => {
  const program = mixtureModels.find((m) => m.name === model)?.program ?? '';
  const { graph, design } = bindProgram(`${program}\nfit ${method}`, columns);
  const alone = fitEm(graph, design, {});
  for (const threads of [1, 3]) expect(await fitEmAsync(graph, design, { parallel: shuffled(threads) })).toEqual(alone);
  expect(await fitEmAsync(graph, design, {})).toEqual(alone);
});
