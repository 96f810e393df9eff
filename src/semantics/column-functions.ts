/** What the checker knows of a function of columns. */
export interface ColumnFunction {
  /** Positional arguments: at least, at most. */
  readonly arity: readonly [number, number];
  /** Arguments that may be given by name, with the position they take. */
  readonly named: readonly string[];
  /** What the first argument must be. */
  readonly takes: 'number' | 'any' | 'bool' | 'nothing';
  /** `same`: the type of the (last) argument. */
  readonly gives: 'number' | 'bool' | 'factor' | 'ordered' | 'matrix' | 'same';
  /** Stands only in a predictor: several columns, or not a column at all. */
  readonly predictorOnly?: boolean;
}

const scalar: ColumnFunction = { arity: [1, 1], named: ['x'], takes: 'number', gives: 'number' };
const several: ColumnFunction = { arity: [1, Number.POSITIVE_INFINITY], named: [], takes: 'number', gives: 'number' };
const any: ColumnFunction = { arity: [1, 1], named: ['x'], takes: 'any', gives: 'same' };
const spline: ColumnFunction = {
  arity: [1, 2],
  named: ['x', 'df', 'degree', 'knots', 'intercept', 'Boundary.knots'],
  takes: 'number',
  gives: 'matrix',
  predictorOnly: true,
};

/** Every function an expression of columns can call; `src/data` computes them. */
export const columnFunctions: Readonly<Record<string, ColumnFunction>> = {
  log: { ...scalar, arity: [1, 2], named: ['x', 'base'] },
  log2: scalar,
  log10: scalar,
  log1p: scalar,
  exp: scalar,
  expm1: scalar,
  sqrt: scalar,
  abs: scalar,
  floor: scalar,
  ceiling: scalar,
  trunc: scalar,
  sign: scalar,
  round: { ...scalar, arity: [1, 2], named: ['x', 'digits'] },
  sin: scalar,
  cos: scalar,
  tan: scalar,
  asin: scalar,
  acos: scalar,
  atan: scalar,
  sinh: scalar,
  cosh: scalar,
  tanh: scalar,
  logit: scalar,
  inv_logit: scalar,
  mean: scalar,
  sum: scalar,
  sd: scalar,
  var: scalar,
  median: scalar,
  min: several,
  max: several,
  pmin: several,
  pmax: several,
  center: scalar,
  scale: { ...scalar, arity: [1, 3], named: ['x', 'center', 'scale'] },
  number: { ...any, gives: 'number' },
  factor: { ...any, gives: 'factor' },
  ordered: { ...any, gives: 'ordered' },
  'is.na': { ...any, gives: 'bool' },
  if: { arity: [3, 3], named: [], takes: 'bool', gives: 'same' },
  row: { arity: [0, 0], named: [], takes: 'nothing', gives: 'number' },
  I: any,
  poly: { arity: [1, 3], named: ['x', 'degree', 'raw'], takes: 'number', gives: 'matrix', predictorOnly: true },
  ns: spline,
  bs: spline,
  offset: { ...scalar, predictorOnly: true },
};
