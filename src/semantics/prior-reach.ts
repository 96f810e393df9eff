import type { Report } from '../diagnostics/report.js';
import type { ParameterRef } from '../graph/model-graph.js';
import type { Expression } from '../syntax/ast.js';
import type { CheckedPrior, References } from './checked-model.js';
import { deparse } from './deparse.js';
import { stripParens } from './walk-expression.js';

/** The parameters a prior's left side is about, seen through powers, roots and a division by sigma. */
export function targetsOf(left: Expression, refs: References): ParameterRef[] {
  const e = stripParens(left);
  const ref = refs.get(e);
  if (ref !== undefined) return [ref];
  if (e.kind === 'list') return e.items.flatMap((item) => targetsOf(item, refs));
  if (e.kind === 'call' && (e.callee.name === 'sqrt' || e.callee.name === 'log' || e.callee.name === 'exp')) {
    const inner = e.arguments[0]?.value;
    return inner === undefined ? [] : targetsOf(inner, refs);
  }
  if (e.kind === 'binary' && (e.operator === '^' || e.operator === '/')) return targetsOf(e.left, refs);
  // A sum or difference of parameters is about none of them alone.
  return [];
}

/** One line for each thing a reference reaches; two priors with a line in common have equal reach on it. */
export function reachKeys(ref: ParameterRef): string[] {
  switch (ref.kind) {
    case 'coefficients': {
      const { select } = ref;
      const what = select.kind === 'named' ? `[${select.name}]` : select.kind;
      return ref.predictors.map((p) => `coefficient ${p} ${what}`);
    }
    case 'scalar':
      return ref.predictors.map((p) => `coefficient ${p} intercept`);
    case 'sd':
      return [`sd ${ref.effect} ${ref.column ?? ''}`];
    case 'cor':
    case 'cov':
      return [`${ref.kind} ${ref.effect}`];
    case 'thresholds':
      return ['thresholds'];
    case 'prob':
      return [`prob ${ref.class ?? ''}`];
  }
}

/** Two statements of equal reach on one parameter contradict each other; one inside a class reaches less far. */
export function checkReach(priors: readonly CheckedPrior[], report: Report): void {
  const seen = new Map<string, CheckedPrior>();
  for (const prior of priors) {
    for (const key of targetsOf(prior.left, prior.refs).flatMap(reachKeys)) {
      const where = `${key} ${prior.inside ? 'inside' : ''}`;
      const first = seen.get(where);
      if (first !== undefined && first !== prior) {
        report.add('MM370', prior.statement.left.span, {
          left: deparse(prior.statement.left),
          first: deparse(first.statement.left),
        });
        break;
      }
      seen.set(where, prior);
    }
  }
}
