import { InternalError } from '../../diagnostics/internal-error.js';
import type { Progress, Task } from '../../index.js';
import type { Answer, Failure, Order } from './messages.js';

type Piece = (input: never, onProgress: (progress: Progress) => void) => unknown;

/** The pool, as a thread sees it. */
export interface Port {
  postMessage(message: Answer): void;
  on(event: 'message', listener: (order: Order) => void): unknown;
}

/** Does what a pool sends, one piece after the other, until the port is closed. */
export function serve(tasks: readonly Task<never, never, unknown>[], port: Port): void {
  let work: Piece | null = null;
  let wrong: unknown = null; // why the task could not be prepared: every piece of it fails for that
  const answer = (message: Answer) => port.postMessage(message);
  port.on('message', (order: Order) => {
    if (order.kind === 'task') {
      work = null;
      try {
        work = find(tasks, order.name).prepare(order.shared as never);
      } catch (error) {
        wrong = error;
      }
      return;
    }
    const { index } = order;
    try {
      if (work === null) throw wrong;
      const output = work(order.input as never, (progress) => answer({ kind: 'progress', index, progress }));
      answer({ kind: 'done', index, output });
    } catch (error) {
      answer({ kind: 'failed', index, error: failureOf(error) });
    }
  });
}

function find(tasks: readonly Task<never, never, unknown>[], name: string): Task<never, never, unknown> {
  const task = tasks.find((t) => t.name === name);
  if (task === undefined) throw new InternalError('a task that no thread knows', name);
  return task;
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined, subject: undefined };
  const { name, message, stack } = error;
  return { name, message, stack, subject: error instanceof InternalError ? String(error.subject) : undefined };
}
