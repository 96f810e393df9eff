import type { Prediction } from '../../predict.js';
import { predictionTable } from '../../results/prediction-tables.js';
import { textOfTable } from '../../results/table-text.js';

/**
 * Predictions as `mm predict` prints them, with a title.
 * @param most  rows that are shown
 */
export function predictionText(prediction: Prediction, what: string, most: number): string {
  const { rows } = prediction;
  const { name, columns } = predictionTable(prediction);
  const first = columns.map((c) => ({
    ...c,
    values: Array.from({ length: Math.min(rows, most) }, (_, i) => c.values[i] ?? null),
  }));
  return [
    `Predictions of ${what}:`,
    textOfTable({ name, columns: first }),
    ...(rows > most ? [`and ${rows - most} more rows`] : []),
  ].join('\n');
}
