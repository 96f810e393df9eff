import type { IToken } from 'chevrotain';
import type { LayoutProblem } from './layout-problem.js';
import { emptyToken, endOf } from './layout-tokens.js';
import * as t from './tokens.js';

/**
 * Puts in the opening braces that were forgotten. Only where closing ones are left over: a head that ends without its
 * brace is then the place; without it every statement of the block would seem to stand somewhere else.
 */
export function addForgottenBraces(tokens: readonly IToken[], problems: LayoutProblem[]): readonly IToken[] {
  let surplus = 0;
  for (const { tokenType } of tokens) {
    if (tokenType === t.RightBrace) surplus++;
    else if (tokenType === t.LeftBrace) surplus--;
  }
  if (surplus <= 0) return tokens;
  const mended: IToken[] = [];
  let insertAt = -1;
  tokens.forEach((token, i) => {
    if (i === insertAt) mended.push(emptyToken(t.LeftBrace, endOf(tokens[i - 1] ?? token)));
    const previous = tokens[i - 1]?.tokenType;
    const starts = previous === undefined || isBreak(previous);
    if (surplus > 0 && starts && token.tokenType === t.Identifier) {
      const end = endOfBareHead(tokens, i);
      if (end !== undefined) {
        problems.push({ kind: 'missingBrace', token });
        insertAt = end;
        surplus--;
      }
    }
    mended.push(token);
  });
  return mended;
}

function isBreak(type: IToken['tokenType']): boolean {
  return type === t.Newline || type === t.Semicolon || type === t.LeftBrace || type === t.RightBrace;
}

/** Where the brace should stand behind the head of a block that starts at `start`; undefined for all else. */
function endOfBareHead(tokens: readonly IToken[], start: number): number | undefined {
  const typeAt = (i: number) => tokens[i]?.tokenType;
  const isName = (i: number) => typeAt(i) === t.Identifier || typeAt(i) === t.QuotedName;
  let end = start + 1;
  switch (tokens[start]?.image) {
    case 'model':
      if (!isName(end)) return undefined;
      end++;
      break;
    case 'mixture':
      if (!isName(end)) return undefined;
      while (end < tokens.length && !isBreak(tokens[end]?.tokenType ?? t.Newline)) end++;
      break;
    case 'class':
      if (!isName(end)) return undefined;
      end++;
      while (typeAt(end) === t.Comma && isName(end + 1)) end += 2;
      break;
    case 'data':
      if (typeAt(end) !== t.StringLiteral) return undefined;
      end++;
      break;
    default:
      return undefined;
  }
  let next = end;
  while (typeAt(next) === t.Newline) next++;
  if (next >= tokens.length || typeAt(next) === t.LeftBrace) return undefined;
  const isData = tokens[start]?.image === 'data';
  return !isData || (isName(next) && typeAt(next + 1) === t.Colon && isName(next + 2)) ? end : undefined;
}
