import type { Column, Table } from '../../data/table.js';
import { formatNumber, textTable } from '../../results/text-table.js';

const mostLevels = 6;
const mostColumns = 60;

/** The columns of a table: type, what is in them, and what is missing. */
export function dataText(table: Table, shown: string): string {
  const columns = [...table.columns.values()];
  const rows = columns.slice(0, mostColumns).map((c) => {
    const missing = missingIn(c);
    return [c.name, c.type, contentOf(c), missing === 0 ? '' : `${missing} missing`];
  });
  const more = columns.length - rows.length;
  return [
    `${shown}: ${table.rows} rows, ${columns.length} columns`,
    ...textTable(rows, ['left', 'left', 'left', 'left']).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more columns`] : []),
  ].join('\n');
}

function missingIn(column: Column): number {
  let count = 0;
  if (column.kind === 'label') for (const code of column.codes) count += code < 0 ? 1 : 0;
  else for (const value of column.values) count += Number.isNaN(value) ? 1 : 0;
  return count;
}

function contentOf(column: Column): string {
  if (column.kind === 'label') {
    const { levels } = column;
    const first = levels.slice(0, mostLevels).join(', ');
    return `${levels.length} level${levels.length === 1 ? '' : 's'}: ${first}${levels.length > mostLevels ? ', ...' : ''}`;
  }
  let [low, high, sum, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const v of column.values) {
    if (Number.isNaN(v)) continue;
    low = Math.min(low, v);
    high = Math.max(high, v);
    sum += v;
    count++;
  }
  if (count === 0) return '';
  return `${formatNumber(low, 5)} to ${formatNumber(high, 5)}, mean ${formatNumber(sum / count, 5)}`;
}
