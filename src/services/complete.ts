import { isPlainName } from '../../grammar/tokens.js';
import { compile } from '../compile.js';
import type { ColumnSchema, DataSchema } from '../data/table.js';
import { families as registry } from '../families/index.js';
import { isFamilyName } from '../semantics/family-names.js';
import { quote } from '../syntax/literals.js';
import { coefficientNames } from './coefficients.js';
import type { Completion, CompletionItem, CompletionKind } from './completion.js';
import { type OpenBracket, type Place, placeAt } from './place.js';
import { namesOf, type ProgramNames } from './program-names.js';
import type { Word } from './scan.js';
import * as vocabulary from './vocabulary.js';

/** What the completion knows besides the text. */
export interface CompletionContext {
  readonly schema?: DataSchema;
}

/**
 * What could stand at an offset of a program, however unfinished it is. Items start with what is written there already,
 * compared without case; best guesses first.
 */
export function complete(source: string, offset: number, context: CompletionContext = {}): Completion {
  const place = placeAt(source, offset);
  const nothing = { start: place.start, end: place.end, items: [], file: false };
  if (place.inComment) return nothing;
  if (place.inString && isFile(place)) return { ...nothing, file: true };
  const { schema } = context;
  const names = namesOf(source, (name) => schema?.columns.has(name) === true);
  const sources = new Candidates(source, place, schema, names);
  const wanted = place.prefix.toLowerCase();
  const seen = new Set<string>();
  const items = candidatesAt(place, sources).filter(({ name, insert }) => {
    if (!name.toLowerCase().startsWith(wanted) || seen.has(insert)) return false;
    seen.add(insert);
    return true;
  });
  return { ...nothing, items };
}

function isFile({ before }: Place): boolean {
  return before.length === 1 && before[0]?.text === 'data';
}

/** Everything that could be offered, by kind. */
class Candidates {
  constructor(
    private readonly source: string,
    private readonly place: Place,
    readonly schema: DataSchema | undefined,
    readonly names: ProgramNames,
  ) {}

  terms(kind: CompletionKind, terms: readonly vocabulary.Term[], after = ''): CompletionItem[] {
    return terms.map(({ name, detail }) => ({ name, insert: name + after, kind, detail }));
  }

  named(kind: CompletionKind, names: readonly string[], detail: string): CompletionItem[] {
    return names.map((name) => ({ name, insert: written(name), kind, detail }));
  }

  columns(wanted: (schema: ColumnSchema) => boolean = () => true): CompletionItem[] {
    const own = [...(this.schema?.columns ?? [])].filter(([, schema]) => wanted(schema));
    return [
      ...own.map(([name, schema]) => ({
        name,
        insert: written(name),
        kind: 'column' as const,
        detail: describe(schema),
      })),
      ...this.named('column', this.names.columns, 'derived'),
    ];
  }

  /** Columns that can group rows, those with levels first. */
  groupColumns(): CompletionItem[] {
    const hasLevels = (s: ColumnSchema): boolean => s.levels !== null;
    const whole = (s: ColumnSchema): boolean => s.levels === null && s.type !== 'real';
    return [...this.columns(hasLevels).filter((i) => i.detail !== 'derived'), ...this.columns(whole)];
  }

  levels(column: string): CompletionItem[] {
    const levels = this.schema?.columns.get(column)?.levels ?? [];
    return levels.map((name) => ({
      name,
      insert: quote(name, '"').slice(1, -1),
      kind: 'level',
      detail: `of ${column}`,
    }));
  }

  functions(inPredictor: boolean): CompletionItem[] {
    return this.terms(
      'function',
      vocabulary.functions.filter((f) => inPredictor || !f.predictorOnly),
      '(',
    );
  }

  groups(): CompletionItem[] {
    return [
      ...this.names.groups.map((name) => ({ name, insert: name, kind: 'group' as const, detail: 'random effect' })),
      ...this.named('effect', this.names.effects, 'random effect'),
    ];
  }

  parameters(): CompletionItem[] {
    return this.named('parameter', this.names.parameters, 'parameter');
  }

  effects(): CompletionItem[] {
    return [
      ...this.named('effect', this.names.effects, 'random effect'),
      ...this.named('effect', this.names.parts, 'part'),
    ];
  }

  /** What a prior, a fix, a penalty or an order can speak of. */
  quantities(): CompletionItem[] {
    return [...this.terms('parameter', vocabulary.parameterWords), ...this.parameters()];
  }

  /** Names of coefficients, from the program without the statement that is being written. */
  coefficients(of: OpenBracket): CompletionItem[] {
    const first = this.place.before[0]?.start ?? this.place.start;
    const rest = this.source.slice(this.place.end);
    const others = this.source.slice(0, first) + rest.slice(Math.max(0, rest.search(/[\n;}]|$/)));
    const options = this.schema === undefined ? {} : { schema: this.schema };
    const graphs = compile(others, options).models.flatMap((m) => (m.graph === undefined ? [] : [m.graph]));
    const found = graphs.flatMap((graph) => coefficientNames(graph, this.schema, of));
    return found.map((name) => ({ name, insert: written(name), kind: 'coefficient', detail: 'coefficient' }));
  }
}

/** In the order of likelihood; duplicates and what does not fit the letters are left out by the caller. */
function candidatesAt(place: Place, from: Candidates): CompletionItem[] {
  const { before, brackets } = place;
  const last = before.at(-1);
  const inner = brackets.at(-1);
  const first = before[0]?.text ?? '';
  if (place.inString) return levelsAt(place, from);
  if (place.block === 'data') return inDataBlock(before, from);
  if (before.length === 0) return atStart(place, from);
  if (inner?.mark === '[' && inner.callee !== '') return from.coefficients(inner);
  if (last?.text === '|' || last?.text === '||' || isGroup(before)) return from.groupColumns();
  switch (first) {
    case 'where':
    case 'penalize':
    case 'weights':
      return first === 'penalize' ? from.quantities() : [...from.columns(), ...from.functions(false)];
    case 'let':
      return has(before, '=') ? [...from.columns(), ...from.functions(false)] : [];
    case 'labels':
      return from.columns();
    case 'contrasts':
      if (!has(before, '=')) return from.columns((c) => c.levels !== null || c.type !== 'real');
      return inner === undefined ? from.terms('coding', vocabulary.codings) : optionNames(['ref']);
    case 'fit':
      if (inner === undefined) return from.terms('method', vocabulary.estimationMethods);
      return optionNames(vocabulary.methodOptions(inner.callee));
    case 'mixture':
      return perGroup(before, from);
    case 'order':
      return before.length === 1 ? from.named('class', from.names.mixtures, 'mixture') : afterOrder(before, from);
    case 'fix':
      return has(before, '=') ? [] : leftOfPrior(inner, from);
    case 'model':
    case 'class':
    case 'data':
      return [];
  }
  const tilde = before.findIndex((w) => w.text === '~');
  if (tilde >= 0) return rightOfTilde(before.slice(0, tilde), brackets, from);
  if (has(before, '=')) return rightOfEquals(inner, from);
  return inner === undefined ? [] : leftOfPrior(inner, from);
}

function atStart(place: Place, from: Candidates): CompletionItem[] {
  const allowed = statementsIn[place.block];
  const words = vocabulary.keywords.filter((k) => allowed === null || allowed.includes(k.name));
  return [
    ...from.columns(),
    ...from.terms('keyword', words, ' '),
    ...from.parameters(),
    ...from.terms('parameter', vocabulary.parameterWords),
    ...from.terms(
      'link',
      vocabulary.links.filter((l) => l.name !== 'identity'),
      '(',
    ),
  ];
}

const statementsIn: Readonly<Record<Place['block'], readonly string[] | null>> = {
  program: ['model', 'data', 'where', 'let', 'contrasts', 'fix', 'penalize', 'mixture', 'order', 'weights', 'fit'],
  model: ['data', 'where', 'let', 'contrasts', 'fix', 'penalize', 'mixture', 'order', 'weights', 'fit'],
  mixture: ['class', 'fix', 'penalize', 'labels', 'order'],
  class: ['fix', 'penalize'],
  data: [],
};

function inDataBlock(before: readonly Word[], from: Candidates): CompletionItem[] {
  return before.at(-1)?.text === ':'
    ? from.terms('type', vocabulary.columnTypes)
    : before.length === 0
      ? from.columns()
      : [];
}

/** A text in quotes is a level of the column it is compared with, or coded or declared for. */
function levelsAt({ before, brackets, block }: Place, from: Candidates): CompletionItem[] {
  const last = before.at(-1)?.text ?? '';
  if (['==', '!='].includes(last)) return from.levels(bare(before.at(-2)));
  if (before[0]?.text === 'contrasts') return from.levels(bare(before[1]));
  if (block === 'data' && brackets.length > 0) return from.levels(bare(before[0]));
  return [];
}

/** Behind `|` and a `:` or `/` of a nested group. */
function isGroup(before: readonly Word[]): boolean {
  const bar = before.findLastIndex((w) => w.text === '|' || w.text === '||');
  if (bar < 0) return false;
  const behind = before.slice(bar + 1);
  return [':', '/'].includes(behind.at(-1)?.text ?? '') && behind.every((w) => w.kind === 'name' || w.kind === 'mark');
}

function perGroup(before: readonly Word[], from: Candidates): CompletionItem[] {
  if (before.length === 1) return [];
  if (before.length === 2) return from.terms('keyword', [{ name: 'per', detail: 'per GROUP' }], ' ');
  return from.groupColumns();
}

function afterOrder(before: readonly Word[], from: Candidates): CompletionItem[] {
  if (before.length === 2) return from.terms('keyword', [{ name: 'by', detail: 'by PARAMETER' }], ' ');
  if (before.length === 3) return from.quantities();
  return from.terms('keyword', [{ name: 'descending', detail: 'the largest first' }]);
}

/** Inside of a bracket of a left side: `sd(`, `log(`, `prob(`. */
function leftOfPrior(inner: OpenBracket | undefined, from: Candidates): CompletionItem[] {
  if (inner === undefined) return from.quantities();
  if (['sd', 'cor', 'cov'].includes(inner.callee)) return from.groups();
  if (inner.callee === 'prob')
    return [
      ...from.named('class', from.names.mixtures, 'mixture'),
      ...from.named('class', from.names.classes, 'class'),
    ];
  if (vocabulary.links.some((l) => l.name === inner.callee))
    return [
      ...from.parameters(),
      ...from.columns(),
      ...from.terms('parameter', [{ name: 'prob', detail: 'prob(CLASS)' }], '('),
    ];
  return [...from.quantities(), ...from.columns()];
}

function rightOfTilde(left: readonly Word[], brackets: readonly OpenBracket[], from: Candidates): CompletionItem[] {
  const inner = brackets.at(-1);
  const family = brackets.findLast((b) => isFamilyName(b.callee))?.callee ?? '';
  const likelihood = isLikelihood(left, from);
  if (inner === undefined) {
    const distributions = [
      ...(likelihood !== false ? from.terms('family', vocabulary.families, '(') : []),
      ...(likelihood !== true ? from.terms('prior', vocabulary.priors, '(') : []),
    ];
    // a short form may start with any term
    return likelihood === false ? distributions : [...distributions, ...from.columns(), ...from.functions(true)];
  }
  if (likelihood === false) return ['sd', 'cor', 'cov'].includes(inner.callee) ? from.groups() : from.parameters();
  if (inner.callee === 'cor' || previousNamed(inner) === 'cor')
    return from.terms('structure', vocabulary.errorStructures, '(');
  if (isFamilyName(inner.callee)) {
    const own = registry[inner.callee];
    const arguments_ = own.parameters.map((p) => p.name);
    const nests = own.dataArguments.some((a) => a.kind === 'family');
    return [
      ...(nests && inner.inside.length === 0 ? from.terms('family', vocabulary.families, '(') : []),
      ...from.named('parameter', arguments_, 'parameter'),
      ...from.columns(),
      ...(own.dataArguments.some((a) => a.kind === 'link') ? from.terms('link', vocabulary.links) : []),
    ];
  }
  if (family !== '') return from.columns();
  return rightOfEquals(inner, from);
}

function previousNamed({ inside }: OpenBracket): string {
  return inside.at(-1)?.text === '=' ? (inside.at(-2)?.text ?? '') : '';
}

/** Null where nothing tells. */
function isLikelihood(left: readonly Word[], from: Candidates): boolean | null {
  const calls = left.filter((_, i) => left[i + 1]?.text === '(').map((w) => w.text);
  if (left.some((w) => w.text === '[') || calls.some((c) => ['sd', 'cor', 'cov', 'prob'].includes(c))) return false;
  const names = left.filter((w) => w.kind === 'name').map((w) => bare(w));
  if (names.some((n) => from.schema?.columns.has(n) === true || from.names.columns.includes(n))) return true;
  if (names.some((n) => n === 'beta' || n === 'intercept' || from.names.parameters.includes(n))) return false;
  return null;
}

/** In a predictor. */
function rightOfEquals(inner: OpenBracket | undefined, from: Candidates): CompletionItem[] {
  return [
    ...from.columns(),
    ...from.effects(),
    ...from.functions(true),
    ...(inner === undefined ? from.terms('structure', vocabulary.structures, '(') : []),
  ];
}

function optionNames(names: readonly string[]): CompletionItem[] {
  return names.map((name) => ({ name, insert: `${name} = `, kind: 'option', detail: 'option' }));
}

function has(words: readonly Word[], text: string): boolean {
  return words.some((w) => w.text === text);
}

function bare(word: Word | undefined): string {
  return word?.text.replace(/^`|`$/g, '') ?? '';
}

function written(name: string): string {
  return isPlainName(name) ? name : quote(name, '`');
}

function describe({ type, levels, range }: ColumnSchema): string {
  if (levels !== null) return `${type}, ${levels.length} levels`;
  return range === undefined || range === null ? type : `${type}, ${range[0]} to ${range[1]}`;
}
