import type { IToken, TokenType } from 'chevrotain';

/** What the layout finds wrong, as data; `src/syntax/syntax-errors.ts` puts it into words. */
export type LayoutProblem =
  /** A bracket, a brace or a quotation that nothing closes. */
  | { readonly kind: 'unclosed'; readonly token: IToken }
  | { readonly kind: 'stray'; readonly token: IToken }
  | { readonly kind: 'mismatched'; readonly token: IToken; readonly open: IToken }
  /** The head of a block behind which its '{' is missing; the token is the word it starts with. */
  | { readonly kind: 'missingBrace'; readonly token: IToken }
  /** `{` where no block can stand; the text up to its `}` is left out. */
  | { readonly kind: 'foreignBlock'; readonly token: IToken }
  | { readonly kind: 'foreignOperator'; readonly token: IToken; readonly written: string }
  | { readonly kind: 'foreignComment'; readonly token: IToken }
  | { readonly kind: 'percentOperator'; readonly token: IToken }
  | { readonly kind: 'dollar'; readonly token: IToken; readonly column: string | undefined }
  | { readonly kind: 'curlyQuotes'; readonly token: IToken }
  | { readonly kind: 'badNumber'; readonly token: IToken }
  | { readonly kind: 'unknownCharacters'; readonly token: IToken }
  | { readonly kind: 'misspeltWord'; readonly token: IToken; readonly near: string }
  /** The head of a block goes on where it is complete; the rest of it is left out. */
  | { readonly kind: 'headGoesOn'; readonly token: IToken; readonly keyword: TokenType }
  /** A word that can only start a statement stands behind a complete one, on the same line. */
  | { readonly kind: 'joinedStatements'; readonly token: IToken }
  | { readonly kind: 'leadingOperator'; readonly token: IToken }
  | { readonly kind: 'semicolonInBrackets'; readonly token: IToken }
  | { readonly kind: 'nestedModel'; readonly token: IToken }
  | { readonly kind: 'tooDeep'; readonly token: IToken; readonly limit: number }
  | { readonly kind: 'tooLong'; readonly token: IToken; readonly limit: number };
