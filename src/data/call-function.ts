import type { Expr } from '../graph/model-graph.js';
import { DataProblem } from './data-problem.js';
import type { Evaluator } from './evaluate.js';
import { expressionText } from './expression-text.js';
import { codeNumbers, withSortedLevels } from './levels.js';
import { nearestName } from './nearest-name.js';
import { learnPolynomials, polynomialColumns, powerColumns } from './poly-basis.js';
import { integerFunctions, mean, present, roundTo, summaries, unaryFunctions, variance } from './row-functions.js';
import { bSplineColumns, naturalSplineColumns, quantileKnots, type SplineKnots } from './spline-basis.js';
import { allRows, type LabelValue, type NumberValue, numbers, type Value } from './value.js';

type Call = Extract<Expr, { kind: 'call' }>;
type Handler = (evaluator: Evaluator, call: Call) => Value;

/** Names that expressions of columns may call. */
export function columnFunctionNames(): string[] {
  return [...new Set([...Object.keys(handlers), ...Object.keys(unaryFunctions), ...Object.keys(summaries)])];
}

export function callFunction(evaluator: Evaluator, call: Call): Value {
  const handler = Object.hasOwn(handlers, call.name) ? handlers[call.name] : undefined;
  if (handler !== undefined) return handler(evaluator, call);
  const f = Object.hasOwn(unaryFunctions, call.name) ? unaryFunctions[call.name] : undefined;
  if (f !== undefined) return unary(evaluator, call, f);
  if (Object.hasOwn(summaries, call.name)) return summary(evaluator, call);
  throw DataProblem.of('MM422', { name: call.name, near: nearestName(call.name, columnFunctionNames()) });
}

const handlers: Readonly<Record<string, Handler>> = {
  I: (evaluator, call) => evaluator.value(argument(call, 0, 'x')),
  offset: (evaluator, call) => evaluator.value(argument(call, 0, 'x')),
  row: (evaluator) =>
    numbers(
      Float64Array.from({ length: evaluator.rows }, (_, i) => evaluator.source.rowNumber(i)),
      'int',
    ),
  if: chooseRows,
  factor: (evaluator, call) => asLabels(evaluator.value(argument(call, 0, 'x')), evaluator.rows),
  ordered: (evaluator, call) => ({
    ...asLabels(evaluator.value(argument(call, 0, 'x')), evaluator.rows),
    ordered: true,
  }),
  'is.na': (evaluator, call) => {
    const value = evaluator.value(argument(call, 0, 'x'));
    if (value.kind === 'label')
      return numbers(
        Float64Array.from(value.codes, (code) => (code < 0 ? 1 : 0)),
        'bool',
      );
    if (value.kind === 'number')
      return { ...value, type: 'bool', values: value.values.map((v) => (Number.isNaN(v) ? 1 : 0)) };
    throw DataProblem.of('MM421', { text: expressionText(call), reason: 'is.na() needs a column' });
  },
  number: (evaluator, call) => labelsAsNumbers(evaluator.value(argument(call, 0, 'x')), call),
  log: (evaluator, call) => {
    if (call.args.length < 2) return unary(evaluator, call, Math.log);
    const base = Math.log(constant(evaluator, call, 1, 'base'));
    return unary(evaluator, call, (x) => Math.log(x) / base, 2);
  },
  round: (evaluator, call) => {
    const digits = optionalConstant(evaluator, call, 1, 'digits') ?? 0;
    return unary(evaluator, call, (x) => roundTo(x, digits), 2, digits <= 0);
  },
  min: (evaluator, call) => extreme(evaluator, call, Math.min),
  max: (evaluator, call) => extreme(evaluator, call, Math.max),
  pmin: (evaluator, call) => extreme(evaluator, call, Math.min),
  pmax: (evaluator, call) => extreme(evaluator, call, Math.max),
  center: (evaluator, call) => standardised(evaluator, call, true, false),
  scale: (evaluator, call) =>
    standardised(
      evaluator,
      call,
      (optionalConstant(evaluator, call, 1, 'center') ?? 1) !== 0,
      (optionalConstant(evaluator, call, 2, 'scale') ?? 1) !== 0,
    ),
  poly,
  ns: (evaluator, call) => spline(evaluator, call, 'ns'),
  bs: (evaluator, call) => spline(evaluator, call, 'bs'),
};

// ── arguments ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** The argument of that name, else the one at that place among those without a name. */
function optionalArgument(call: Call, place: number, name: string): Expr | undefined {
  const named = call.args.find((arg) => arg.name === name);
  return named?.value ?? call.args.filter((arg) => arg.name === null)[place]?.value;
}

function argument(call: Call, place: number, name: string): Expr {
  const found = optionalArgument(call, place, name);
  if (found === undefined) throw DataProblem.of('MM423', { name: call.name, reason: `it needs an argument '${name}'` });
  return found;
}

function checkArguments(call: Call, most: number, names: readonly string[]): void {
  const unknown = call.args.find((arg) => arg.name !== null && !names.includes(arg.name))?.name;
  if (unknown !== undefined && unknown !== null) {
    throw DataProblem.of('MM423', { name: call.name, reason: `it has no argument '${unknown}'` });
  }
  if (call.args.length > most) {
    const count = most === 1 ? 'one argument' : `at most ${most} arguments`;
    throw DataProblem.of('MM423', { name: call.name, reason: `it takes ${count}` });
  }
}

function optionalConstant(evaluator: Evaluator, call: Call, place: number, name: string): number | undefined {
  const expr = optionalArgument(call, place, name);
  if (expr === undefined) return undefined;
  const value = evaluator.number(expr, call.name);
  if (!value.constant || Number.isNaN(value.values[0])) {
    throw DataProblem.of('MM423', { name: call.name, reason: `'${name}' must be a number, not a column` });
  }
  return value.values[0];
}

function constant(evaluator: Evaluator, call: Call, place: number, name: string): number {
  argument(call, place, name);
  return optionalConstant(evaluator, call, place, name) ?? Number.NaN;
}

function wholeConstant(
  evaluator: Evaluator,
  call: Call,
  place: number,
  name: string,
  least: number,
): number | undefined {
  const value = optionalConstant(evaluator, call, place, name);
  if (value !== undefined && (!Number.isInteger(value) || value < least)) {
    throw DataProblem.of('MM423', { name: call.name, reason: `'${name}' must be a whole number, ${least} or more` });
  }
  return value;
}

// ── row by row ──────────────────────────────────────────────────────────────────────────────────────────────────────

function unary(evaluator: Evaluator, call: Call, f: (x: number) => number, most = 1, whole = false): NumberValue {
  checkArguments(call, most, ['x', 'base', 'digits']);
  const x = evaluator.number(argument(call, 0, 'x'), call.name);
  const values = x.values.map(f);
  let lost = 0;
  let first = -1;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]) && !Number.isNaN(x.values[i])) {
      if (lost === 0) first = i;
      lost++;
    }
  }
  if (lost > 0) evaluator.remark('notANumber', expressionText(call), lost, first);
  return numbers(values, whole || integerFunctions.has(call.name) ? 'int' : 'real', x.constant);
}

function summary(evaluator: Evaluator, call: Call): NumberValue {
  checkArguments(call, 1, ['x']);
  const x = evaluator.number(argument(call, 0, 'x'), call.name);
  const summarise = summaries[call.name];
  const [value] = evaluator.remembered.recall(expressionText(call), () => {
    const values = present(allRows(x, evaluator.rows));
    return [summarise(() => values.slice().sort(), values)];
  });
  return numbers(Float64Array.of(value), 'real', true);
}

/** Of several arguments: row by row. Of one column: over its rows. */
function extreme(evaluator: Evaluator, call: Call, pick: (a: number, b: number) => number): NumberValue {
  if (call.args.length === 0) throw DataProblem.of('MM423', { name: call.name, reason: 'it needs an argument' });
  if (call.args.length === 1 && !call.name.startsWith('p')) return summary(evaluator, call);
  const parts = call.args.map((arg) => evaluator.number(arg.value, call.name));
  const whole = parts.every((part) => part.type !== 'real');
  const out = new Float64Array(parts.every((part) => part.constant) ? 1 : evaluator.rows);
  out.fill(pick === Math.min ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
  for (const part of parts) {
    const step = part.constant ? 0 : 1;
    for (let i = 0; i < out.length; i++) out[i] = pick(out[i], part.values[i * step]); // NaN wins in Math.min and max
  }
  return numbers(
    out,
    whole ? 'int' : 'real',
    parts.every((part) => part.constant),
  );
}

function chooseRows(evaluator: Evaluator, call: Call): Value {
  if (call.args.length !== 3)
    throw DataProblem.of('MM423', { name: 'if', reason: 'it takes three: if(condition, then, else)' });
  const condition = evaluator.number(call.args[0].value, 'if');
  const yes = evaluator.value(call.args[1].value);
  const no = evaluator.value(call.args[2].value);
  if (yes.kind === 'matrix' || no.kind === 'matrix') {
    throw DataProblem.of('MM421', { text: expressionText(call), reason: 'if() chooses between columns, not matrices' });
  }
  const n = evaluator.rows;
  const test = allRows(condition, n);
  if (yes.kind === 'number' && no.kind === 'number') {
    const [a, b] = [allRows(yes, n), allRows(no, n)];
    const out = new Float64Array(n);
    for (let i = 0; i < n; i++) out[i] = Number.isNaN(test[i]) ? Number.NaN : test[i] !== 0 ? a[i] : b[i];
    const type = yes.type === no.type ? yes.type : yes.type === 'real' || no.type === 'real' ? 'real' : 'int';
    return numbers(out, type);
  }
  const [a, b] = [asLabels(yes, n), asLabels(no, n)];
  const place = new Map([...new Set([...a.levels, ...b.levels])].map((level, i) => [level, i]));
  const codeB = Int32Array.from(b.levels, (level) => place.get(level) ?? -1);
  const codes = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    if (Number.isNaN(test[i])) codes[i] = -1;
    else if (test[i] !== 0) codes[i] = a.codes[i];
    else codes[i] = b.codes[i] < 0 ? -1 : codeB[b.codes[i]];
  }
  return { kind: 'label', ordered: false, ...withSortedLevels(codes, place) };
}

/** Any value as a factor; the levels of a bool are FALSE and TRUE, as R names them. */
export function asLabels(value: Exclude<Value, { kind: 'matrix' }> | Value, rows: number): LabelValue {
  switch (value.kind) {
    case 'label':
      return value;
    case 'text':
      return { kind: 'label', ordered: false, codes: new Int32Array(rows), levels: [value.text] };
    case 'matrix':
      throw DataProblem.of('MM421', { text: 'factor()', reason: 'a matrix is no factor' });
    case 'number': {
      const values = allRows(value, rows);
      if (value.type === 'bool') {
        const codes = Int32Array.from(values, (v) => (Number.isNaN(v) ? -1 : v !== 0 ? 1 : 0));
        return { kind: 'label', ordered: false, codes, levels: ['FALSE', 'TRUE'] };
      }
      return { kind: 'label', ordered: false, ...codeNumbers(values) };
    }
  }
}

function labelsAsNumbers(value: Value, call: Call): NumberValue {
  if (value.kind === 'number') return value;
  if (value.kind !== 'label')
    throw DataProblem.of('MM421', { text: expressionText(call), reason: 'number() needs a column' });
  const number = value.levels.map((level) => (level.trim() === '' ? Number.NaN : Number(level)));
  const bad = number.findIndex((v) => Number.isNaN(v));
  if (bad >= 0) {
    const reason = `its level "${value.levels[bad]}" is no number`;
    throw DataProblem.of('MM421', { text: expressionText(call), reason });
  }
  return numbers(Float64Array.from(value.codes, (code) => (code < 0 ? Number.NaN : number[code])));
}

// ── learned from the data ───────────────────────────────────────────────────────────────────────────────────────────

/** The values to learn from: those that are present, which must all be finite. */
function known(values: Float64Array, call: Call): Float64Array {
  const there = present(values);
  if (!there.every(Number.isFinite)) {
    throw DataProblem.of('MM421', { text: expressionText(call), reason: 'the column holds infinite values' });
  }
  return there;
}

function standardised(evaluator: Evaluator, call: Call, centred: boolean, scaled: boolean): NumberValue {
  checkArguments(call, 3, ['x', 'center', 'scale']);
  const x = evaluator.number(argument(call, 0, 'x'), call.name);
  const values = allRows(x, evaluator.rows);
  const [middle, spread] = evaluator.remembered.recall(expressionText(call), () => {
    const there = known(values, call);
    const m = centred ? mean(there) : 0;
    if (!scaled) return [m, 1];
    // R's scale(center = FALSE) divides by the root mean square instead of the standard deviation.
    const square = centred ? variance(there) : there.reduce((s, v) => s + v * v, 0) / Math.max(1, there.length - 1);
    return [m, Math.sqrt(square)];
  });
  if (!(spread > 0)) {
    throw DataProblem.of('MM421', { text: expressionText(call), reason: 'the column is constant, so it has no scale' });
  }
  const out = new Float64Array(values.length);
  for (let i = 0; i < out.length; i++) out[i] = (values[i] - middle) / spread;
  return numbers(out);
}

function poly(evaluator: Evaluator, call: Call): Value {
  checkArguments(call, 3, ['x', 'degree', 'raw', 'simple']);
  const x = allRows(evaluator.number(argument(call, 0, 'x'), 'poly'), evaluator.rows);
  const degree = wholeConstant(evaluator, call, 1, 'degree', 1) ?? 1;
  if ((optionalConstant(evaluator, call, 2, 'raw') ?? 0) !== 0)
    return { kind: 'matrix', columns: powerColumns(x, degree) };
  const learned = evaluator.remembered.recall(expressionText(call), () => {
    const found = learnPolynomials(known(x, call), degree);
    if (found === undefined) {
      const reason = `the degree must be less than the number of distinct values`;
      throw DataProblem.of('MM421', { text: expressionText(call), reason });
    }
    return found;
  });
  return { kind: 'matrix', columns: polynomialColumns(x, degree, learned) };
}

function spline(evaluator: Evaluator, call: Call, kind: 'ns' | 'bs'): Value {
  checkArguments(call, 6, ['x', 'df', 'knots', 'degree', 'intercept', 'Boundary.knots']);
  const x = allRows(evaluator.number(argument(call, 0, 'x'), kind), evaluator.rows);
  const degree = kind === 'ns' ? 3 : (wholeConstant(evaluator, call, 3, 'degree', 1) ?? 3);
  const intercept = (namedConstant(evaluator, call, 'intercept') ?? 0) !== 0;
  const df = wholeConstant(evaluator, call, 1, 'df', 1);
  const learned = evaluator.remembered.recall(expressionText(call), () =>
    placeKnots(call, known(x, call), kind, degree, intercept, df, constants(evaluator, call)),
  );
  const knots: SplineKnots = { boundary: [learned[0], learned[1]], inner: learned.slice(2) };
  const columns =
    kind === 'ns' ? naturalSplineColumns(x, knots, intercept) : bSplineColumns(x, degree, knots, intercept);
  return { kind: 'matrix', columns };
}

function namedConstant(evaluator: Evaluator, call: Call, name: string): number | undefined {
  return optionalConstant(evaluator, call, Number.POSITIVE_INFINITY, name);
}

/** `knots = [2, 5]`, `Boundary.knots = [0, 10]`, where given. */
function constants(evaluator: Evaluator, call: Call): (name: string) => number[] | undefined {
  return (name) => {
    const expr = call.args.find((arg) => arg.name === name)?.value;
    if (expr === undefined) return undefined;
    const items =
      expr.kind === 'list'
        ? expr.items
        : expr.kind === 'call' && expr.name === 'c'
          ? expr.args.map((a) => a.value)
          : [expr];
    return items.map((item) => {
      const value = evaluator.number(item, call.name);
      if (value.constant && Number.isFinite(value.values[0])) return value.values[0];
      throw DataProblem.of('MM423', { name: call.name, reason: `'${name}' must be numbers: ${name} = [2, 5]` });
    });
  };
}

/** Boundary knots, then the inner ones. */
function placeKnots(
  call: Call,
  x: Float64Array,
  kind: 'ns' | 'bs',
  degree: number,
  intercept: boolean,
  df: number | undefined,
  given: (name: string) => number[] | undefined,
): number[] {
  const refuse = (reason: string) => DataProblem.of('MM421', { text: expressionText(call), reason });
  const ends = given('Boundary.knots')?.sort((a, b) => a - b);
  if (ends !== undefined && ends.length !== 2) throw refuse('Boundary.knots are two numbers');
  const boundary: [number, number] = ends === undefined ? rangeOf(x) : [ends[0], ends[1]];
  if (!(boundary[0] < boundary[1])) throw refuse('the column is constant');
  const knots = given('knots')?.sort((a, b) => a - b);
  if (knots !== undefined) {
    if (knots.some((k) => !(k > boundary[0] && k < boundary[1]))) throw refuse('a knot lies outside the data');
    return [...boundary, ...knots];
  }
  const fixed = (kind === 'ns' ? 1 : degree) + (intercept ? 1 : 0);
  const count = df === undefined ? 0 : df - fixed;
  if (count < 0) throw refuse(`df must be at least ${fixed}`);
  const inner = quantileKnots(x, count, boundary);
  if (inner.some((k) => k <= boundary[0] || k >= boundary[1])) {
    throw refuse('so many values are tied at an end that a knot falls on it; give knots = [...]');
  }
  return [...boundary, ...inner];
}

function rangeOf(x: Float64Array): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < x.length; i++) {
    if (x[i] < low) low = x[i];
    if (x[i] > high) high = x[i];
  }
  return [low, high];
}
