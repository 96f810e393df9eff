import { InternalError } from '../../diagnostics/internal-error.js';
import type { Parallel, ParallelOptions, Task } from '../../index.js';
import type { Answer, Failure, Order } from './messages.js';

/** A thread as a host has it: messages go in and come out, and it can be ended. */
export interface Thread {
  postMessage(message: Order): void;
  terminate(): unknown;
  readonly on: Hear;
  readonly off: Hear;
}

/** A message, something wrong in the thread, a message that cannot be read, and its end. */
export interface Hear {
  (event: 'message', listener: (answer: Answer) => void): unknown;
  (event: 'error', listener: (error: Error) => void): unknown;
  (event: 'messageerror', listener: (error: Error) => void): unknown;
  (event: 'exit', listener: (code: number) => void): unknown;
}

/**
 * Threads that do the pieces of tasks side by side. They are started when the first pieces come, kept for those that follow, and
 * end with `close`.
 */
export class ThreadPool implements Parallel {
  private readonly members: Member[] = [];
  private busy = false;

  /**
   * @param open     starts a thread that runs `serve`
   * @param threads  at most; at least 1
   */
  constructor(
    private readonly open: () => Thread,
    readonly threads: number,
  ) {
    if (!(Number.isInteger(threads) && threads >= 1)) throw new InternalError('a pool of no threads', threads);
  }

  async run<S, I, O>(
    task: Task<S, I, O>,
    shared: S,
    inputs: readonly I[],
    options: ParallelOptions = {},
  ): Promise<readonly O[]> {
    if (this.busy) throw new InternalError('a pool does one task after the other', task.name);
    options.signal?.throwIfAborted();
    if (inputs.length === 0) return [];
    this.busy = true;
    try {
      this.members.splice(0, this.members.length, ...this.members.filter((m) => !m.ended));
      while (this.members.length < Math.min(this.threads, inputs.length)) this.members.push(new Member(this.open()));
      const outputs = await runPieces(this.members, task.name, shared, inputs, options);
      return outputs as readonly O[];
    } catch (error) {
      // a thread may still be in a piece that nobody waits for
      await this.close();
      throw error;
    } finally {
      this.busy = false;
    }
  }

  /** Ends the threads, whatever they are doing. */
  async close(): Promise<void> {
    await Promise.all(this.members.splice(0).map((m) => m.worker.terminate()));
  }
}

/** A thread, and the task whose shared part it holds. */
class Member {
  ended = false;
  private name = '';
  private shared: unknown;

  constructor(readonly worker: Thread) {
    this.worker.on('exit', () => {
      this.ended = true;
    });
    this.worker.on('error', () => {}); // told by the run it happens in; between runs the exit says enough
  }

  begin(name: string, shared: unknown): void {
    if (this.name === name && this.shared === shared) return;
    this.name = name;
    this.shared = shared;
    this.send({ kind: 'task', name, shared });
  }

  send(order: Order): void {
    this.worker.postMessage(order);
  }
}

/** Hands pieces out in order, each to the thread that is free first. */
function runPieces(
  members: readonly Member[],
  name: string,
  shared: unknown,
  inputs: readonly unknown[],
  { signal, onProgress, onDone }: ParallelOptions,
): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const outputs = new Array<unknown>(inputs.length);
    const cleanups: (() => void)[] = [];
    let next = 0;
    let done = 0;
    let underWay = 0;
    let failed: { readonly index: number; readonly error: Failure } | null = null;
    const leave = (settle: () => void) => {
      for (const cleanup of cleanups.splice(0)) cleanup();
      settle();
    };
    const fail = (error: unknown) => leave(() => reject(error));
    const guarded = (work: () => void) => {
      try {
        work();
      } catch (error) {
        fail(error); // of a callback, or of an input that cannot be copied
      }
    };
    const proceed = (member: Member) => {
      if (failed === null && next < inputs.length) {
        underWay++;
        const index = next++;
        member.send({ kind: 'piece', index, input: inputs[index] });
      } else if (underWay === 0) {
        const first = failed;
        if (first !== null) fail(errorOf(first.error));
        else leave(() => resolve(outputs));
      }
    };
    const take = (member: Member, answer: Answer) => {
      if (answer.kind === 'progress') {
        onProgress?.(answer.progress, answer.index);
        return;
      }
      underWay--;
      if (answer.kind === 'done') {
        outputs[answer.index] = answer.output;
        onDone?.(++done);
      } else if (failed === null || answer.index < failed.index) failed = answer;
      proceed(member);
    };
    const onAbort = () => fail(signal?.reason);
    signal?.addEventListener('abort', onAbort);
    cleanups.push(() => signal?.removeEventListener('abort', onAbort));
    for (const member of members) {
      const onMessage = (answer: Answer) => guarded(() => take(member, answer));
      const onExit = (code: number) => fail(new InternalError('a worker thread has ended', code));
      const { worker } = member;
      worker.on('message', onMessage);
      worker.on('error', fail);
      worker.on('messageerror', fail);
      worker.on('exit', onExit);
      cleanups.push(() => {
        worker.off('message', onMessage);
        worker.off('error', fail);
        worker.off('messageerror', fail);
        worker.off('exit', onExit);
      });
      guarded(() => {
        member.begin(name, shared);
        if (next < inputs.length) proceed(member);
      });
    }
  });
}

/** The error as the thread has thrown it, with the place there. */
function errorOf({ name, message, stack, subject }: Failure): Error {
  const error = name === 'InternalError' ? new InternalError(message, subject) : named(new Error(message), name);
  if (stack !== undefined) error.stack = stack;
  return error;
}

function named(error: Error, name: string): Error {
  error.name = name;
  return error;
}
