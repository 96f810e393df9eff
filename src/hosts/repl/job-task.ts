import type { Task } from '../../index.js';
import { type Job, type JobResult, runJob } from './jobs.js';

/** The long computations of a session, for a thread beside it, which can be ended whatever it is doing. */
export const jobTask: Task<null, Job, JobResult> = {
  name: 'session',
  prepare: () => runJob,
};
