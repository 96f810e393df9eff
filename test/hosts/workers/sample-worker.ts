import { parentPort } from 'node:worker_threads';
import { serve } from '../../../src/hosts/workers/serve.js';
import { sampleTasks } from './sample-tasks.js';

if (parentPort !== null) serve(sampleTasks, parentPort);
