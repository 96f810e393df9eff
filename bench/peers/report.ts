import { median } from '../statistics.js';
import type { From } from '../store.js';
import { absent, fixed, markdownTable, number, text } from '../table.js';
import { threads } from '../team.js';
import { type PeerCase, peerCases } from './cases.js';
import type { TimedFit } from './fitter.js';
import { engines, type PeerEngine, type PeerResult } from './measure.js';

/** Seconds of processor time, or elapsed; NaN where there is no fit. */
export function timeOf(result: PeerResult, engine: PeerEngine, of: 'processor' | 'seconds'): number {
  return median(result.fits[engine].map((f) => f[of]));
}

/** With fewer rounds that both engines were in, their medians are compared. */
const enoughRounds = 3;

/**
 * How many times as long another engine takes: the median of the ratios within rounds, because the speed of a machine changes from one to
 * the next; NaN where one of the two has no fit.
 */
export function ratioOf(result: PeerResult, engine: PeerEngine, of: 'processor' | 'seconds'): number {
  const [ours, theirs] = [result.fits.mmlang, result.fits[engine]];
  const rounds = Math.min(ours.length, theirs.length);
  if (rounds < enoughRounds) return timeOf(result, engine, of) / timeOf(result, 'mmlang', of);
  return median(theirs.slice(0, rounds).map((f, k) => f[of] / ours[k][of]));
}

/** How far the log-likelihood of another engine is below ours; NaN where one of them has none. */
export function belowOf(result: PeerResult, engine: PeerEngine): number {
  const [theirs, ours] = [result.fits[engine][0]?.logLik, result.fits.mmlang[0]?.logLik];
  return (ours ?? Number.NaN) - (theirs ?? Number.NaN);
}

/** @param mark  tells the run of a result, where there are several */
export function peersReport(
  measured: Readonly<Record<string, From<PeerResult>>>,
  mark: (run: string) => string,
): string[] {
  const rows = peerCases.map((one) => ({ one, result: measured[one.name] }));
  const titleOf = (one: PeerCase, run: string | undefined) => `${one.title}${run === undefined ? '' : mark(run)}`;
  const times = rows.map(({ one, result }) => [
    titleOf(one, result?.run),
    result === undefined ? absent : engines.map((e) => result.fits[e].length).join(', '),
    ...engines.map((e) => (result === undefined ? absent : time(result, e))),
    ...(['lme4', 'glmmTMB'] as const).map((e) => (result === undefined ? absent : ratio(result, e))),
  ]);
  const work = rows.map(({ one, result }) => {
    const title = titleOf(one, undefined);
    if (result === undefined) return [title, ...Array.from({ length: 5 }, () => absent)];
    const each = (of: (f: TimedFit | null) => number | null | undefined, digits: number) =>
      engines.map((e) => fixed(of(result.first[e]) ?? Number.NaN, digits)).join(', ');
    return [
      title,
      each((f) => f?.evaluations, 0),
      each((f) => f?.peak, 0),
      fixed(result.fits.mmlang[0]?.logLik ?? Number.NaN, 6),
      one.task === 'fit' || one.task === 'refit' ? below(result, 'lme4') : agreement(one, result),
      below(result, 'glmmTMB'),
    ];
  });
  return [
    '## Beside lme4 and glmmTMB',
    '',
    'Each model is fitted by this package and by lme4 and glmmTMB with default settings, each in a process of its own that has read the same file of rows, one after the other in turn; the first of each does not count, unless it took so long that there is no other. Medians of milliseconds of processor time, all threads (of ours that includes the compiler and the garbage collector), and in parentheses of elapsed time where that differs by more than a tenth; ratios are medians of those within rounds, where three rounds have both, because the speed of a machine changes. What is quick is done many times in a row, and the time divided. The R processes have one thread (OPENBLAS_NUM_THREADS=1). Ours are without degrees of freedom, which the others have not either. A dash: the package has no such thing, it failed, or it was given up.',
    '',
    ...markdownTable(
      [
        text('model'),
        number('runs'),
        number('mmlang ms'),
        number('lme4 ms'),
        number('glmmTMB ms'),
        number('lme4 / mmlang'),
        number('glmmTMB / mmlang'),
      ],
      times,
    ),
    '',
    `With ${threads} threads for one factorization, where matrices are large enough for that: elapsed milliseconds.`,
    '',
    ...markdownTable(
      [text('model'), number('one thread'), number(`${threads} threads`), number('lme4'), number('lme4 / mmlang')],
      rows
        .filter(({ one }) => one.large)
        .map(({ one, result }) => {
          if (result === undefined) return [one.title, ...Array.from({ length: 4 }, () => absent)];
          const elapsed = (['mmlang', 'threads', 'lme4'] as const).map((e) => timeOf(result, e, 'seconds'));
          const cells = elapsed.map((t) => (Number.isFinite(t) ? milliseconds(t) : absent));
          return [one.title, ...cells, fixed(elapsed[2] / elapsed[1], 1)];
        }),
    ),
    '',
    'Refit: `lme4::refit` and `problem.refit` of the same 100 simulated responses in turn, time and evaluations of one of them and the sum of the log-likelihoods. Bootstrap: `lme4::bootMer` with coefficients and standard deviations as the statistic, and `bootstrap`, on one thread. Profile: `lme4::profile` of a fitted model, which makes whole curves, and `confint`, which fits the model, too; the curves have points out to four standard errors, at least nine on either side.',
    '',
    ...markdownTable(
      [
        text('model'),
        number('evaluations: mmlang, lme4, glmmTMB'),
        number('peak MiB'),
        number('log-likelihood'),
        number('lme4 below'),
        number('glmmTMB below'),
      ],
      work,
    ),
    '',
    "`lme4 below`: how far its log-likelihood is below ours (with AGQ lme4's is completed by the log-likelihood of the saturated model, which it leaves out). Our evaluations count one with its gradient as one. Peaks are of the processes after reading the rows and one fit.",
  ];
}

function time(result: PeerResult, engine: PeerEngine): string {
  const processor = timeOf(result, engine, 'processor');
  const elapsed = timeOf(result, engine, 'seconds');
  if (!Number.isFinite(processor)) return result.givenUp.includes(engine) ? `over ${result.patience} s` : absent;
  const apart = Math.abs(elapsed - processor) > 0.1 * processor;
  return apart ? `${milliseconds(processor)} (${milliseconds(elapsed)})` : milliseconds(processor);
}

function ratio(result: PeerResult, engine: PeerEngine): string {
  const processor = ratioOf(result, engine, 'processor');
  const elapsed = ratioOf(result, engine, 'seconds');
  const apart = Math.abs(elapsed - processor) > 0.1 * processor;
  return fixed(processor, 1) + (apart ? ` (${fixed(elapsed, 1)})` : '');
}

function below(result: PeerResult, engine: PeerEngine): string {
  const difference = belowOf(result, engine);
  if (Number.isFinite(difference)) return difference.toExponential(1);
  return result.fits[engine].length > 0 && result.fits[engine][0]?.logLik === null ? 'it has none' : absent;
}

/** What there is to compare where there is no log-likelihood. */
function agreement({ task }: PeerCase, { fits }: PeerResult): string {
  const [ours, theirs] = [fits.mmlang[0]?.values ?? [], fits.lme4[0]?.values ?? []];
  if (ours.length === 0 || ours.length !== theirs.length) return absent;
  const apart = Math.max(...ours.map((v, k) => Math.abs(v / theirs[k] - 1)));
  if (!Number.isFinite(apart)) return absent;
  return task === 'profile'
    ? `limits differ by ${apart.toExponential(0)} of their size`
    : `standard errors differ by ${(100 * apart).toFixed(1)} %`;
}

function milliseconds(seconds: number): string {
  const ms = 1000 * seconds;
  return ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : ms.toFixed(0);
}
