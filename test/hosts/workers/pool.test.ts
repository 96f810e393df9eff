import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { oneByOne } from '../../../src/engines/index.js';
import { PatientPool } from '../../../src/hosts/workers/patient-pool.js';
import { WorkerPool } from '../../../src/hosts/workers/pool.js';
import { bundleWorker } from './bundle-worker.js';
import { dying, failing, scaled, unprepared } from './sample-tasks.js';

let bundle: Awaited<ReturnType<typeof bundleWorker>>;
let pool: WorkerPool;
const pools: WorkerPool[] = [];

beforeAll(async () => {
  bundle = await bundleWorker('test/hosts/workers/sample-worker.ts');
});
afterEach(() => Promise.all(pools.splice(0).map((p) => p.close())));
afterAll(() => bundle.remove());

function open(threads: number): WorkerPool {
  pool = new WorkerPool(bundle.file, threads);
  pools.push(pool);
  return pool;
}

// the first pieces take longest, so that they end last
const pieces = [60, 30, 0, 5, 1, 0].map((ms, x) => ({ x, ms }));

describe('what comes back', () => {
  test.each([1, 2, 3, 9])('stands in the order of the input with %i threads', async (threads) => {
    const found = await open(threads).run(scaled, { factor: 3 }, pieces);
    expect(found).toEqual(pieces.map(({ x }) => Float64Array.of(3 * x)));
    expect(found).toEqual(await oneByOne.run(scaled, { factor: 3 }, pieces));
  });

  test('is nothing for nothing, without a thread', async () => {
    expect(await new WorkerPool('/nowhere.cjs', 2).run(scaled, { factor: 1 }, [])).toEqual([]);
  });

  test('tells progress and how many are done', async () => {
    const seen: number[] = [];
    const done: number[] = [];
    await open(2).run(scaled, { factor: 3 }, pieces, {
      onProgress: (p, index) => seen.push(p.evaluations === index && p.objective === 3 ? index : -1),
      onDone: (n) => done.push(n),
    });
    expect(seen.sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(done).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('one pool does one task after the other, with what they share', async () => {
    open(2);
    for (const factor of [2, 3])
      expect((await pool.run(scaled, { factor }, pieces)).map((v) => v[0])).toEqual(pieces.map(({ x }) => factor * x));
    expect(await pool.run(failing, null, [1, 4])).toEqual([1, 4]);
    expect((await pool.run(scaled, { factor: 5 }, pieces))[4][0]).toBe(20);
  });
});

describe('a patient pool', () => {
  // each piece takes as long as the clock says, whoever does it
  const patient = (ms: number) => {
    let time = 0;
    return new PatientPool(
      2,
      async () => open(2),
      () => {
        time += ms;
        return time;
      },
    );
  };

  test.each([
    ['all by itself', 30],
    ['some by itself', 300],
    ['little by itself', 1200],
  ])('does %s, and the outcome is the same', async (_name, ms) => {
    const seen: number[] = [];
    const done: number[] = [];
    const own = patient(ms);
    const options = {
      onProgress: (p: { evaluations: number }, index: number) => seen.push(p.evaluations === index ? index : -1),
      onDone: (n: number) => done.push(n),
    };
    const expected = pieces.map(({ x }) => Float64Array.of(3 * x));
    expect(await own.run(scaled, { factor: 3 }, pieces, options)).toEqual(expected);
    expect(seen.sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(done).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await own.run(scaled, { factor: 3 }, pieces)).toEqual(expected);
    expect(await own.run(scaled, { factor: 3 }, [])).toEqual([]);
  });

  test('prepares once for the calls of a task that share what it works on', async () => {
    let prepared = 0;
    const counting = {
      name: 'counting',
      prepare(shared: { readonly factor: number }) {
        prepared++;
        return (x: number) => shared.factor * x;
      },
    };
    const own = patient(1);
    const shared = { factor: 2 };
    expect(await own.run(counting, shared, [1, 2])).toEqual([2, 4]);
    expect(await own.run(counting, shared, [3])).toEqual([6]);
    expect(prepared).toBe(1);
    expect(await own.run(counting, { factor: 5 }, [3])).toEqual([15]);
    expect(prepared).toBe(2);
  });

  test('leaves threads alone that it does not need', async () => {
    const none = () => Promise.reject(new Error('threads were not needed'));
    const own = new PatientPool(2, none, () => 0);
    expect(await own.run(failing, null, [5, 6])).toEqual([5, 6]);
    await expect(own.run(failing, null, [2])).rejects.toMatchObject({ message: 'two' });
    await own.close();
  });
});

describe('what goes wrong', () => {
  test.each([1, 2, 4])('is what the first piece that fails has thrown, with %i threads', async (threads) => {
    open(threads);
    await expect(pool.run(failing, null, [0, 1, 3, 2, 2])).rejects.toMatchObject({
      name: 'InternalError',
      message: 'three',
      subject: 'subject',
    });
    await expect(pool.run(failing, null, [2, 3])).rejects.toMatchObject({ name: 'RangeError', message: 'two' });
    expect(await pool.run(failing, null, [5, 6])).toEqual([5, 6]); // and the pool goes on
  });

  test('may be the preparation', async () => {
    await expect(open(2).run(unprepared, null, [1, 2])).rejects.toMatchObject({ message: 'not ready' });
  });

  test('a thread that ends, or cannot begin, is told', async () => {
    await expect(open(2).run(dying, null, [1, 2])).rejects.toMatchObject({ name: 'InternalError', subject: 3 });
    expect(await pool.run(failing, null, [5, 6])).toEqual([5, 6]);
    const missing = new WorkerPool('/nowhere.cjs', 2);
    await expect(missing.run(failing, null, [1])).rejects.toMatchObject({ code: 'MODULE_NOT_FOUND' });
  });

  test('a signal ends threads in the middle of their work', async () => {
    const controller = new AbortController();
    const started = performance.now();
    const run = open(2).run(scaled, { factor: 1 }, [{ x: 1, ms: 20_000 }], {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    });
    await expect(run).rejects.toMatchObject({ message: 'enough' });
    expect(performance.now() - started).toBeLessThan(10_000);
    await expect(pool.run(scaled, { factor: 1 }, pieces, { signal: controller.signal })).rejects.toThrow('enough');
  });

  test('an error of the caller is the caller’s', async () => {
    const onDone = () => {
      throw new Error('mine');
    };
    await expect(open(2).run(scaled, { factor: 1 }, pieces, { onDone })).rejects.toThrow('mine');
  });

  test('two tasks at once', async () => {
    const first = open(2).run(scaled, { factor: 1 }, pieces);
    await expect(pool.run(scaled, { factor: 1 }, pieces)).rejects.toMatchObject({ name: 'InternalError' });
    expect((await first).length).toBe(6);
  });
});
