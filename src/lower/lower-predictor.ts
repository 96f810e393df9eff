import type { PartNode, PredictorNode, RandomEffectNode, TermNode } from '../graph/model-graph.js';
import type { CheckedEffect, CheckedPart, CheckedPredictor } from '../semantics/checked-model.js';
import type { Term } from '../semantics/formula.js';
import { lowerExpression, lowerGroup } from './lower-expression.js';

/**
 * A predictor node. An unknown constant is an intercept; a number in the place of a location is an offset, with nothing to estimate.
 */
export function lowerPredictor(p: CheckedPredictor): PredictorNode {
  const held = p.value === null ? [] : [{ kind: 'number' as const, value: p.value }];
  const intercept = p.constant || (p.formula?.intercept === true && !p.interceptAbsorbed);
  return {
    id: p.id,
    parameter: p.parameter,
    class: p.class,
    link: p.link,
    constant: p.constant,
    intercept,
    ...(p.interceptAbsorbed ? { interceptAbsorbed: true } : {}),
    terms: p.formula?.terms.map(lowerTerm) ?? [],
    offsets: [...held, ...(p.formula?.offsets.map((e) => lowerExpression(e)) ?? [])],
    parts: p.parts,
    randomEffects: p.effects,
    origin: p.span,
  };
}

export function lowerPart(p: CheckedPart): PartNode {
  return {
    id: p.id,
    name: p.name,
    withoutIntercept: !p.formula.intercept,
    terms: p.formula.terms.map(lowerTerm),
    offsets: p.formula.offsets.map((e) => lowerExpression(e)),
    origin: p.span,
  };
}

export function lowerEffect(e: CheckedEffect): RandomEffectNode {
  return {
    id: e.id,
    name: e.name,
    class: e.class,
    group: lowerGroup(e.group),
    covariance: e.covariance,
    ...(e.doubleBar ? { doubleBar: true } : {}),
    intercept: e.formula?.intercept ?? false,
    terms: e.formula?.terms.map(lowerTerm) ?? [],
    position: e.position === null ? null : lowerExpression(e.position),
    constraint: e.constraint,
    ...(e.size === null ? {} : { size: e.size }),
    origin: e.span,
  };
}

function lowerTerm(t: Term): TermNode {
  const factors = t.factors.map((f) => ({ label: f.label, value: lowerExpression(f.expression) }));
  return { label: t.label, factors, origin: t.span };
}
