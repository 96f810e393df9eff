import { type ResultTable, rowCount } from './result-table.js';
import { formatColumn, textTable } from './text-table.js';

/** A table for the terminal: numbers with the digits that tell them apart, whole numbers as they are. */
export function textOfTable(table: ResultTable): string {
  const n = rowCount(table);
  const columns = table.columns.map(({ values }) => {
    const cells = Array.from({ length: n }, (_, i) => values[i]);
    const numbers = cells.map((v) => (typeof v === 'number' ? v : null));
    if (cells.some((v) => typeof v === 'string' || typeof v === 'boolean'))
      return { side: 'left' as const, texts: cells.map((v) => (v === null || v === undefined ? '' : String(v))) };
    const whole = numbers.every((v) => v === null || Number.isNaN(v) || Number.isInteger(v));
    const texts = whole ? numbers.map((v) => (v === null || Number.isNaN(v) ? '' : String(v))) : formatColumn(numbers);
    return { side: 'right' as const, texts };
  });
  const head = table.columns.map((c) => c.name);
  const rows = Array.from({ length: n }, (_, i) => columns.map((c) => c.texts[i] ?? ''));
  return textTable(
    [head, ...rows],
    columns.map((c) => c.side),
  ).join('\n');
}
