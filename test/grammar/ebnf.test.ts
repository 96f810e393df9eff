import { readFileSync } from 'node:fs';
import type { ISerializedGast } from 'chevrotain';
import { expect, test } from 'vitest';
import { MmParser } from '../../grammar/parser.js';
import * as t from '../../grammar/tokens.js';
import type { BinaryOperator, UnaryOperator } from '../../src/syntax/ast.js';
import { bindingOf, prefixBindingOf } from '../../src/syntax/precedence.js';
import { choice, readEbnf, type Shape, sequence } from './ebnf-reader.js';

const text = readFileSync(new URL('../../grammar/mm.ebnf', import.meta.url), 'utf8');

/** What the EBNF calls the tokens that are not written out. */
const capitals: Readonly<Record<string, string>> = {
  Name: 'NAME',
  NumberLiteral: 'NUMBER',
  StringLiteral: 'STRING',
  BinaryOperator: 'BINARY',
  PrefixOperator: 'PREFIX',
  RandomBar: 'BAR',
  StatementEnd: 'END',
};

interface Serialized extends Omit<ISerializedGast, 'definition'> {
  readonly name?: string;
  readonly label?: string;
  readonly definition?: readonly Serialized[];
}

function shapeOf(node: Serialized): Shape {
  const parts = () => (node.definition ?? []).map(shapeOf);
  switch (node.type) {
    case 'Terminal':
      return { kind: 'terminal', name: capitals[node.name ?? ''] ?? (node.label ?? '').replace(/^'(.*)'$/, '"$1"') };
    case 'NonTerminal':
      return { kind: 'rule', name: node.name ?? '' };
    case 'Option':
      return { kind: 'option', part: sequence(parts()) };
    case 'Repetition':
      return { kind: 'repetition', part: sequence(parts()) };
    case 'Alternation':
      return choice(parts());
    case 'Rule':
    case 'Alternative':
      return sequence(parts());
    default:
      throw new Error(`the reader of the parser's structure does not know ${node.type}`);
  }
}

test('the EBNF and the parser are the same grammar, production by production', () => {
  const written = readEbnf(text);
  const parsed = new Map(
    new MmParser(true).getSerializedGastProductions().map((rule: Serialized) => [rule.name ?? '', shapeOf(rule)]),
  );
  expect([...written.keys()]).toEqual([...parsed.keys()]);
  for (const [name, shape] of written) expect({ name, shape }).toEqual({ name, shape: parsed.get(name) });
});

/** The quoted words behind a word in capitals in the last comment. */
function membersOf(word: string): string[] {
  const line = text.split('\n').find((l) => l.trimStart().startsWith(`${word} `)) ?? '';
  return [...line.matchAll(/"([^"]+)"/g)].map((m) => m[1] ?? '');
}

test('the kinds of operators have the members the EBNF lists', () => {
  const inCategory = (category: string) =>
    t.languageTokens.filter((token) => token.CATEGORIES?.some((c) => c.name === category)).map(t.labelOf);
  for (const [kind, word] of [
    ['BinaryOperator', 'BINARY'],
    ['PrefixOperator', 'PREFIX'],
    ['RandomBar', 'BAR'],
  ] as const) {
    expect(
      membersOf(word)
        .map((m) => `'${m}'`)
        .sort(),
    ).toEqual(inCategory(kind).sort());
  }
});

test('every keyword stands in the EBNF, and every word in quotes there is a keyword', () => {
  const quoted = new Set([...text.matchAll(/"([a-z]+)"/g)].map((m) => m[1] ?? ''));
  expect([...quoted].sort()).toEqual([...t.allWords].sort());
});

test('the table of precedence is the one that is used', () => {
  const start = text.indexOf('Precedence');
  const rows = text
    .slice(start, text.indexOf('*)', start))
    .split('\n')
    .slice(2)
    .map((row) => row.trim())
    .filter((row) => row !== '');
  const table = rows.map((row) => {
    const [operators = '', remark = ''] = row.split(/ {3,}/);
    return { operators: operators.split(' '), isPrefix: remark.startsWith('before') || operators === 'not' };
  });
  const bindings = table.map(({ operators, isPrefix }) => {
    const all = operators.map((o) => (isPrefix ? prefixBindingOf(o as UnaryOperator) : bindingOf(o as BinaryOperator)));
    expect(new Set(all).size, operators.join(' ')).toBe(1);
    return all[0] ?? Number.NaN;
  });
  expect(bindings).toEqual([...bindings].sort((a, b) => b - a));
  expect(new Set(bindings).size).toBe(bindings.length);
  const binary = table.filter((row) => !row.isPrefix).flatMap((row) => row.operators);
  expect(binary.sort()).toEqual(membersOf('BINARY').sort());
});
