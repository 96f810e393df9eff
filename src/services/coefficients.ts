import type { DataSchema } from '../data/table.js';
import type { Expr, ModelGraph, PredictorNode, TermNode } from '../graph/model-graph.js';
import type { OpenBracket } from './place.js';

/**
 * Names that can stand in `beta[...]`, `mu[...]` or `sd(g)[...]`: labels of terms, and of a single factor the coefficients
 * that its default coding gives.
 */
export function coefficientNames(graph: ModelGraph, schema: DataSchema | undefined, of: OpenBracket): string[] {
  if (of.callee === 'sd') {
    const effects = graph.randomEffects.filter((e) => of.of === '' || e.group.label === of.of || e.name === of.of);
    return unique(effects.flatMap((e) => [...(e.intercept ? ['intercept'] : []), ...names(e.terms, schema, graph)]));
  }
  const located = of.callee === 'beta' ? locations(graph) : graph.predictors.filter((p) => p.parameter === of.callee);
  const parts = graph.parts.filter((part) => located.some((p) => p.parts.includes(part.id)));
  const terms = [...located, ...parts].flatMap((p) => names(p.terms, schema, graph));
  const intercept = of.callee !== 'beta' && located.some((p) => p.intercept);
  return unique([...(intercept ? ['intercept'] : []), ...terms]);
}

/** Predictors of what a short form would predict: the first of each family. */
function locations(graph: ModelGraph): PredictorNode[] {
  const first = new Set<string>();
  for (const { family } of graph.likelihoods) {
    let inner = family;
    while (inner.base !== null) inner = inner.base;
    const argument = inner.arguments.find((a) => a.kind === 'predictor');
    if (argument?.kind === 'predictor') first.add(argument.predictor);
  }
  return graph.predictors.filter((p) => first.has(p.id));
}

function names(terms: readonly TermNode[], schema: DataSchema | undefined, graph: ModelGraph): string[] {
  return terms.flatMap((term) => {
    const [factor, ...others] = term.factors;
    const levels = factor === undefined || others.length > 0 ? [] : levelsOf(factor.value, schema, graph);
    return [term.label, ...levels.map((level) => term.label + level)];
  });
}

/** Endings by treatment or polynomial coding; of other codings only the term's label is offered. */
function levelsOf(value: Expr, schema: DataSchema | undefined, graph: ModelGraph): readonly string[] {
  if (value.kind !== 'column') return [];
  const declared = graph.data.columns.find((c) => c.name === value.name);
  const column = schema?.columns.get(value.name);
  const levels = declared?.levels ?? column?.levels ?? [];
  const coding = graph.data.contrasts.find((c) => c.column === value.name)?.coding;
  if (coding !== undefined && coding.kind !== 'treatment') return [];
  const type = declared?.type ?? column?.type;
  if (type === 'ordered') return levels.slice(1).map((_, k) => ['.L', '.Q', '.C'][k] ?? `^${k + 1}`);
  const ref = coding?.ref ?? levels[0];
  return levels.filter((level) => level !== ref);
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
