import type { Report } from '../diagnostics/report.js';
import type { CovarianceStructure } from '../graph/model-graph.js';
import type { Expression } from '../syntax/ast.js';
import { checkGroups } from './check-group.js';
import type { CheckedEffect, CheckedGroup } from './checked-model.js';
import { columnCount } from './coefficient-names.js';
import { checkColumnExpression } from './column-expression.js';
import type { ColumnScope } from './column-scope.js';
import { deparse } from './deparse.js';
import { expandFormula } from './expand-formula.js';
import type { Formula, RandomTerm } from './formula.js';
import type { StructureName } from './structures.js';
import { stripParens } from './walk-expression.js';

export type EffectShape = Omit<CheckedEffect, 'id' | 'name' | 'class'>;

/** Checks `(x | g)`, `(1 | a/b)`, `ar1(time | g)`, `sum_to_zero(1 | g)`: one effect per block, none where it is wrong. */
export function checkRandomTerm(t: RandomTerm, scope: ColumnScope, report: Report): EffectShape[] {
  const structure = (t.structure?.callee.name ?? 'us') as StructureName;
  const groups = checkGroups(t.bar.right, scope, report);
  if (structure === 'ar1' || structure === 'car1') {
    const position = positionOf(t.bar.left);
    if (position === null) report.add('MM327', t.bar.left.span, { structure });
    if (t.bar.operator === '||') report.add('MM328', t.bar.span, { structure });
    const type = checkColumnExpression(position ?? t.bar.left, { scope, report, inTerm: false });
    if (position === null || type === 'wrong' || groups === null) return [];
    if (structure === 'car1' && (type === 'factor' || type === 'ordered' || type === 'text')) {
      report.add('MM215', position.span, { text: deparse(position), type: `a ${type}`, where: 'car1' });
      return [];
    }
    return groups.map((group) => shape(t, group, structure, null, position, null));
  }

  const formula = expandFormula(t.bar.left, {
    scope,
    report,
    named: new Set(),
    where: 'a random effect',
    allowRandom: false,
    allowOffset: false,
  });
  if (groups === null) return [];
  if (!formula.intercept && formula.terms.length === 0) {
    report.add('MM329', t.span, { text: deparse(t.bar) });
    return [];
  }
  if (structure === 'sum_to_zero' && !(formula.intercept && formula.terms.length === 0)) {
    report.add('MM330', t.span, {});
    return [];
  }
  const independent = t.bar.operator === '||';
  if (independent && structure !== 'us' && structure !== 'diag' && structure !== 'sum_to_zero') {
    report.add('MM328', t.bar.span, { structure });
    return [];
  }
  const covariance = structure === 'sum_to_zero' ? 'us' : independent ? 'diag' : structure;
  const size = columnCount(formula, scope, false);
  return groups.map((group) => shape(t, group, covariance, formula, null, size));
}

function shape(
  t: RandomTerm,
  group: CheckedGroup,
  covariance: CovarianceStructure,
  formula: Formula | null,
  position: Expression | null,
  size: number | null,
): EffectShape {
  const constraint = t.structure?.callee.name === 'sum_to_zero' ? 'sumToZero' : null;
  const doubleBar = t.bar.operator === '||';
  return { group, covariance, doubleBar, formula, position, constraint, size, span: t.span };
}

/** `time`, or as glmmTMB writes it `0 + time`. */
function positionOf(left: Expression): Expression | null {
  const e = stripParens(left);
  if (e.kind === 'name' || e.kind === 'call') return e;
  if (e.kind !== 'binary') return null;
  const [a, b] = [stripParens(e.left), stripParens(e.right)];
  if (e.operator === '+' && a.kind === 'number' && a.value === 0) return positionOf(b);
  if (e.operator === '+' && b.kind === 'number' && b.value === 0) return positionOf(a);
  if (e.operator === '-' && b.kind === 'number' && b.value === 1) return positionOf(a);
  return null;
}

/** What the block is made of, as an id or a message shows it: `1 + Days`. */
export function describeColumns(e: Pick<CheckedEffect, 'formula' | 'position' | 'covariance'>): string {
  if (e.formula === null) return e.position === null ? '' : deparse(e.position);
  const terms = e.formula.terms.map((t) => t.label);
  return [e.formula.intercept ? '1' : '0', ...terms].join(' + ');
}
