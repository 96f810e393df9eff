import type { Progress } from '../../index.js';

/** To a worker thread. */
export type Order =
  /** Pieces of this task come next. */
  | { readonly kind: 'task'; readonly name: string; readonly shared: unknown }
  | { readonly kind: 'piece'; readonly index: number; readonly input: unknown };

/** From a worker thread. */
export type Answer =
  | { readonly kind: 'progress'; readonly index: number; readonly progress: Progress }
  | { readonly kind: 'done'; readonly index: number; readonly output: unknown }
  | { readonly kind: 'failed'; readonly index: number; readonly error: Failure };

/** An error as a message: what it inherits is lost on the way. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly subject: unknown; // of an InternalError
}
