import type { Design } from '../data/design.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { diagnostic } from '../diagnostics/report.js';
import type { Expr, ModelGraph, ParameterRef } from '../graph/model-graph.js';
import { referencesIn } from '../graph/walk-graph.js';
import { compileExpression, type ParameterPlace } from '../priors/compile-expression.js';
import { priorQuantity } from '../priors/prior-quantity.js';

const matrices: ReadonlySet<string> = new Set(['wishart', 'inverse_wishart', 'multi_normal', 'multi_student_t']);

/**
 * Priors whose matrices or vectors do not fit their left sides, now that the data tell how many columns each of these has. What
 * the program alone could tell was checked before.
 */
export function priorShapeProblems(graph: ModelGraph, design: Design): Diagnostic[] {
  return graph.priors.flatMap((prior) => {
    if (!matrices.has(prior.distribution)) return [];
    const needed = sizeOfLeft(prior.left, design);
    if (needed === null || needed === 0) return []; // a coefficient that is left out has its own warning
    return prior.args.flatMap(({ name, value }) => {
      if (name === 'df') return [];
      const { rows, columns } = compileExpression(value, 1, scalarPlace);
      if (rows * columns === 1 && (needed === 1 || columns === 1)) return [];
      if (rows === needed) return [];
      return [diagnostic('MM463', { span: prior.origin }, { text: prior.text, argument: name, found: rows, needed })];
    });
  });
}

/** Arguments name nothing but scalars. */
function scalarPlace(): ParameterPlace {
  return { rows: 1, columns: 1, inputs: [0] };
}

function sizeOfLeft(left: Expr, design: Design): number | null {
  if (left.kind === 'list') {
    const sizes = left.items.map((item) => sizeOfLeft(item, design));
    return sizes.some((s) => s === null || s === 0) ? null : sizes.reduce<number>((t, s) => t + (s ?? 0), 0);
  }
  const quantity = priorQuantity(left);
  if (quantity !== null) return sizeOf(quantity.ref, design);
  const [first] = referencesIn(left);
  return first === undefined ? 1 : sizeOf(first, design);
}

function sizeOf(ref: ParameterRef, design: Design): number | null {
  switch (ref.kind) {
    case 'cov':
      return design.blocks.find((b) => b.id === ref.effect)?.terms.length ?? null;
    case 'coefficients': {
      const { select } = ref;
      const found = new Set<number>();
      for (const id of ref.predictors)
        for (const c of design.predictors.find((p) => p.id === id)?.columns ?? []) {
          const { name, term } = design.coefficients[c];
          const isIntercept = term === '(Intercept)';
          const excepted = select.kind !== 'intercept' && (select.except ?? []).some((e) => e === name || e === term);
          if (excepted) continue;
          if (
            select.kind === 'intercept'
              ? isIntercept
              : select.kind === 'slopes'
                ? !isIntercept
                : select.name === name || select.name === term
          )
            found.add(c);
        }
      return found.size;
    }
    case 'scalar':
      return 1;
    default:
      return null;
  }
}
