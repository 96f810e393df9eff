import type { TermPlan } from './design-plan.js';

/** A term as the coding rules see it: its variables, as indices. */
export interface TermShape {
  readonly label: string;
  readonly variables: readonly number[];
}

/**
 * How each variable of each term is coded, by R's rules (TermCode of its model formulas) [DATA-6]: a factor by contrasts where the
 * term without it is contained in an earlier one, else by one column per level; without an intercept the first factor met
 * is coded by all its levels.
 * @param spansConstant  an intercept, or something else that spans a constant, stands before the terms
 */
export function codeTerms(
  terms: readonly TermShape[],
  isFactor: (variable: number) => boolean,
  spansConstant: boolean,
): TermPlan[] {
  let constant = spansConstant;
  let fullFactorDue = !spansConstant;
  return terms.map((term, t) => {
    const before = terms.slice(0, t);
    const afterConstant = constant;
    const factors = term.variables.map((variable) => {
      const margin = term.variables.filter((other) => other !== variable);
      if (!isFactor(variable)) {
        // Unlike a factor's, a number's margin must itself be there for its mean to be in the span.
        const centred = margin.length === 0 ? afterConstant : before.some((earlier) => same(earlier.variables, margin));
        return { variable, coding: 'number' as const, centred };
      }
      const full = fullFactorDue;
      fullFactorDue = false;
      const contained = margin.length === 0 || before.some((earlier) => contains(earlier.variables, margin));
      return { variable, coding: full || !contained ? ('indicator' as const) : ('contrast' as const), centred: false };
    });
    if (factors.length === 1 && factors[0].coding === 'indicator') constant = true;
    return { label: term.label, afterConstant, factors };
  });
}

function contains(variables: readonly number[], margin: readonly number[]): boolean {
  return margin.every((variable) => variables.includes(variable));
}

function same(variables: readonly number[], margin: readonly number[]): boolean {
  return variables.length === margin.length && contains(variables, margin);
}
