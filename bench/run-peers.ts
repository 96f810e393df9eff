// npm run bench [-- PATTERN ...]: fits of this package beside those of lme4 and glmmTMB, where R and they are there.
// Without a pattern the table goes to bench/results.md.
// rounds=N (default 7), seconds=N for the fits of one case by one engine (default 20), minutes=N for all of them (default 13),
// patience=N for the seconds after which a fit is given up (default 90).
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { type PeerCase, peerCases } from './peers/cases.js';
import { contraceptionCsv } from './peers/contraception.js';
import { Fitter, type TimedFit } from './peers/fitter.js';
import { engines, type PeerEngine, type PeerResult, peersReport } from './peers/report.js';

const options = new Map(
  process.argv.slice(2).flatMap((a) => (a.includes('=') ? [a.split('=') as [string, string]] : [])),
);
const patterns = process.argv.slice(2).filter((a) => !a.includes('='));
const rounds = Number(options.get('rounds') ?? 7);
const limit = Number(options.get('seconds') ?? 20);
const patience = Number(options.get('patience') ?? 90);
const end = performance.now() + 60_000 * Number(options.get('minutes') ?? 13);

const versions = rVersions();
const present = engines.filter((e) => e === 'mmlang' || versions[e] !== undefined);
const results: PeerResult[] = [];
const loads = [loadavg()[0]];
const report = (): string => peersReport(results, versions, loads);
const chosen = peerCases.filter((c) => patterns.length === 0 || patterns.some((p) => c.name.includes(p)));
for (const [k, one] of chosen.entries()) {
  results.push(await run(one, chosen.length - k));
  loads.push(loadavg()[0]);
  // after each case: a long run may be ended
  if (patterns.length === 0) writeFileSync('bench/results.md', report());
}
console.log(report());

/** Versions of R, its BLAS and the packages that are installed; empty without R. */
function rVersions(): Record<string, string> {
  const asked = spawnSync('Rscript', ['bench/peers/peers.R', 'versions'], { encoding: 'utf8' });
  if (asked.status !== 0) return {};
  const lines = asked.stdout.split('\n').filter((line) => line.includes('\t'));
  return Object.fromEntries(lines.map((line) => line.split('\t') as [string, string]));
}

/** @param left  cases that still share the time, this one included */
async function run(one: PeerCase, left: number): Promise<PeerResult> {
  const data = one.data === 'contraception' ? simulated() : one.data;
  const fitters = new Map<PeerEngine, Fitter>();
  for (const engine of present) {
    const fitter =
      engine === 'mmlang'
        ? new Fitter(process.execPath, ['scripts/run-ts.mjs', 'bench/peers/worker.ts', one.model, data])
        : new Fitter('Rscript', ['bench/peers/peers.R', one.name, engine, data]);
    if (await fitter.ready()) fitters.set(engine, fitter);
  }
  const fits: Record<PeerEngine, TimedFit[]> = { mmlang: [], lme4: [], glmmTMB: [] };
  const first = new Map<PeerEngine, TimedFit>();
  const spent: Record<PeerEngine, number> = { mmlang: 0, lme4: 0, glmmTMB: 0 };
  const until = performance.now() + Math.max(end - performance.now(), 0) / left;
  for (let round = 0; round < rounds; round++)
    for (const [engine, fitter] of fitters) {
      // what is slow is measured as often as time allows, but once at least, and not only by a first fit if that was quick
      const quick = (first.get(engine)?.seconds ?? 0) < limit / 4;
      const enough = fits[engine].length > 0 || (round > 0 && !quick);
      if (enough && (spent[engine] > limit || performance.now() > until)) continue;
      if (round === 0 && engine === 'mmlang') await warmUp(fitter);
      const found = await fitter.fit(patience);
      if (found === null) continue;
      spent[engine] += found.seconds;
      if (round === 0) first.set(engine, found);
      else fits[engine].push(found);
      const { seconds, processor, logLik } = found;
      const times = `${processor.toFixed(4)} s of the processor in ${seconds.toFixed(4)} s`;
      console.error(`${one.name} ${engine}: ${times}, log-likelihood ${logLik.toFixed(6)}`);
    }
  for (const [engine, found] of first) if (fits[engine].length === 0) fits[engine].push(found);
  const givenUp = [...fitters].flatMap(([engine, fitter]) => (fitter.tooSlow ? [engine] : []));
  for (const fitter of fitters.values()) fitter.stop();
  return { title: one.title, fits, givenUp, patience };
}

/** Node compiles what runs often while it runs: fits until that is done. */
async function warmUp(fitter: Fitter): Promise<void> {
  for (let k = 0, spent = 0; k < 20 && spent < 2; k++) spent += (await fitter.fit(patience))?.processor ?? 2;
}

function simulated(): string {
  const folder = resolve('node_modules/.cache/mmlang');
  mkdirSync(folder, { recursive: true });
  const path = resolve(folder, 'contraception.csv');
  writeFileSync(path, contraceptionCsv());
  return path;
}
