import type { IToken } from 'chevrotain';
import type { LayoutProblem } from './layout-problem.js';
import { endOf, retyped } from './layout-tokens.js';
import * as t from './tokens.js';

const foreignOperator = new Map(t.foreignOperators.map((f) => [f.token, f]));

/** Replaces what other languages write by what it means here. */
export function translate(lexed: readonly IToken[], problems: LayoutProblem[]): IToken[] {
  const translated: IToken[] = [];
  for (const token of lexed) {
    const foreign = foreignOperator.get(token.tokenType);
    if (foreign !== undefined) {
      problems.push({ kind: 'foreignOperator', token, written: foreign.written });
      translated.push(retyped(token, foreign.meant));
      continue;
    }
    switch (token.tokenType) {
      case t.UnclosedString:
        problems.push({ kind: 'unclosed', token });
        translated.push(retyped(token, t.StringLiteral));
        break;
      case t.UnclosedName:
        problems.push({ kind: 'unclosed', token });
        translated.push(retyped(token, t.QuotedName));
        break;
      case t.CurlyString:
        problems.push({ kind: 'curlyQuotes', token });
        translated.push(retyped(token, t.StringLiteral));
        break;
      case t.BadNumber:
        problems.push({ kind: 'badNumber', token });
        translated.push(retyped(token, t.NumberLiteral));
        break;
      case t.PercentOperator:
        problems.push({ kind: 'percentOperator', token });
        translated.push(retyped(token, t.Colon));
        break;
      case t.ForeignComment:
        problems.push({ kind: 'foreignComment', token });
        break;
      case t.Unknown:
        unknownCharacter(token, problems);
        break;
      default:
        translated.push(token);
    }
  }
  return translated;
}

/** A run of unknown characters is one problem. */
function unknownCharacter(token: IToken, problems: LayoutProblem[]): void {
  const last = problems.at(-1);
  if (last?.kind === 'unknownCharacters' && endOf(last.token) === token.startOffset) {
    problems.pop();
    const image = last.token.image + token.image;
    const joined = { ...last.token, image, endOffset: endOf(token) - 1 };
    problems.push({ kind: 'unknownCharacters', token: joined });
  } else {
    problems.push({ kind: 'unknownCharacters', token });
  }
}
