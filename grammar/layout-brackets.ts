import type { IToken } from 'chevrotain';
import * as t from './tokens.js';

/** Which brackets belong together, by index into the token list. */
export interface Brackets {
  /** For a bracket or brace its partner, or -1 where it has none; -1 for every other token. */
  readonly partner: Int32Array;
  /** Braces without a partner that end before the token of this index (the length of the list: at the end). */
  readonly closeBefore: ReadonlyMap<number, readonly number[]>;
}

/**
 * Pairs brackets so that one missing or one too many spoils as little as possible: a brace ends every bracket that is
 * open inside it, and where braces do not come out even, the word that starts a statement (`model` anywhere, `class`
 * inside a class) or the indentation of a `}` shows which one was forgotten.
 */
export function matchBrackets(tokens: readonly IToken[], source: string): Brackets {
  const partner = new Int32Array(tokens.length).fill(-1);
  const closeBefore = new Map<number, number[]>();
  const open: number[] = [];
  const blockWord = new Map<number, string>();
  let missing = countOf(tokens, t.LeftBrace) - countOf(tokens, t.RightBrace);
  let statementStart = 0;

  const isBrace = (index: number | undefined) => index !== undefined && tokens[index]?.tokenType === t.LeftBrace;
  const dropOpenBrackets = () => {
    while (open.length > 0 && !isBrace(open.at(-1))) open.pop();
  };
  const endBraces = (count: number, before: number) => {
    const ended: number[] = [];
    for (let n = 0; n < count; n++) {
      dropOpenBrackets();
      const index = open.pop();
      if (index !== undefined) ended.push(index);
    }
    missing -= ended.length;
    if (ended.length > 0) closeBefore.set(before, [...(closeBefore.get(before) ?? []), ...ended]);
  };
  const pair = (opening: number, closing: number) => {
    partner[opening] = closing;
    partner[closing] = opening;
  };

  tokens.forEach((token, i) => {
    const type = token.tokenType;
    const previous = tokens[i - 1]?.tokenType;
    if (i === 0 || isStatementBreak(previous)) {
      if (!isStatementBreak(type)) statementStart = i;
      if (missing > 0) {
        const count = forgottenBraces(tokens, i, open, blockWord);
        if (count > 0) endBraces(Math.min(count, missing), i);
      }
    }
    if (type === t.LeftParen || type === t.LeftBracket) {
      open.push(i);
    } else if (type === t.RightParen || type === t.RightBracket) {
      const wanted = type === t.RightParen ? t.LeftParen : t.LeftBracket;
      let at = open.length - 1;
      while (at >= 0 && !isBrace(open[at]) && tokens[open[at] ?? -1]?.tokenType !== wanted) at--;
      if (at >= 0 && !isBrace(open[at])) open.length = at + 1;
      const opening = open.at(-1);
      const fits = at >= 0 && !isBrace(open[at]);
      if (opening !== undefined && !isBrace(opening) && (fits || !closesOnItsLine(tokens, i))) {
        open.pop();
        pair(opening, i);
      }
    } else if (type === t.Semicolon) {
      if (open.length > 0 && !isBrace(open.at(-1)) && !closesOnItsLine(tokens, i)) dropOpenBrackets();
    } else if (type === t.LeftBrace) {
      dropOpenBrackets();
      blockWord.set(i, tokens[statementStart]?.image ?? '');
      open.push(i);
    } else if (type === t.RightBrace) {
      dropOpenBrackets();
      if (missing > 0) endBraces(Math.min(bracesPassedOver(tokens, i, open, source), missing), i);
      const opening = open.pop();
      if (opening !== undefined) pair(opening, i);
    }
  });
  endBraces(open.filter(isBrace).length, tokens.length);
  return { partner, closeBefore };
}

function countOf(tokens: readonly IToken[], type: IToken['tokenType']): number {
  return tokens.reduce((n, token) => (token.tokenType === type ? n + 1 : n), 0);
}

function isStatementBreak(type: IToken['tokenType'] | undefined): boolean {
  return type === t.Newline || type === t.Semicolon || type === t.LeftBrace || type === t.RightBrace;
}

/** How many open braces the statement that starts at `i` shows to be forgotten, because it cannot stand inside them. */
function forgottenBraces(
  tokens: readonly IToken[],
  i: number,
  open: readonly number[],
  blockWord: ReadonlyMap<number, string>,
): number {
  const word = tokens[i]?.image;
  if (word !== 'model' && word !== 'class' && word !== 'labels' && word !== 'mixture') return 0;
  const next = tokens[i + 1]?.tokenType;
  if (next !== t.Identifier && next !== t.QuotedName) return 0;
  const braces = innermostBraces(tokens, open);
  if (word === 'model') return tokens[i + 2]?.tokenType === t.LeftBrace ? braces.length : 0;
  const innermost = blockWord.get(braces.at(-1) ?? -1);
  if ((word === 'class' || word === 'labels') && innermost === 'class') return 1;
  if (word === 'mixture' && innermost === 'mixture') return 1;
  return word === 'mixture' && innermost === 'class' ? 2 : 0;
}

/** A `}` that stands first on its line, under the line of an outer brace, ends that one: how many it passes over. */
function bracesPassedOver(tokens: readonly IToken[], i: number, open: readonly number[], source: string): number {
  const braces = innermostBraces(tokens, open);
  const column = indentation(source, tokens[i]?.startOffset ?? 0);
  const standsFirst = i === 0 || tokens[i - 1]?.tokenType === t.Newline;
  if (!standsFirst) return 0;
  const columns = braces.map((index) => indentation(source, tokens[index]?.startOffset ?? 0));
  if (column === columns.at(-1)) return 0;
  const under = columns.lastIndexOf(column);
  return under < 0 ? 0 : braces.length - 1 - under;
}

/** No sensible text has more blocks inside each other than this; the limit keeps hostile ones from taking long. */
const maxBlocks = 100;

function innermostBraces(tokens: readonly IToken[], open: readonly number[]): number[] {
  return open.slice(-maxBlocks).filter((index) => tokens[index]?.tokenType === t.LeftBrace);
}

function indentation(source: string, offset: number): number {
  const lineStart = Math.max(source.lastIndexOf('\n', offset - 1), source.lastIndexOf('\r', offset - 1)) + 1;
  let at = lineStart;
  while (source[at] === ' ' || source[at] === '\t') at++;
  return at - lineStart;
}

/** How far to look for a bracket's end. */
const maxArguments = 200;

/**
 * Whether the bracket around a token is closed further along the same line: then a `;` there stands for a comma, and a
 * closing bracket of another kind is one too many.
 */
function closesOnItsLine(tokens: readonly IToken[], inside: number): boolean {
  let depth = 0;
  const end = Math.min(tokens.length, inside + maxArguments);
  for (let i = inside + 1; i < end; i++) {
    const type = tokens[i]?.tokenType;
    if (type === t.Newline || type === t.LeftBrace || type === t.RightBrace) return false;
    if (type === t.LeftParen || type === t.LeftBracket) depth++;
    if (type === t.RightParen || type === t.RightBracket) depth--;
    if (depth < 0) return true;
  }
  return false;
}
