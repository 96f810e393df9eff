// npm run bench [-- PATTERN ...]: fits of this package beside those of lme4 and glmmTMB, where R and they are there.
// Without a pattern the table goes to bench/results.md. rounds=N (default 7), seconds=N per engine and case (default 60).
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
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
const limit = Number(options.get('seconds') ?? 60);

const versions = rVersions();
const present = engines.filter((e) => e === 'mmlang' || versions[e] !== undefined);
const results: PeerResult[] = [];
for (const one of peerCases.filter((c) => patterns.length === 0 || patterns.some((p) => c.name.includes(p)))) {
  results.push(await run(one));
  // after each case: a long run may be ended
  if (patterns.length === 0) writeFileSync('bench/results.md', peersReport(results, versions));
}
console.log(peersReport(results, versions));

/** Versions of R, its BLAS and the packages that are installed; empty without R. */
function rVersions(): Record<string, string> {
  const asked = spawnSync('Rscript', ['bench/peers/peers.R', 'versions'], { encoding: 'utf8' });
  if (asked.status !== 0) return {};
  const lines = asked.stdout.split('\n').filter((line) => line.includes('\t'));
  return Object.fromEntries(lines.map((line) => line.split('\t') as [string, string]));
}

async function run(one: PeerCase): Promise<PeerResult> {
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
  const spent: Record<PeerEngine, number> = { mmlang: 0, lme4: 0, glmmTMB: 0 };
  for (let round = 0; round < rounds; round++)
    for (const [engine, fitter] of fitters) {
      if (spent[engine] > limit && fits[engine].length > 0) continue;
      if (round === 0 && engine === 'mmlang') await warmUp(fitter);
      const found = await fitter.fit();
      if (found === null) continue;
      spent[engine] += found.seconds;
      // a fit that takes so long is not made again to warm up
      if (round > 0 || found.seconds > limit) fits[engine].push(found);
      console.error(`${one.name} ${engine} ${found.seconds.toFixed(4)} s, log-likelihood ${found.logLik.toFixed(6)}`);
    }
  for (const fitter of fitters.values()) fitter.stop();
  return { title: one.title, fits };
}

/** Node compiles what runs often while it runs: fits until that is done. */
async function warmUp(fitter: Fitter): Promise<void> {
  for (let k = 0, spent = 0; k < 20 && spent < 1; k++) spent += (await fitter.fit())?.seconds ?? 1;
}

function simulated(): string {
  const folder = resolve('node_modules/.cache/mmlang');
  mkdirSync(folder, { recursive: true });
  const path = resolve(folder, 'contraception.csv');
  writeFileSync(path, contraceptionCsv());
  return path;
}
