import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile.js';
import { familyNames } from '../../src/families/family.js';
import { graphProblems } from '../../src/graph/validate-graph.js';
import { linkNames } from '../../src/links/link.js';
import { priorNames } from '../../src/priors/prior.js';
import { columnTypes } from '../../src/semantics/check-data.js';
import { columnFunctions } from '../../src/semantics/column-functions.js';
import { structureNames } from '../../src/semantics/structures.js';
import type { Statement } from '../../src/syntax/ast.js';
import { schema } from './schema.js';

const text = readFileSync(join(import.meta.dirname, '..', '..', 'spec', 'language.md'), 'utf8');

interface Example {
  readonly line: number;
  readonly codes: readonly string[];
  readonly source: string;
}

const examples: Example[] = [...text.matchAll(/^```mm(?: error (.*))?\n([\s\S]*?)^```$/gm)].map((match) => ({
  line: text.slice(0, match.index).split('\n').length,
  codes: match[1]?.split(' ') ?? [],
  source: match[2] ?? '',
}));

/** What depends on the engines that this version has. */
const ofTheVersion = new Set(['MM381', 'MM385']);

describe('examples', () => {
  test.each(examples)('line $line', ({ source, codes }) => {
    // Examples about names need columns; the others are about data of their own.
    const options = codes.some((code) => code === 'MM231') ? { schema } : {};
    const { models, diagnostics } = compile(source, options);
    const found = diagnostics.filter((d) => d.severity !== 'note' && !ofTheVersion.has(d.code));
    expect(
      found.map((d) => d.code),
      found.map((d) => d.message).join('\n'),
    ).toEqual(codes);
    if (codes.length > 0) return;
    expect(models.length).toBeGreaterThan(0);
    for (const { graph } of models) expect(graph === undefined ? ['no graph'] : graphProblems(graph)).toEqual([]);
  });
});

describe('every construct has an example', () => {
  const good = examples.filter((e) => e.codes.length === 0);
  const sources = good.map((e) => e.source).join('\n');
  const called = (name: string) => new RegExp(`\\b${name}\\(`).test(sources);

  test('statements', () => {
    const kinds = new Set<string>();
    const visit = (statements: readonly Statement[]): void => {
      for (const s of statements) {
        kinds.add(s.kind);
        if (s.kind === 'mixture' || s.kind === 'class') visit(s.statements);
      }
    };
    for (const { source } of good) {
      const { ast } = compile(source);
      visit(ast.statements);
      for (const m of ast.models) visit(m.statements);
    }
    const all: Record<Statement['kind'], true> = {
      data: true,
      where: true,
      let: true,
      contrasts: true,
      sample: true,
      assign: true,
      fix: true,
      penalize: true,
      mixture: true,
      class: true,
      labels: true,
      order: true,
      weights: true,
      fit: true,
    };
    expect(Object.keys(all).filter((kind) => !kinds.has(kind))).toEqual([]);
  });

  test('distributions of priors, covariance structures', () => {
    expect(priorNames.filter((name) => !called(name))).toEqual([]);
    expect(structureNames.filter((name) => !called(name))).toEqual([]);
  });

  test('families, links, types, functions are listed', () => {
    const listed = (name: string) =>
      text.includes(`\`${name}`) || new RegExp(`[\` ]${name.replace('.', '\\.')}[\` \\n]`).test(text);
    expect(familyNames.filter((name) => !listed(name))).toEqual([]);
    expect(linkNames.filter((name) => !listed(name))).toEqual([]);
    expect(columnTypes.filter((name) => !listed(name))).toEqual([]);
    expect(Object.keys(columnFunctions).filter((name) => !listed(name))).toEqual([]);
  });
});
