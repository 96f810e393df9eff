import type { Fit, FixedEffect } from '../../results/fit.js';
import type { ConfidenceIntervals } from '../../results/profile.js';
import { overdispersionOfCounts } from '../../results/summary-text.js';
import { formatColumn, formatNumber, formatP } from '../../results/text-table.js';
import { escaped, table } from './html.js';

/** The fit in one line of figures. */
export function overviewTable(fit: Fit): string {
  const overdispersion = overdispersionOfCounts(fit);
  const entries: [string, string][] = [
    ['rows', `${fit.rows}${fit.dropped > 0 ? ` (${fit.dropped} left out)` : ''}`],
    ...Object.entries(fit.groups).map(([group, levels]): [string, string] => [`levels of ${group}`, String(levels)]),
    ['log-likelihood', fit.logLik.toFixed(2)],
    [fit.method === 'reml' ? 'REML criterion' : 'deviance', fit.deviance.toFixed(2)],
    ...(fit.priors === undefined || fit.priors.length === 0
      ? []
      : [['with priors', fit.objective.toFixed(2)] satisfies [string, string]]),
    ['AIC', fit.aic.toFixed(2)],
    ['BIC', fit.bic.toFixed(2)],
    ['parameters', String(fit.parameters)],
    ...(overdispersion === null
      ? []
      : [['overdispersion', formatNumber(overdispersion, 3)] satisfies [string, string]]),
    ['converged', fit.converged ? 'yes' : 'no'],
    ['singular', fit.singular ? 'yes' : 'no'],
  ];
  return `<dl>${entries.map(([name, value]) => `<div><dt>${escaped(name)}</dt><dd>${escaped(value)}</dd></div>`).join('')}</dl>`;
}

export function fixedEffectsTable(fit: Fit): string {
  if (fit.fixef.length === 0) return '';
  const of = (pick: (f: FixedEffect) => number | null) => formatColumn(fit.fixef.map(pick));
  const several = new Set(fit.fixef.map((f) => `${f.predictor} ${f.class}`)).size > 1;
  const df = fit.fixef.some((f) => f.df !== null);
  const [estimate, se, statistic] = [of((f) => f.estimate), of((f) => f.se), of((f) => f.statistic)];
  const rows = fit.fixef.map((f, i) => [
    ...(several ? [f.class === null ? f.predictor : `${f.predictor}, ${f.class}`] : []),
    f.name,
    f.estimate === null ? 'left out' : (estimate[i] ?? ''),
    se[i] ?? '',
    ...(df ? [f.df === null ? '' : f.df.toFixed(1)] : []),
    statistic[i] ?? '',
    formatP(f.p),
  ]);
  const head = [
    ...(several ? ['predictor'] : []),
    '',
    'estimate',
    'std. error',
    ...(df ? ['df'] : []),
    df ? 't' : 'z',
    'p',
  ];
  return table(rows, { head, text: several ? 2 : 1 });
}

export function varianceTable(fit: Fit): string {
  const rows: string[][] = [];
  const sds = formatColumn(fit.varcorr.flatMap((v) => v.sd));
  let at = 0;
  for (const { group, class: of, terms, cor } of fit.varcorr)
    for (const [k, term] of terms.entries())
      rows.push([
        k > 0 ? '' : of === null ? group : `${group} (${of})`,
        term,
        sds[at++] ?? '',
        (cor[k] ?? [])
          .slice(0, k)
          .map((c) => (c === null ? '' : c.toFixed(2)))
          .join('  '),
      ]);
  if (fit.engine === 'lmm' && fit.sigma !== null && Number.isFinite(fit.sigma))
    rows.push(['residual', '', formatNumber(fit.sigma), '']);
  for (const [name, value] of Object.entries(fit.familyParameters)) rows.push([name, '', formatNumber(value), '']);
  if (rows.length === 0) return '';
  return table(rows, { head: ['', 'term', 'std. dev. or value', 'correlations'], text: 2 });
}

export function classTable({ mixture }: Fit): string {
  if (mixture === null) return '';
  const { classes, weights, weightsSe, posterior } = mixture;
  const counts = classes.map((_, c) => posterior.probabilities.filter((p) => p.indexOf(Math.max(...p)) === c).length);
  const rows = classes.map((name, c) => [
    name,
    formatNumber(weights[c] ?? Number.NaN),
    weightsSe === undefined ? '' : formatNumber(weightsSe[c] ?? Number.NaN, 3),
    String(counts[c]),
  ]);
  return table(rows, {
    head: ['class', 'weight', 'std. error', `${mixture.per ?? 'rows'}: most probable for`],
    text: 1,
  });
}

export function intervalTable({ intervals, level, method }: ConfidenceIntervals): string {
  const rows = intervals.map((i) => [i.name, ...[i.estimate, i.lower, i.upper].map((v) => formatNumber(v))]);
  const how = method === 'profile' ? 'profile likelihood' : 'standard errors';
  return table(rows, {
    head: ['', 'estimate', 'lower', 'upper'],
    text: 1,
    caption: `${Number((100 * level).toFixed(4))} % intervals by ${how}`,
  });
}

export function priorTable({ priors }: Fit): string {
  if (priors === undefined || priors.length === 0) return '';
  const values = formatColumn(priors.map((p) => p.minus2logDensity));
  const rows = priors.map((p, i) => [p.text, values[i] ?? '']);
  return table(rows, { head: ['prior or penalty', 'adds to the deviance'], text: 1 });
}
