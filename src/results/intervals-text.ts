import type { ConfidenceInterval, ConfidenceIntervals } from './profile.js';
import { formatColumn, formatNumber, textTable } from './text-table.js';

/** A table of intervals for the terminal; ends without a line break. */
export function intervalsText(found: ConfidenceIntervals, model: string): string {
  const tail = (100 * (1 - found.level)) / 2;
  const percent = (p: number): string => `${formatNumber(p, 4)} %`;
  const { intervals } = found;
  const estimate = formatColumn(intervals.map((i) => i.estimate));
  const lower = formatColumn(intervals.map((i) => i.lower));
  const upper = formatColumn(intervals.map((i) => i.upper));
  const rows = intervals.map((i, k) => [
    i.name,
    estimate[k] ?? '',
    limit(i, 'lower', lower[k] ?? ''),
    limit(i, 'upper', upper[k] ?? ''),
  ]);
  const table = textTable(
    [['', 'Estimate', percent(tail), percent(100 - tail)], ...rows],
    ['left', 'right', 'right', 'right'],
  );
  const ends = intervals.some((i) => i.lowerStatus === 'boundary' || i.upperStatus === 'boundary');
  return [
    `${model === '' ? '' : `${model}: `}${percent(100 * found.level)} confidence intervals by ${methodText(found)}`,
    '',
    ...table.map((line) => `  ${line}`),
    ...(ends ? ['', '* the end of the range: the profile stays below the cutoff up to there'] : []),
  ].join('\n');
}

function methodText({ method, criterion, penalised }: ConfidenceIntervals): string {
  if (method === 'wald') return 'standard errors (Wald)';
  if (method === 'bootstrap') return `parametric bootstrap (${criterion === 'bc' ? 'bias-corrected' : criterion})`;
  const names: Readonly<Record<string, string>> = {
    ml: 'the ML deviance',
    laplace: "the deviance by Laplace's approximation",
    agq: 'the deviance by adaptive quadrature',
  };
  return `profiles of ${names[criterion] ?? 'the deviance'}${penalised ? ', priors and penalties included' : ''}`;
}

function limit(of: ConfidenceInterval, side: 'lower' | 'upper', text: string): string {
  const status = side === 'lower' ? of.lowerStatus : of.upperStatus;
  if (status === 'failed') return 'failed';
  return status === 'boundary' ? `*${text}` : text;
}
