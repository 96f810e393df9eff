import type { IToken, TokenType } from 'chevrotain';
import { addForgottenBraces } from './layout-braces.js';
import { type Brackets, matchBrackets } from './layout-brackets.js';
import type { LayoutProblem } from './layout-problem.js';
import { emptyToken, endOf, isEnd, retyped } from './layout-tokens.js';
import { translate } from './layout-translate.js';
import { firstWord, hasRelation, isInfixWord, surelyStarts } from './layout-words.js';
import * as t from './tokens.js';

/** A statement, or the head of a block, as the layout cut it out of the text. */
export interface StatementRange {
  readonly start: number;
  /** Its keyword; undefined for `left ~ right` and `left = right`. */
  readonly keyword: TokenType | undefined;
  readonly first: IToken;
}

export interface Layout {
  /** What the parser reads: balanced, with keywords, one statement end between two statements. */
  readonly tokens: IToken[];
  readonly problems: readonly LayoutProblem[];
  /** In the order of their starts. */
  readonly statements: readonly StatementRange[];
}

/** Brackets inside brackets; more would overflow the stack of a recursive parser. */
export const maxBrackets = 100;
/** Operators of one statement; each is a level of the tree, which later stages walk recursively. */
export const maxOperators = 1000;

const blockWords = new Set<TokenType>([t.Model, t.Mixture, t.Class, t.Data]);
const binary = new Set<TokenType>(t.binaryOperators);
const continues = new Set<TokenType>([...binary, t.Not, t.Tilde, t.Equals, t.Bar, t.DoubleBar, t.Comma]);
const terms = new Set<TokenType>([t.Identifier, t.QuotedName, t.NumberLiteral, t.StringLiteral]);
const endsOperand = new Set<TokenType>([...terms, t.RightParen, t.RightBracket]);
/** Turns the lexer's tokens into those the grammar is written for (see `mm.ebnf`, "Lines and words"). */
export function layOut(lexed: readonly IToken[], source: string): Layout {
  return new LayoutPass(lexed, source).run();
}

class LayoutPass {
  private readonly out: IToken[] = [];
  private readonly problems: LayoutProblem[] = [];
  private readonly statements: StatementRange[] = [];
  private readonly tokens: readonly IToken[];
  private readonly brackets: Brackets;
  /** Indices of the braces that are open. */
  private readonly blocks: number[] = [];
  /** What ended the last statement, to be put before the next one. */
  private pendingEnd: IToken | undefined;
  private at = 0;

  constructor(lexed: readonly IToken[], source: string) {
    this.tokens = addForgottenBraces(translate(lexed, this.problems), this.problems);
    this.brackets = matchBrackets(this.tokens, source);
  }

  run(): Layout {
    while (this.at < this.tokens.length) {
      this.closeForgotten();
      const token = this.tokens[this.at];
      if (token === undefined) break;
      if (isEnd(token)) {
        this.at++;
      } else if (token.tokenType === t.RightBrace) {
        this.closeBlock(token);
      } else {
        this.statement(token);
      }
    }
    this.closeForgotten();
    return { tokens: this.out, problems: this.problems, statements: this.statements };
  }

  private closeForgotten(): void {
    for (const open of this.brackets.closeBefore.get(this.at) ?? []) {
      if (this.blocks.at(-1) !== open) continue; // its statement was left out, or the block ended itself
      this.blocks.pop();
      this.reportUnclosed(open);
      this.emitClosingBrace(emptyToken(t.RightBrace, this.offsetBehind()));
    }
  }

  private reportUnclosed(index: number): void {
    const token = this.tokens[index];
    if (token !== undefined) this.problems.push({ kind: 'unclosed', token });
  }

  private closeBlock(token: IToken): void {
    this.at++;
    if (this.blocks.length > 0 && this.blocks.at(-1) === this.brackets.partner[this.at - 1]) {
      this.blocks.pop();
      this.emitClosingBrace(token);
    } else {
      this.problems.push({ kind: 'stray', token });
    }
  }

  private emitClosingBrace(token: IToken): void {
    this.out.push(token);
    this.pendingEnd = emptyToken(t.Newline, endOf(token));
  }

  private statement(first: IToken): void {
    const word = firstWord(this.tokens, this.at);
    const keyword = word.kind === 'expression' ? undefined : word.type;
    if (word.kind === 'misspelt') this.problems.push({ kind: 'misspeltWord', token: first, near: word.near });
    const nested = keyword === t.Model && this.blocks.length > 0;
    if (nested) this.problems.push({ kind: 'nestedModel', token: first });

    this.beginRange(first, keyword);
    const mark = this.out.length;
    const end = this.pendingEnd;
    if (end !== undefined) this.out.push(end);
    if (keyword !== undefined) {
      this.out.push(retyped(first, keyword));
      this.at++;
    }
    const line = this.line(keyword, keyword !== undefined && blockWords.has(keyword));
    if (line === 'tooMuch' || nested) {
      this.out.length = mark;
      if (this.tokens[this.at]?.tokenType === t.LeftBrace) this.skipBlock();
      this.skipLine();
      return;
    }
    const brace = this.tokens[this.at];
    if (line === 'block' && brace !== undefined) {
      this.blocks.push(this.at);
      this.out.push(brace);
      this.pendingEnd = undefined;
      this.at++;
      if (keyword === t.Data) this.columns();
    } else {
      this.pendingEnd = emptyToken(t.Newline, this.offsetBehind());
      const ender = this.tokens[this.at];
      if (ender !== undefined && isEnd(ender)) this.pendingEnd = ender;
    }
  }

  private beginRange(first: IToken, keyword: TokenType | undefined): void {
    this.statements.push({ start: first.startOffset, keyword, first });
  }

  /**
   * Emits the tokens of one statement up to its end, or up to the brace that opens its block. `at` is left on what
   * ended it.
   */
  private line(keyword: TokenType | undefined, mayOpenBlock: boolean): 'ended' | 'block' | 'tooMuch' {
    const from = this.out.length;
    const open: number[] = [];
    let operators = 0;
    let paired = 0; // how many of `open` have a partner: inside them a line's end means nothing
    let sawRelation = false;
    const closeUnpaired = () => {
      let index = open.at(-1);
      while (index !== undefined && (this.brackets.partner[index] ?? -1) < 0) {
        open.pop();
        this.reportUnclosed(index);
        const closer = this.tokens[index]?.tokenType === t.LeftParen ? t.RightParen : t.RightBracket;
        this.out.push(emptyToken(closer, this.offsetBehind()));
        index = open.at(-1);
      }
    };

    const first = this.at;
    for (; this.at < this.tokens.length; this.at++) {
      const token = this.tokens[this.at];
      if (token === undefined) break;
      const partner = this.brackets.partner[this.at] ?? -1;
      if (this.at > first && this.brackets.closeBefore.has(this.at)) break;
      switch (token.tokenType) {
        case t.Newline:
          if (paired > 0 || this.lineContinues(from, mayOpenBlock, sawRelation || takesNoRelation(keyword))) continue;
          closeUnpaired();
          return 'ended';
        case t.Semicolon:
          if (paired === 0) {
            closeUnpaired();
            return 'ended';
          }
          this.problems.push({ kind: 'semicolonInBrackets', token });
          this.out.push(retyped(token, t.Comma));
          continue;
        case t.RightBrace:
          closeUnpaired();
          return 'ended';
        case t.LeftBrace:
          closeUnpaired();
          if (mayOpenBlock && this.blocks.length < maxBrackets) return 'block';
          this.problems.push({ kind: 'foreignBlock', token });
          this.skipBlock();
          this.at--; // the loop steps on
          continue;
        case t.LeftParen:
        case t.LeftBracket:
          open.push(this.at);
          if (partner >= 0) paired++;
          if (open.length > maxBrackets) {
            this.problems.push({ kind: 'tooDeep', token, limit: maxBrackets });
            return 'tooMuch';
          }
          break;
        case t.RightParen:
        case t.RightBracket: {
          if (partner < 0) {
            this.problems.push({ kind: 'stray', token });
            continue;
          }
          closeUnpaired();
          open.pop();
          paired--;
          const opening = this.tokens[partner];
          const wanted = opening?.tokenType === t.LeftParen ? t.RightParen : t.RightBracket;
          if (opening !== undefined && wanted !== token.tokenType) {
            this.problems.push({ kind: 'mismatched', token, open: opening });
            this.out.push(retyped(token, wanted));
            continue;
          }
          break;
        }
        case t.Tilde:
          closeUnpaired();
          sawRelation = true;
          break;
        case t.Equals:
          if (open.length === 0) sawRelation = true;
          break;
        case t.LeftArrow: {
          const assigns = open.length === 0 && !sawRelation && takesEquals(keyword);
          if (assigns) {
            this.problems.push({ kind: 'foreignOperator', token, written: '=' });
            this.out.push(retyped(token, t.Equals));
            sawRelation = true;
          } else {
            this.out.push({ ...retyped(token, t.Less), image: '<', endOffset: token.startOffset });
            this.out.push({ ...retyped(token, t.Minus), image: '-', startOffset: token.startOffset + 1 });
            operators += 2;
          }
          continue;
        }
        case t.Dollar: {
          const next = this.tokens[this.at + 1];
          const isName = next?.tokenType === t.Identifier || next?.tokenType === t.QuotedName;
          this.problems.push({ kind: 'dollar', token, column: isName ? next?.image : undefined });
          if (isName && this.out.length > from && this.out.at(-1)?.tokenType === t.Identifier) this.out.pop();
          continue;
        }
      }
      const previous = this.out.length > from ? this.out.at(-1) : undefined;
      const type = this.typeInContext(token, keyword, previous);
      const isBeside = open.length === 0 && previous !== undefined && endsOperand.has(previous.tokenType);
      if (isBeside && surelyStarts(this.tokens, this.at)) {
        this.problems.push({ kind: 'joinedStatements', token });
        return 'ended';
      }
      if (isBeside && keyword !== undefined && mayOpenBlock && keyword !== t.Data && terms.has(type)) {
        this.problems.push({ kind: 'headGoesOn', token, keyword });
        while (!isBoundary(this.tokens[this.at + 1])) this.at++;
        continue;
      }
      const isIndex = type === t.LeftBracket && previous !== undefined && endsOperand.has(previous.tokenType);
      if (binary.has(type) || type === t.Not || isIndex) {
        operators++;
        if (operators > maxOperators) {
          this.problems.push({ kind: 'tooLong', token, limit: maxOperators });
          return 'tooMuch';
        }
      }
      this.out.push(type === token.tokenType ? token : retyped(token, type));
    }
    closeUnpaired();
    return 'ended';
  }

  /** Words that mean something between two operands: `and`, `or`, `not`, and those of `mixture` and `order`. */
  private typeInContext(token: IToken, keyword: TokenType | undefined, previous: IToken | undefined): TokenType {
    if (token.tokenType !== t.Identifier) return token.tokenType;
    const afterOperand = previous !== undefined && endsOperand.has(previous.tokenType);
    if (isInfixWord(token)) return afterOperand ? (token.image === 'and' ? t.And : t.Or) : t.Identifier;
    if (token.image === 'not') return t.Not;
    if (!afterOperand) return t.Identifier;
    if (keyword === t.Mixture && token.image === 'per') return t.Per;
    if (keyword === t.Order && token.image === 'by') return t.By;
    if (keyword === t.Order && token.image === 'descending') return t.Descending;
    return t.Identifier;
  }

  /**
   * Whether a line's end outside of brackets leaves the statement open.
   * @param isRelated the statement has its `~` or `=`, or takes none: a line with another one is another statement
   */
  private lineContinues(from: number, mayOpenBlock: boolean, isRelated: boolean): boolean {
    const last = this.out.length > from ? this.out.at(-1) : undefined;
    let k = this.at + 1;
    while (this.tokens[k]?.tokenType === t.Newline) k++;
    const next = this.tokens[k];
    if (next === undefined) return false;
    if (last !== undefined && continues.has(last.tokenType)) {
      const startsAnother = isRelated && (hasRelation(this.tokens, k) || surelyStarts(this.tokens, k));
      if (!startsAnother) this.at = k - 1;
      return !startsAnother;
    }
    if (next.tokenType === t.LeftBrace) {
      if (mayOpenBlock) this.at = k - 1;
      return mayOpenBlock;
    }
    const type = isInfixWord(next) && !hasRelation(this.tokens, k) ? t.And : next.tokenType;
    if (last === undefined || !continues.has(type) || type === t.Not || type === t.Comma) return false;
    if ((type === t.Plus || type === t.Minus) && hasRelation(this.tokens, k)) return false;
    this.problems.push({ kind: 'leadingOperator', token: next });
    this.at = k - 1;
    return true;
  }

  /** The entries of `data { ... }`: separated by commas, lines or both. */
  private columns(): void {
    const open = this.blocks.at(-1) ?? -1;
    const isForgotten = (this.brackets.partner[open] ?? -1) < 0;
    let separator: IToken | undefined;
    while (this.at < this.tokens.length && !this.brackets.closeBefore.has(this.at)) {
      const token = this.tokens[this.at];
      if (token === undefined || token.tokenType === t.RightBrace) return;
      if (isEnd(token) || token.tokenType === t.Comma) {
        if (separator === undefined || token.tokenType === t.Comma) separator = token;
        this.at++;
        continue;
      }
      if (isForgotten && this.tokens[this.at + 1]?.tokenType !== t.Colon) {
        this.blocks.pop();
        this.reportUnclosed(open);
        this.emitClosingBrace(emptyToken(t.RightBrace, this.offsetBehind()));
        return;
      }
      // What does not start like a column belongs to the one before, out of which something is missing.
      if (this.tokens[this.at + 1]?.tokenType === t.Colon || separator?.tokenType !== t.Comma)
        this.beginRange(token, t.Data);
      const isFirst = this.out.at(-1) === this.tokens[open];
      const mark = this.out.length;
      if (!isFirst) this.out.push(separator ?? emptyToken(t.Newline, this.offsetBehind()));
      separator = undefined;
      if (this.column() === 'tooMuch') {
        this.out.length = mark;
        this.skipLine();
      }
    }
  }

  /** One entry; as `line`, but a comma outside of brackets ends it too. */
  private column(): 'ended' | 'tooMuch' {
    const end = this.endOfColumn();
    if (end < 0) return this.line(t.Data, false) === 'tooMuch' ? 'tooMuch' : 'ended';
    for (; this.at < end; this.at++) {
      const token = this.tokens[this.at];
      if (token !== undefined && token.tokenType !== t.Newline) this.out.push(token);
    }
    return 'ended';
  }

  /** Where an entry without any trouble in its brackets ends, -1 where there is some. */
  private endOfColumn(): number {
    for (let i = this.at; i < this.tokens.length; i++) {
      const type = this.tokens[i]?.tokenType;
      if (type === t.Comma || type === t.Newline || type === t.Semicolon || type === t.RightBrace) return i;
      if (type === t.LeftParen) {
        const partner = this.brackets.partner[i] ?? -1;
        if (partner < 0) return -1;
        i = partner;
      } else if (type === t.LeftBracket || type === t.LeftBrace || type === t.RightParen || type === t.RightBracket) {
        return -1;
      }
    }
    return this.tokens.length;
  }

  /** Leaves out a brace and what stands up to its partner. */
  private skipBlock(): void {
    const partner = this.brackets.partner[this.at] ?? -1;
    this.at = partner < 0 ? this.at + 1 : partner + 1;
  }

  private skipLine(): void {
    while (this.at < this.tokens.length && !this.brackets.closeBefore.has(this.at)) {
      const token = this.tokens[this.at];
      if (token === undefined || isEnd(token) || token.tokenType === t.RightBrace) return;
      if (token.tokenType === t.LeftBrace) this.skipBlock();
      else this.at++;
    }
  }

  /** The end of what has been emitted last. */
  private offsetBehind(): number {
    const last = this.out.at(-1);
    return last === undefined ? 0 : endOf(last);
  }
}

function takesEquals(keyword: TokenType | undefined): boolean {
  return keyword === undefined || keyword === t.Let || keyword === t.Fix || keyword === t.Contrasts;
}

function isBoundary(token: IToken | undefined): boolean {
  return token === undefined || isEnd(token) || token.tokenType === t.LeftBrace || token.tokenType === t.RightBrace;
}

/** Statements that are done with one expression. */
function takesNoRelation(keyword: TokenType | undefined): boolean {
  return (
    keyword === t.Where || keyword === t.Penalize || keyword === t.Weights || keyword === t.Fit || keyword === t.Order
  );
}
