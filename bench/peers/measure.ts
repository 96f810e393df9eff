import { spawnSync } from 'node:child_process';
import { bundle } from '../process.js';
import { helperEntry } from '../team.js';
import type { PeerCase } from './cases.js';
import { Fitter, type TimedFit } from './fitter.js';
import { pathOf, responsesPath } from './generated.js';

export const engines = ['mmlang', 'lme4', 'glmmTMB'] as const;
/** 'threads': this package, with helpers for large factorizations. */
export type PeerEngine = (typeof engines)[number] | 'threads';
const all = ['mmlang', 'threads', 'lme4', 'glmmTMB'] as const satisfies readonly PeerEngine[];

/** Limits of a run, in seconds but for the first. */
export interface PeerLimits {
  readonly rounds: number;
  readonly case: number; // for the fits of one case by one engine
  readonly patience: number; // after which a fit is given up
}

export interface PeerResult {
  /** The first of each engine, in a process that has only read its data; null: it is not there, or it failed. */
  readonly first: Readonly<Record<PeerEngine, TimedFit | null>>;
  /** Those after the first, or that alone where it took long. */
  readonly fits: Readonly<Record<PeerEngine, readonly TimedFit[]>>;
  /** Engines one of whose fits was ended after `patience` seconds. */
  readonly givenUp: readonly PeerEngine[];
  readonly patience: number;
}

/** Versions of R, its BLAS and the packages that are installed; empty without R. */
export function peerVersions(): Record<string, string> {
  const asked = spawnSync('Rscript', ['bench/peers/peers.R', 'versions'], { encoding: 'utf8' });
  if (asked.status !== 0) return {};
  const lines = asked.stdout.split('\n').filter((line) => line.includes('\t'));
  return Object.fromEntries(lines.map((line) => line.split('\t') as [string, string]));
}

/** A median of fewer fits of this package is no median; others, which take longer, are measured this often only where time allows. */
const ownFits = 3;

/**
 * One case by every engine that is there, in turn.
 * @param until  when the rounds after the first shall end, on the clock of `performance.now`
 */
export async function measurePeers(
  one: PeerCase,
  present: readonly PeerEngine[],
  limits: PeerLimits,
  until: number,
): Promise<PeerResult> {
  const { rounds, patience } = limits;
  const fitters = new Map<PeerEngine, Fitter>();
  const data = [pathOf(one.data), ...(one.task === 'refit' ? [responsesPath()] : [])];
  for (const engine of all) {
    if (engine === 'threads' ? !one.large : !present.includes(engine)) continue;
    const helper = engine === 'threads' ? [await bundle(helperEntry, 'cjs')] : [];
    const fitter =
      engine === 'mmlang' || engine === 'threads'
        ? new Fitter(process.execPath, [await bundle('bench/peers/worker.ts'), one.task, one.model, ...data, ...helper])
        : new Fitter('Rscript', ['bench/peers/peers.R', one.name, engine, one.task, ...data]);
    if (await fitter.ready(300)) fitters.set(engine, fitter);
  }
  const fits: Record<PeerEngine, TimedFit[]> = { mmlang: [], threads: [], lme4: [], glmmTMB: [] };
  const first: Record<PeerEngine, TimedFit | null> = { mmlang: null, threads: null, lme4: null, glmmTMB: null };
  const spent: Record<PeerEngine, number> = { mmlang: 0, threads: 0, lme4: 0, glmmTMB: 0 };
  for (let round = 0; round <= rounds; round++)
    for (const [engine, fitter] of fitters) {
      // what is slow is measured as often as time allows, but once at least, and not only by a first fit if that was quick, or if the code
      // has only then been compiled
      const quick = engine === 'mmlang' || engine === 'threads' || (first[engine]?.seconds ?? 0) < limits.case / 4;
      const wanted = engine === 'mmlang' || engine === 'threads' ? ownFits : 1;
      const enough = fits[engine].length >= wanted || (round > 0 && !quick);
      if (enough && (spent[engine] > limits.case || performance.now() > until)) continue;
      const from = performance.now();
      const found = await fitter.fit(patience);
      spent[engine] += (performance.now() - from) / 1000;
      if (found === null) continue;
      if (round > 0) fits[engine].push(found);
      else {
        first[engine] = found;
        if (engine === 'mmlang' || engine === 'threads') await warmUp(fitter, patience);
      }
      const times = `${found.processor.toFixed(5)} s of the processor in ${found.seconds.toFixed(5)} s`;
      const logLik = found.logLik === null ? '' : `, log-likelihood ${found.logLik.toFixed(6)}`;
      console.error(`${one.name} ${engine}${round === 0 ? ' (first)' : ''}: ${times}${logLik}`);
    }
  for (const engine of all) {
    const only = first[engine];
    if (only !== null && fits[engine].length === 0) fits[engine].push(only);
  }
  const givenUp = [...fitters].flatMap(([engine, fitter]) => (fitter.tooSlow ? [engine] : []));
  for (const fitter of fitters.values()) fitter.stop();
  return { first, fits, givenUp, patience };
}

/** Node compiles what runs often while it runs: until that is done, after some fits and at least two seconds. */
async function warmUp(fitter: Fitter, patience: number): Promise<void> {
  const start = performance.now();
  const spent = (): number => performance.now() - start;
  for (let k = 0; k < 20 && spent() < (k < 6 ? 12_000 : 2000); k++) await fitter.fit(patience);
}
