import { define } from '../define.js';

/** MM1xx: the text cannot be read. */
export const syntaxCodes = {
  MM101: define<{ found: string; expected: string | undefined }>({
    severity: 'error',
    message: (p) => `unexpected ${p.found}`,
    hint: (p) => (p.expected === undefined ? undefined : `expected ${p.expected}`),
  }),
  MM102: define<{ open: string; close: string }>({
    severity: 'error',
    message: (p) => `this '${p.open}' is never closed`,
    hint: (p) => `add the '${p.close}' that belongs to it`,
  }),
  MM103: define<{ mark: string; what: string }>({
    severity: 'error',
    message: (p) => `${p.what} is not closed on its line`,
    hint: (p) => `add a ${p.mark} at its end`,
  }),
  MM104: define<{ close: string }>({
    severity: 'error',
    message: (p) => `nothing is open that this '${p.close}' could close`,
    hint: () => 'remove it, or add what it should close',
  }),
  MM105: define<{ open: string; close: string; wanted: string }>({
    severity: 'error',
    message: (p) => `'${p.open}' is closed by '${p.close}'`,
    hint: (p) => `write '${p.wanted}'`,
    replacement: (p) => p.wanted,
  }),
  MM106: define<{ characters: string; many: boolean }>({
    severity: 'error',
    message: (p) => `${p.many ? 'characters that mean' : 'a character that means'} nothing here: ${p.characters}`,
    hint: () => 'names with other characters than letters, digits, dots and underscores stand in backticks',
  }),
  MM107: define<{ written: string; meant: string }>({
    severity: 'error',
    message: (p) => `'${p.written}' is not an operator of mm`,
    hint: (p) => `write '${p.meant}'`,
    replacement: (p) => p.meant,
  }),
  MM108: define({
    severity: 'error',
    message: () => "'=' does not compare",
    hint: () => "write '=='",
    replacement: () => '==',
  }),
  MM109: define<{ bar: string; logic: boolean }>({
    severity: 'error',
    message: (p) =>
      p.logic ? `'${p.bar}' is not an operator of conditions` : `'${p.bar}' stands only in parentheses or in a call`,
    hint: (p) => (p.logic ? "write 'or'" : `put the random effect in parentheses: (1 ${p.bar} group)`),
    replacement: (p) => (p.logic ? 'or' : undefined),
  }),
  MM110: define<{ word: string; near: string }>({
    severity: 'error',
    message: (p) => `'${p.word}' does not start a statement`,
    hint: (p) => `did you mean '${p.near}'?`,
    replacement: (p) => p.near,
  }),
  MM111: define<{ call: string }>({
    severity: 'error',
    message: (p) => `'${p.call}()' is a call of R, not of mm`,
    hint: () => 'write its formula alone, as in y ~ 1 + x + (1 + x | group); data, family and method are statements',
  }),
  MM112: define<{ family: string | undefined }>({
    severity: 'error',
    message: () => "the family is not given by 'family ='",
    hint: (p) => p.family ?? 'write the likelihood and its predictor, as in y ~ poisson(lambda); log(lambda) = 1 + x',
  }),
  MM113: define<{ expected: string }>({
    severity: 'error',
    message: () => 'this ends too early',
    hint: (p) => `expected ${p.expected}`,
  }),
  MM114: define<{ operator: string }>({
    severity: 'error',
    message: (p) => `a line cannot start with '${p.operator}'`,
    hint: (p) => `end the line before with '${p.operator}', so that it is seen to go on`,
  }),
  MM115: define<{ limit: number }>({
    severity: 'error',
    message: (p) => `more than ${p.limit} brackets inside each other`,
    hint: () => 'name parts of the expression and use the names',
  }),
  MM116: define<{ limit: number }>({
    severity: 'error',
    message: (p) => `more than ${p.limit} operators in one statement`,
    hint: () => 'name parts of the expression and use the names',
  }),
  MM117: define<{ written: string }>({
    severity: 'error',
    message: (p) => `'${p.written}' means nothing in a text`,
    hint: () => 'write \\\\ for a backslash, or / in the name of a file',
  }),
  MM118: define<{ text: string; instead: string | undefined }>({
    severity: 'error',
    message: (p) => `'${p.text}' is not a number`,
    hint: (p) => (p.instead === undefined ? undefined : `write ${p.instead}`),
    replacement: (p) => p.instead,
  }),
  MM119: define({
    severity: 'error',
    message: () => "no block can stand here; the text up to its '}' has been left out",
    hint: () => "'{' opens a model, a mixture, a class or the columns of data",
  }),
  MM120: define({
    severity: 'error',
    message: () => "a statement needs a '~' or a '='",
    hint: () => 'as in y ~ normal(mu, sigma) or mu = 1 + x; to continue a line, end it with an operator',
  }),
  MM121: define({
    severity: 'error',
    message: () => "';' stands inside brackets",
    hint: () => "write ','",
    replacement: () => ',',
  }),
  MM122: define({
    severity: 'error',
    message: () => 'comparisons do not chain',
    hint: () => "join two of them with 'and', as in 0 < x and x < 1",
  }),
  MM123: define({
    severity: 'error',
    message: () => 'a model cannot stand inside a block',
    hint: () => "close the block before it with '}'",
  }),
  MM124: define({
    severity: 'error',
    message: () => 'a statement stands behind a model, outside of any',
    hint: () => 'statements for all models stand before the first one',
  }),
  MM125: define<{ word: string; instead: string }>({
    severity: 'error',
    message: (p) => `'${p.word}' takes no '='`,
    hint: (p) => `write ${p.instead}`,
    replacement: (p) => p.instead,
  }),
  MM126: define<{ operator: string }>({
    severity: 'error',
    message: (p) => `'${p.operator}' is not an operator of mm`,
    hint: (p) =>
      p.operator === '%in%'
        ? 'write x == "a" or x == "b" in a condition, and a:b in a predictor'
        : 'use a function or a derived column',
  }),
  MM127: define<{ column: string | undefined }>({
    severity: 'error',
    message: () => "columns are written without the name of the data and without '$'",
    hint: (p) => (p.column === undefined ? undefined : `write ${p.column}`),
  }),
  MM128: define({
    severity: 'error',
    message: () => 'curly quotation marks do not quote',
    hint: () => 'write "',
  }),
  MM129: define({
    severity: 'error',
    message: () => "a comment starts with '#'",
    hint: () => "write '#'",
  }),
  MM130: define<{ operator: string }>({
    severity: 'error',
    message: (p) => `a second '~' or '=' in one statement: '${p.operator}'`,
    hint: () => "start a new line, or write '==' to compare",
  }),
  MM131: define<{ what: string }>({
    severity: 'error',
    message: (p) => `${p.what} is missing`,
  }),
  MM132: define<{ word: string }>({
    severity: 'error',
    message: (p) => `'${p.word}' is not a setting`,
    hint: () => 'data, weights and the method are statements of their own: data "file.csv", weights w, fit ml',
  }),
  MM133: define<{ text: string }>({
    severity: 'error',
    message: (p) => `${p.text} is too large a number`,
    hint: () => "write 'inf' for infinity",
  }),
  MM134: define<{ word: string }>({
    severity: 'error',
    message: (p) => `the block of this ${p.word} has no '{'`,
    hint: (p) => (p.word === 'data' ? "add '{' before the columns" : "add '{' behind the head"),
  }),
};
