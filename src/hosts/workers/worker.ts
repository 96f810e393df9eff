import { parentPort } from 'node:worker_threads';
import { tasks } from '../../tasks.js';
import { jobTask } from '../repl/job-task.js';
import { serve } from './serve.js';

// What a thread of a pool runs; built into one file, dist/mm-worker.cjs.
if (parentPort !== null) serve([...tasks, jobTask], parentPort);
