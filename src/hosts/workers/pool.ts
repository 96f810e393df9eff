import { Worker } from 'node:worker_threads';
import { NodeTeam } from './node-team.js';
import { ThreadPool } from './thread-pool.js';

/** A pool of threads of Node; until it is closed they keep the process alive. Helpers for factorizations do not. */
export class WorkerPool extends ThreadPool {
  readonly team: NodeTeam | undefined;

  /**
   * @param file     what each thread runs: the built form of `worker.ts`
   * @param threads  at most; at least 1
   * @param helper   what each helper of a factorization runs: the built form of `helper.ts`; left out: there are none
   */
  constructor(file: string, threads: number, helper?: string) {
    super(() => new Worker(file), threads);
    this.team = helper === undefined ? undefined : new NodeTeam(helper, threads);
  }

  override async close(): Promise<void> {
    await Promise.all([super.close(), this.team?.close()]);
  }
}
