import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import type { CommandResult } from './command.js';
import type { Grown } from './growth/worker.js';
import type { KernelResults } from './kernels/worker.js';
import type { PeerResult } from './peers/measure.js';

/** One call of the bench. */
export interface Run {
  readonly started: string; // ISO 8601
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly versions: Readonly<Record<string, string>>;
  /** Least and greatest load of the machine, this run itself included. */
  readonly load: readonly [number, number];
}

/** A result, and the key of the run that it is from. */
export type From<T> = T & { readonly run: string };

/** All that was measured: a run replaces what it measures anew, and leaves the rest. */
export interface Results {
  readonly runs: Record<string, Run>;
  readonly peers: Record<string, From<PeerResult>>; // by the name of the case
  kernels: From<KernelResults> | null;
  command: From<CommandResult> | null;
  readonly growth: Record<string, From<Grown>>; // by design and rows
}

const path = 'bench/measured.jsonl';

type Line =
  | { readonly kind: 'run'; readonly key: string; readonly value: Run }
  | { readonly kind: 'peers'; readonly key: string; readonly value: From<PeerResult> }
  | { readonly kind: 'kernels'; readonly key: string; readonly value: From<KernelResults> }
  | { readonly kind: 'command'; readonly key: string; readonly value: From<CommandResult> }
  | { readonly kind: 'growth'; readonly key: string; readonly value: From<Grown> };

export function readResults(): Results {
  const results: Results = { runs: {}, peers: {}, kernels: null, command: null, growth: {} };
  if (!existsSync(path)) return results;
  for (const text of readFileSync(path, 'utf8').trim().split('\n')) {
    const line: Line = JSON.parse(text);
    if (line.kind === 'run') results.runs[line.key] = line.value;
    else if (line.kind === 'peers') results.peers[line.key] = line.value;
    else if (line.kind === 'growth') results.growth[line.key] = line.value;
    else if (line.kind === 'kernels') results.kernels = line.value;
    else results.command = line.value;
  }
  return results;
}

/** One result a line. Runs of which nothing is left are left out. */
export function writeResults(results: Results): void {
  const { runs, peers, kernels, command, growth } = results;
  const used = new Set(usedRuns(results));
  const lines: Line[] = [
    ...Object.entries(runs).flatMap(([key, value]): Line[] => (used.has(key) ? [{ kind: 'run', key, value }] : [])),
    ...Object.entries(peers).map(([key, value]): Line => ({ kind: 'peers', key, value })),
    ...(kernels === null ? [] : [{ kind: 'kernels', key: 'all', value: kernels } as const]),
    ...(command === null ? [] : [{ kind: 'command', key: 'all', value: command } as const]),
    ...Object.entries(growth).map(([key, value]): Line => ({ kind: 'growth', key, value })),
  ];
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** Keys of the runs of which something is left, in their order. */
export function usedRuns({ runs, peers, kernels, command, growth }: Results): string[] {
  const of = new Set([...Object.values(peers), ...Object.values(growth), kernels, command].map((r) => r?.run));
  return Object.keys(runs).filter((key) => of.has(key));
}

/** The run that begins now. @param versions  of R and its packages */
export function thisRun(versions: Readonly<Record<string, string>>): Run {
  const [load] = loadavg();
  return {
    started: new Date().toISOString(),
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    versions: { Node: process.versions.node, ...versions },
    load: [load, load],
  };
}

/** The run with the load of now. */
export function heard(run: Run): Run {
  const [load] = loadavg();
  return { ...run, load: [Math.min(run.load[0], load), Math.max(run.load[1], load)] };
}

/** A line that names the machine. */
export function runLine({ started, processor, cores, memoryGiB, versions, load }: Run): string {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const when = started.slice(0, 16).replace('T', ' ');
  return `${when} UTC: ${processor}, ${cores} cores, ${memoryGiB} GiB; ${named.join(', ')}. Load of the machine, this run itself included: ${load[0].toFixed(1)} to ${load[1].toFixed(1)}.`;
}
