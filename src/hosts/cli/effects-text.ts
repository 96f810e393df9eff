import type { Fit, RandomEffects } from '../../results/fit.js';
import { formatColumn, textTable } from '../../results/text-table.js';

/** Conditional modes and their standard deviations, one table per random effect and one line per level. */
export function randomEffectsText(fit: Fit): string {
  return fit.ranef.map(effectText).join('\n\n');
}

function effectText(effect: RandomEffects): string {
  const columns = effect.terms.flatMap((_, c) => [
    formatColumn(effect.mode.map((row) => row[c] ?? Number.NaN)),
    formatColumn(effect.sd.map((row) => row[c] ?? Number.NaN)),
  ]);
  const head = [effect.group, ...effect.terms.flatMap((term) => [term, 'cond. sd'])];
  const rows = effect.levels.map((level, l) => [level, ...columns.map((column) => column[l] ?? '')]);
  const align = head.map((_, c) => (c === 0 ? ('left' as const) : ('right' as const)));
  const of = effect.class === null ? effect.group : `${effect.group}, class ${effect.class}`;
  return [`Random effects of ${of}:`, ...textTable([head, ...rows], align).map((line) => `  ${line}`)].join('\n');
}

/** Fitted values and residuals of the rows that were used. */
export function fittedText(fit: Fit): string {
  const rows = textTable(
    [
      ['', 'Fitted', 'Residual'],
      ...zip(formatColumn(Array.from(fit.fitted)), formatColumn(Array.from(fit.residuals))).map((pair, i) => [
        String(i + 1),
        ...pair,
      ]),
    ],
    ['right', 'right', 'right'],
  );
  return ['Fitted values of the rows used:', ...rows.map((line) => `  ${line}`)].join('\n');
}

function zip(a: readonly string[], b: readonly string[]): [string, string][] {
  return a.map((value, i) => [value, b[i] ?? '']);
}
