import type { Parallel, ParallelOptions, Task, ThreadTeam } from '../../index.js';
import type { WorkerPool } from './pool.js';

/** Milliseconds: starting threads, each of which compiles what it runs for itself, costs about half as much. */
const worthThreads = 1000;

interface Prepared {
  readonly task: unknown;
  readonly shared: unknown;
  readonly work: unknown;
}

/**
 * Does pieces where the caller is as long as threads would not pay, and gives what is left then to a pool. The pieces come to the same
 * in both.
 */
export class PatientPool implements Parallel {
  private left = worthThreads;
  private pool: WorkerPool | null = null;
  /** What this thread has prepared, for the calls of one task that follow each other. */
  private ready: Prepared | null = null;

  /** @param open  makes the pool, when it is needed */
  constructor(
    readonly threads: number,
    private readonly open: () => Promise<WorkerPool>,
    private readonly now: () => number,
    readonly team?: ThreadTeam,
  ) {}

  async run<S, I, O>(
    task: Task<S, I, O>,
    shared: S,
    inputs: readonly I[],
    options: ParallelOptions = {},
  ): Promise<readonly O[]> {
    if (this.left <= 0) return (await this.opened()).run(task, shared, inputs, options);
    const { signal, onProgress, onDone } = options;
    const outputs: O[] = [];
    let started = this.now();
    const work = this.prepared(task, shared);
    while (this.left > 0 && outputs.length < inputs.length) {
      const index = outputs.length;
      signal?.throwIfAborted();
      outputs.push(work(inputs[index] as I, (progress) => onProgress?.(progress, index)));
      onDone?.(outputs.length);
      const now = this.now();
      this.left -= now - started;
      started = now;
    }
    const done = outputs.length;
    if (done === inputs.length) return outputs;
    const pool = await this.opened();
    const rest = await pool.run(task, shared, inputs.slice(done), {
      ...(signal === undefined ? {} : { signal }),
      onProgress: (progress, index) => onProgress?.(progress, index + done),
      onDone: (count) => onDone?.(count + done),
    });
    return [...outputs, ...rest];
  }

  private prepared<S, I, O>(task: Task<S, I, O>, shared: S): ReturnType<Task<S, I, O>['prepare']> {
    const known = this.ready;
    if (known !== null && known.task === task && known.shared === shared)
      return known.work as ReturnType<Task<S, I, O>['prepare']>;
    const work = task.prepare(shared);
    this.ready = { task, shared, work };
    return work;
  }

  async close(): Promise<void> {
    await this.pool?.close();
  }

  private async opened(): Promise<WorkerPool> {
    this.pool ??= await this.open();
    return this.pool;
  }
}
