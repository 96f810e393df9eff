/** What a cell can hold; null: there is no such value. */
export type TableCell = string | number | boolean | null;

/** A result as a table, for CSV and JSON. */
export interface ResultTable {
  readonly name: string; // what a row is: `coefficients`
  readonly columns: readonly { readonly name: string; readonly values: ArrayLike<TableCell> }[];
}

export function rowCount({ columns }: ResultTable): number {
  return columns[0]?.values.length ?? 0;
}

/** Comma-separated, with a head and all digits; what is missing, or no number, is empty. */
export function tableCsv(table: ResultTable): string {
  const { columns } = table;
  const lines = [columns.map((c) => quoted(c.name)).join(',')];
  for (let i = 0; i < rowCount(table); i++) lines.push(columns.map((c) => cellText(c.values[i])).join(','));
  return `${lines.join('\n')}\n`;
}

/** One object per row; what is no number is null. */
export function tableRows(table: ResultTable): Record<string, TableCell>[] {
  return Array.from({ length: rowCount(table) }, (_, i) =>
    Object.fromEntries(table.columns.map((c) => [c.name, plain(c.values[i])])),
  );
}

/** Several tables of the same columns under each other, with a first column that tells them apart where there are several. */
export function stacked(
  by: string,
  tables: readonly { readonly of: string; readonly table: ResultTable }[],
): ResultTable {
  const [first] = tables;
  if (first === undefined) return { name: '', columns: [] };
  if (tables.length === 1) return first.table;
  const names = [...new Set(tables.flatMap(({ table }) => table.columns.map((c) => c.name)))];
  const column = (name: string): TableCell[] =>
    tables.flatMap(({ table }) => {
      const own = table.columns.find((c) => c.name === name);
      return Array.from({ length: rowCount(table) }, (_, i) => own?.values[i] ?? null);
    });
  const label = tables.flatMap(({ of, table }) => new Array<TableCell>(rowCount(table)).fill(of));
  return {
    name: first.table.name,
    columns: [{ name: by, values: label }, ...names.map((name) => ({ name, values: column(name) }))],
  };
}

/** From rows that have the same keys. */
export function tableFrom(name: string, rows: readonly Readonly<Record<string, TableCell>>[]): ResultTable {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { name, columns: names.map((key) => ({ name: key, values: rows.map((row) => row[key] ?? null) })) };
}

function plain(cell: TableCell | undefined): TableCell {
  return cell === undefined || (typeof cell === 'number' && !Number.isFinite(cell)) ? null : cell;
}

function cellText(cell: TableCell | undefined): string {
  const value = plain(cell);
  return value === null ? '' : quoted(String(value));
}

function quoted(cell: string): string {
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
