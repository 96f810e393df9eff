import { parseText } from './front-end.js';
import { quote } from './literals.js';

/** What may be put into a program's text: a number, or a name (of a column, as a rule). */
export type Inserted = number | string;

export interface Filled {
  readonly text: string;
  /** Of each value that does not stand where a number or a name can, and why. */
  readonly problems: readonly { readonly index: number; readonly reason: string }[];
}

/**
 * Puts values between the pieces of a program. A number is written as a number, a text always as a name in backticks, so no value can be
 * read as anything else: neither as an operator, nor as a keyword, nor as the end of a statement.
 * @param pieces  one more than there are values
 */
export function fillHoles(pieces: readonly string[], values: readonly Inserted[]): Filled {
  const problems: { index: number; reason: string }[] = [];
  const holes: { start: number; written: string }[] = [];
  let text = pieces[0] ?? '';
  values.forEach((value, index) => {
    const written = typeof value === 'number' ? numberLiteral(value) : quote(value, '`');
    const reason = reasonAgainst(value);
    if (reason !== undefined) problems.push({ index, reason });
    holes.push({ start: text.length, written });
    text += written + (pieces[index + 1] ?? '');
  });
  if (problems.length > 0) return { text, problems };
  const tokens = new Map(parseText(text).layout.tokens.map((token) => [token.startOffset, token.image]));
  holes.forEach(({ start, written }, index) => {
    // a negative number is three tokens and more; its bracket and its sign show that it was read as written
    const parts = written.startsWith('(') ? ['(', '-', written.slice(2, -1), ')'] : [written];
    let at = start;
    for (const part of parts) {
      if (tokens.get(at) !== part) {
        problems.push({ index, reason: 'it stands inside a text or a comment, or touches what is beside it' });
        return;
      }
      at += part.length;
    }
  });
  return { text, problems };
}

function numberLiteral(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  return value < 0 || Object.is(value, -0) ? `(-${numberLiteral(Math.abs(value))})` : String(value);
}

function reasonAgainst(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isNaN(value) ? 'it is NaN' : undefined;
  if (typeof value !== 'string') return `it is ${value === null ? 'null' : `of type ${typeof value}`}`;
  if (value === '') return 'it is an empty name';
  return undefined;
}
