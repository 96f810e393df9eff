import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { median } from './statistics.js';

/** Elapsed seconds of a command from its start to its end. */
export interface CommandResult {
  readonly check: number; // mm check
  readonly node: number; // Node with an empty script: the least that any command takes
}

const command = 'dist/mm.cjs';

/** In turn, medians; null where the command is not built. */
export function measureCommand(rounds = 21): CommandResult | null {
  if (!existsSync(command)) {
    console.error(`${command} is not there: npm run build`);
    return null;
  }
  // Certificates that a machine has beside Node's own are read at every start, and take longer than all the rest
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: undefined };
  const times = { check: [] as number[], node: [] as number[] };
  const timed = (args: readonly string[]): number => {
    const from = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
    if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
    return (performance.now() - from) / 1000;
  };
  for (let k = 0; k < rounds; k++) {
    times.check.push(timed([command, 'check', 'test/models/sleepstudy-slope-reml.mm']));
    times.node.push(timed(['-e', '0']));
  }
  return { check: median(times.check), node: median(times.node) };
}
