import type { Design } from '../data/design.js';
import type { ModelGraph, PredictorNode, TermNode } from '../graph/model-graph.js';
import { coefficientKeys, effectKey } from '../results/coefficient-keys.js';

/** A name, or, where the data would tell the rest of it, its pieces with something unknown between them. */
export type NamePattern = readonly [string, ...string[]];

/** The names that the results of a model can have. */
export interface ModelNames {
  readonly coefficients: readonly NamePattern[];
  readonly effects: readonly string[];
  readonly groups: readonly string[];
  readonly classes: readonly string[];
}

/** @param design  the model bound to data: names of coefficients are then known in full */
export function modelNames(graph: ModelGraph, design: Design | undefined): ModelNames {
  const { randomEffects, mixture, likelihoods } = graph;
  const errorGroups = likelihoods.flatMap((l) => (l.correlation === null ? [] : [l.correlation.group.label]));
  return {
    coefficients: design === undefined ? patterns(graph) : boundCoefficients(design).map((name) => [name]),
    effects: distinct(randomEffects.map((r) => effectKey(r.group.label, r.class))),
    groups: distinct([
      ...(mixture?.per === null || mixture === null ? [] : [mixture.per.label]),
      ...randomEffects.map((r) => r.group.label),
      ...errorGroups,
    ]),
    classes: mixture?.classes ?? [],
  };
}

/** The keys of `fixef`, in the order in which the engines report them: predictor after predictor, those left out last. */
function boundCoefficients(design: Design): string[] {
  const seen = new Set<number>();
  const named = design.predictors
    .filter((p) => !p.constant)
    .flatMap((p) => {
      const fresh = Array.from(p.columns).filter((c) => !seen.has(c));
      for (const c of fresh) seen.add(c);
      const { parameter, class: of } = p;
      return [
        ...fresh.flatMap((c) => {
          const found = design.coefficients[c];
          return found === undefined ? [] : [{ name: found.name, predictor: found.parameter, class: found.class }];
        }),
        ...p.dropped.map(({ name }) => ({ name, predictor: parameter, class: of })),
      ];
    });
  return coefficientKeys(named);
}

/** What is known without data: a column that is declared as a number has one coefficient, anything else may have several. */
function patterns(graph: ModelGraph): NamePattern[] {
  const numbers = new Set(
    graph.data.columns.filter(({ type }) => type === 'real' || type === 'int' || type === 'count').map((c) => c.name),
  );
  const own = graph.predictors.filter((p) => !p.constant).map((p) => ({ p, terms: termsOf(p, graph) }));
  const main = own.find(({ p, terms }) => p.intercept || terms.length > 0)?.p.parameter;
  const found = own.flatMap(({ p, terms }) => {
    const before = p.parameter === main ? '' : `${p.parameter}[`;
    const after = `${before === '' ? '' : ']'}${p.class === null ? '' : `@${p.class}`}`;
    const whole = (pattern: NamePattern): NamePattern => {
      const [first, ...rest] = pattern;
      const last = rest.pop();
      return last === undefined ? [before + first + after] : [before + first, ...rest, last + after];
    };
    return [...(p.intercept ? [whole(['(Intercept)'])] : []), ...terms.map((t) => whole(termPattern(t, numbers)))];
  });
  return [...new Map(found.map((pattern) => [pattern.join('\0'), pattern])).values()];
}

function termsOf(p: PredictorNode, graph: ModelGraph): TermNode[] {
  const parts = graph.parts.filter((part) => p.parts.includes(part.id));
  return [...p.terms, ...parts.flatMap((part) => part.terms)];
}

/** `f${string}:x`: a factor's label is followed by a level, or by what its coding or its basis numbers. */
function termPattern(term: TermNode, numbers: ReadonlySet<string>): NamePattern {
  const pieces: [string, ...string[]] = [''];
  const extend = (text: string) => {
    pieces[pieces.length - 1] += text;
  };
  term.factors.forEach(({ label, value }, i) => {
    extend(i > 0 ? `:${label}` : label);
    if (value.kind !== 'column' || !numbers.has(value.name)) pieces.push('');
  });
  return pieces;
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}
