// What is to be reached, and whether the measurements reach it.

import { growthDesigns } from './growth/designs.js';
import { growthPoints, growthSlope } from './growth/report.js';
import { peerCases } from './peers/cases.js';
import type { PeerResult } from './peers/measure.js';
import { belowOf, ratioOf } from './peers/report.js';
import type { Results } from './store.js';
import { absent, fixed, markdownTable, text, three } from './table.js';
import { threads } from './team.js';

interface Target {
  readonly what: string;
  readonly wanted: string;
  readonly found: string;
  readonly reached: boolean | null; // null: not measured
}

/** Log-likelihoods nearer than this are the same: optimizers stop within it, and sums round. */
const same = 1e-6;

/** At least so many times as quick as lme4, by the case. */
const ratios: readonly (readonly [name: string, least: number])[] = [
  ['insteval-service-reml', 8],
  ['insteval-servicedept-ml', 8],
  ['maximal20-reml', 30],
  ['theta36-ml', 30],
  ['sleepstudy-refit', 20],
  ['sleepstudy-bootstrap', 20],
  ['million', 5],
  ...peerCases.filter((c) => c.generalised).map((c) => [c.name, 10] as const),
];

export function targetsReport(results: Results): string[] {
  const targets = [
    ...ratios.map(([name, least]) => faster(results, name, least)),
    memory(results.peers.million),
    likelihood(results),
    ...ofGrowth(results),
    command(results),
  ];
  const verdict = ({ reached }: Target) => (reached === null ? absent : reached ? 'reached' : '**not reached**');
  return [
    '## Targets',
    '',
    'Ratios are of processor time and, in parentheses, of elapsed time; the former decide.',
    '',
    ...markdownTable(
      [text('what'), text('wanted'), text('measured'), text('')],
      targets.map((t) => [t.what, t.wanted, t.found, verdict(t)]),
    ),
  ];
}

function faster({ peers }: Results, name: string, least: number): Target {
  const title = peerCases.find((c) => c.name === name)?.title ?? name;
  const result = peers[name];
  const processor = result === undefined ? Number.NaN : ratioOf(result, 'lme4', 'processor');
  const elapsed = result === undefined ? Number.NaN : ratioOf(result, 'lme4', 'seconds');
  return {
    what: title,
    wanted: `lme4 / mmlang at least ${least}`,
    found: Number.isFinite(processor) ? `${processor.toFixed(1)} (${elapsed.toFixed(1)})` : absent,
    reached: Number.isFinite(processor) ? processor >= least : null,
  };
}

function memory(result: PeerResult | undefined): Target {
  const [ours, theirs] = [result?.first.mmlang?.peak ?? Number.NaN, result?.first.lme4?.peak ?? Number.NaN];
  return {
    what: '1e6 rows, 1e5 groups: peak memory',
    wanted: 'no more than lme4',
    found: `${fixed(ours, 0)} and ${fixed(theirs, 0)} MiB`,
    reached: Number.isFinite(ours) && Number.isFinite(theirs) ? ours <= theirs : null,
  };
}

function likelihood({ peers }: Results): Target {
  const found = peerCases.flatMap(({ name, title, task }) => {
    const result = peers[name];
    if (result === undefined || (task !== 'fit' && task !== 'refit')) return [];
    return (['lme4', 'glmmTMB'] as const).map((e) => ({ title, e, below: belowOf(result, e) }));
  });
  const compared = found.filter((f) => Number.isFinite(f.below)).sort((a, b) => a.below - b.below);
  const [worst] = compared;
  const greatest = compared.at(-1);
  return {
    what: 'log-likelihood, all fits and refits',
    wanted: `never more than ${same} below`,
    found:
      worst === undefined || greatest === undefined
        ? absent
        : `from ${(-worst.below).toExponential(1)} below (${worst.e}, ${worst.title}) to ${greatest.below.toExponential(1)} above (${greatest.e}, ${greatest.title})`,
    reached: worst === undefined ? null : worst.below >= -same,
  };
}

function command({ command: found }: Results): Target {
  const ms = (seconds: number) => `${(1000 * seconds).toFixed(0)} ms`;
  return {
    what: '`mm check`, from its start to its end',
    wanted: 'under 100 ms',
    found:
      found === null
        ? absent
        : `${ms(found.check)} elapsed, ${ms(found.node)} of them Node alone (NODE_EXTRA_CA_CERTS unset)`,
    reached: found === null ? null : found.check < 0.1,
  };
}

function ofGrowth({ growth }: Results): Target[] {
  const dense = growth['crossed, dense, 1e6 rows, with threads'];
  const nested = growth['nested, random slope, 1e7 rows, from a file'];
  const slopes = growthDesigns.map(({ name }) => {
    const slope = growthSlope(growthPoints(growth).filter((p) => p.name === name));
    return `${name} ${fixed(slope, 2)}`;
  });
  return [
    {
      what: `crossed, 6,000 x 4,000 levels, 1e6 rows, on ${threads} threads`,
      wanted: 'under 40 s and 2 GiB',
      found: dense === undefined ? absent : `${three(dense.seconds)} s, ${fixed(dense.peakMiB, 0)} MiB`,
      reached: dense === undefined ? null : dense.seconds < 40 && dense.peakMiB < 2048 && dense.converged,
    },
    {
      what: 'nested, random slope, 1e7 rows, with the reading of the file',
      wanted: 'under 60 s',
      found: nested === undefined ? absent : `${three(nested.seconds)} s, ${three(nested.reading)} s of them reading`,
      reached: nested === undefined ? null : nested.seconds < 60 && nested.converged,
    },
    {
      what: 'the same: peak memory',
      wanted: 'under 4 x the raw columns',
      found:
        nested === undefined
          ? absent
          : `${fixed(nested.peakMiB, 0)} MiB, ${fixed(nested.peakMiB / nested.columnsMiB, 1)} x ${fixed(nested.columnsMiB, 0)} MiB`,
      reached: nested === undefined ? null : nested.peakMiB < 4 * nested.columnsMiB,
    },
    {
      what: 'slopes of the growth curves, fitted',
      wanted: 'in this file',
      found: slopes.join('; '),
      reached: slopes.every((s) => !s.endsWith(absent)) ? true : null,
    },
  ];
}
