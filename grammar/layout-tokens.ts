import type { IToken, TokenType } from 'chevrotain';
import * as t from './tokens.js';

export function isEnd(token: IToken): boolean {
  return token.tokenType === t.Newline || token.tokenType === t.Semicolon;
}

export function endOf(token: IToken): number {
  return (token.endOffset ?? token.startOffset) + 1;
}

export function retyped(token: IToken, type: TokenType): IToken {
  return { ...token, tokenType: type, tokenTypeIdx: t.unnumbered };
}

/** Stands for what is missing: empty, at an offset of the text. */
export function emptyToken(type: TokenType, offset: number): IToken {
  return {
    image: '',
    startOffset: offset,
    endOffset: offset - 1,
    tokenType: type,
    tokenTypeIdx: t.unnumbered,
  };
}
