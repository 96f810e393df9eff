import { expect, test } from 'vitest';
import { layOut } from '../../grammar/layout.js';
import { tokenize } from '../../grammar/lexer.js';
import { MmParser } from '../../grammar/parser.js';
import { readCorrect } from '../../grammar/read-correct.js';
import { modelFiles } from '../syntax/model-files.js';
import { randomSource, TextMaker } from '../syntax/random-text.js';

const parser = new MmParser();

/** @returns whether the text is correct */
function check(source: string): boolean {
  const { tokens } = layOut(tokenize(source).tokens, source);
  const found = readCorrect(tokens);
  const { cst, errors } = parser.read(tokens);
  if (errors.length > 0) expect(found, source).toBeUndefined();
  else expect(found, source).toEqual(cst);
  return errors.length === 0;
}

test('real models give the tree that the parser gives', () => {
  for (const { source } of modelFiles()) check(source);
  expect(modelFiles().filter(({ source }) => check(source)).length).toBeGreaterThan(30);
});

test('without tokens there is a tree without statements', () => {
  expect(check('')).toBe(true);
});

test('mutations of real models: the tree of the parser where it finds no error, and none where it does', () => {
  const models = modelFiles().map((m) => m.source);
  const maker = new TextMaker(randomSource(5));
  let correct = 0;
  const all = 2_000;
  for (let n = 0; n < all; n++) if (check(maker.mutate(maker.pick(models)))) correct++;
  for (let n = 0; n < 1_000; n++) check(maker.soup(1 + maker.below(60)));
  expect(correct).toBeGreaterThan(all / 10);
  expect(correct).toBeLessThan((9 * all) / 10);
});
