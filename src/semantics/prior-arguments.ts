import type { Report } from '../diagnostics/report.js';
import { priorSignatures } from '../priors/index.js';
import type { PriorName } from '../priors/prior.js';
import type { Argument, Call, Expression } from '../syntax/ast.js';
import type { References } from './checked-model.js';
import { constantValue } from './constant.js';
import { deparse } from './deparse.js';
import { mentionsSigma } from './prior-left.js';
import { nearest } from './spelling.js';
import { stripParens } from './walk-expression.js';

export interface PriorArgument {
  readonly name: string;
  readonly value: Expression;
}

/**
 * Pairs the arguments of a prior with its signature. Leading arguments with a default may be left out: `half_t(3, 20)`
 * is df and scale. Dirichlet's concentrations may stand one after the other. Null where it is too wrong.
 */
export function matchPriorArguments(name: PriorName, call: Call, report: Report): PriorArgument[] | null {
  const { parameters } = priorSignatures[name];
  const known = parameters.map((p) => p.name);
  const positional = call.arguments.filter((a) => a.name === null);
  let wrong = false;
  for (const a of call.arguments) {
    if (a.name === null || known.includes(a.name.name)) continue;
    report.add('MM226', a.name.span, { name, argument: a.name.name, known: known.join(', ') });
    wrong = true;
  }
  const named = new Map<string, Argument>();
  for (const a of call.arguments) if (a.name !== null) named.set(a.name.name, a);
  if (wrong) return null;

  if (name === 'dirichlet' && positional.length > 1) {
    const items = positional.map((a) => a.value);
    return [{ name: 'concentration', value: { kind: 'list', items, span: call.span } }];
  }

  const open = parameters.filter((p) => !named.has(p.name));
  // With fewer arguments than places, those with defaults are skipped, the required ones filled in order.
  let skip = open.length - positional.length;
  const given: PriorArgument[] = [];
  const rest = [...positional];
  for (const p of parameters) {
    const byName = named.get(p.name);
    if (byName !== undefined) {
      given.push({ name: p.name, value: byName.value });
      continue;
    }
    if (skip > 0 && p.default !== undefined) {
      skip--;
      given.push({ name: p.name, value: numberLiteral(p.default, call) });
      continue;
    }
    const next = rest.shift();
    if (next === undefined) {
      if (p.kind === 'matrix') report.add('MM357', call.span, { name, argument: p.name });
      else report.add('MM320', call.span, { family: name, argument: p.name, usage: `${name}(${known.join(', ')})` });
      return null;
    }
    given.push({ name: p.name, value: next.value });
  }
  if (rest.length > 0) {
    const expected = `${known.length === 1 ? 'one argument' : `${known.length} arguments`}, ${name}(${known.join(', ')})`;
    report.add('MM208', call.span, { name, expected, found: call.arguments.length });
    return null;
  }
  return given;
}

function numberLiteral(value: number, call: Call): Expression {
  return { kind: 'number', value, text: String(value), span: call.span };
}

/** Distributions that have an improper limit where an argument is zero or infinite. */
const wide = [{ argument: 'scale', value: Number.POSITIVE_INFINITY }];
const improperAt: Readonly<Record<string, readonly { argument: string; value: number }[]>> = {
  normal: [{ argument: 'sd', value: Number.POSITIVE_INFINITY }],
  student_t: wide,
  cauchy: wide,
  laplace: wide,
  half_normal: wide,
  half_t: wide,
  half_cauchy: wide,
  gamma: [{ argument: 'rate', value: 0 }],
  inverse_gamma: [{ argument: 'scale', value: 0 }],
  wishart: wide,
  inverse_wishart: [{ argument: 'scale', value: 0 }],
  multi_normal: [{ argument: 'cov', value: Number.POSITIVE_INFINITY }],
};

export function isImproper(name: PriorName, argument: string, value: number): boolean {
  return (improperAt[name] ?? []).some((i) => i.argument === argument && i.value === value);
}

/** Checks the values: signs, order of bounds, degrees of freedom, matrices. `size`: of the left side, where known. */
export function checkPriorValues(
  name: PriorName,
  args: readonly PriorArgument[],
  refs: References,
  size: number | null,
  report: Report,
): void {
  const { parameters } = priorSignatures[name];
  const numbers = new Map<string, number>();
  for (const a of args) {
    const kind = parameters.find((p) => p.name === a.name)?.kind;
    const value = constantValue(a.value);
    if (value !== null) numbers.set(a.name, value);
    if (value !== null && isImproper(name, a.name, value)) {
      report.add('MM358', a.value.span, { name, argument: a.name, value: deparse(a.value) });
      continue;
    }
    switch (kind) {
      case 'positive':
        if (value !== null && !(value > 0 && value < Number.POSITIVE_INFINITY)) {
          report.add('MM359', a.value.span, { name, argument: a.name, value: deparse(a.value) });
        } else if (value === null) checkScalar(name, a, refs, report);
        break;
      case 'number':
        if (value !== null && !Number.isFinite(value) && name !== 'uniform') {
          report.add('MM359', a.value.span, { name, argument: a.name, value: deparse(a.value) });
        } else if (value === null) checkScalar(name, a, refs, report);
        break;
      case 'vector':
        checkVector(name, a, size, report);
        break;
      case 'matrix':
        checkMatrix(name, a, size, refs, report);
        break;
    }
  }
  checkDegreesOfFreedom(name, args, numbers, size, report);
  const [lower, upper] = [numbers.get('lower'), numbers.get('upper')];
  const first = args[0];
  if (name === 'uniform' && lower !== undefined && upper !== undefined && !(lower < upper) && first !== undefined) {
    report.add('MM360', first.value.span, { lower: String(lower), upper: String(upper) });
  }
}

function checkScalar(name: PriorName, a: PriorArgument, refs: References, report: Report): void {
  const e = stripParens(a.value);
  if (e.kind === 'list') report.add('MM361', e.span, { name, argument: a.name, needs: 'a number' });
  else if (!mentionsSigma(e, refs))
    report.add('MM361', e.span, { name, argument: a.name, needs: 'a number, or a number times sigma' });
}

function checkVector(name: PriorName, a: PriorArgument, size: number | null, report: Report): void {
  const e = stripParens(a.value);
  if (constantValue(e) !== null) return; // the same for every element
  if (e.kind !== 'list' || e.items.some((item) => constantValue(item) === null)) {
    report.add('MM361', e.span, { name, argument: a.name, needs: 'a list of numbers' });
  } else if (size !== null && e.items.length !== size) {
    report.add('MM362', e.span, { argument: a.name, found: e.items.length, needed: size });
  } else if (name === 'dirichlet') {
    const bad = e.items.find((item) => !((constantValue(item) ?? 0) > 0));
    if (bad !== undefined) report.add('MM359', bad.span, { name, argument: a.name, value: deparse(bad) });
  }
}

function checkMatrix(name: PriorName, a: PriorArgument, size: number | null, refs: References, report: Report): void {
  const number = constantValue(a.value);
  if (number !== null) {
    if (!(number > 0 && number < Number.POSITIVE_INFINITY)) {
      report.add('MM359', a.value.span, { name, argument: a.name, value: deparse(a.value) });
    } else if (size !== null && size !== 1) {
      report.add('MM362', a.value.span, { argument: a.name, found: 1, needed: size });
    }
    return;
  }
  const rows = matrixRows(a.value, refs);
  if (rows === null) {
    report.add('MM361', a.value.span, {
      name,
      argument: a.name,
      needs: 'a matrix: diag(1, 2), [[1, 0], [0, 1]], or sigma^2 times one',
    });
    return;
  }
  if (rows.some((row) => row.length !== rows.length)) {
    report.add('MM363', a.value.span, { argument: a.name, reason: 'square' });
  } else if (!isSymmetric(rows)) report.add('MM363', a.value.span, { argument: a.name, reason: 'symmetric' });
  else if (!isPositiveDefinite(rows))
    report.add('MM363', a.value.span, { argument: a.name, reason: 'positive definite' });
  else if (size !== null && rows.length !== size) {
    report.add('MM362', a.value.span, { argument: a.name, found: rows.length, needed: size });
  }
}

/** The numbers of a matrix; factors of sigma are left out, as they change neither its shape nor its definiteness. */
export function matrixRows(expression: Expression, refs: References): number[][] | null {
  const e = stripParens(expression);
  if (e.kind === 'call' && e.callee.name === 'diag') {
    const values = e.arguments.map((a) => constantValue(a.value));
    if (values.some((v) => v === null) || values.length === 0) return null;
    return values.map((v, i) => values.map((_, j) => (i === j ? (v ?? 0) : 0)));
  }
  if (e.kind === 'list') {
    const rows = e.items.map((item) => {
      const row = stripParens(item);
      return row.kind === 'list' ? row.items.map(constantValue) : [null];
    });
    const numbers = rows.map((row) => row.filter((v) => v !== null));
    return numbers.some((row, i) => row.length !== rows[i]?.length) ? null : numbers;
  }
  if (e.kind === 'binary' && e.operator === '*') {
    const [left, right] = [constantValue(e.left), constantValue(e.right)];
    if (left !== null || mentionsSigma(e.left, refs)) return scaled(matrixRows(e.right, refs), left ?? 1);
    if (right !== null || mentionsSigma(e.right, refs)) return scaled(matrixRows(e.left, refs), right ?? 1);
  }
  return null;
}

function scaled(rows: number[][] | null, by: number): number[][] | null {
  return rows === null ? null : rows.map((row) => row.map((v) => v * by));
}

function isSymmetric(rows: readonly number[][]): boolean {
  return rows.every((row, i) => row.every((v, j) => Math.abs(v - (rows[j]?.[i] ?? Number.NaN)) <= 1e-12 * Math.abs(v)));
}

function isPositiveDefinite(rows: readonly number[][]): boolean {
  const n = rows.length;
  const l = rows.map((row) => [...row]);
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = l[i]?.[j] ?? Number.NaN;
      for (let k = 0; k < j; k++) sum -= (l[i]?.[k] ?? 0) * (l[j]?.[k] ?? 0);
      const row = l[i];
      if (row === undefined) return false;
      if (i === j) {
        if (!(sum > 0)) return false;
        row[j] = Math.sqrt(sum);
      } else row[j] = sum / (l[j]?.[j] ?? Number.NaN);
    }
  }
  return true;
}

function checkDegreesOfFreedom(
  name: PriorName,
  args: readonly PriorArgument[],
  numbers: ReadonlyMap<string, number>,
  size: number | null,
  report: Report,
): void {
  if (name !== 'wishart' && name !== 'inverse_wishart') return;
  const df = args.find((a) => a.name === 'df');
  const value = numbers.get('df');
  if (df === undefined || value === undefined || size === null || value > size - 1) return;
  report.add('MM364', df.value.span, { name, df: deparse(df.value), least: String(size - 1), size });
}

/** A name the priors know, or the nearest to it. */
export function nearestPrior(name: string): string | undefined {
  const elsewhere: Readonly<Record<string, PriorName>> = {
    gaussian: 'normal',
    std_normal: 'normal',
    student: 'student_t',
    t: 'student_t',
    double_exponential: 'laplace',
    half_student_t: 'half_t',
    inv_gamma: 'inverse_gamma',
    invgamma: 'inverse_gamma',
    inv_wishart: 'inverse_wishart',
    invwishart: 'inverse_wishart',
    lkj_corr: 'lkj',
    lkj_corr_cholesky: 'lkj',
    multivariate_normal: 'multi_normal',
    mvnormal: 'multi_normal',
  };
  return Object.hasOwn(elsewhere, name) ? elsewhere[name] : nearest(name, Object.keys(priorSignatures));
}
