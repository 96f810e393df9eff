import { oneByOne, type Parallel, type Task } from './engines/index.js';

/** Where the pieces of a long task are done, and what ends it early. */
export interface BatchOptions {
  /** Does pieces side by side; what they come to is the same, bit by bit. */
  readonly parallel?: Parallel;
  /** Stops between batches, and at any time what runs in threads. */
  readonly signal?: AbortSignal;
}

/**
 * Does the pieces of a task a few at a time, in their order, so that what is done can be kept or counted and the host hears its user.
 * @returns the results of batch after batch; fewer than all where the signal ends it between two
 * @throws  what the first piece that failed has thrown, or the reason of a signal that ends threads in their work
 */
export async function* inBatches<S, I, O>(
  task: Task<S, I, O>,
  shared: S,
  pieces: readonly I[],
  { parallel = oneByOne, signal }: BatchOptions,
): AsyncGenerator<readonly O[], void> {
  const work = parallel === oneByOne ? task.prepare(shared) : null;
  const size = parallel.threads * 4;
  for (let at = 0; at < pieces.length && signal?.aborted !== true; at += size) {
    const batch = pieces.slice(at, at + size);
    if (work === null) {
      yield await parallel.run(task, shared, batch, signal === undefined ? {} : { signal });
    } else {
      yield batch.map((piece) => work(piece, () => {}));
      await breath();
    }
  }
}

/** Lets the host hear its user between two batches. */
function breath(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
