import type { Span } from '../diagnostics/span.js';
import type { DataNode, Expr } from '../graph/model-graph.js';
import type { CheckedGroup, CheckedModel } from '../semantics/checked-model.js';
import { namesIn } from '../semantics/walk-expression.js';
import type { Expression } from '../syntax/ast.js';
import { lowerExpression } from './lower-expression.js';

/** Columns, conditions, derived columns and contrasts. A column that only groups is a factor whatever it looks like. */
export function lowerData(model: CheckedModel): DataNode {
  const { data } = model;
  const declared = data.columns.map(({ name, type, levels, span }) => ({ name, type, levels, origin: span }));
  const taken = new Set([...declared.map((c) => c.name), ...data.derived.map((d) => d.name), ...valueColumns(model)]);
  const implied: DataNode['columns'][number][] = [];
  for (const { name, span } of groupColumns(model)) {
    if (taken.has(name)) continue;
    taken.add(name);
    implied.push({ name, type: 'factor', levels: null, origin: span });
  }
  return {
    file: data.file,
    columns: [...declared, ...implied],
    where: data.where.map((e): { condition: Expr; origin: Span } => ({
      condition: lowerExpression(e),
      origin: e.span,
    })),
    derived: data.derived.map((d) => ({ name: d.name, value: lowerExpression(d.value), origin: d.span })),
    contrasts: data.contrasts.map(({ column, coding, span }) => ({ column, coding, origin: span })),
  };
}

function groupColumns(model: CheckedModel) {
  const groups: CheckedGroup[] = [
    ...model.effects.map((e) => e.group),
    ...model.likelihoods.flatMap((l) => (l.correlation === null ? [] : [l.correlation.group])),
    ...(model.mixture?.per ? [model.mixture.per] : []),
  ];
  return groups.flatMap((g) => g.columns).flatMap((c) => (c.kind === 'name' ? [c] : []));
}

/** Columns that enter by their value somewhere. */
function valueColumns(model: CheckedModel): string[] {
  const formulas = [
    ...model.predictors.flatMap((p) => (p.formula === null ? [] : [p.formula])),
    ...model.parts.map((p) => p.formula),
    ...model.effects.flatMap((e) => (e.formula === null ? [] : [e.formula])),
  ];
  const expressions: Expression[] = [
    ...formulas.flatMap((f) => [...f.offsets, ...f.terms.flatMap((t) => t.factors.map((v) => v.expression))]),
    ...model.effects.flatMap((e) => (e.position === null ? [] : [e.position])),
    ...model.effects.flatMap((e) => e.group.columns.filter((c) => c.kind !== 'name')),
    ...model.likelihoods.flatMap((l) => [
      l.response,
      ...(l.weights === null ? [] : [l.weights]),
      ...(l.correlation === null ? [] : [l.correlation.position]),
      ...dataArguments(l.family),
    ]),
    ...model.data.where,
    ...model.data.derived.map((d) => d.value),
  ];
  return expressions.flatMap(namesIn).map((n) => n.name);
}

function dataArguments(family: CheckedModel['likelihoods'][number]['family']): Expression[] {
  const own = family.arguments.flatMap((a) => (a.kind === 'data' ? [a.value] : []));
  return family.base === null ? own : [...own, ...dataArguments(family.base)];
}
