import type { ThreadTeam } from '../kernels/thread-team.js';
import type { Progress } from './engine.js';

/**
 * Work that can be cut into pieces which do not depend on each other. What goes in and out is copied between threads as messages
 * are: numbers, texts, typed arrays, maps and plain objects of them, but no functions.
 */
export interface Task<S, I, O> {
  /** By which another thread finds it; `src/tasks.ts` lists all. */
  readonly name: string;
  /** What one piece comes to; `shared` is the same for all pieces, and nothing else is kept from one to the next. */
  prepare(shared: S): (input: I, onProgress: (progress: Progress) => void) => O;
}

/** What goes with a run of tasks. */
export interface ParallelOptions {
  /** The run ends with the reason of this signal, and so do the threads that are in it. */
  readonly signal?: AbortSignal;
  /** Called as a fit does, with the piece it is of. */
  onProgress?(progress: Progress, index: number): void;
  /** Called after each piece with the number of those that are done. */
  onDone?(done: number): void;
}

/** Given by a host: does the pieces of a task side by side. */
export interface Parallel {
  readonly threads: number;
  /** Threads for a single factorization, where the host has such. */
  readonly team?: ThreadTeam | undefined;
  /**
   * @returns what the pieces come to, in the order of `inputs`, whatever the number of threads
   * @throws  what the first piece that failed has thrown
   */
  run<S, I, O>(task: Task<S, I, O>, shared: S, inputs: readonly I[], options?: ParallelOptions): Promise<readonly O[]>;
}

/** One piece after the other, where the caller is. */
export const oneByOne: Parallel = {
  threads: 1,
  async run(task, shared, inputs, options = {}) {
    const { signal, onProgress, onDone } = options;
    const work = task.prepare(shared);
    return inputs.map((input, index) => {
      signal?.throwIfAborted();
      const output = work(input, (progress) => {
        signal?.throwIfAborted();
        onProgress?.(progress, index);
      });
      onDone?.(index + 1);
      return output;
    });
  },
};
