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
 * Number of columns of a predictor's or a random effect's matrix, as R codes it: a factor gets contrasts where the term
 * without it stands in the formula too, else a column per level. Null where the data decide; `exact`: factors count
 * only where all their levels are known to occur.
 */
export function columnCount(
  formula: Pick<Formula, 'intercept' | 'terms'>,
  scope: ColumnScope,
  exact: boolean,
): number | null {
  let count = formula.intercept ? 1 : 0;
  for (const t of formula.terms) {
    const own = coefficientCount(t, formula, scope, exact);
    if (own === null) return null;
    count += own;
  }
  return count;
}

/** Number of coefficients that one of a formula's terms makes; null where the data decide. */
export function coefficientCount(
  term: Term,
  formula: Pick<Formula, 'intercept' | 'terms'>,
  scope: ColumnScope,
  exact: boolean,
): number | null {
  let product = 1;
  for (const f of term.factors) {
    const { endings, count } = columnsOfVariable(f.expression, scope);
    if (count === null) return null;
    const number = endings?.length === 1;
    if (!number && exact && !hasExactLevels(f.expression, scope)) return null;
    product *= number || hasMargin(term, f.label, formula, scope) ? count : count + 1;
  }
  return product;
}

/** Whether the term without one of its variables stands in the formula. */
function hasMargin(
  term: Term,
  variable: string,
  formula: Pick<Formula, 'intercept' | 'terms'>,
  scope: ColumnScope,
): boolean {
  const rest = term.factors.map((f) => f.label).filter((label) => label !== variable);
  if (rest.length === 0) {
    // Without an intercept the first factor alone gets a column per level, and later ones contrasts.
    const first = formula.terms.find(
      (t) => t.factors.length === 1 && t.factors.every((f) => !isNumber(f.expression, scope)),
    );
    return formula.intercept || first?.label !== term.label;
  }
  return formula.terms.some((t) => t.factors.length === rest.length && t.factors.every((f) => rest.includes(f.label)));
}

function isNumber(expression: Expression, scope: ColumnScope): boolean {
  return columnsOfVariable(expression, scope).endings?.length === 1;
}

function hasExactLevels(expression: Expression, scope: ColumnScope): boolean {
  const e = stripParens(expression);
  return !scope.filtered && e.kind === 'name' && scope.lookup(e.name)?.exactLevels === true;
}
