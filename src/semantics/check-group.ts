import type { Report } from '../diagnostics/report.js';
import type { Expression } from '../syntax/ast.js';
import { isMissing } from '../syntax/missing.js';
import type { CheckedGroup } from './checked-model.js';
import { checkColumnExpression } from './column-expression.js';
import type { ColumnScope } from './column-scope.js';
import { deparse, variableLabel } from './deparse.js';
import { isReserved, stripParens } from './walk-expression.js';

/**
 * The right side of a bar: a column, `a:b` (one factor of the combinations), or `a/b` (a, and b within a). Gives one
 * group per block, or null where what stands there is no grouping factor.
 */
export function checkGroups(right: Expression, scope: ColumnScope, report: Report): CheckedGroup[] | null {
  const e = stripParens(right);
  if (e.kind === 'binary' && e.operator === '/') {
    const outer = checkGroups(e.left, scope, report);
    const inner = checkOneGroup(e.right, scope, report);
    if (outer === null || inner === null) return null;
    const last = outer.at(-1);
    // the inner factor first, `cask:batch`, as lme4 names the block; `sd(batch:cask)` means the same
    return last === undefined ? null : [...outer, makeGroup([...inner.columns, ...last.columns])];
  }
  const one = checkOneGroup(e, scope, report);
  return one === null ? null : [one];
}

/** As `checkGroups` where only one grouping factor makes sense: after `per`, in correlated errors. */
export function checkOneGroup(right: Expression, scope: ColumnScope, report: Report): CheckedGroup | null {
  const e = stripParens(right);
  if (e.kind === 'binary' && e.operator === ':') {
    const left = checkOneGroup(e.left, scope, report);
    const rest = checkOneGroup(e.right, scope, report);
    return left === null || rest === null ? null : makeGroup([...left.columns, ...rest.columns]);
  }
  if (isMissing(e)) return null;
  if ((e.kind !== 'name' && e.kind !== 'call') || isReserved(e)) {
    report.add('MM318', e.span, { text: deparse(e) });
    return null;
  }
  return checkColumnExpression(e, { scope, report, inTerm: false }) === 'wrong' ? null : makeGroup([e]);
}

function makeGroup(columns: readonly Expression[]): CheckedGroup {
  return { label: columns.map(variableLabel).join(':'), columns };
}
