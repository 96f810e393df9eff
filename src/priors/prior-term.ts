import { assertNever, InternalError } from '../diagnostics/internal-error.js';
import type { Expr, PenaltyNode, PriorNode } from '../graph/model-graph.js';
import { type CompiledExpression, compileExpression, type PlaceOf } from './compile-expression.js';
import { priorDensities } from './densities.js';
import { dirichletDensity } from './dirichlet.js';
import type { EllipticalDensity } from './elliptical.js';
import { symmetricRoot } from './factor-quantities.js';
import { isPriorName, priorSignatures } from './index.js';
import { lkjDensity } from './lkj.js';
import type { MatrixDensity } from './matrix-density.js';
import type { PriorName } from './prior.js';
import type { ScalarDensity } from './scalar-density.js';

/** What a prior or a penalty adds to the objective, as a function of the quantities its expressions name. */
export interface ObjectiveTerm {
  /**
   * -2 log density, constants kept where it is proper [PRIOR-1].
   * @param x         the quantities that the places point into
   * @param gradient  of the same length; the term's derivatives are added
   * @returns         Infinity outside the support
   */
  evaluate(x: Float64Array, gradient: Float64Array | null): number;
  readonly improper: boolean;
}

/** A prior of any kind, by its expressions alone. */
export function compilePrior(node: PriorNode, inputs: number, placeOf: PlaceOf): ObjectiveTerm {
  const name = node.distribution;
  if (!isPriorName(name)) throw new InternalError('no such prior', name);
  const compile = (e: Expr) => new Part(compileExpression(e, inputs, placeOf));
  const entry = priorDensities[name];
  const args = new Map(node.args.map((arg) => [arg.name, compile(arg.value)]));
  switch (entry.kind) {
    case 'scalar':
      return scalarTerm(entry.density, compile(node.left), argumentsInOrder(name, args));
    case 'vector':
      return vectorTerm(entry.density, compile(node.left), args.get('df'), location(args), scaleOf(args));
    case 'covariance': {
      const root = rootOf(node.left);
      return matrixTerm(
        entry.density,
        name,
        compile(root ?? node.left),
        root !== null,
        needed(args, 'df'),
        scaleOf(args),
      );
    }
    case 'correlation':
      return lkjTerm(compile(node.left), needed(args, 'eta'));
    case 'simplex':
      return simplexTerm(compile(node.left), needed(args, 'concentration'));
    default:
      return assertNever(entry);
  }
}

/** `penalize`: the expression itself is added. */
export function compilePenalty(node: PenaltyNode, inputs: number, placeOf: PlaceOf): ObjectiveTerm {
  const part = new Part(compileExpression(node.value, inputs, placeOf));
  if (part.size !== 1) throw new InternalError('a penalty is one number', node.text);
  return {
    improper: true,
    evaluate(x, gradient) {
      part.evaluate(x);
      if (gradient) {
        part.weights[0] = 1;
        part.addGradient(gradient);
      }
      return part.values[0];
    },
  };
}

/** One compiled expression with room for its values and for the derivatives in them. */
class Part {
  readonly size: number;
  readonly values: Float64Array;
  readonly weights: Float64Array;

  constructor(readonly expression: CompiledExpression) {
    this.size = expression.rows * expression.columns;
    this.values = new Float64Array(this.size);
    this.weights = new Float64Array(this.size);
  }

  evaluate(x: Float64Array): void {
    this.expression.tape.evaluate(x, this.values);
  }

  addGradient(gradient: Float64Array): void {
    this.expression.tape.addGradient(this.weights, gradient);
  }

  /** The value for entry i of the left side: a scalar argument goes with all of them. */
  index(i: number): number {
    return this.size === 1 ? 0 : i;
  }
}

function needed(args: ReadonlyMap<string, Part>, name: string): Part {
  const found = args.get(name);
  if (!found) throw new InternalError('prior without a needed argument', name);
  return found;
}

function constantPart(value: number): Part {
  return new Part(
    compileExpression({ kind: 'number', value }, 0, () => {
      throw new InternalError('a constant names no parameter');
    }),
  );
}

function argumentsInOrder(name: PriorName, args: ReadonlyMap<string, Part>): Part[] {
  return priorSignatures[name].parameters.map(
    (p) => args.get(p.name) ?? (p.default === undefined ? needed(args, p.name) : constantPart(p.default)),
  );
}

function location(args: ReadonlyMap<string, Part>): Part {
  return args.get('mean') ?? needed(args, 'location');
}

function scaleOf(args: ReadonlyMap<string, Part>): Part {
  return args.get('cov') ?? needed(args, 'scale');
}

/** `sqrt(cov(g))` is the symmetric square root of the matrix, not that of its entries. */
function rootOf(e: Expr): Expr | null {
  const [only] = e.kind === 'call' && e.name === 'sqrt' && e.args.length === 1 ? e.args : [];
  return only?.value ?? null;
}

function scalarTerm(density: ScalarDensity, left: Part, args: readonly Part[]): ObjectiveTerm {
  const out = new Float64Array(3 + args.length);
  const at: number[] = args.map(() => 0);
  for (const arg of args)
    if (arg.size !== 1 && arg.size !== left.size) throw new InternalError('prior: arguments do not fit the left side');
  const parts = [left, ...args];
  return {
    improper: isImproperAtConstants(density, args),
    evaluate(x, gradient) {
      let total = 0;
      for (const part of parts) {
        part.evaluate(x);
        part.weights.fill(0);
      }
      for (let i = 0; i < left.size; i++) {
        for (let k = 0; k < args.length; k++) at[k] = args[k].values[args[k].index(i)];
        density.logDensityInto(out, left.values[i], at);
        total -= 2 * out[0];
        left.weights[i] = -2 * out[1];
        for (let k = 0; k < args.length; k++) args[k].weights[args[k].index(i)] -= 2 * out[3 + k];
      }
      if (gradient) for (const part of parts) part.addGradient(gradient);
      return total;
    },
  };
}

/** Whether the arguments, as far as they are constants, make an improper prior. */
function isImproperAtConstants(density: ScalarDensity, args: readonly Part[]): boolean {
  const nowhere = new Float64Array(Math.max(0, ...args.map((arg) => arg.expression.tape.inputs))).fill(Number.NaN);
  const values = args.map((arg) => {
    arg.evaluate(nowhere);
    return arg.values[0];
  });
  return density.isImproper?.(values) ?? false;
}

function vectorTerm(
  density: EllipticalDensity,
  left: Part,
  df: Part | undefined,
  centre: Part,
  scale: Part,
): ObjectiveTerm {
  const n = left.size;
  if ((centre.size !== 1 && centre.size !== n) || scale.size !== n * n)
    throw new InternalError('prior: arguments do not fit the left side');
  const location = new Float64Array(n);
  const g = { x: new Float64Array(n), scale: scale.weights, df: new Float64Array(1) };
  const parts = df ? [left, centre, scale, df] : [left, centre, scale];
  return {
    improper: false,
    evaluate(x, gradient) {
      for (const part of parts) part.evaluate(x);
      for (let i = 0; i < n; i++) location[i] = centre.values[centre.index(i)];
      const log = density.logDensity(left.values, df?.values[0] ?? 0, location, scale.values, gradient ? g : null);
      if (gradient && Number.isFinite(log)) {
        centre.weights.fill(0);
        for (let i = 0; i < n; i++) {
          left.weights[i] = -2 * g.x[i];
          centre.weights[centre.index(i)] += 2 * g.x[i];
        }
        for (let k = 0; k < n * n; k++) scale.weights[k] *= -2;
        if (df) df.weights[0] = -2 * g.df[0];
        for (const part of parts) part.addGradient(gradient);
      }
      return -2 * log;
    },
  };
}

function matrixTerm(
  density: MatrixDensity,
  name: PriorName,
  left: Part,
  ofRoot: boolean,
  df: Part,
  scale: Part,
): ObjectiveTerm {
  const d = left.expression.rows;
  // `scale = inf` of the Wishart and `scale = 0` of the inverse Wishart are the improper limits
  const limit = name === 'wishart' ? Number.POSITIVE_INFINITY : 0;
  const constant = scale.size === 1 ? constantValue(scale) : undefined;
  const improper = constant === limit;
  if (left.expression.columns !== d || (!improper && scale.size !== d * d))
    throw new InternalError('prior: the scale does not fit the matrix');
  const inMatrix = new Float64Array(d * d);
  return {
    improper,
    evaluate(x, gradient) {
      left.evaluate(x);
      df.evaluate(x);
      if (!improper) scale.evaluate(x);
      const root = ofRoot ? symmetricRoot(left.values, d) : null;
      const matrix = root?.root ?? left.values;
      const S = improper ? null : scale.values;
      const log = density.logDensity(matrix, d, df.values[0], S, gradient && inMatrix, gradient && S && scale.weights);
      if (gradient && Number.isFinite(log)) {
        const inLeft = root ? root.toCov(inMatrix) : inMatrix;
        for (let k = 0; k < d * d; k++) left.weights[k] = -2 * inLeft[k];
        left.addGradient(gradient);
        if (S) {
          for (let k = 0; k < d * d; k++) scale.weights[k] *= -2;
          scale.addGradient(gradient);
        }
      }
      return -2 * log;
    },
  };
}

/** The value of an expression that names no parameter. */
function constantValue(part: Part): number | undefined {
  const { tape } = part.expression;
  part.evaluate(new Float64Array(tape.inputs).fill(Number.NaN));
  const [at] = part.values;
  return Number.isNaN(at) ? undefined : at;
}

function lkjTerm(left: Part, eta: Part): ObjectiveTerm {
  // one correlation, for structures that have no more, or the matrix of them
  const single = left.size === 1;
  const d = single ? 2 : left.expression.rows;
  const R = new Float64Array(d * d);
  const inR = new Float64Array(d * d);
  return {
    improper: false,
    evaluate(x, gradient) {
      left.evaluate(x);
      eta.evaluate(x);
      if (single) R.set([1, left.values[0], left.values[0], 1]);
      else R.set(left.values);
      const log = lkjDensity.logDensity(R, d, eta.values[0], gradient && inR);
      if (gradient && Number.isFinite(log)) {
        if (single) left.weights[0] = -4 * inR[1];
        else for (let k = 0; k < d * d; k++) left.weights[k] = -2 * inR[k];
        left.addGradient(gradient);
      }
      return -2 * log;
    },
  };
}

function simplexTerm(left: Part, concentration: Part): ObjectiveTerm {
  const k = left.size;
  const alpha = new Float64Array(k);
  const g = new Float64Array(k);
  return {
    improper: false,
    evaluate(x, gradient) {
      left.evaluate(x);
      concentration.evaluate(x);
      for (let i = 0; i < k; i++) alpha[i] = concentration.values[concentration.index(i)];
      const log = dirichletDensity.logDensity(left.values, alpha, gradient && g);
      if (gradient && Number.isFinite(log)) {
        for (let i = 0; i < k; i++) left.weights[i] = -2 * g[i];
        left.addGradient(gradient);
      }
      return -2 * log;
    },
  };
}
