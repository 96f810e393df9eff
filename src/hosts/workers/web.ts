import { tasks } from '../../tasks.js';
import type { Order } from './messages.js';
import { serve } from './serve.js';
import { type Hear, type Thread, ThreadPool } from './thread-pool.js';

/** What is used of an event of the web: its kind, a message's data, an error's message. */
export interface WebEvent {
  readonly type: string;
  readonly data?: unknown;
  readonly message?: string;
}

/** What is used of a worker's scope: `self`. */
export interface WebScope {
  postMessage(message: unknown): void;
  addEventListener(type: string, listener: (event: WebEvent) => void): void;
}

/** What is used of a `Worker` of the web. */
export interface WebWorker extends WebScope {
  removeEventListener(type: string, listener: (event: WebEvent) => void): void;
  terminate(): void;
}

/**
 * Threads for `fitAsync` in a browser: `mmlang/web`. Only the page's bundler knows how a worker is made, so the page says it:
 *
 *     const workers = openWorkers(() => new Worker(new URL('./mm-worker.js', import.meta.url), { type: 'module' }));
 *
 * where `mm-worker.js` is `import { serveWorker } from 'mmlang/web'; serveWorker(self);`.
 * @param threads  at most; `navigator.hardwareConcurrency` says how many the machine has
 * @returns a pool to be given as `parallel`, and to be closed by whoever opened it
 */
export function openWorkers(make: () => WebWorker, threads = 1): ThreadPool {
  return new ThreadPool(() => webThread(make()), threads);
}

/** Makes a worker do what `openWorkers` sends it; to be called once, by the worker itself, with its `self`. */
export function serveWorker(scope: WebScope): void {
  serve(tasks, {
    postMessage: (answer) => scope.postMessage(answer),
    on: (_, listener) => scope.addEventListener('message', ({ data }) => listener(data as Order)),
  });
}

type Listener = (value: unknown) => void;

/** A worker of the web, spoken to as a thread of Node. It never ends by itself. */
function webThread(worker: WebWorker): Thread {
  const heard = new Map<string, Map<unknown, (event: WebEvent) => void>>(); // by event, then by listener
  const on = (event: string, listener: Listener) => {
    const hear = (found: WebEvent) => listener(contentOf(found));
    heard.set(event, (heard.get(event) ?? new Map()).set(listener, hear));
    worker.addEventListener(event, hear);
  };
  const off = (event: string, listener: Listener) => {
    const hear = heard.get(event)?.get(listener);
    if (hear !== undefined) worker.removeEventListener(event, hear);
    heard.get(event)?.delete(listener);
  };
  return {
    postMessage: (message) => worker.postMessage(message),
    terminate: () => worker.terminate(),
    on: on as Hear,
    off: off as Hear,
  };
}

/** What Node would have given to the listener. */
function contentOf(event: WebEvent): unknown {
  if (event.type === 'message') return event.data;
  return new Error(event.message ?? 'a message of a worker cannot be read');
}

export { ThreadPool };
