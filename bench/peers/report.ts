import { cpus, totalmem } from 'node:os';
import type { TimedFit } from './fitter.js';

export const engines = ['mmlang', 'lme4', 'glmmTMB'] as const;
export type PeerEngine = (typeof engines)[number];

export interface PeerResult {
  readonly title: string;
  /** The fits after the first of each engine, or that alone where it took long; none: it is not there, or it failed. */
  readonly fits: Readonly<Record<PeerEngine, readonly TimedFit[]>>;
  /** Engines one of whose fits was ended after `patience` seconds. */
  readonly givenUp: readonly PeerEngine[];
  readonly patience: number;
}

/** The results as Markdown, the machine named. @param loads  the machine's load before and after each case */
export function peersReport(
  results: readonly PeerResult[],
  versions: Readonly<Record<string, string>>,
  loads: readonly number[],
): string {
  const [cpu] = cpus();
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const [least, most] = [Math.min(...loads), Math.max(...loads)].map((v) => v.toFixed(1));
  return [
    '# Times of fits',
    '',
    'Made by `npm run bench`: each model is fitted by this package and by lme4 and glmmTMB with default settings, each in a process of its own that has read the data, one fit of each in turn; the first of each does not count, unless it took so long that there is no other. Times are medians, in milliseconds, of the processor time of the fit alone in the running process, all its threads (of ours that includes the compiler and the garbage collector): other work on the machine stretches it by far less than elapsed time. Ours are without degrees of freedom, which the others have not either.',
    '',
    `${cpu?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB; Node ${process.versions.node}${named.length > 0 ? `; ${named.join(', ')}` : '; no R on this machine'}. Load of the machine while this ran, this run itself included: ${least} to ${most}.`,
    '',
    '| model | runs | mmlang | lme4 | glmmTMB | lme4 / mmlang | glmmTMB / mmlang | evaluations | log-likelihood | lme4 below | glmmTMB below | peak MiB: mmlang, lme4, glmmTMB |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...results.map(row),
    '',
    '`lme4 below`: how far its log-likelihood is below ours. Evaluations: mmlang, lme4, glmmTMB; ours count one with its gradient as one.',
    '',
  ].join('\n');
}

function row({ title, fits, givenUp, patience }: PeerResult): string {
  const time = (e: PeerEngine): number => median(fits[e].map((f) => f.processor));
  const ours = fits.mmlang[0];
  const below = (e: PeerEngine): string => {
    const [theirs] = fits[e];
    if (theirs === undefined || ours === undefined) return '';
    return Number.isFinite(theirs.logLik) ? (ours.logLik - theirs.logLik).toExponential(1) : 'it has none';
  };
  const ratio = (e: PeerEngine): string => {
    const t = time(e) / time('mmlang');
    return Number.isFinite(t) ? t.toFixed(1) : '';
  };
  const cells = [
    title,
    engines.map((e) => fits[e].length).join(', '),
    ...engines.map((e) => {
      if (Number.isFinite(time(e))) return milliseconds(time(e));
      return givenUp.includes(e) ? `given up after ${patience} s` : '';
    }),
    ratio('lme4'),
    ratio('glmmTMB'),
    engines
      .map((e) => fits[e][0]?.evaluations ?? Number.NaN)
      .map((n) => (Number.isFinite(n) ? n : ''))
      .join(', '),
    ours?.logLik.toFixed(6) ?? '',
    below('lme4'),
    below('glmmTMB'),
    engines
      .map((e) => Math.round(Math.max(...fits[e].map((f) => f.peak))))
      .map((m) => (Number.isFinite(m) ? m : ''))
      .join(', '),
  ];
  return `| ${cells.join(' | ')} |`;
}

function milliseconds(seconds: number): string {
  const ms = 1000 * seconds;
  return ms < 100 ? ms.toFixed(1) : ms.toFixed(0);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
