/** A name and a text. */
type Named = readonly [name: string, text: string];

/** More brackets or operators in one statement than are allowed. */
export const tooDeepTexts = (many = 10_000): readonly Named[] => [
  ['open parentheses', `y ~ ${'('.repeat(many)}`],
  ['open and closed parentheses', `y ~ ${'('.repeat(many)}x${')'.repeat(many)}`],
  ['open brackets', `y ~ ${'['.repeat(many)}`],
  ['calls in calls', `y ~ ${'f('.repeat(many)}x${')'.repeat(many)}`],
  ['signs', `y ~ ${'-'.repeat(many)}x`],
  ['nots', `where ${'not '.repeat(many)}x`],
  ['powers', `y ~ x${'^x'.repeat(many)}`],
  ['indices', `y ~ x${'[1]'.repeat(many)}`],
];

/** What a reader whose time grows faster than the text would stumble over. */
export const longTexts = (many = 10_000): readonly Named[] => [
  ['closing parentheses', ')'.repeat(many / 4)],
  ['open braces', '{'.repeat(many)],
  ['closing braces', '}'.repeat(many / 4)],
  ['models in models', 'model a {'.repeat(many / 10)],
  ['classes in classes', 'class a {\n'.repeat(many / 10)],
  ['semicolons', ';'.repeat(many)],
  ['semicolons in a parenthesis', `y ~ (${';'.repeat(many / 4)})`],
  ['newlines', '\n'.repeat(many)],
  ['newlines behind an operator', `y ~${'\n'.repeat(many)}x`],
  ['newlines before an operator', `y${'\n'.repeat(many)}~ x`],
  ['quotes', '"'.repeat(many)],
  ['backslashes', '\\'.repeat(many)],
  ['a long name', `${'a'.repeat(100 * many)} ~ x`],
  ['a long text', `data "${'a'.repeat(100 * many)}"`],
  ['a long comment', `#${'a'.repeat(100 * many)}`],
  ['a long number', `y ~ ${'1'.repeat(10 * many)}`],
  ['a long line of blanks', `y ~ ${' '.repeat(100 * many)}x`],
  ['unclosed comments', '/*'.repeat(many)],
  ['a long comment of another language', `/*${'a*'.repeat(10 * many)}`],
  ['percent signs', '%'.repeat(many)],
  ['many words', 'fit '.repeat(many / 5)],
  ['unknown characters', '@'.repeat(many / 2)],
];
