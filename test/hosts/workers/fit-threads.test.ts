import { afterAll, beforeAll, expect, test } from 'vitest';
import { WorkerPool } from '../../../src/hosts/workers/pool.js';
import { compile, fit, fitAsync, schemaOf, tableFromColumns } from '../../../src/index.js';
import { simulate } from '../../engines/em/simulate.js';
import { bundleWorker } from './bundle-worker.js';

let bundle: Awaited<ReturnType<typeof bundleWorker>>;

beforeAll(async () => {
  bundle = await bundleWorker('src/hosts/workers/worker.ts');
});
afterAll(() => bundle.remove());

const table = tableFromColumns({ ...simulate({ groups: 20, rows: 5 }) });
const [model] = compile(
  `v = (1 | id)
   mixture z per id {
     c ~ poisson(lambda)
     class low, high { log(lambda) = x + v }
   }
   order z by intercept
   fit em(draws = 64, starts = 5)`,
  { schema: schemaOf(table) },
).models;

test('a mixture fitted on threads is the same, bit by bit', async () => {
  const alone = fit(model, table);
  expect(alone.fit?.converged).toBe(true);
  for (const threads of [1, 2, 3]) {
    const pool = new WorkerPool(bundle.file, threads);
    const stages = new Set<string>();
    try {
      const found = await fitAsync(model, table, { parallel: pool, onProgress: (p) => stages.add(p.stage) });
      expect(found.fit).toEqual(alone.fit);
      expect(found.diagnostics).toEqual(alone.diagnostics);
      expect(stages).toContain('starts'); // told from the threads
    } finally {
      await pool.close();
    }
  }
});

test('a fit on threads can be given up', async () => {
  const pool = new WorkerPool(bundle.file, 2);
  const controller = new AbortController();
  const run = fitAsync(model, table, {
    parallel: pool,
    signal: controller.signal,
    onProgress: () => controller.abort(new Error('enough')),
  });
  await expect(run).rejects.toThrow('enough');
  await pool.close();
});

test('models without starts take no threads', async () => {
  const pool = new WorkerPool('/nowhere.cjs', 2);
  const [plain] = compile('y ~ x + (1 | id)', { schema: schemaOf(table) }).models;
  expect((await fitAsync(plain, table, { parallel: pool })).fit).toEqual(fit(plain, table).fit);
});
