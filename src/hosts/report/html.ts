/** Text as it stands between tags or in a quoted attribute. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

export interface TableOptions {
  readonly head: readonly string[];
  /** Columns of text; the others hold numbers, which line up to the right. */
  readonly text: number;
  readonly caption?: string;
}

/** A table of cells as texts; the first `text` columns are words. */
export function table(rows: readonly (readonly string[])[], { head, text, caption }: TableOptions): string {
  const cells = (row: readonly string[], tag: 'td' | 'th') =>
    row
      .map((cell, c) => {
        const scope = tag === 'th' ? ' scope="col"' : '';
        return `<${tag}${scope}${c < text ? '' : ' class="number"'}>${escaped(cell)}</${tag}>`;
      })
      .join('');
  const title = caption === undefined ? '' : `<caption>${escaped(caption)}</caption>`;
  const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n');
  return `<div class="wide"><table>${title}<thead><tr>${cells(head, 'th')}</tr></thead>\n<tbody>\n${body}\n</tbody></table></div>`;
}
