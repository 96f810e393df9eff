import type { Design } from '../data/design.js';
import type { DataSchema } from '../data/table.js';
import type { ColumnType, ModelGraph } from '../graph/model-graph.js';
import { identifiersOf } from './identifiers.js';
import { type ModelNames, modelNames, type NamePattern } from './model-names.js';
import { rowColumns } from './row-columns.js';

/** A compiled model, with what is known of its data. */
export interface BuildModel {
  readonly graph: ModelGraph;
  /** The text of the model, for its description. */
  readonly text: string;
  readonly schema?: DataSchema;
  readonly design?: Design;
}

/** What a module needs at run time: fitting without the compiler. */
const library = "'mmlang/model'";

/** What a module is to be: TypeScript, the same without types, or the types alone. */
export type ModuleKind = 'ts' | 'js' | 'd.ts';

/**
 * The text of a module that exports each model under its own name, with its types.
 * @param header  lines for the comment at the top: what it was made from
 */
export function moduleText(models: readonly BuildModel[], kind: ModuleKind, header: readonly string[]): string {
  const own = identifiersOf(models.map((m) => m.graph.name));
  const graphs = identifiersOf([...own, ...own.map((name) => `${name}Graph`)]).slice(own.length);
  const typesOf = identifiersOf(own.map(typeName));
  const sections = models.map((model, i) => {
    const names: Names = { value: own[i] ?? '', graph: graphs[i] ?? '', type: typesOf[i] ?? '' };
    return (kind === 'js' ? [value(model, names, kind)] : [types(model, names), value(model, names, kind)]).join(
      '\n\n',
    );
  });
  const imports = {
    ts: `import { type Model, type ModelGraph, modelFrom } from ${library};`,
    js: `import { modelFrom } from ${library};`,
    'd.ts': `import type { Model } from ${library};`,
  };
  return `${[[...header.map((line) => `// ${line.replace(/[\r\n\u2028\u2029]+/g, ' ')}`), imports[kind]].join('\n'), ...sections].join('\n\n')}\n`;
}

/** What a model is called in the module. */
interface Names {
  readonly value: string;
  readonly graph: string;
  readonly type: string; // what `Row` and `Types` are put behind
}

function types({ graph, schema, design }: BuildModel, { value: name, type }: Names): string {
  const { coefficients, effects, groups, classes }: ModelNames = modelNames(graph, design);
  const row = rowColumns(graph, schema).map((c) => `  readonly ${propertyName(c.name)}: ${cellType(c.type)};`);
  const plain = (texts: readonly string[]) => union(texts.map((text): NamePattern => [text]));
  return `/** One row of the data of the model \`${name}\`. */
export interface ${type}Row {
${row.join('\n')}
}

/** The names of the model \`${name}\`. */
export interface ${type}Types {
  readonly row: ${type}Row;
  readonly coefficients:${union(coefficients)};
  readonly effects:${plain(effects)};
  readonly groups:${plain(groups)};
  readonly classes:${plain(classes)};
}`;
}

function value({ graph, text }: BuildModel, { value: name, graph: graphName, type }: Names, kind: ModuleKind): string {
  if (kind === 'd.ts') return `${description(text)}\nexport declare const ${name}: Model<${type}Types>;`;
  if (kind === 'js') return `${description(text)}\nexport const ${name} = /* @__PURE__ */ modelFrom(${json(graph)});`;
  return `const ${graphName}: ModelGraph = ${json(graph)};

${description(text)}
export const ${name}: Model<${type}Types> = /* @__PURE__ */ modelFrom<${type}Types>(${graphName});`;
}

/** The graph with one line for each of its fields, so that a change shows where it is. */
function json(graph: ModelGraph): string {
  const fields = Object.entries(graph).map(([key, field]) => `  ${propertyName(key)}: ${JSON.stringify(field)},`);
  return `{\n${fields.join('\n')}\n}`;
}

function description(text: string): string {
  const lines = text
    .trimEnd()
    .replaceAll('*/', '* /')
    .split(/\r\n|\n|\r/);
  return `/**\n * \`\`\`mm\n${lines.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n * \`\`\`\n */`;
}

function cellType(type: ColumnType | null): string {
  switch (type) {
    case 'real':
    case 'int':
    case 'count':
      return 'number | null';
    case 'bool':
      return 'boolean | number | null';
    case 'factor':
    case 'ordered':
    case 'text':
      return 'string | number | boolean | null';
    case null:
      return 'string | number | boolean | bigint | null';
  }
}

/** Behind the colon: on the same line where there are few, else one to a line. */
function union(patterns: readonly NamePattern[]): string {
  if (patterns.length === 0) return ' never';
  const written = patterns.map(patternType);
  const line = ` ${written.join(' | ')}`;
  return line.length <= 90 ? line : written.map((text) => `\n    | ${text}`).join('');
}

function patternType(pattern: NamePattern): string {
  const [only] = pattern;
  if (pattern.length === 1) return literal(only);
  return `\`${pattern.map((piece) => piece.replace(/[\\`]|\$(?=\{)/g, '\\$&').replace(/\r/g, '\\r')).join(`\${string}`)}\``;
}

function literal(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== '__proto__' ? name : `[${literal(name)}]`;
}

/** `sleep_study` is a `SleepStudy`. */
function typeName(name: string): string {
  const parts = name.split(/_+/).filter((part) => part !== '');
  const text = parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('');
  return /^[\p{ID_Start}$]/u.test(text) ? text : `Model${text}`;
}
