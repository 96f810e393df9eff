import type { TokenType } from 'chevrotain';

/*
 * Every token once. The lexer knows no keywords: a word is an identifier until `layout.ts` has seen where it stands,
 * so that columns may be called `class`, `data` or `order`.
 */

/** What the lexer finds: this very text, or what the expression matches. */
type Pattern = string | RegExp;

const token = (name: string, label: string, categories: TokenType[], pattern?: Pattern): TokenType => ({
  name,
  LABEL: label,
  CATEGORIES: categories,
  ...(pattern === undefined ? {} : { PATTERN: pattern }),
});
/** @param first the ASCII characters that a match can start with, so that the lexer need not try the others */
const matched = (
  name: string,
  label: string,
  first: string,
  pattern: RegExp,
  ...categories: TokenType[]
): TokenType => ({ ...token(name, label, categories, pattern), START_CHARS_HINT: [...first] });
/** Several tokens under one name; none is ever found in a text. */
const kind = (name: string, label: string): TokenType => token(name, label, []);
const mark = (name: string, text: string, ...categories: TokenType[]): TokenType =>
  token(name, `'${text}'`, categories, text);
/** A token that no pattern gives: `layout.ts` makes it out of another one. */
const word = (name: string, text: string, ...categories: TokenType[]): TokenType =>
  token(name, `'${text}'`, categories);

// Letters of every script, by range rather than by \p{L}, whose tables take long to build: all beyond Latin-1 except the
// blocks of punctuation, arrows and mathematical operators.
const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
const everyAscii = ascii.join('');
const digits = '.0123456789';
const letters = ascii.filter((character) => /[A-Za-z_.]/.test(character)).join('');
const letter = String.raw`A-Za-z_\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u1fff\u2c00-\u2dff\u3040-\ufdff\ufe70-\ufefe\uff21-\uffef`;
const namePattern = new RegExp(String.raw`(?:[${letter}]|\.(?![0-9]))[${letter}0-9.]*`);
const wholeName = new RegExp(`^(?:${namePattern.source})$`);

/** Whether a name can be written without backticks. */
export function isPlainName(text: string): boolean {
  return wholeName.test(text) && text !== 'not';
}

export const WhiteSpace = matched(
  'WhiteSpace',
  'a blank',
  ' \t\f\v',
  /[ \t\f\v\u00a0\ufeff\u2000-\u200b\u202f\u3000]+/,
);
export const Comment = matched('Comment', 'a comment', '#', /#[^\n\r]*/);

/** What ends a statement: a line's end or `;`. */
export const StatementEnd = kind('StatementEnd', "the line's end or ';'");
export const Newline = matched('Newline', "the line's end", '\n\r', /\r\n|\n|\r/, StatementEnd);
export const Semicolon = mark('Semicolon', ';', StatementEnd);

export const LeftParen = mark('LeftParen', '(');
export const RightParen = mark('RightParen', ')');
export const LeftBracket = mark('LeftBracket', '[');
export const RightBracket = mark('RightBracket', ']');
export const LeftBrace = mark('LeftBrace', '{');
export const RightBrace = mark('RightBrace', '}');
export const Comma = mark('Comma', ',');
export const Tilde = mark('Tilde', '~');
export const Equals = mark('Equals', '=');

// Kinds that the grammar treats alike; which operator takes its operands first is told by a table, not by the grammar.
export const BinaryOperator = kind('BinaryOperator', 'an operator');
export const PrefixOperator = kind('PrefixOperator', 'a sign');
export const RandomBar = kind('RandomBar', "'|' or '||'");
export const Name = kind('Name', 'a name');

export const Plus = mark('Plus', '+', BinaryOperator, PrefixOperator);
export const Minus = mark('Minus', '-', BinaryOperator, PrefixOperator);
export const Star = mark('Star', '*', BinaryOperator);
export const Slash = mark('Slash', '/', BinaryOperator);
export const Caret = mark('Caret', '^', BinaryOperator);
export const Colon = mark('Colon', ':', BinaryOperator);
export const EqualEqual = mark('EqualEqual', '==', BinaryOperator);
export const NotEqual = mark('NotEqual', '!=', BinaryOperator);
export const Less = mark('Less', '<', BinaryOperator);
export const LessEqual = mark('LessEqual', '<=', BinaryOperator);
export const Greater = mark('Greater', '>', BinaryOperator);
export const GreaterEqual = mark('GreaterEqual', '>=', BinaryOperator);
export const Bar = mark('Bar', '|', RandomBar);
export const DoubleBar = mark('DoubleBar', '||', RandomBar);
export const And = word('And', 'and', BinaryOperator);
export const Or = word('Or', 'or', BinaryOperator);
export const Not = word('Not', 'not', PrefixOperator);

export const NumberLiteral = matched(
  'NumberLiteral',
  'a number',
  digits,
  new RegExp(String.raw`(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![${letter}0-9.])`),
);
export const StringLiteral = matched(
  'StringLiteral',
  'a text in quotes',
  `"'`,
  /"(?:[^"\\\n\r]|\\[^\n\r])*"|'(?:[^'\\\n\r]|\\[^\n\r])*'/,
);
export const Identifier = matched('Identifier', 'a name', letters, namePattern, Name);
export const QuotedName = matched('QuotedName', 'a name in backticks', '`', /`(?:[^`\\\n\r]|\\[^\n\r])*`/, Name);

// Words that start a statement, and the three that stand inside one.
export const Model = word('Model', 'model');
export const Data = word('Data', 'data');
export const Where = word('Where', 'where');
export const Let = word('Let', 'let');
export const Contrasts = word('Contrasts', 'contrasts');
export const Fix = word('Fix', 'fix');
export const Penalize = word('Penalize', 'penalize');
export const Mixture = word('Mixture', 'mixture');
export const Class = word('Class', 'class');
export const Labels = word('Labels', 'labels');
export const Order = word('Order', 'order');
export const Weights = word('Weights', 'weights');
export const Fit = word('Fit', 'fit');
export const Per = word('Per', 'per');
export const By = word('By', 'by');
export const Descending = word('Descending', 'descending');

/** Words that make a statement what it is, where one starts. */
export const statementWords: ReadonlyMap<string, TokenType> = new Map([
  ['model', Model],
  ['data', Data],
  ['where', Where],
  ['let', Let],
  ['contrasts', Contrasts],
  ['fix', Fix],
  ['penalize', Penalize],
  ['mixture', Mixture],
  ['class', Class],
  ['labels', Labels],
  ['order', Order],
  ['weights', Weights],
  ['fit', Fit],
]);

/** All words with a meaning of their own somewhere. */
export const allWords: readonly string[] = [...statementWords.keys(), 'per', 'by', 'descending', 'and', 'or', 'not'];

// ---- What other languages write. Each is read as what it means here, and reported. ----

export const UnclosedString = matched('UnclosedString', 'an unclosed text', `"'`, /["'](?:[^"'\\\n\r]|\\[^\n\r])*/);
export const UnclosedName = matched('UnclosedName', 'an unclosed name', '`', /`(?:[^`\\\n\r]|\\[^\n\r])*/);
export const CurlyString = matched(
  'CurlyString',
  'a text in curly quotes',
  '',
  /[\u201c-\u201f][^\u201c-\u201f"\n\r]*[\u201c-\u201f"]|[\u2018-\u201b][^\u2018-\u201b'\n\r]*[\u2018-\u201b']/,
);
export const BadNumber = matched(
  'BadNumber',
  'a damaged number',
  digits,
  new RegExp(String.raw`\.?\d(?:[eE][+-]\d|[${letter}0-9.])*`),
);
export const ForeignComment = matched(
  'ForeignComment',
  'a comment of another language',
  '/',
  /\/\/[^\n\r]*|\/\*[^*]*(?:\*(?!\/)[^*]*)*(?:\*\/)?/,
);
export const PercentOperator = matched('PercentOperator', 'an operator between percent signs', '%', /%[^%\s]*%/);
export const Dollar = mark('Dollar', '$');
export const LeftArrow = mark('LeftArrow', '<-');
export const Unknown = matched('Unknown', 'an unknown character', everyAscii, /[^\s]/);

/** An operator of another language, the token it stands for, and how that is written. */
export interface ForeignOperator {
  readonly token: TokenType;
  readonly meant: TokenType;
  readonly written: string;
}

const foreign = (name: string, pattern: Pattern, meant: TokenType, written: string): ForeignOperator => {
  const label = 'an operator of another language';
  const found = typeof pattern === 'string' ? token(name, label, [], pattern) : matched(name, label, '&', pattern);
  return { token: found, meant, written };
};

export const foreignOperators: readonly ForeignOperator[] = [
  foreign('ColonEquals', ':=', Equals, '='),
  foreign('DoubleTilde', '~~', Tilde, '~'),
  foreign('TripleEquals', '===', EqualEqual, '=='),
  foreign('NotDoubleEquals', '!==', NotEqual, '!='),
  foreign('LessGreater', '<>', NotEqual, '!='),
  foreign('EqualsLess', '=<', LessEqual, '<='),
  foreign('EqualsGreater', '=>', GreaterEqual, '>='),
  foreign('Ampersand', /&&?/, And, 'and'),
  foreign('Exclamation', '!', Not, 'not'),
  foreign('DoubleStar', '**', Caret, '^'),
  foreign('LessEqualSign', '\u2264', LessEqual, '<='),
  foreign('GreaterEqualSign', '\u2265', GreaterEqual, '>='),
  foreign('NotEqualSign', '\u2260', NotEqual, '!='),
  foreign('MinusSign', /[\u2012-\u2015\u2212]/, Minus, '-'),
  foreign('TimesSign', /[\u00d7\u00b7\u22c5]/, Star, '*'),
  foreign('DivisionSign', '\u00f7', Slash, '/'),
];

const foreignToken = (name: string): TokenType => {
  const found = foreignOperators.find((f) => f.token.name === name);
  if (found === undefined) throw new Error(`no foreign operator ${name}`);
  return found.token;
};

/** Operators between two operands. */
export const binaryOperators: readonly TokenType[] = [
  Or,
  And,
  EqualEqual,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  Plus,
  Minus,
  Star,
  Slash,
  Colon,
  Caret,
];

/** The tokens of the language proper, which the parser, its diagrams and the EBNF know. */
export const languageTokens: readonly TokenType[] = [
  StatementEnd,
  BinaryOperator,
  PrefixOperator,
  RandomBar,
  Name,
  Newline,
  Semicolon,
  LeftParen,
  RightParen,
  LeftBracket,
  RightBracket,
  LeftBrace,
  RightBrace,
  Comma,
  Tilde,
  Equals,
  Plus,
  Minus,
  Star,
  Slash,
  Caret,
  Colon,
  EqualEqual,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  Bar,
  DoubleBar,
  And,
  Or,
  Not,
  NumberLiteral,
  StringLiteral,
  Identifier,
  QuotedName,
  ...statementWords.values(),
  Per,
  By,
  Descending,
];

/** In the order the lexer tries them: of two that match, the longer must stand first. */
export const lexerTokens: readonly TokenType[] = [
  WhiteSpace,
  Comment,
  Newline,
  NumberLiteral,
  BadNumber,
  Identifier,
  QuotedName,
  StringLiteral,
  UnclosedString,
  UnclosedName,
  CurlyString,
  ForeignComment,
  foreignToken('TripleEquals'),
  foreignToken('EqualsLess'),
  foreignToken('EqualsGreater'),
  EqualEqual,
  Equals,
  foreignToken('NotDoubleEquals'),
  NotEqual,
  foreignToken('Exclamation'),
  LeftArrow,
  foreignToken('LessGreater'),
  LessEqual,
  Less,
  GreaterEqual,
  Greater,
  foreignToken('DoubleTilde'),
  Tilde,
  foreignToken('ColonEquals'),
  Colon,
  DoubleBar,
  Bar,
  foreignToken('DoubleStar'),
  Star,
  Slash,
  Plus,
  Minus,
  Caret,
  LeftParen,
  RightParen,
  LeftBracket,
  RightBracket,
  LeftBrace,
  RightBrace,
  Comma,
  Semicolon,
  foreignToken('Ampersand'),
  PercentOperator,
  Dollar,
  foreignToken('LessEqualSign'),
  foreignToken('GreaterEqualSign'),
  foreignToken('NotEqualSign'),
  foreignToken('MinusSign'),
  foreignToken('TimesSign'),
  foreignToken('DivisionSign'),
  Unknown,
];

/** The number of a token's type as long as chevrotain, which tells types by numbers, has not been asked (see `parser.ts`). */
export const unnumbered = 0;

/** How a token of this kind is called in messages. */
export function labelOf(type: TokenType): string {
  return type.LABEL ?? type.name;
}
