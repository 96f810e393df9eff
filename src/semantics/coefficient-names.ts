import type { Call, Expression } from '../syntax/ast.js';
import { columnFunctions } from './column-functions.js';
import type { ColumnScope } from './column-scope.js';
import { constantValue } from './constant.js';
import type { Formula, Term } from './formula.js';
import { stripParens } from './walk-expression.js';

/** What is known of the columns that one variable of a term makes. */
interface VariableColumns {
  /** Endings of the coefficients' names behind the variable's label; null: any. */
  readonly endings: readonly string[] | null;
  /** How many columns it makes beside an intercept; null: the data decide. */
  readonly count: number | null;
  /** Numbers: as many columns with the term's margin in the formula as without. */
  readonly numeric: boolean;
}

const number: VariableColumns = { endings: [''], count: 1, numeric: true };
const bool: VariableColumns = { endings: ['TRUE', 'FALSE'], count: 1, numeric: false };
const unknown: VariableColumns = { endings: null, count: null, numeric: false };

function columnsOfVariable(expression: Expression, scope: ColumnScope): VariableColumns {
  const e = stripParens(expression);
  if (e.kind === 'name') {
    const info = scope.lookup(e.name);
    switch (info?.type) {
      case 'real':
      case 'int':
      case 'count':
        return number;
      case 'bool':
        return bool;
      case 'factor':
      case 'text':
        return factorColumns(info.levels);
      case 'ordered':
        return { ...factorColumns(info.levels), endings: info.levels === null ? null : withPolynomial(info.levels) };
      default:
        return unknown;
    }
  }
  if (e.kind === 'binary') {
    const logical = ['==', '!=', '<', '<=', '>', '>=', 'and', 'or'].includes(e.operator);
    return logical ? bool : number;
  }
  if (e.kind === 'call') {
    const inner = e.arguments[0]?.value;
    if (e.callee.name === 'I' && inner !== undefined) return columnsOfVariable(inner, scope);
    const f = Object.hasOwn(columnFunctions, e.callee.name) ? columnFunctions[e.callee.name] : undefined;
    if (f?.gives === 'number') return number;
    if (f?.gives === 'bool') return bool;
    if (f?.gives === 'matrix') return basisColumns(e);
    if (e.callee.name === 'factor' && inner?.kind === 'name')
      return factorColumns(scope.lookup(inner.name)?.distinct?.map(String) ?? null);
    return unknown;
  }
  return number;
}

/** Codings other than treatment number their columns, so endings are levels or numbers. */
function factorColumns(levels: readonly string[] | null): VariableColumns {
  if (levels === null) return unknown;
  return { endings: withNumbers(levels), count: Math.max(0, levels.length - 1), numeric: false };
}

/** `poly(x, 3)`, `ns(x, df = 4)`; null where knots or other things say how many columns there are. */
function basisColumns(call: Call): VariableColumns {
  const name = call.callee.name === 'poly' ? 'degree' : 'df';
  const given = call.arguments.find((a) => a.name?.name === name) ?? call.arguments.filter((a) => a.name === null)[1];
  const others = call.arguments.filter((a) => a !== given && a.name !== null && a.name.name !== 'x');
  const count = given === undefined || others.length > 0 ? null : constantValue(given.value);
  if (count === null || !Number.isInteger(count) || count < 1) return { ...unknown, numeric: true };
  const endings = count === 1 ? [''] : Array.from({ length: count }, (_, k) => String(k + 1));
  return { endings, count, numeric: true };
}

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
    const { count, numeric } = columnsOfVariable(f.expression, scope);
    if (count === null) return null;
    if (!numeric && exact && !hasExactLevels(f.expression, scope)) return null;
    product *= numeric || hasMargin(term, f.label, formula, scope) ? count : count + 1;
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
  return columnsOfVariable(expression, scope).numeric;
}

function hasExactLevels(expression: Expression, scope: ColumnScope): boolean {
  const e = stripParens(expression);
  return !scope.filtered && e.kind === 'name' && scope.lookup(e.name)?.exactLevels === true;
}
