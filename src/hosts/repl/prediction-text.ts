import type { Prediction } from '../../predict.js';
import { formatColumn, textTable } from '../../results/text-table.js';

/**
 * Predictions as a table: of one quantity with its uncertainty, of several side by side.
 * @param most  rows that are shown
 */
export function predictionText({ rows, level, quantities }: Prediction, what: string, most: number): string {
  const several = quantities.length > 1;
  const columns = quantities.flatMap((q) => {
    const name = q.class === null ? q.name : `${q.name} (${q.class})`;
    const percent = (p: number): string => `${Number((100 * p).toFixed(2))} %`;
    const uncertain: [string, Float64Array | null][] = [
      ['Std. error', q.se],
      [percent((1 - level) / 2), q.lower],
      [percent((1 + level) / 2), q.upper],
    ];
    return [
      { head: several ? name : 'Prediction', values: q.fit },
      ...(several ? [] : uncertain.flatMap(([head, values]) => (values === null ? [] : [{ head, values }]))),
    ];
  });
  const shown = Math.min(rows, most);
  const cells = columns.map(({ values }) => formatColumn(Array.from(values.subarray(0, shown))));
  const lines = textTable(
    [
      ['Row', ...columns.map((c) => c.head)],
      ...Array.from({ length: shown }, (_, i) => [String(i + 1), ...cells.map((c) => c[i] ?? '')]),
    ],
    ['right', ...columns.map(() => 'right' as const)],
  );
  return [
    `Predictions of ${what}:`,
    ...lines.map((line) => `  ${line}`),
    ...(shown < rows ? [`  and ${rows - shown} more rows`] : []),
  ].join('\n');
}
