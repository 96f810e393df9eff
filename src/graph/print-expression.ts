import { assertNever } from '../diagnostics/internal-error.js';
import type { ArithmeticOperator, CoefficientSelection, Expr, ModelGraph, ParameterRef } from './model-graph.js';

const strength: Readonly<Record<ArithmeticOperator, number>> = {
  or: 1,
  and: 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '^': 7,
};

/** An expression of the graph in the language's own words; parameters by the names a program gives them. */
export function printExpression(e: Expr, graph?: ModelGraph, within = 0): string {
  switch (e.kind) {
    case 'number':
      return String(e.value);
    case 'infinity':
      return 'inf';
    case 'missing':
      return 'NA';
    case 'string':
      return JSON.stringify(e.value);
    case 'bool':
      return String(e.value);
    case 'column':
      return /^[A-Za-z_.][\w.]*$/.test(e.name) ? e.name : `\`${e.name}\``;
    case 'parameter':
      return printReference(e.ref, graph);
    case 'unary': {
      const text = `${e.operator === 'not' ? 'not ' : e.operator}${printExpression(e.operand, graph, 6)}`;
      return within > 5 ? `(${text})` : text;
    }
    case 'binary': {
      const own = strength[e.operator];
      const spaced = e.operator === '^' ? '^' : ` ${e.operator} `;
      const [left, right] = e.operator === '^' ? [own + 1, own] : [own, own + 1]; // a^b^c is a^(b^c)
      const text = `${printExpression(e.left, graph, left)}${spaced}${printExpression(e.right, graph, right)}`;
      return own < within ? `(${text})` : text;
    }
    case 'call': {
      const args = e.args.map((a) => `${a.name === null ? '' : `${a.name} = `}${printExpression(a.value, graph)}`);
      return `${e.name}(${args.join(', ')})`;
    }
    case 'list':
      return `[${e.items.map((item) => printExpression(item, graph)).join(', ')}]`;
    default:
      return assertNever(e);
  }
}

function printReference(ref: ParameterRef, graph: ModelGraph | undefined): string {
  switch (ref.kind) {
    case 'coefficients':
      return `${several(ref.predictors)}[${printSelection(ref.select)}]`;
    case 'scalar':
      return several(ref.predictors);
    case 'sd': {
      const except = ref.except === undefined ? '' : ` except ${ref.except.join(', ')}`;
      const column = ref.column === null && except === '' ? '' : `[${ref.column ?? 'all'}${except}]`;
      return `sd(${ref.effect})${column}`;
    }
    case 'cor':
    case 'cov':
      return `${ref.kind}(${ref.effect})`;
    case 'thresholds':
      return 'threshold';
    case 'prob':
      return `prob(${ref.class ?? graph?.mixture?.name ?? 'classes'})`;
    default:
      return assertNever(ref);
  }
}

function several(ids: readonly string[]): string {
  return ids.length === 1 ? (ids[0] ?? '') : `(${ids.join(', ')})`;
}

function printSelection(select: CoefficientSelection): string {
  switch (select.kind) {
    case 'intercept':
      return 'intercept';
    case 'named':
      return select.except === undefined ? select.name : `${select.name} except ${select.except.join(', ')}`;
    case 'slopes':
      return select.except === undefined ? 'slopes' : `slopes except ${select.except.join(', ')}`;
    default:
      return assertNever(select);
  }
}
