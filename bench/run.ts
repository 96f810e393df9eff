// npm run bench [-- PART ... WORD ...]: fits of this package beside those of lme4 and glmmTMB where R and they are there, kernels
// against their count of operations, and growth with the rows.
//   PART: command, peers, kernels, growth or report (which measures nothing); all where none is named. WORD: only cases whose name contains it.
//   rounds=N (default 7), seconds=N for the fits of one case by one engine (default 20), minutes=N for all peers together (default 10),
//   patience=N for the seconds after which a fit of a peer is given up (default 90), rows=N for the most rows of a growth curve.
// What is measured replaces what bench/measured.jsonl holds of it; bench/results.md and bench/growth.svg are made of the whole.
import { rmSync, writeFileSync } from 'node:fs';
import { measureCommand } from './command.js';
import { growthCases, measureGrowth } from './growth/measure.js';
import { growthPicture } from './growth/picture.js';
import { growthPoints, growthReport } from './growth/report.js';
import { kernelsReport } from './kernels/report.js';
import type { KernelResults } from './kernels/worker.js';
import { type PeerCase, peerCases } from './peers/cases.js';
import { engines, measurePeers, peerVersions } from './peers/measure.js';
import { peersReport } from './peers/report.js';
import { bundle, bundles, runJson } from './process.js';
import { heard, readResults, runLine, thisRun, usedRuns, writeResults } from './store.js';
import { targetsReport } from './targets.js';

const parts = ['command', 'peers', 'kernels', 'growth', 'report'] as const;
type Part = (typeof parts)[number];

const args = process.argv.slice(2);
const options = new Map(args.flatMap((a) => (a.includes('=') ? [a.split('=') as [string, string]] : [])));
const option = (name: string, otherwise: number): number => Number(options.get(name) ?? otherwise);
const words = args.filter((a) => !a.includes('=') && !parts.some((p) => p === a));
const named = parts.filter((p) => args.includes(p));
const chosen = (part: Part) => named.length === 0 || named.includes(part);
const matches = (...names: readonly string[]) =>
  words.length === 0 || words.some((w) => names.some((n) => n.toLowerCase().includes(w.toLowerCase())));

const versions = peerVersions();
const results = readResults();
const run = `${Date.now()}`;
results.runs[run] = thisRun(versions);

/** After each result, since a long run may be ended. */
function keep(): void {
  results.runs[run] = heard(results.runs[run]);
  writeResults(results);
  writeFileSync('bench/results.md', report());
  writeFileSync('bench/growth.svg', growthPicture(growthPoints(results.growth)));
}

async function peers(cases: readonly PeerCase[]): Promise<void> {
  const present = engines.filter((e) => e === 'mmlang' || versions[e] !== undefined);
  const limits = { rounds: option('rounds', 7), case: option('seconds', 20), patience: option('patience', 90) };
  const end = performance.now() + 60_000 * option('minutes', 10);
  for (const [k, one] of cases.entries()) {
    const now = performance.now();
    const until = now + Math.max(end - now, 0) / (cases.length - k);
    results.peers[one.name] = { ...(await measurePeers(one, present, limits, until)), run };
    keep();
  }
}

async function kernels(): Promise<void> {
  const found = runJson<KernelResults>(await bundle('bench/kernels/worker.ts'), words, 600);
  if (found === null) return;
  const known = results.kernels;
  results.kernels = known === null || words.length === 0 ? { ...found, run } : { ...merged(known, found), run };
  keep();
}

/** Of a part of the kernels only those rows are new. */
function merged(known: KernelResults, found: KernelResults): KernelResults {
  const newer = <T extends { readonly name: string }>(before: readonly T[], after: readonly T[]) => [
    ...before.map((b) => after.find((a) => a.name === b.name) ?? b),
    ...after.filter((a) => !before.some((b) => b.name === a.name)),
  ];
  return { peak: found.peak, dense: newer(known.dense, found.dense), sparse: newer(known.sparse, found.sparse) };
}

function command(): void {
  const found = measureCommand();
  if (found === null) return;
  results.command = { ...found, run };
  keep();
}

async function growth(): Promise<void> {
  for (const one of growthCases) {
    if (!matches(one.key) || one.rows > option('rows', 1e7)) continue;
    const found = await measureGrowth(one, 600);
    if (found === null) continue;
    console.error(`${one.key}: ${JSON.stringify(found)}`);
    results.growth[one.key] = { ...found, run };
    keep();
  }
}

function report(): string {
  const used = usedRuns(results);
  // results of several runs are marked by the number of theirs
  const mark = (key: string) => (used.length > 1 ? ` [${used.indexOf(key) + 1}]` : '');
  const machines = used.map((key) => `${mark(key).trim()} ${runLine(results.runs[key])}`.trim());
  return [
    '# Measured',
    '',
    'Written by `npm run bench`.',
    ...machines.flatMap((line) => ['', line]),
    '',
    ...targetsReport(results),
    '',
    ...peersReport(results.peers, mark),
    '',
    ...kernelsReport(results.kernels, results.kernels === null ? '' : mark(results.kernels.run)),
    '',
    ...growthReport(results.growth, mark),
    '',
  ].join('\n');
}

try {
  if (chosen('command') && (named.length > 0 || words.length === 0)) command();
  if (chosen('peers')) await peers(peerCases.filter((c) => matches(c.name, c.title)));
  if (chosen('kernels') && (named.length > 0 || words.length === 0)) await kernels();
  if (chosen('growth')) await growth();
  writeFileSync('bench/results.md', report());
  console.log(report());
} finally {
  for (const path of bundles()) rmSync(path, { force: true });
}
