import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { WorkerPool } from './pool.js';

/**
 * Threads for `fitAsync` under Node, and helpers for the large factorizations of `fit`: `mmlang/node`.
 * @param threads  as many as the machine has where it is not given
 * @returns a pool to be given as `parallel`, and to be closed by whoever opened it
 */
export function openThreads(threads: number = availableParallelism()): WorkerPool {
  return new WorkerPool(
    join(import.meta.dirname, 'mm-worker.cjs'),
    threads,
    join(import.meta.dirname, 'mm-helper.cjs'),
  );
}

export { WorkerPool };
