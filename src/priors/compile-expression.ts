import { assertNever, InternalError } from '../diagnostics/internal-error.js';
import type { ArithmeticOperator, Expr, ParameterRef } from '../graph/model-graph.js';
import { type BinaryName, isUnaryName, type Tape, TapeBuilder } from '../kernels/expression-derivative.js';

/** Where a parameter's values stand among the inputs: a scalar is 1 x 1, a vector n x 1, a matrix column-major. */
export interface ParameterPlace {
  readonly rows: number;
  readonly columns: number;
  readonly inputs: ArrayLike<number>; // rows * columns
}

export function columnPlace(inputs: readonly number[]): ParameterPlace {
  return { rows: inputs.length, columns: 1, inputs };
}

/** A matrix of `n` x `n`, column by column from `at`. */
export function squarePlace(at: number, n: number): ParameterPlace {
  return { rows: n, columns: n, inputs: Array.from({ length: n * n }, (_, k) => at + k) };
}

export type PlaceOf = (ref: ParameterRef) => ParameterPlace;

export interface CompiledExpression {
  readonly rows: number;
  readonly columns: number;
  /** rows * columns outputs, column-major. */
  readonly tape: Tape;
}

interface Value {
  readonly rows: number;
  readonly columns: number;
  readonly steps: readonly number[];
}

/** Functions of several numbers that an expression of parameters can call, besides those of one number. */
export const parameterFunctions: readonly string[] = ['diag', 'max', 'mean', 'min', 'pow', 'sum'];

/**
 * An expression of parameters as a function with exact derivatives. Operators work entry by entry; a scalar goes with
 * any shape.
 * @param inputs  length of the vector that the places point into
 * @throws InternalError for what the checker should have refused: unknown functions, columns, shapes that do not fit
 */
export function compileExpression(expression: Expr, inputs: number, placeOf: PlaceOf): CompiledExpression {
  const builder = new TapeBuilder(inputs);
  const value = new Compiler(builder, placeOf).visit(expression);
  return { rows: value.rows, columns: value.columns, tape: builder.finish(value.steps) };
}

class Compiler {
  constructor(
    private readonly tape: TapeBuilder,
    private readonly placeOf: PlaceOf,
  ) {}

  visit(e: Expr): Value {
    switch (e.kind) {
      case 'number':
        return this.number(e.value);
      case 'infinity':
        return this.number(Number.POSITIVE_INFINITY);
      case 'missing':
        return this.number(Number.NaN);
      case 'bool':
        return this.number(e.value ? 1 : 0);
      case 'parameter': {
        const { rows, columns, inputs } = this.placeOf(e.ref);
        return { rows, columns, steps: Array.from(inputs, (i) => this.tape.input(i)) };
      }
      case 'unary':
        return this.unary(e.operator, this.visit(e.operand));
      case 'binary':
        return this.entrywise(binaryName(e.operator), this.visit(e.left), this.visit(e.right));
      case 'list':
        return this.list(e.items.map((item) => this.visit(item)));
      case 'call':
        return this.call(
          e.name,
          e.args.map((arg) => this.visit(arg.value)),
        );
      case 'string':
      case 'column':
        throw new InternalError('an expression of parameters holds none of these', e);
      default:
        return assertNever(e);
    }
  }

  private number(value: number): Value {
    return { rows: 1, columns: 1, steps: [this.tape.constant(value)] };
  }

  private unary(operator: '-' | '+' | 'not', a: Value): Value {
    if (operator === '+') return a;
    return operator === '-' ? this.entrywise('*', this.number(-1), a) : this.entrywise('==', a, this.number(0));
  }

  private entrywise(name: BinaryName, a: Value, b: Value): Value {
    const shape = a.steps.length === 1 ? b : a;
    if (b.steps.length !== 1 && (b.rows !== shape.rows || b.columns !== shape.columns))
      throw new InternalError(`shapes do not fit: ${a.rows} x ${a.columns} ${name} ${b.rows} x ${b.columns}`);
    const at = (v: Value, k: number) => (v.steps.length === 1 ? v.steps[0] : v.steps[k]);
    const { rows, columns } = shape;
    return { rows, columns, steps: shape.steps.map((_, k) => this.tape.binary(name, at(a, k), at(b, k))) };
  }

  /** Numbers, one after the other, make a vector; lists of one length make the rows of a matrix. */
  private list(items: readonly Value[]): Value {
    const [head] = items;
    const nested = items.length > 0 && items.every((v) => v.steps.length === head.steps.length && v.steps.length > 1);
    if (!nested) {
      const steps = items.flatMap((v) => v.steps);
      return { rows: steps.length, columns: 1, steps };
    }
    const [rows, columns] = [items.length, head.steps.length];
    const steps = Array.from({ length: rows * columns }, (_, k) => items[k % rows].steps[Math.floor(k / rows)]);
    return { rows, columns, steps };
  }

  private call(name: string, args: readonly Value[]): Value {
    if (name === 'diag') return this.diagonal(args.flatMap((v) => v.steps));
    if (name === 'min' || name === 'max') return this.fold(name, args);
    if (name === 'sum') return this.fold('+', args);
    if (name === 'mean') {
      const count = args.reduce((t, v) => t + v.steps.length, 0);
      return this.entrywise('/', this.fold('+', args), this.number(count));
    }
    const [only, other] = args;
    if (name === 'pow' && args.length === 2) return this.entrywise('^', only, other);
    if (isUnaryName(name) && args.length === 1)
      return { ...only, steps: only.steps.map((step) => this.tape.unary(name, step)) };
    throw new InternalError(`no function '${name}' of ${args.length} arguments in an expression of parameters`);
  }

  private fold(name: '+' | 'min' | 'max', args: readonly Value[]): Value {
    const [head, ...rest] = args.flatMap((v) => v.steps);
    if (head === undefined) throw new InternalError(`${name} of nothing`);
    return { rows: 1, columns: 1, steps: [rest.reduce((total, step) => this.tape.binary(name, total, step), head)] };
  }

  private diagonal(entries: readonly number[]): Value {
    const n = entries.length;
    const nothing = this.tape.constant(0);
    const steps = Array.from({ length: n * n }, (_, k) => (k % n === Math.floor(k / n) ? entries[k % n] : nothing));
    return { rows: n, columns: n, steps };
  }
}

function binaryName(operator: ArithmeticOperator): BinaryName {
  return operator;
}
