import type { Span } from '../diagnostics/span.js';
import type { FixNode, ModelGraph, PenaltyNode, RandomEffectNode } from '../graph/model-graph.js';
import type { CheckedFix, CheckedModel, CheckedPenalty } from '../semantics/checked-model.js';
import { deparse } from '../semantics/deparse.js';
import { lowerData } from './lower-data.js';
import { lowerExpression } from './lower-expression.js';
import { lowerLikelihood } from './lower-likelihood.js';
import { lowerMixture } from './lower-mixture.js';
import { lowerEffect, lowerPart, lowerPredictor } from './lower-predictor.js';
import { lowerPriors } from './lower-priors.js';

/** The checked model as a graph. `source` gives the text of statements that are shown as written. */
export function lowerModel(model: CheckedModel, source: string): ModelGraph {
  const text = (e: { readonly span: Span }) => source.slice(e.span.start, e.span.end).replace(/\s+/g, ' ').trim();
  return {
    kind: 'model',
    version: 1,
    name: model.name,
    data: lowerData(model),
    likelihoods: model.likelihoods.map(lowerLikelihood),
    predictors: model.predictors.map(lowerPredictor),
    parts: model.parts.map(lowerPart),
    randomEffects: model.effects.map((e) => uncorrelated(lowerEffect(e), model.fixes)),
    mixture: model.mixture === null ? null : lowerMixture(model.mixture),
    priors: lowerPriors(model.priors, (id) => sharedTerms(model, id), text),
    fixes: model.fixes.map((f) => lowerFix(f, text)),
    penalties: model.penalties.map((p) => lowerPenalty(p, text)),
    method:
      model.method === null
        ? null
        : {
            name: model.method.name,
            options: model.method.options,
            ...(model.method.sampler === undefined ? {} : { sampler: model.method.sampler }),
            origin: model.method.span,
          },
    origin: model.span,
  };
}

/** `fix cor(g) = 0` makes an unstructured covariance a diagonal one. */
function uncorrelated(effect: RandomEffectNode, fixes: readonly CheckedFix[]): RandomEffectNode {
  if (effect.covariance !== 'us') return effect;
  const zero = fixes.some((f) => {
    const left = lowerExpression(f.left, f.refs);
    const value = lowerExpression(f.value);
    return (
      left.kind === 'parameter' &&
      left.ref.kind === 'cor' &&
      left.ref.effect === effect.id &&
      value.kind === 'number' &&
      value.value === 0
    );
  });
  return zero ? { ...effect, covariance: 'diag' } : effect;
}

/** Labels of the terms that a predictor has from parts which other predictors use too. */
function sharedTerms(model: CheckedModel, predictor: string): string[] {
  const used = model.predictors.find((p) => p.id === predictor)?.parts ?? [];
  const shared = used.filter((id) => model.predictors.some((p) => p.id !== predictor && p.parts.includes(id)));
  return model.parts.filter((p) => shared.includes(p.id)).flatMap((p) => p.formula.terms.map((t) => t.label));
}

function lowerFix(f: CheckedFix, text: (e: { readonly span: Span }) => string): FixNode {
  return {
    text: f.statement === null ? `fix ${deparse(f.left)} = ${deparse(f.value)}` : text(f.statement),
    left: lowerExpression(f.left, f.refs),
    value: lowerExpression(f.value),
    origin: f.span,
  };
}

function lowerPenalty(p: CheckedPenalty, text: (e: { readonly span: Span }) => string): PenaltyNode {
  return { text: text(p.statement), value: lowerExpression(p.statement.penalty, p.refs), origin: p.statement.span };
}
