import type { Report } from '../diagnostics/report.js';
import { families } from '../families/index.js';
import type { Statement } from '../syntax/ast.js';
import type { CheckedFamily, CheckedLikelihood } from './checked-model.js';
import { aType, checkColumnExpression } from './column-expression.js';
import type { ColumnScope } from './column-scope.js';
import { deparse } from './deparse.js';

/** Joins `weights w` to the likelihoods: the residual variance of a row is sigma^2 / w. */
export function checkWeights(
  statements: readonly Statement[],
  likelihoods: readonly CheckedLikelihood[],
  scope: ColumnScope,
  report: Report,
): CheckedLikelihood[] {
  const [first, second] = statements.filter((s) => s.kind === 'weights');
  if (first === undefined) return [...likelihoods];
  if (second !== undefined) report.add('MM203', second.span, { what: 'weights', name: deparse(second.value) });
  const type = checkColumnExpression(first.value, { scope, report, inTerm: false });
  if (type === 'factor' || type === 'ordered' || type === 'text' || type === 'string') {
    report.add('MM215', first.value.span, { text: deparse(first.value), type: aType(type), where: 'weights' });
  }
  return likelihoods.map((l) => {
    if (!hasScale(l.family)) report.add('MM345', first.span, { family: l.family.name });
    if (l.weights !== null) report.add('MM203', first.span, { what: 'weights', name: deparse(first.value) });
    return { ...l, weights: first.value };
  });
}

function hasScale(family: CheckedFamily): boolean {
  const { hasScale: own } = families[family.name];
  return own === 'inherit' ? family.base !== null && hasScale(family.base) : own;
}
