/** Left-aligned, or right-aligned as numbers are. */
export interface Column {
  readonly title: string;
  readonly number?: boolean;
}

/** A table of Markdown. */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  return [
    `| ${columns.map((c) => c.title).join(' | ')} |`,
    `| ${columns.map((c) => (c.number === true ? '---:' : '---')).join(' | ')} |`,
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
  ];
}

export const text = (title: string): Column => ({ title });
export const number = (title: string): Column => ({ title, number: true });

/** What was not measured. */
export const absent = '–';

/** With so many digits after the point; a dash for what is not finite. */
export function fixed(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : absent;
}

/** Three digits, or all before the point. */
export function three(value: number): string {
  if (!Number.isFinite(value)) return absent;
  const size = Math.abs(value);
  return value.toFixed(size < 0.995 ? 3 : size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
}
