import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Parallel } from '../../index.js';
import { NodeTeam } from './node-team.js';
import { PatientPool } from './patient-pool.js';

/**
 * Lends threads to `work` and ends them after it. They start when there is enough for them to do; without the file that
 * they run, as in sources that were not built, everything is done here, which comes to the same.
 * @param threads  at most; as many as the machine has where it is not given
 */
export async function withThreads<R>(
  threads: number | undefined,
  work: (parallel: Parallel | undefined) => Promise<R>,
): Promise<R> {
  const file = join(__dirname, 'mm-worker.cjs');
  const count = threads ?? availableParallelism();
  if (count <= 1 || !existsSync(file)) return work(undefined);
  const open = async () => {
    const { WorkerPool } = await import('./pool.js'); // most fits need none
    return new WorkerPool(file, count);
  };
  const team = new NodeTeam(join(__dirname, 'mm-helper.cjs'), count);
  const pool = new PatientPool(count, open, () => performance.now(), team);
  try {
    return await work(pool);
  } finally {
    await Promise.all([pool.close(), team.close()]);
  }
}
