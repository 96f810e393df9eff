import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test } from 'vitest';
import oniguruma from 'vscode-oniguruma';
import textmate, { type IGrammar } from 'vscode-textmate';
import * as t from '../../grammar/tokens.js';
import { modelFiles } from '../syntax/model-files.js';

const path = new URL('../../grammar/mm.tmLanguage.json', import.meta.url);
let grammar: IGrammar;

beforeAll(async () => {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(readFileSync(path, 'utf8'), 'mm.tmLanguage.json'),
  });
  const loaded = await registry.loadGrammar('source.mm');
  if (loaded === null) throw new Error('no grammar');
  grammar = loaded;
});

/** The innermost scope of every piece of a text. */
function scopes(text: string): { text: string; scope: string }[] {
  let state = textmate.INITIAL;
  return text.split('\n').flatMap((line) => {
    const result = grammar.tokenizeLine(line, state);
    state = result.ruleStack;
    return result.tokens.map((token) => ({
      text: line.slice(token.startIndex, token.endIndex),
      scope: token.scopes.at(-1) ?? '',
    }));
  });
}

function scopeOf(text: string, piece: string): string {
  const found = scopes(text).find((s) => s.text.trim() === piece);
  return found?.scope ?? `no piece '${piece}' in ${JSON.stringify(scopes(text))}`;
}

/** A statement for every keyword. */
const examples: Readonly<Record<string, string>> = {
  model: 'model a {',
  data: 'data "a.csv" { x: int }',
  where: '  where x > 1',
  let: 'let z = x',
  contrasts: 'contrasts z = sum',
  fix: 'fix sigma = 1',
  penalize: 'penalize 2 * x',
  mixture: 'mixture z per g {',
  per: 'mixture z per g {',
  class: '  class low, high { mu = x }',
  labels: 'labels known',
  order: 'order z by intercept descending',
  by: 'order z by intercept descending',
  descending: 'order z by intercept descending  # so',
  weights: 'weights w',
  fit: 'y ~ x; fit ml',
  and: 'where a and b',
  or: 'where a or b',
  not: 'where not b',
};

describe('the TextMate grammar', () => {
  test.each(t.allWords.map((word) => [word]))('knows the keyword %s', (word) => {
    expect(scopeOf(examples[word] ?? '', word)).toMatch(/^keyword\.(control|other|operator\.logical)\.mm$/);
  });

  test.each(t.allWords.filter((w) => !['and', 'or', 'not'].includes(w)).map((word) => [word]))(
    'takes %s for a name where it is one',
    (word) => {
      expect(scopeOf(`  ${word} ~ normal(mu, sigma)`, word)).toBe('variable.other.mm');
      expect(scopeOf(`mu = 1 + ${word} + x`, word)).toBe('variable.other.mm');
    },
  );

  test('knows every operator and mark', () => {
    const marks = t.languageTokens.map((token) => token.PATTERN).filter((pattern) => typeof pattern === 'string');
    expect(marks.length).toBeGreaterThan(20);
    for (const mark of marks) {
      expect(scopeOf(`f ${mark} x`, mark), mark).toMatch(/^(keyword\.operator|punctuation)\./);
    }
  });

  test('tells literals, calls, arguments and comments apart', () => {
    const text = 'y ~ em(draws = 1e-3, `a b`, "c\\n", inf)  # ( "x" )';
    expect(scopeOf(text, 'em')).toBe('entity.name.function.mm');
    expect(scopeOf(text, 'draws')).toBe('variable.parameter.mm');
    expect(scopeOf(text, '1e-3')).toBe('constant.numeric.mm');
    expect(scopeOf(text, 'a b')).toBe('variable.other.quoted.mm');
    expect(scopeOf(text, '\\n')).toBe('constant.character.escape.mm');
    expect(scopeOf(text, 'inf')).toBe('constant.language.mm');
    expect(scopeOf(text, '# ( "x" )')).toBe('comment.line.number-sign.mm');
  });

  test('leaves nothing of a real model without a scope, and calls nothing illegal', () => {
    for (const { name, source } of modelFiles()) {
      const bare = scopes(source).filter((s) => s.scope === 'source.mm' && s.text.trim() !== '');
      expect(bare, name).toEqual([]);
      expect(scopes(source).filter((s) => s.scope.startsWith('invalid'))).toEqual([]);
    }
  });
});
