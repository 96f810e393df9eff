import * as t from '../../grammar/tokens.js';
import { readTokens } from '../syntax/front-end.js';

export type WordKind = 'name' | 'number' | 'string' | 'open' | 'close' | 'mark' | 'end' | 'other';

/** A token as it stands in the text, before anything is known of its meaning. */
export interface Word {
  readonly kind: WordKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Of a string or a quoted name: its closing mark is missing. */
  readonly unclosed?: true;
}

type TokenType = (typeof t.languageTokens)[number];

const kinds: ReadonlyMap<TokenType, WordKind> = new Map<TokenType, WordKind>([
  [t.Identifier, 'name'],
  [t.QuotedName, 'name'],
  [t.UnclosedName, 'name'],
  [t.NumberLiteral, 'number'],
  [t.BadNumber, 'number'],
  [t.StringLiteral, 'string'],
  [t.UnclosedString, 'string'],
  [t.CurlyString, 'string'],
  [t.LeftParen, 'open'],
  [t.LeftBracket, 'open'],
  [t.LeftBrace, 'open'],
  [t.RightParen, 'close'],
  [t.RightBracket, 'close'],
  [t.RightBrace, 'close'],
  [t.Newline, 'end'],
  [t.Semicolon, 'end'],
  [t.Unknown, 'other'],
]);

/** The words of a text; blanks and comments are left out. */
export function scan(source: string): Word[] {
  return readTokens(source).map(({ tokenType, image, startOffset }) => ({
    kind: kinds.get(tokenType) ?? 'mark',
    text: image,
    start: startOffset,
    end: startOffset + image.length,
    ...(tokenType === t.UnclosedString || tokenType === t.UnclosedName ? { unclosed: true as const } : {}),
  }));
}

/** Whether the word at this place leaves a statement open at a line's end: an operator, a `~`, a comma. */
export function goesOn(words: readonly Word[], at: number): boolean {
  const word = words[at];
  if (word === undefined) return false;
  if (word.kind === 'mark') return true;
  if (word.kind !== 'name' || !['and', 'or', 'not'].includes(word.text)) return false;
  const before = words[at - 1];
  return word.text === 'not' || (before !== undefined && before.kind !== 'end' && before.kind !== 'mark');
}
