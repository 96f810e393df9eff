import type { IToken, TokenType } from 'chevrotain';
import * as t from './tokens.js';

/** A text cut into tokens; blanks are left out, and characters that no token may have. */
export interface Lexed {
  readonly tokens: IToken[];
  readonly comments: readonly IToken[];
}

/**
 * Tries the patterns at each place in the order of `lexerTokens`. A lexer of our own, because the one of chevrotain
 * takes longer to build than all of a model takes to check.
 */
export function tokenize(source: string): Lexed {
  const tokens: IToken[] = [];
  const comments: IToken[] = [];
  let at = 0;
  while (at < source.length) {
    const found = matchAt(source, at);
    if (found === undefined) {
      at++;
      continue;
    }
    const { tokenType, image } = found;
    const token = { image, startOffset: at, endOffset: at + image.length - 1, tokenTypeIdx: t.unnumbered, tokenType };
    if (tokenType === t.Comment) comments.push(token);
    else if (tokenType !== t.WhiteSpace) tokens.push(token);
    at += image.length;
  }
  return { tokens, comments };
}

interface Matched {
  readonly tokenType: TokenType;
  readonly image: string;
}

function matchAt(source: string, at: number): Matched | undefined {
  for (const candidate of candidatesAt(source.charCodeAt(at))) {
    const { tokenType, pattern } = candidate;
    if (typeof pattern === 'string') {
      if (source.startsWith(pattern, at)) return { tokenType, image: pattern };
      continue;
    }
    pattern.lastIndex = at;
    const image = pattern.exec(source)?.[0];
    if (image !== undefined) return { tokenType, image };
  }
  return undefined;
}

interface Candidate {
  readonly tokenType: TokenType;
  readonly pattern: string | RegExp;
}

/** By the code of the first character: what may start with it. Filled as characters are met. */
const byFirst: Candidate[][] = [];
const beyondAscii = 128;

function candidatesAt(code: number): readonly Candidate[] {
  const index = Math.min(code, beyondAscii);
  const known = byFirst[index];
  if (known !== undefined) return known;
  const first = String.fromCharCode(code);
  const found: Candidate[] = [];
  for (const tokenType of t.lexerTokens) {
    const { PATTERN: pattern, START_CHARS_HINT: hints = [] } = tokenType;
    if (typeof pattern === 'string') {
      if (Math.min(pattern.charCodeAt(0), beyondAscii) === index) found.push({ tokenType, pattern });
    } else if (pattern instanceof RegExp) {
      if (index === beyondAscii || hints.includes(first)) found.push({ tokenType, pattern: sticky(pattern) });
    }
  }
  byFirst[index] = found;
  return found;
}

function sticky(pattern: RegExp): RegExp {
  return new RegExp(pattern.source, 'y');
}
