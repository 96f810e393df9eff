import type { Expr, ParameterRef } from '../graph/model-graph.js';

/** The left side of a prior taken apart: (reference^power, maybe its symmetric root) / sigma^relative. */
export interface PriorQuantity {
  readonly ref: ParameterRef;
  readonly power: number;
  readonly root: boolean;
  readonly relative: number;
}

/** Null where the left side is a list or any other expression. */
export function priorQuantity(left: Expr): PriorQuantity | null {
  switch (left.kind) {
    case 'parameter':
      return { ref: left.ref, power: 1, root: false, relative: 0 };
    case 'binary': {
      if (left.operator === '^' && left.right.kind === 'number') {
        const inner = priorQuantity(left.left);
        const by = left.right.value;
        return inner === null ? null : { ...inner, power: inner.power * by, relative: inner.relative * by };
      }
      if (left.operator !== '/') return null;
      const inner = priorQuantity(left.left);
      const below = priorQuantity(left.right);
      if (inner === null || below === null || below.ref.kind !== 'scalar' || below.ref.name !== 'sigma') return null;
      return { ...inner, relative: inner.relative + below.power };
    }
    case 'call': {
      const only = left.args.length === 1 ? left.args[0] : undefined;
      const inner = left.name === 'sqrt' && only !== undefined ? priorQuantity(only.value) : null;
      if (inner === null) return null;
      if (inner.ref.kind === 'cov') return inner.root ? null : { ...inner, root: true };
      return { ...inner, power: inner.power / 2, relative: inner.relative / 2 };
    }
    default:
      return null;
  }
}
