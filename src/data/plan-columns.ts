import type { TermNode } from '../graph/model-graph.js';
import type { ColumnsPlan, TermPlan, VariablePlan } from './design-plan.js';
import { codeTerms, type TermShape } from './term-coding.js';
import type { VariableTable } from './variable-table.js';

/** Plans the columns of one model matrix. undefined: a variable cannot be used, which was said. */
export function planColumns(
  variables: VariableTable,
  terms: readonly TermNode[],
  intercept: boolean,
  spansConstant: boolean,
): ColumnsPlan | undefined {
  const shapes: TermShape[] = [];
  let sound = true;
  for (const term of terms) {
    const indices = term.factors.map((factor) => variables.add(factor.label, factor.value, term.origin));
    const known = indices.filter((index) => index !== undefined);
    if (known.length === indices.length) shapes.push({ label: term.label, variables: known });
    else sound = false;
  }
  return sound ? { intercept, terms: codeTerms(shapes, variables.isFactor, spansConstant) } : undefined;
}

/** How many columns a plan makes, before any is made. */
export function countColumns(plan: ColumnsPlan, variables: readonly VariablePlan[]): number {
  return plan.terms.reduce((sum, term) => sum + countTerm(term, variables), plan.intercept ? 1 : 0);
}

function countTerm(term: TermPlan, variables: readonly VariablePlan[]): number {
  return term.factors.reduce((product, factor) => {
    const variable = variables[factor.variable];
    if (variable.kind === 'number') return product;
    if (variable.kind === 'matrix') return product * variable.columns;
    return product * (factor.coding === 'indicator' ? variable.levels.length : variable.contrast.names.length);
  }, 1);
}
