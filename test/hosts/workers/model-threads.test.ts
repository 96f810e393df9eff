import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WorkerPool } from '../../../src/hosts/workers/pool.js';
import { openWorkers, serveWorker, type WebEvent, type WebWorker } from '../../../src/hosts/workers/web.js';
import { compile, predict, refitResponses, simulate, tableFromText } from '../../../src/index.js';
import { modelAt, tableAt } from '../../embedding/models.js';
import { bundleWorker } from './bundle-worker.js';

let bundle: Awaited<ReturnType<typeof bundleWorker>>;
let pool: WorkerPool;
beforeAll(async () => {
  bundle = await bundleWorker('src/hosts/workers/worker.ts');
  pool = new WorkerPool(bundle.file, 1);
});
afterAll(async () => {
  await pool.close();
  await bundle.remove();
});

test.each(['sleepstudy-slope-reml', 'cbpp-logit-laplace'])('%s: a fit in a thread is the fit here', async (name) => {
  const { source, table } = modelAt(name);
  const bound = compile(source).model().bind(table);
  const stages = new Set<string>();
  const found = await bound.fitAsync({ parallel: pool, onProgress: ({ stage }) => stages.add(stage) });
  const here = bound.fit();
  expect({ ...found.result, groups: { ...here.groups } }).toEqual({ ...here.result, groups: { ...here.groups } });
  expect(stages.size).toBeGreaterThan(0); // told from the thread
  expect(predict(found.outcome).prediction?.fit).toEqual(predict(here.outcome).prediction?.fit);
});

test('refits in threads are the refits here', async () => {
  const { outcome } = compile('Reaction ~ Days + (Days | Subject)').model().fit(tableAt('test/data/sleepstudy.csv'));
  const { responses = [] } = simulate(outcome, null, { n: 25, seed: 2 });
  const here = await refitResponses(outcome, responses);
  expect(await refitResponses(outcome, responses, { parallel: pool })).toEqual(here);
  expect(here.filter((r) => r.fit?.converged === true)).toHaveLength(25);
});

test('the thread that asks stays free, and a signal ends the fit at any time', async () => {
  const source = readFileSync('examples/salamanders.mm', 'utf8');
  const bound = compile(source)
    .model()
    .bind(tableFromText(readFileSync('examples/salamanders.csv')));
  const own = new WorkerPool(bundle.file, 1);
  const controller = new AbortController();
  let ticks = 0;
  const clock = setInterval(() => {
    ticks++;
    if (ticks === 10) controller.abort(new Error('enough'));
  }, 20);
  try {
    await expect(bound.fitAsync({ parallel: own, signal: controller.signal })).rejects.toThrow('enough');
    expect(ticks).toBeGreaterThanOrEqual(10); // ended while the clock here went on
    // threads that were ended are started anew
    const small = compile('Reaction ~ Days + (1 | Subject)').model().bind(tableAt('test/data/sleepstudy.csv'));
    expect((await small.fitAsync({ parallel: own })).logLik).toBe(small.fit().logLik);
  } finally {
    clearInterval(clock);
    await own.close();
  }
});

test('without threads it is the ordinary fit', async () => {
  const bound = compile('Reaction ~ Days + (1 | Subject)').model().bind(tableAt('test/data/sleepstudy.csv'));
  expect((await bound.fitAsync()).logLik).toBe(bound.fit().logLik);
});

/** A worker of the web as far as the library asks for one, in this thread; messages are copied, and come later. */
function workerHere(): WebWorker & { readonly listeners: () => number } {
  const outside = new EventTarget();
  const inside = new EventTarget();
  let listeners = 0;
  const send = (to: EventTarget, message: unknown) => {
    const data: unknown = structuredClone(message);
    queueMicrotask(() => to.dispatchEvent(Object.assign(new Event('message'), { data })));
  };
  const heard = new Map<unknown, (event: Event) => void>();
  const hear = (listener: (event: WebEvent) => void) => {
    const found = heard.get(listener) ?? ((event: Event) => listener(event as WebEvent));
    heard.set(listener, found);
    return found;
  };
  serveWorker({
    postMessage: (message) => send(outside, message),
    addEventListener: (type, listener) => inside.addEventListener(type, hear(listener)),
  });
  return {
    postMessage: (message) => send(inside, message),
    addEventListener: (type, listener) => {
      listeners++;
      outside.addEventListener(type, hear(listener));
    },
    removeEventListener: (type, listener) => {
      listeners--;
      outside.removeEventListener(type, hear(listener));
    },
    terminate: () => {},
    listeners: () => listeners,
  };
}

test('a worker of the web is spoken to as a thread of node, and is left as it was found', async () => {
  const { source, table } = modelAt('sleepstudy-slope-reml');
  const bound = compile(source).model().bind(table);
  const made: ReturnType<typeof workerHere>[] = [];
  const workers = openWorkers(() => {
    const worker = workerHere();
    made.push(worker);
    return worker;
  });
  const here = bound.fit();
  const left: (number | undefined)[] = [];
  for (let k = 0; k < 2; k++) {
    expect((await bound.fitAsync({ parallel: workers })).logLik).toBe(here.logLik);
    left.push(made[0]?.listeners());
  }
  expect(made).toHaveLength(1);
  expect(left[1]).toBe(left[0]); // those of a run go with it
  await workers.close();
});
