import type { Expression } from '../syntax/ast.js';
import { columnFunctions } from './column-functions.js';
import type { ColumnScope } from './column-scope.js';
import type { Formula, Term } from './formula.js';
import { stripParens } from './walk-expression.js';

/** What is known of the columns that one variable of a term makes. */
interface VariableColumns {
  /** Endings of the coefficients' names behind the variable's label; null: any. */
  readonly endings: readonly string[] | null;
  /** How many columns it makes beside an intercept; null: the data decide. */
  readonly count: number | null;
}

function columnsOfVariable(expression: Expression, scope: ColumnScope): VariableColumns {
  const e = stripParens(expression);
  if (e.kind === 'name') {
    const info = scope.lookup(e.name);
    switch (info?.type) {
      case 'real':
      case 'int':
      case 'count':
        return { endings: [''], count: 1 };
      case 'bool':
        return { endings: ['TRUE', 'FALSE'], count: 1 };
      case 'factor':
      case 'text':
        // Codings other than treatment number their columns, so endings are levels or numbers.
        return { endings: info.levels === null ? null : withNumbers(info.levels), count: lessOne(info.levels) };
      case 'ordered':
        return { endings: info.levels === null ? null : withPolynomial(info.levels), count: lessOne(info.levels) };
      default:
        return { endings: null, count: null };
    }
  }
  if (e.kind === 'binary') {
    const logical = ['==', '!=', '<', '<=', '>', '>=', 'and', 'or'].includes(e.operator);
    return logical ? { endings: ['TRUE', 'FALSE'], count: 1 } : { endings: [''], count: 1 };
  }
  if (e.kind === 'call') {
    const inner = e.arguments[0]?.value;
    if (e.callee.name === 'I' && inner !== undefined) return columnsOfVariable(inner, scope);
    const f = Object.hasOwn(columnFunctions, e.callee.name) ? columnFunctions[e.callee.name] : undefined;
    if (f?.gives === 'number') return { endings: [''], count: 1 };
    if (f?.gives === 'bool') return { endings: ['TRUE', 'FALSE'], count: 1 };
    return { endings: null, count: null };
  }
  return { endings: [''], count: 1 };
}

const lessOne = (levels: readonly string[] | null) => (levels === null ? null : Math.max(0, levels.length - 1));

function withNumbers(levels: readonly string[]): string[] {
  return [...levels, ...levels.map((_, i) => String(i + 1))];
}

function withPolynomial(levels: readonly string[]): string[] {
  return [...withNumbers(levels), '.L', '.Q', '.C', ...levels.map((_, i) => `^${i + 4}`)];
}

/** Whether a term has, or may have, a coefficient of that name: `trtdrug`, `tempC:recipeB`, `I(x > 2)TRUE`. */
export function termHasCoefficient(term: Term, name: string, scope: ColumnScope): boolean {
  return matches(name, term.factors, scope);
}

function matches(rest: string, factors: Term['factors'], scope: ColumnScope): boolean {
  const [first, ...others] = factors;
  if (first === undefined || !rest.startsWith(first.label)) return false;
  const ending = rest.slice(first.label.length);
  const { endings } = columnsOfVariable(first.expression, scope);
  if (others.length === 0) return endings === null || endings.includes(ending);
  if (endings !== null) {
    return endings.some((e) => ending.startsWith(`${e}:`) && matches(ending.slice(e.length + 1), others, scope));
  }
  // A level may hold a colon itself: try every place where the next variable could begin.
  for (let at = ending.indexOf(':'); at >= 0; at = ending.indexOf(':', at + 1)) {
    if (matches(ending.slice(at + 1), others, scope)) return true;
  }
  return false;
}

/**
 * Number of columns of a random effect's block or of a predictor; null where the data decide. `exact`: count factors
 * only where all their levels are known to occur.
 */
export function columnCount(
  formula: Pick<Formula, 'intercept' | 'terms'>,
  scope: ColumnScope,
  exact: boolean,
): number | null {
  let count = formula.intercept ? 1 : 0;
  for (const t of formula.terms) {
    const own = coefficientCount(t, formula.intercept, scope, exact);
    if (own === null) return null;
    count += own;
  }
  return count;
}

/** Number of coefficients a term makes; null where other terms or the data decide. */
export function coefficientCount(term: Term, intercept: boolean, scope: ColumnScope, exact: boolean): number | null {
  let product = 1;
  let labels = 0;
  for (const f of term.factors) {
    const { endings, count } = columnsOfVariable(f.expression, scope);
    if (count === null) return null;
    if (endings?.length !== 1) {
      labels++;
      if (exact && !hasExactLevels(f.expression, scope)) return null;
    }
    product *= count;
  }
  // How many columns a factor gets depends on the other terms as soon as the intercept or an interaction is involved.
  if (labels > 0 && (!intercept || term.factors.length > 1)) return null;
  return product;
}

function hasExactLevels(expression: Expression, scope: ColumnScope): boolean {
  const e = stripParens(expression);
  return !scope.filtered && e.kind === 'name' && scope.lookup(e.name)?.exactLevels === true;
}
