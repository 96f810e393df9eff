import { isBelowBest, isFalselyDenied, type StudyCase } from './convergence.js';
import { designKinds } from './random-design.js';

/** The study's figures as a table in Markdown, one row per kind of design and one for all. */
export function convergenceReport(cases: readonly StudyCase[], restarts: number): string {
  const rows = [
    ...designKinds.map((kind) => [kind, cases.filter((c) => c.kind === kind)] as const),
    ['all', cases] as const,
  ];
  const worst = Math.max(...cases.map((c) => c.best - c.logLik));
  return [
    `${cases.length} designs, ${restarts} restarts each.`,
    '',
    '| designs | number | rows | singular | below the best restart | converged | falsely denied | better than every restart | evaluations: median, most |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map(([kind, of]) => `| ${[kind, ...figures(of)].join(' | ')} |`),
    '',
    `Largest shortfall of log-likelihood below the best restart: ${worst.toExponential(1)}.`,
  ].join('\n');
}

function figures(cases: readonly StudyCase[]): string[] {
  const evaluations = cases.map((c) => c.evaluations).sort((a, b) => a - b);
  const sizes = cases.map((c) => c.rows);
  return [
    String(cases.length),
    `${Math.min(...sizes)} to ${Math.max(...sizes)}`,
    count(cases, (c) => c.singular),
    count(cases, isBelowBest),
    count(cases, (c) => c.converged),
    count(cases, isFalselyDenied),
    count(cases, (c) => c.logLik > c.best + 1e-6),
    `${evaluations[evaluations.length >> 1]}, ${evaluations.at(-1)}`,
  ];
}

function count(cases: readonly StudyCase[], what: (c: StudyCase) => boolean): string {
  return String(cases.filter(what).length);
}
