import type { IToken, TokenType } from 'chevrotain';
import * as t from './tokens.js';

/** What the first token of a statement is: a keyword, perhaps misspelt, or part of an expression. */
export type FirstWord =
  | { readonly kind: 'keyword'; readonly type: TokenType }
  | { readonly kind: 'misspelt'; readonly type: TokenType; readonly near: string }
  | { readonly kind: 'expression' };

const expression: FirstWord = { kind: 'expression' };
/** Words that an expression follows, which may start with a bracket or a sign. */
const beforeExpression = new Set<TokenType>([t.Where, t.Penalize, t.Weights, t.Fit]);

/** Words that a name and a `=` follow. */
const beforeTarget = new Set<TokenType>([t.Let, t.Contrasts, t.Fix]);

/**
 * A word is a keyword only where what follows fits: `weights w` and `where (x > 1)`, but not `weights ~ normal(mu, sigma)`,
 * `where = 1 + x` or `fit[x] ~ normal(0, 1)`.
 */
export function firstWord(tokens: readonly IToken[], start: number): FirstWord {
  const first = tokens[start];
  if (first?.tokenType !== t.Identifier || first.image === 'not') return expression;
  const next = tokens[start + 1]?.tokenType;
  const type = t.statementWords.get(first.image);
  if (type !== undefined) return keywordFits(tokens, start, type, next) ? { kind: 'keyword', type } : expression;
  if (!standsBeside(tokens, start + 1)) return expression;
  const near = nearestWord(first.image);
  const meant = near === undefined ? undefined : t.statementWords.get(near);
  return near === undefined || meant === undefined ? expression : { kind: 'misspelt', type: meant, near };
}

function keywordFits(tokens: readonly IToken[], start: number, type: TokenType, next: TokenType | undefined): boolean {
  if (next === undefined || next === t.Newline || next === t.Semicolon || next === t.RightBrace) return true;
  // `fit and x ~ bernoulli(p)` is about a column, `fix or = 1` about a parameter.
  if (isInfixWord(tokens[start + 1]) && hasRelation(tokens, start)) {
    return beforeTarget.has(type) && !standsBeside(tokens, start + 2);
  }
  if (next === t.Not || standsBeside(tokens, start + 1)) return true;
  const opens = next === t.LeftParen || next === t.LeftBracket || next === t.Plus || next === t.Minus;
  return opens && beforeExpression.has(type) && !hasRelation(tokens, start);
}

/** Whether a new statement must start here, even behind an operator: a keyword, and what can only stand behind one. */
export function surelyStarts(tokens: readonly IToken[], start: number): boolean {
  const first = tokens[start];
  return (
    first?.tokenType === t.Identifier &&
    t.statementWords.has(first.image) &&
    standsBeside(tokens, start + 1) &&
    !isInfixWord(tokens[start + 1])
  );
}

/** Whether the token can only stand beside a keyword, never beside an operand. */
function standsBeside(tokens: readonly IToken[], i: number): boolean {
  const type = tokens[i]?.tokenType;
  return (
    type === t.Identifier ||
    type === t.QuotedName ||
    type === t.NumberLiteral ||
    type === t.StringLiteral ||
    type === t.LeftBrace
  );
}

export function isInfixWord(token: IToken | undefined): boolean {
  return token !== undefined && token.tokenType === t.Identifier && (token.image === 'and' || token.image === 'or');
}

/** Whether the statement has a `~` or `=` outside of brackets. */
export function hasRelation(tokens: readonly IToken[], start: number): boolean {
  let depth = 0;
  for (let i = start; i < tokens.length; i++) {
    const type = tokens[i]?.tokenType;
    if (type === t.LeftParen || type === t.LeftBracket) depth++;
    else if (type === t.RightParen || type === t.RightBracket) depth--;
    else if (depth <= 0 && (type === t.Tilde || type === t.Equals || type === t.LeftArrow)) return true;
    else if (depth <= 0 && (type === t.Newline || type === t.Semicolon)) return false;
    else if (type === t.LeftBrace || type === t.RightBrace) return false;
  }
  return false;
}

/** The statement word that is spelt most like this one, if any is near: other case, or one or two slips of the finger. */
function nearestWord(written: string): string | undefined {
  const lower = written.toLowerCase();
  if (t.statementWords.has(lower)) return lower;
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of t.statementWords.keys()) {
    const limit = candidate.length <= 4 ? 1 : 2;
    if (Math.abs(candidate.length - lower.length) > limit) continue;
    const distance = editDistance(lower, candidate);
    if (distance <= limit && distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const above = rows[i - 1]?.[j] ?? 0;
      const diagonal = rows[i - 1]?.[j - 1] ?? 0;
      let cost = Math.min(above + 1, (row[j - 1] ?? 0) + 1, diagonal + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (rows[i - 2]?.[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? Number.POSITIVE_INFINITY;
}
