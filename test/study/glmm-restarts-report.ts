import { hasEdge, isBelowBest, type RestartCase } from './glmm-restarts.js';
import { glmmLabels } from './random-glmm.js';

/** The study's figures as a table in Markdown, one row per family and one for all. */
export function restartsReport(cases: readonly RestartCase[], restarts: number): string {
  const rows = [
    ...glmmLabels.map((label) => [label, cases.filter((c) => c.label === label)] as const),
    ['all', cases] as const,
  ].filter(([, of]) => of.length > 0);
  const worst = Math.max(...cases.map((c) => c.best - c.logLik));
  return [
    `${cases.length} models, ${restarts} restarts each.`,
    '',
    '| family | number | rows | singular | below the best restart | converged | without an optimum | restarts that found it | better than every restart | evaluations: median, most |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map(([label, of]) => `| ${[label, ...figures(of, restarts)].join(' | ')} |`),
    '',
    `Largest shortfall of log-likelihood below the best restart: ${worst.toExponential(1)}.`,
  ].join('\n');
}

function figures(cases: readonly RestartCase[], restarts: number): string[] {
  const evaluations = cases.map((c) => c.evaluations).sort((a, b) => a - b);
  const sizes = cases.map((c) => c.rows);
  const count = (what: (c: RestartCase) => boolean): string => String(cases.filter(what).length);
  const reached = cases.reduce((sum, c) => sum + c.reached, 0) / (cases.length * restarts);
  return [
    String(cases.length),
    `${Math.min(...sizes)} to ${Math.max(...sizes)}`,
    count((c) => c.singular),
    count(isBelowBest),
    count((c) => c.converged),
    count(hasEdge),
    `${(100 * reached).toFixed(0)} %`,
    count((c) => !hasEdge(c) && c.logLik > c.best + 1e-5),
    `${evaluations[evaluations.length >> 1]}, ${evaluations.at(-1)}`,
  ];
}
