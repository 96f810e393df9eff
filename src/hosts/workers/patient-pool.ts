import type { Parallel, ParallelOptions, Task } from '../../index.js';
import type { WorkerPool } from './pool.js';

/** Milliseconds: starting threads, each of which compiles what it runs for itself, costs about half as much. */
const worthThreads = 1000;

/**
 * Does pieces where the caller is as long as threads would not pay, and gives what is left then to a pool. The pieces come to the same
 * in both.
 */
export class PatientPool implements Parallel {
  private left = worthThreads;

  constructor(
    private readonly pool: WorkerPool,
    private readonly now: () => number,
  ) {}

  get threads(): number {
    return this.pool.threads;
  }

  async run<S, I, O>(
    task: Task<S, I, O>,
    shared: S,
    inputs: readonly I[],
    options: ParallelOptions = {},
  ): Promise<readonly O[]> {
    if (this.left <= 0) return this.pool.run(task, shared, inputs, options);
    const { signal, onProgress, onDone } = options;
    const outputs: O[] = [];
    let started = this.now();
    const work = task.prepare(shared);
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
    const rest = await this.pool.run(task, shared, inputs.slice(done), {
      ...(signal === undefined ? {} : { signal }),
      onProgress: (progress, index) => onProgress?.(progress, index + done),
      onDone: (count) => onDone?.(count + done),
    });
    return [...outputs, ...rest];
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
