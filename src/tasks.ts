import { bootstrapTask } from './bootstrap-task.js';
import { emStarts, type Task } from './engines/index.js';
import { fitTask } from './fit-task.js';
import { refitTask } from './refit-task.js';

/** Everything that can be done in other threads; found by name. */
export const tasks: readonly Task<never, never, unknown>[] = [emStarts, bootstrapTask, fitTask, refitTask];
