import { InternalError } from '../diagnostics/internal-error.js';
import { logGamma } from './special/gamma.js';
import { digamma, trigamma } from './special-functions.js';

/** A function of one number with two derivatives; `f` and `f1` are the value and the slope at x. */
export interface UnaryFunction {
  value(x: number): number;
  slope(x: number, f: number): number;
  curvature(x: number, f: number, f1: number): number;
}

const zero = () => 0;

/** Every function of one number that a tape knows, by the name it has in the language. */
export const unaryFunctions = {
  log: { value: Math.log, slope: (x) => 1 / x, curvature: (x) => -1 / (x * x) },
  log2: { value: Math.log2, slope: (x) => Math.LOG2E / x, curvature: (x) => -Math.LOG2E / (x * x) },
  log10: { value: Math.log10, slope: (x) => Math.LOG10E / x, curvature: (x) => -Math.LOG10E / (x * x) },
  log1p: { value: Math.log1p, slope: (x) => 1 / (1 + x), curvature: (_x, _f, f1) => -f1 * f1 },
  exp: { value: Math.exp, slope: (_x, f) => f, curvature: (_x, f) => f },
  expm1: { value: Math.expm1, slope: (_x, f) => f + 1, curvature: (_x, f) => f + 1 },
  sqrt: { value: Math.sqrt, slope: (_x, f) => 0.5 / f, curvature: (x, _f, f1) => (-0.5 * f1) / x },
  abs: { value: Math.abs, slope: (x) => Math.sign(x), curvature: zero },
  logit: {
    value: (x) => Math.log(x) - Math.log1p(-x),
    slope: (x) => 1 / (x * (1 - x)),
    curvature: (x, _f, f1) => (2 * x - 1) * f1 * f1,
  },
  inv_logit: {
    value: (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
    slope(x) {
      const e = Math.exp(-Math.abs(x));
      return e / (1 + e) ** 2;
    },
    curvature: (_x, f, f1) => f1 * (1 - 2 * f),
  },
  lgamma: { value: logGamma, slope: digamma, curvature: trigamma },
  sin: { value: Math.sin, slope: Math.cos, curvature: (_x, f) => -f },
  cos: { value: Math.cos, slope: (x) => -Math.sin(x), curvature: (_x, f) => -f },
  tan: { value: Math.tan, slope: (_x, f) => 1 + f * f, curvature: (_x, f, f1) => 2 * f * f1 },
  tanh: { value: Math.tanh, slope: (_x, f) => 1 - f * f, curvature: (_x, f, f1) => -2 * f * f1 },
  sinh: { value: Math.sinh, slope: Math.cosh, curvature: (_x, f) => f },
  cosh: { value: Math.cosh, slope: Math.sinh, curvature: (_x, f) => f },
  atan: { value: Math.atan, slope: (x) => 1 / (1 + x * x), curvature: (x, _f, f1) => -2 * x * f1 * f1 },
} satisfies Record<string, UnaryFunction>;

export type UnaryName = keyof typeof unaryFunctions;

export function isUnaryName(name: string): name is UnaryName {
  return Object.hasOwn(unaryFunctions, name);
}

export type BinaryName =
  | '+'
  | '-'
  | '*'
  | '/'
  | '^'
  | 'min'
  | 'max'
  | '<'
  | '<='
  | '>'
  | '>='
  | '=='
  | '!='
  | 'and'
  | 'or';

type Step =
  | { readonly kind: 'input'; readonly input: number }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'unary'; readonly of: UnaryFunction; readonly a: number }
  /** x^p with a fixed exponent, defined for negative x where p is whole. */
  | { readonly kind: 'power'; readonly a: number; readonly exponent: number }
  | { readonly kind: 'binary'; readonly name: BinaryName; readonly a: number; readonly b: number };

/** Records an expression step by step; each call returns the number of its step. */
export class TapeBuilder {
  private readonly steps: Step[] = [];

  constructor(readonly inputs: number) {}

  input(input: number): number {
    if (!(input >= 0 && input < this.inputs)) throw new InternalError('tape: no such input', input);
    return this.push({ kind: 'input', input });
  }

  constant(value: number): number {
    return this.push({ kind: 'constant', value });
  }

  unary(name: UnaryName, a: number): number {
    const of = unaryFunctions[name];
    const known = this.constantAt(a);
    return known === undefined ? this.push({ kind: 'unary', of, a }) : this.constant(of.value(known));
  }

  binary(name: BinaryName, a: number, b: number): number {
    const [left, right] = [this.constantAt(a), this.constantAt(b)];
    if (left !== undefined && right !== undefined) return this.constant(apply(name, left, right));
    if (name === '^' && right !== undefined) return this.push({ kind: 'power', a, exponent: right });
    return this.push({ kind: 'binary', name, a, b });
  }

  /** The value of a step that depends on no input. */
  constantAt(step: number): number | undefined {
    const found = this.steps[step];
    return found.kind === 'constant' ? found.value : undefined;
  }

  finish(outputs: readonly number[]): Tape {
    return new Tape(this.steps, this.inputs, outputs);
  }

  private push(step: Step): number {
    return this.steps.push(step) - 1;
  }
}

/**
 * A recorded expression: values, exact gradients by one sweep back over the steps, exact second derivatives by one sweep
 * forth and back for each input [OPT-7]. Nothing is compiled at run time, and evaluation allocates nothing.
 */
export class Tape {
  private readonly value: Float64Array;
  private readonly adjoint: Float64Array;
  private readonly tangent: Float64Array;
  private readonly adjointTangent: Float64Array;

  constructor(
    private readonly steps: readonly Step[],
    readonly inputs: number,
    readonly outputs: readonly number[],
  ) {
    const n = steps.length;
    this.value = new Float64Array(n);
    this.adjoint = new Float64Array(n);
    this.tangent = new Float64Array(n);
    this.adjointTangent = new Float64Array(n);
  }

  /** @param out  one number for each output, overwritten */
  evaluate(x: Float64Array, out: Float64Array): void {
    const { value, steps } = this;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i];
      switch (step.kind) {
        case 'input':
          value[i] = x[step.input];
          break;
        case 'constant':
          value[i] = step.value;
          break;
        case 'unary':
          value[i] = step.of.value(value[step.a]);
          break;
        case 'power':
          value[i] = value[step.a] ** step.exponent;
          break;
        case 'binary':
          value[i] = apply(step.name, value[step.a], value[step.b]);
      }
    }
    this.outputs.forEach((step, k) => {
      out[k] = value[step];
    });
  }

  /**
   * Adds, at the point of the latest `evaluate`, the gradient of sum_k weights[k] output[k].
   * @param into  length `inputs`
   */
  addGradient(weights: Float64Array, into: Float64Array): void {
    this.sweepBack(weights, into, null);
  }

  /**
   * Adds, at the point of the latest `evaluate`, the Hessian of sum_k weights[k] output[k].
   * @param into  inputs x inputs, column-major
   */
  addHessian(weights: Float64Array, into: Float64Array): void {
    const n = this.inputs;
    const gradient = new Float64Array(n);
    for (let j = 0; j < n; j++) {
      this.sweepTangents(j);
      gradient.fill(0);
      this.sweepBack(weights, gradient, into.subarray(j * n, (j + 1) * n));
    }
  }

  private sweepTangents(along: number): void {
    const { value, tangent, steps } = this;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i];
      switch (step.kind) {
        case 'input':
          tangent[i] = step.input === along ? 1 : 0;
          break;
        case 'constant':
          tangent[i] = 0;
          break;
        case 'unary':
          tangent[i] = tangent[step.a] === 0 ? 0 : step.of.slope(value[step.a], value[i]) * tangent[step.a];
          break;
        case 'power':
          tangent[i] = tangent[step.a] === 0 ? 0 : powerSlope(value[step.a], step.exponent) * tangent[step.a];
          break;
        case 'binary': {
          partials(step.name, value[step.a], value[step.b], value[i], first);
          tangent[i] = product(first[0], tangent[step.a]) + product(first[1], tangent[step.b]);
        }
      }
    }
  }

  /** With `column` the tangents of the adjoints are carried along: a column of the Hessian. */
  private sweepBack(weights: Float64Array, gradient: Float64Array, column: Float64Array | null): void {
    const { value, adjoint, tangent, adjointTangent, steps } = this;
    adjoint.fill(0);
    adjointTangent.fill(0);
    this.outputs.forEach((step, k) => {
      adjoint[step] += weights[k];
    });
    for (let i = steps.length - 1; i >= 0; i--) {
      const step = steps[i];
      const up = adjoint[i];
      const upTangent = adjointTangent[i];
      if (up === 0 && upTangent === 0) continue;
      switch (step.kind) {
        case 'input':
          gradient[step.input] += up;
          if (column) column[step.input] += upTangent;
          break;
        case 'constant':
          break;
        case 'unary':
        case 'power': {
          const x = value[step.a];
          const f1 = step.kind === 'unary' ? step.of.slope(x, value[i]) : powerSlope(x, step.exponent);
          adjoint[step.a] += product(f1, up);
          if (!column) break;
          const f2 =
            step.kind === 'unary'
              ? step.of.curvature(x, value[i], f1)
              : step.exponent * powerSlope(x, step.exponent - 1);
          adjointTangent[step.a] += product(f1, upTangent) + product(f2, up * tangent[step.a]);
          break;
        }
        case 'binary': {
          const [a, b] = [value[step.a], value[step.b]];
          partials(step.name, a, b, value[i], first);
          const [fa, fb] = first;
          adjoint[step.a] += product(fa, up);
          adjoint[step.b] += product(fb, up);
          if (!column) break;
          secondPartials(step.name, a, b, value[i], second);
          const [ta, tb] = [tangent[step.a], tangent[step.b]];
          adjointTangent[step.a] += product(fa, upTangent) + product(second[0], up * ta) + product(second[1], up * tb);
          adjointTangent[step.b] += product(fb, upTangent) + product(second[1], up * ta) + product(second[2], up * tb);
        }
      }
    }
  }
}

const first = new Float64Array(2);
const second = new Float64Array(3);

/** A slope that is not asked for must not turn a zero into NaN: 0 * Infinity. */
function product(slope: number, times: number): number {
  return times === 0 ? 0 : slope * times;
}

function powerSlope(x: number, exponent: number): number {
  return exponent === 0 ? 0 : exponent * x ** (exponent - 1);
}

function apply(name: BinaryName, a: number, b: number): number {
  switch (name) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '^':
      return a ** b;
    case 'min':
      return Math.min(a, b);
    case 'max':
      return Math.max(a, b);
    case '<':
      return Number(a < b);
    case '<=':
      return Number(a <= b);
    case '>':
      return Number(a > b);
    case '>=':
      return Number(a >= b);
    case '==':
      return Number(a === b);
    case '!=':
      return Number(a !== b);
    case 'and':
      return Number(a !== 0 && b !== 0);
    case 'or':
      return Number(a !== 0 || b !== 0);
  }
}

/** out = [df/da, df/db]; zero for comparisons. At a tie of min or max the first argument counts. */
function partials(name: BinaryName, a: number, b: number, f: number, out: Float64Array): void {
  out.fill(0);
  switch (name) {
    case '+':
      out.fill(1);
      break;
    case '-':
      out[0] = 1;
      out[1] = -1;
      break;
    case '*':
      out[0] = b;
      out[1] = a;
      break;
    case '/':
      out[0] = 1 / b;
      out[1] = -f / b;
      break;
    case '^':
      out[0] = powerSlope(a, b);
      out[1] = f === 0 ? 0 : f * Math.log(a);
      break;
    case 'min':
      out[a <= b ? 0 : 1] = 1;
      break;
    case 'max':
      out[a >= b ? 0 : 1] = 1;
  }
}

/** out = [f_aa, f_ab, f_bb]. */
function secondPartials(name: BinaryName, a: number, b: number, f: number, out: Float64Array): void {
  out.fill(0);
  if (name === '*') out[1] = 1;
  else if (name === '/') {
    out[1] = -1 / (b * b);
    out[2] = (2 * f) / (b * b);
  } else if (name === '^') {
    const log = Math.log(a);
    out[0] = b * powerSlope(a, b - 1);
    out[1] = a ** (b - 1) * (1 + b * log);
    out[2] = f === 0 ? 0 : f * log * log;
  }
}
