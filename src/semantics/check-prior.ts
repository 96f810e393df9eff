import type { Report } from '../diagnostics/report.js';
import type { ParameterRef } from '../graph/model-graph.js';
import { isPriorName, priorSignatures } from '../priors/index.js';
import type { PriorSignature } from '../priors/prior.js';
import type { Expression, SampleStatement } from '../syntax/ast.js';
import type { CheckedPrior } from './checked-model.js';
import { isShortForm } from './classify-samples.js';
import { deparse } from './deparse.js';
import { resolveParameters } from './parameter-expression.js';
import type { ParameterScope } from './parameter-scope.js';
import { checkPriorValues, matchPriorArguments, nearestPrior } from './prior-arguments.js';
import { describeLeft, mentionsSigma, type PriorLeft } from './prior-left.js';
import { checkOwner } from './shared-parameters.js';
import { stripParens } from './walk-expression.js';

/** Checks one prior as one class sees it, or all of them do; null where it is wrong. */
export function checkPrior(s: SampleStatement, scope: ParameterScope, report: Report): CheckedPrior | null {
  const refs = new Map<Expression, ParameterRef>();
  const leftKnown = resolveParameters(s.left, scope, refs, report);
  const right = stripParens(s.right);
  if (right.kind !== 'call' || (isShortForm(right) && !isPriorName(right.callee.name))) {
    const name = right.kind === 'call' ? right.callee.name : '';
    if (right.kind === 'call' && nearestPrior(name) !== undefined)
      report.add('MM228', right.callee.span, { name, near: nearestPrior(name) });
    else
      report.add('MM365', right.span, {
        left: deparse(s.left),
        right: deparse(right),
        predictor: predictorText(s, scope),
      });
    return null;
  }
  const name = right.callee.name;
  if (!isPriorName(name)) {
    report.add('MM228', right.callee.span, { name, near: nearestPrior(name) });
    return null;
  }
  const args = matchPriorArguments(name, right, report);
  const argsKnown = args?.map((a) => resolveParameters(a.value, scope, refs, report)).every(Boolean) === true;
  if (args === null || !leftKnown || !argsKnown) return null;

  if (!checkOwner(s.left, refs, scope, report)) return null;
  const left = describeLeft(s.left, refs, scope);
  if (!checkLeft(s, left, priorSignatures[name], report)) return null;
  checkUnits(
    s,
    left,
    args.map((a) => a.value),
    refs,
    report,
  );
  checkPriorValues(name, args, refs, left.size, report);
  return { statement: s, class: scope.class, inside: scope.inside, left: s.left, distribution: name, args, refs };
}

/** `sigma ~ 1 + x` was meant as `log(sigma) = 1 + x`. */
function predictorText(s: SampleStatement, scope: ParameterScope): string | undefined {
  const left = stripParens(s.left);
  const predictor = scope.predictors.find((p) => left.kind === 'name' && p.parameter === left.name);
  if (predictor === undefined) return undefined;
  const { link, parameter } = predictor;
  return `${link === 'identity' ? parameter : `${link}(${parameter})`} = ${deparse(s.right)}`;
}

function checkLeft(s: SampleStatement, left: PriorLeft, signature: PriorSignature, report: Report): boolean {
  const text = deparse(s.left);
  const { name } = signature;
  const is = left.kind;
  const fits =
    signature.left === is ||
    (signature.left === 'vector' && is === 'scalar') ||
    (signature.left === 'correlation' && is === 'correlation');
  if (!fits) {
    report.add('MM366', s.left.span, { text, name, is: kindText(is), needs: kindText(signature.left) });
    return false;
  }
  const needsPositive = signature.support === 'positive' || signature.support === 'unit';
  if (signature.left === 'scalar' && needsPositive && !left.positive) {
    report.add('MM367', s.left.span, { text, name });
    return false;
  }
  return true;
}

function kindText(kind: PriorLeft['kind'] | PriorSignature['left']): string {
  switch (kind) {
    case 'scalar':
      return 'a number';
    case 'vector':
      return 'a list of coefficients';
    case 'covariance':
      return 'a covariance matrix, cov(g)';
    case 'correlation':
      return 'a correlation matrix, cor(g)';
    case 'simplex':
      return 'class probabilities, prob(z)';
    case 'none':
      return 'no parameter';
    case 'mixed':
      return 'neither a number, a list, nor a matrix';
  }
}

/** `cov(g) / sigma` is on no scale at all: relative quantities are free of sigma's unit. */
function checkUnits(
  s: SampleStatement,
  left: PriorLeft,
  args: readonly Expression[],
  refs: ReadonlyMap<Expression, ParameterRef>,
  report: Report,
): void {
  if (left.dividedBySigma && left.degree !== null && left.degree !== 0) {
    report.add('MM368', s.left.span, { text: deparse(s.left) });
  }
  const both = args.find((a) => mentionsSigma(a, refs));
  if (left.dividedBySigma && both !== undefined) report.add('MM369', both.span, { text: deparse(s.left) });
}
