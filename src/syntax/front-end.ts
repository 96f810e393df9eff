import type { CstNode, IRecognitionException, IToken } from 'chevrotain';
import { type Layout, layOut } from '../../grammar/layout.js';
import { type Lexed, tokenize } from '../../grammar/lexer.js';
import { MmParser } from '../../grammar/parser.js';
import { readCorrect } from '../../grammar/read-correct.js';
import type { Comment } from './ast.js';

/** A text as the grammar sees it, before anything has been put into words or into the tree. */
export interface ParsedText {
  readonly cst: CstNode;
  readonly layout: Layout;
  readonly errors: readonly IRecognitionException[];
  readonly comments: readonly Comment[];
}

/** Building the parser takes longer than reading a model, so it is done once, for the first text that has an error. */
const parserForErrors = once(() => new MmParser());

export function parseText(source: string): ParsedText {
  const lexed = tokenize(source);
  const layout = layOut(lexed.tokens, source);
  const comments = commentsOf(lexed);
  const correct = readCorrect(layout.tokens);
  if (correct !== undefined) return { cst: correct, layout, errors: [], comments };
  return { ...parserForErrors().read(layout.tokens), layout, comments };
}

/** The words of a text as they stand there, whatever they mean; comments and blanks are left out. */
export function readTokens(source: string): IToken[] {
  return tokenize(source).tokens;
}

function commentsOf(lexed: Lexed): Comment[] {
  return lexed.comments.map((token) => ({
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
