import type { Task } from './engines/index.js';

/** Everything that can be done in other threads, by name. */
export const tasks: readonly Task<never, never, unknown>[] = [];
