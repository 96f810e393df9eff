import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Which layers a layer may import from; every layer may import itself and `diagnostics`. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  grammar: [],
  diagnostics: [],
  syntax: ['grammar'],
  graph: [],
  kernels: [],
  links: ['kernels'],
  families: ['links', 'kernels'],
  priors: ['kernels', 'graph'],
  optim: ['kernels'],
  results: ['graph', 'families', 'kernels'],
  data: ['graph', 'families', 'links', 'kernels'],
  engines: ['graph', 'data', 'families', 'links', 'priors', 'optim', 'kernels', 'results'],
  embedding: ['graph', 'data', 'engines', 'families', 'links', 'priors', 'optim', 'kernels', 'results'],
  semantics: ['syntax', 'families', 'links', 'priors', 'graph', 'data'],
  lower: ['semantics', 'syntax', 'graph'],
  plan: ['graph', 'families', 'links', 'priors'],
  build: ['graph', 'data', 'results'],
  prediction: ['graph', 'data', 'families', 'links', 'kernels', 'results'],
  saved: ['graph', 'data'],
  services: ['root', 'grammar', 'syntax', 'semantics', 'graph', 'data', 'families', 'links', 'priors'],
  root: [
    'syntax',
    'semantics',
    'lower',
    'plan',
    'graph',
    'data',
    'engines',
    'results',
    'families',
    'links',
    'priors',
    'embedding',
    'prediction',
    'saved',
  ],
  hosts: ['root', 'build', 'services', 'syntax', 'data', 'results', 'graph'],
};

/** Packages a layer may import; what is not listed here imports none. */
const packages: Readonly<Record<string, readonly RegExp[]>> = {
  grammar: [/^chevrotain$/],
  syntax: [/^chevrotain$/],
  kernels: [/^ml-matrix$/, /^seedrandom$/],
  data: [/^papaparse$/, /^hyparquet(-compressors|\/src\/index\.js)?$/, /^@uwdata\/flechette$/],

  saved: [/^zod\/mini$/],
  hosts: [/^@observablehq\/plot$/, /^linkedom$/, /^commander$/, /^d3-array$/],
};

const barrels = [
  'src/index.ts',
  'src/families/index.ts',
  'src/links/index.ts',
  'src/priors/index.ts',
  'src/engines/index.ts',
];

/** Files longer than this are split, but for tables and generated files. */
const longest = 450;
const mayBeLong: readonly RegExp[] = [/^grammar\/cst\.d\.ts$/, /^src\/kernels\/wasm\/binary\.ts$/, /\btable(s)?\.ts$/];

interface SourceFile {
  readonly path: string; // from the root, with forward slashes
  readonly layer: string;
  readonly text: string;
  readonly code: string; // without comments
}

function filesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

function layerOf(path: string): string {
  const parts = path.split('/');
  if (parts[0] === 'grammar') return 'grammar';
  return parts.length === 2 ? 'root' : parts[1];
}

/** Comments become spaces; strings stay, for imports stand in them. */
function withoutComments(text: string): string {
  const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
  return text.replace(token, (found) => (found.startsWith('//') || found.startsWith('/*') ? ' ' : found));
}

const sources: readonly SourceFile[] = [join(root, 'src'), join(root, 'grammar')]
  .flatMap(filesUnder)
  .filter((path) => path.endsWith('.ts') && !path.includes(`wasm${sep}assembly`))
  .map((path) => {
    const text = readFileSync(path, 'utf8');
    const name = relative(root, path).split(sep).join('/');
    return { path: name, layer: layerOf(name), text, code: withoutComments(text) };
  });

function importsOf(file: SourceFile): string[] {
  const found = file.code.matchAll(/\b(?:from|import)\s*\(?\s*(['"])([^'"\n]+)\1/g);
  return [...found].map((match) => match[2]);
}

function importProblems(file: SourceFile): string[] {
  const layers = allowed[file.layer];
  if (layers === undefined)
    return [`${file.path}: '${file.layer}' is not a layer that test/architecture.test.ts knows`];
  return importsOf(file).flatMap((specifier) => {
    if (specifier.startsWith('.')) {
      const target = relative(root, resolve(root, dirname(file.path), specifier))
        .split(sep)
        .join('/');
      if (target === 'package.json')
        return file.layer === 'hosts' ? [] : [`${file.path}: package.json outside src/hosts`];
      const layer = layerOf(target);
      const legal = layer === file.layer || layer === 'diagnostics' || layers.includes(layer);
      return legal ? [] : [`${file.path}: ${file.layer} may not import ${target}`];
    }
    if (specifier.startsWith('node:') || builtinModules.includes(specifier))
      return file.layer === 'hosts' ? [] : [`${file.path}: ${specifier} outside src/hosts`];
    const legal = packages[file.layer]?.some((pattern) => pattern.test(specifier)) ?? false;
    return legal ? [] : [`${file.path}: ${file.layer} may not import the package ${specifier}`];
  });
}

function linesWith(pattern: RegExp, files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    file.code.split('\n').flatMap((line) => (pattern.test(line) ? [`${file.path}: ${line.trim()}`] : [])),
  );
}

describe('the layers', () => {
  test('the sources are found', () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(sources.flatMap(importsOf).length).toBeGreaterThan(50);
  });

  test('every import follows an arrow of the table', () => {
    expect(sources.flatMap(importProblems)).toEqual([]);
  });

  test('an illegal import would be seen', () => {
    const code =
      "import { x } from '../engines/engine.js';\nimport type { P } from 'commander';\nconst f = () => import('node:fs');";
    const bad: SourceFile = { path: 'src/graph/bad.ts', layer: 'graph', text: code, code };
    expect(importProblems(bad)).toHaveLength(3);
  });

  test('no layer is imported by one that it imports', () => {
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean => {
      if (seen.has(from)) return false;
      seen.add(from);
      return (allowed[from] ?? []).some((next) => next === to || reaches(next, to, seen));
    };
    expect(Object.keys(allowed).filter((layer) => reaches(layer, layer))).toEqual([]);
  });
});

describe('what src may not do', () => {
  const core = sources.filter((file) => file.layer !== 'hosts');

  test('clock, chance and terminal only in src/hosts', () => {
    expect(
      linesWith(/\bDate\.now\b|\bnew Date\b|\bperformance\.|\bMath\.random\b|\bconsole\.|\bprocess\./, core),
    ).toEqual([]);
  });

  test('no code made of text', () => {
    expect(linesWith(/\beval\s*\(|\bnew Function\b|\bFunction\s*\(/, sources)).toEqual([]);
  });

  test('no default export', () => {
    expect(linesWith(/\bexport\s+default\b|\bas\s+default\b/, sources)).toEqual([]);
  });

  test('no barrel but the listed ones', () => {
    const passesOn = /\bexport\s+(?:type\s+)?(?:\*|\{[^}]*\})\s*(?:as\s+\w+\s+)?from\b/;
    const hasOwn = /^export\s+(?:(?:abstract|async|declare)\s+)?(?:function|const|class|interface|type\s+\w)/m;
    const found = sources.filter(
      (file) => /\bexport\s+\*/.test(file.code) || (passesOn.test(file.code) && !hasOwn.test(file.code)),
    );
    const indexes = sources.filter((file) => file.path.endsWith('/index.ts'));
    expect([...found, ...indexes].map((file) => file.path).filter((path) => !barrels.includes(path))).toEqual([]);
  });

  test('nothing is remembered between calls', () => {
    expect(linesWith(/^(?:export\s+)?(?:let|var)\b/, sources)).toEqual([]);
  });

  test('no file outgrows its reader', () => {
    const long = sources.filter((file) => file.text.split('\n').length > longest);
    expect(long.map((file) => file.path).filter((path) => !mayBeLong.some((pattern) => pattern.test(path)))).toEqual(
      [],
    );
  });
});

describe('dependencies', () => {
  test('every package stands in spec/dependencies.md', () => {
    const text = readFileSync(join(root, 'spec/dependencies.md'), 'utf8');
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    const all = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(all.filter((name) => !new RegExp(`^\\|[^|]*(?<![\\w/-])${name}(?![\\w/-])`, 'm').test(text))).toEqual([]);
  });
});

describe('equations', () => {
  const numerics = join(root, 'spec/numerics.md');
  /** `[LMM-7]`, `[GLMM-3a]`, `[OPT-2]`: an id in brackets. */
  const citation = /\[([A-Z][A-Z0-9]*-\d+[a-z]?)\]/g;

  test('every id cited in src stands in spec/numerics.md', () => {
    const known = new Set([...readFileSync(numerics, 'utf8').matchAll(citation)].map((match) => match[1]));
    const cited = sources.flatMap((file) =>
      [...file.text.matchAll(citation)].map((match) => `${match[1]} in ${file.path}`),
    );
    expect(cited.filter((text) => !known.has(text.split(' ')[0]))).toEqual([]);
  });
});
