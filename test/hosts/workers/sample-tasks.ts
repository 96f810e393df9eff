import { InternalError } from '../../../src/diagnostics/internal-error.js';
import type { Task } from '../../../src/index.js';

/** Input times the shared factor, after so many milliseconds of work. */
export const scaled: Task<{ factor: number }, { x: number; ms: number }, Float64Array> = {
  name: 'scaled',
  prepare: ({ factor }) => {
    return ({ x, ms }, onProgress) => {
      onProgress({ stage: 'work', evaluations: x, objective: factor });
      const until = performance.now() + ms;
      while (performance.now() < until);
      return Float64Array.of(factor * x);
    };
  },
};

export const failing: Task<null, number, number> = {
  name: 'failing',
  prepare: () => (x) => {
    if (x === 2) throw new RangeError('two');
    if (x === 3) throw new InternalError('three', 'subject');
    return x;
  },
};

export const unprepared: Task<null, number, number> = {
  name: 'unprepared',
  prepare: () => {
    throw new RangeError('not ready');
  },
};

export const dying: Task<null, number, number> = {
  name: 'dying',
  prepare: () => () => process.exit(3),
};

export const sampleTasks: readonly Task<never, never, unknown>[] = [scaled, failing, unprepared, dying];
