import { oneByOne, type Parallel } from '../src/engines/index.js';
import { NodeTeam } from '../src/hosts/workers/node-team.js';

/** Threads of a fit that is shared out. */
export const threads = 2;

/** Options of a fit whose large factorizations have helpers. @param helper  the script that they run; without it there are none */
export function shared(helper: string | undefined): { readonly parallel?: Parallel } {
  if (helper === undefined) return {};
  return { parallel: { ...oneByOne, threads, team: new NodeTeam(helper, threads) } };
}

/** Its source. */
export const helperEntry = 'src/hosts/workers/helper.ts';
