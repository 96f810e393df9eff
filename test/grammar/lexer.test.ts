import { createToken, Lexer } from 'chevrotain';
import { expect, test } from 'vitest';
import { tokenize } from '../../grammar/lexer.js';
import { lexerTokens } from '../../grammar/tokens.js';
import { modelFiles } from '../syntax/model-files.js';
import { randomSource, TextMaker } from '../syntax/random-text.js';

const hidden = new Map([
  ['WhiteSpace', Lexer.SKIPPED],
  ['Comment', 'comments'],
]);

/** The lexer of chevrotain with our patterns; it checks them, and takes them apart itself to know how they start. */
const oracle = new Lexer(
  lexerTokens.map(({ name, PATTERN = Lexer.NA }) => {
    const group = hidden.get(name);
    const line_breaks = name === 'Newline' || name === 'ForeignComment';
    return createToken({ name, pattern: PATTERN, line_breaks, ...(group === undefined ? {} : { group }) });
  }),
  { positionTracking: 'onlyOffset' },
);

interface Token {
  readonly image: string;
  readonly startOffset: number;
  readonly tokenType: { readonly name: string };
}

const plain = ({ image, startOffset, tokenType }: Token) => `${tokenType.name} ${startOffset} ${image}`;

function check(source: string): void {
  const { tokens, comments } = tokenize(source);
  const expected = oracle.tokenize(source);
  const found = { tokens: tokens.map(plain), comments: comments.map(plain) };
  expect(found, JSON.stringify(source)).toEqual({
    tokens: expected.tokens.map(plain),
    comments: (expected.groups.comments ?? []).map(plain),
  });
}

test('the patterns pass the checks of chevrotain', () => {
  expect(oracle.lexerDefinitionErrors).toEqual([]);
});

test('every character alone, and before a letter and a digit, is the token that chevrotain finds', () => {
  const character = (code: number) => String.fromCharCode(code);
  for (let code = 0; code < 0x100; code++)
    for (const next of ['x', '1', '=', '.', '"']) check(`${character(code)}${next}`);
  const many = 64;
  for (let first = 0; first < 0x10000; first += many)
    check(Array.from({ length: many }, (_, k) => character(first + k)).join('\n'));
});

test('real models, mutations of them and noise are cut as chevrotain cuts them', () => {
  const models = modelFiles().map((m) => m.source);
  for (const source of models) check(source);
  const maker = new TextMaker(randomSource(4));
  for (let n = 0; n < 1_000; n++) check(maker.mutate(maker.pick(models)));
  for (let n = 0; n < 1_000; n++) check(maker.soup(1 + maker.below(60)));
  for (let n = 0; n < 1_000; n++) check(maker.noise(1 + maker.below(200)));
});
