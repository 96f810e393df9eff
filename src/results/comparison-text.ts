import type { ComparedModel } from './comparison.js';
import { formatNumber, formatP, textTable } from './text-table.js';

/** Two tables for the terminal, of criteria and of tests; ends without a line break. */
export function comparisonText(models: readonly ComparedModel[]): string {
  const restricted = models.every((m) => m.method === 'reml');
  const [first] = models;
  return [
    `${models.length} models of the same ${first?.rows ?? 0} rows${restricted ? ', by REML' : ''}`,
    '',
    ...criteria(models, restricted),
    ...(first?.bicPer === undefined ? [] : [`  BIC counts the levels of ${first.bicPer}, not the rows.`]),
    ...lowest(models),
    '',
    ...tests(models),
  ].join('\n');
}

/** Which number of classes the criteria prefer. */
function lowest(models: readonly ComparedModel[]): string[] {
  if (models.every((m) => m.icl === null)) return [];
  const best = (of: (m: ComparedModel) => number | null): string | undefined => {
    const known = models.filter((m) => Number.isFinite(of(m)));
    return known.toSorted((a, b) => (of(a) ?? Number.NaN) - (of(b) ?? Number.NaN))[0]?.model;
  };
  const named: readonly (readonly [string, string | undefined])[] = [
    ['BIC', best((m) => m.bic)],
    ['ICL', best((m) => m.icl)],
  ];
  return [`  Lowest: ${named.map(([name, model]) => `${name} ${model ?? 'of none'}`).join(', ')}.`];
}

function criteria(models: readonly ComparedModel[], restricted: boolean): string[] {
  const classes = models.some((m) => m.icl !== null);
  const head = ['', 'Parameters', 'Log-likelihood', restricted ? 'REML criterion' : 'Deviance', 'AIC', 'BIC'];
  const two = (v: number | null): string => (v === null || !Number.isFinite(v) ? '' : v.toFixed(2));
  const rows = models.map((m) => [
    m.degenerate ? `${m.model} (degenerate)` : m.converged ? m.model : `${m.model} (not converged)`,
    String(m.parameters),
    ...[m.logLik, m.deviance, m.aic, m.bic].map(two),
    ...(classes ? [two(m.icl)] : []),
    Number.isFinite(m.weight) ? m.weight.toFixed(3) : '',
  ]);
  const heads = [...head, ...(classes ? ['ICL'] : []), 'Weight'];
  return textTable(
    [heads, ...rows],
    heads.map((_, c) => (c === 0 ? 'left' : 'right')),
  ).map((line) => `  ${line}`);
}

function tests(models: readonly ComparedModel[]): string[] {
  const tested = models.flatMap((m) => (m.test === null ? [] : [{ model: m.model, ...m.test }]));
  const boundary = tested.some((t) => t.sdsAtZero > 0);
  const reasons = models.flatMap((m) => (m.notTested === null ? [] : [`  ${m.model}: no test, ${m.notTested}`]));
  if (tested.length === 0) return ['No likelihood-ratio tests:', ...reasons];
  const heads = ['', 'Chi-squared', 'df', 'p', ...(boundary ? ['p at boundary'] : [])];
  const rows = tested.map((t) => [
    `${t.model} against ${t.against}`,
    formatNumber(t.chisq, 5),
    String(t.df),
    formatP(t.p),
    ...(boundary ? [t.pBoundary === null ? (t.sdsAtZero > 0 ? 'less than p' : '') : formatP(t.pBoundary)] : []),
  ]);
  const table = textTable(
    [heads, ...rows],
    heads.map((_, c) => (c === 0 ? 'left' : 'right')),
  );
  return [
    'Likelihood-ratio tests:',
    ...table.map((line) => `  ${line}`),
    ...reasons,
    ...(boundary
      ? [
          '',
          'A standard deviation that is tested for zero, or a family that is tested for its limit, lies at the end of its range, and p is',
          'then too large. For one such: half of chi-squared with df - 1 and half with df degrees of freedom.',
        ]
      : []),
  ];
}
