import { Worker } from 'node:worker_threads';
import { ThreadPool } from './thread-pool.js';

/** A pool of threads of Node; until it is closed they keep the process alive. */
export class WorkerPool extends ThreadPool {
  /**
   * @param file     what each thread runs: the built form of `worker.ts`
   * @param threads  at most; at least 1
   */
  constructor(file: string, threads: number) {
    super(() => new Worker(file), threads);
  }
}
