import type { CstNode, ILexingResult, IRecognitionException, IToken } from 'chevrotain';
import { type Layout, layOut } from '../../grammar/layout.js';
import { MmParser } from '../../grammar/parser.js';
import { commentGroup, createLexer } from '../../grammar/tokens.js';
import type { Comment } from './ast.js';

/** A text as the grammar sees it, before anything has been put into words or into the tree. */
export interface ParsedText {
  readonly cst: CstNode;
  readonly layout: Layout;
  readonly errors: readonly IRecognitionException[];
  readonly comments: readonly Comment[];
}

/** Building the lexer and the parser takes longer than parsing a model, so it is done once, on first use. */
const frontEnd = once(() => ({ lexer: createLexer(), parser: new MmParser() }));

export function parseText(source: string): ParsedText {
  const { lexer, parser } = frontEnd();
  const lexed = lexer.tokenize(source);
  const layout = layOut(lexed.tokens, source);
  parser.input = layout.tokens;
  const cst = parser.program();
  const errors = parser.errors;
  parser.input = []; // the parser holds on to nothing of this text
  return { cst, layout, errors, comments: commentsOf(lexed) };
}

/** The words of a text as they stand there, whatever they mean; comments and blanks are left out. */
export function readTokens(source: string): IToken[] {
  return frontEnd().lexer.tokenize(source).tokens;
}

function commentsOf(lexed: ILexingResult): Comment[] {
  return (lexed.groups[commentGroup] ?? []).map((token) => ({
    text: token.image.trimEnd(),
    span: { start: token.startOffset, end: token.startOffset + token.image.length },
  }));
}

function once<T>(make: () => T): () => T {
  const made: T[] = [];
  return () => {
    const value = made[0] ?? make();
    made[0] = value;
    return value;
  };
}
