import type { Report } from '../diagnostics/report.js';
import type { ParameterRef } from '../graph/model-graph.js';
import type { Expression } from '../syntax/ast.js';
import type { References } from './checked-model.js';
import { termHasCoefficient } from './coefficient-names.js';
import { deparse } from './deparse.js';
import { type ParameterScope, termsOf } from './parameter-scope.js';
import { targetsOf } from './prior-reach.js';

/** Inside a class only its own parameters can be spoken of: what it shares is spoken of outside. */
export function checkOwner(left: Expression, refs: References, scope: ParameterScope, report: Report): boolean {
  if (!scope.inside) return true;
  const shared = targetsOf(left, refs).find((ref) => isShared(ref, scope));
  if (shared === undefined) return true;
  report.add('MM387', left.span, { text: deparse(left) });
  return false;
}

function isShared(ref: ParameterRef, scope: ParameterScope): boolean {
  switch (ref.kind) {
    case 'sd':
    case 'cor':
    case 'cov':
      return scope.effects.some((e) => e.id === ref.effect && e.class === null);
    case 'scalar':
      return ref.predictors.some((id) => isSharedPredictor(id, scope));
    case 'coefficients':
      return ref.predictors.some((id) => isSharedPredictor(id, scope) || isInSharedPart(id, ref, scope));
    case 'prob':
      return true;
    case 'thresholds':
      return false;
  }
}

function isSharedPredictor(id: string, scope: ParameterScope): boolean {
  return scope.predictors.some((p) => p.id === id && p.class === null);
}

/** A coefficient of a named part that stands outside of the classes. */
function isInSharedPart(
  id: string,
  ref: Extract<ParameterRef, { kind: 'coefficients' }>,
  scope: ParameterScope,
): boolean {
  const { select } = ref;
  const predictor = scope.predictors.find((p) => p.id === id);
  if (predictor === undefined || select.kind !== 'named') return false;
  const has = (label: string) => label === select.name;
  const own = predictor.formula?.terms ?? [];
  if (own.some((t) => has(t.label) || termHasCoefficient(t, select.name, scope.columns))) return false;
  return termsOf(predictor, scope).some((t) => has(t.label) || termHasCoefficient(t, select.name, scope.columns));
}
