/** What follows a backslash, and what it stands for. */
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '`': '`',
  '\\': '\\',
  n: '\n',
  t: '\t',
  r: '\r',
};

export interface Unquoted {
  readonly value: string;
  /** Where in the written text a backslash stands before something that has no meaning there. */
  readonly badEscapes: readonly number[];
}

/** The text that a quoted token stands for; the closing mark may be missing. */
export function unquote(written: string): Unquoted {
  const mark = written[0] ?? '';
  const closed = written.length > 1 && isClosing(mark, written.at(-1) ?? '');
  const end = closed ? written.length - 1 : written.length;
  if (!written.includes('\\')) return { value: written.slice(1, end), badEscapes: [] };
  const badEscapes: number[] = [];
  let value = '';
  for (let i = 1; i < end; i++) {
    const c = written[i] ?? '';
    if (c !== '\\') {
      value += c;
      continue;
    }
    const following = written[i + 1] ?? '';
    const meant = i + 1 < end ? escapes[following] : undefined;
    if (meant === undefined) {
      badEscapes.push(i);
      value += c;
    } else {
      value += meant;
      i++;
    }
  }
  return { value, badEscapes };
}

function isClosing(mark: string, last: string): boolean {
  if (mark === '"' || mark === "'" || mark === '`') return last === mark;
  return last === '"' || last === "'" || (last >= '\u2018' && last <= '\u201f');
}

/** Writes a text in the given quotation mark, so that `unquote` gives it back. */
export function quote(value: string, mark: '"' | '`'): string {
  let written = mark;
  for (const c of value) {
    if (c === mark || c === '\\') written += `\\${c}`;
    else if (c === '\n') written += '\\n';
    else if (c === '\r') written += '\\r';
    else written += c;
  }
  return written + mark;
}
