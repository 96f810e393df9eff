import type { Report } from '../diagnostics/report.js';
import { joinSpans, type Span } from '../diagnostics/span.js';
import type { Binary, Call, Expression, Name } from '../syntax/ast.js';
import { isMissing } from '../syntax/missing.js';
import { checkColumnExpression } from './column-expression.js';
import type { ColumnScope } from './column-scope.js';
import { deparse, variableLabel } from './deparse.js';
import type { Formula, RandomTerm, Term } from './formula.js';
import { isStructureName } from './structures.js';
import { stripParens } from './walk-expression.js';

export interface FormulaContext {
  readonly scope: ColumnScope;
  readonly report: Report;
  /** Names of random effects and parts that a predictor can use; empty where none may stand. */
  readonly named: ReadonlySet<string>;
  /** What is being expanded, for messages: `a predictor`, `a named part`, `a random effect`. */
  readonly where: string;
  readonly allowRandom: boolean;
  readonly allowOffset: boolean;
}

/** A term while it is made: the variables it multiplies, ascending; the empty set is the intercept. */
interface RawTerm {
  readonly variables: readonly number[];
  readonly span: Span;
}

/**
 * Wilkinson-Rogers algebra with R's meaning: terms are sets of variables, sorted by their number of variables and then
 * by first appearance; inside a term variables stand in the order in which the formula first names them.
 */
export function expandFormula(e: Expression, context: FormulaContext): Formula {
  const work = new Expansion(context);
  const raw = work.expand(e, true);
  const terms = raw.filter((t) => t.variables.length > 0);
  terms.sort((a, b) => a.variables.length - b.variables.length); // stable: appearance decides among equals
  return {
    intercept: work.intercept,
    terms: terms.map((t) => work.finish(t)),
    offsets: work.offsets,
    random: work.random,
    named: work.named,
    span: e.span,
  };
}

class Expansion {
  intercept = true;
  readonly offsets: Expression[] = [];
  readonly random: RandomTerm[] = [];
  readonly named: Name[] = [];
  /** False inside an odd number of minus signs, where `1` takes the intercept away. */
  private adding = true;
  private readonly variables: { label: string; expression: Expression }[] = [];
  private readonly index = new Map<string, number>();

  constructor(private readonly context: FormulaContext) {}

  finish(t: RawTerm): Term {
    const factors = t.variables.flatMap((v) => this.variables[v] ?? []);
    return { label: factors.map((f) => f.label).join(':'), factors, span: t.span };
  }

  /** `additive`: a summand of the whole formula, where random effects, named parts and offsets may stand. */
  expand(e: Expression, additive: boolean): RawTerm[] {
    switch (e.kind) {
      case 'number':
        return this.constant(e.value, e, additive);
      case 'name':
        if (this.context.named.has(e.name) && !this.isColumn(e.name)) return this.use(e, additive);
        return this.variable(e);
      case 'paren':
        if (e.inner.kind === 'bar') return this.randomTerm({ bar: e.inner, structure: null, span: e.span }, additive);
        return this.expand(e.inner, additive);
      case 'call':
        return this.call(e, additive);
      case 'unary':
        if (e.operator === '+') return this.expand(e.operand, additive);
        if (e.operator === '-') return this.remove([], e.operand, additive);
        return this.variable(e);
      case 'binary':
        return this.binary(e, additive);
      case 'bar':
        return this.refuse(e, 'write a random effect in parentheses');
      case 'string':
      case 'list':
      case 'index':
        return this.refuse(e, undefined);
    }
  }

  private isColumn(name: string): boolean {
    return this.context.scope.known(name) !== undefined;
  }

  private binary(e: Binary, additive: boolean): RawTerm[] {
    switch (e.operator) {
      case '+':
        return union(this.expand(e.left, additive), this.expand(e.right, additive));
      case '-':
        return this.remove(this.expand(e.left, additive), e.right, additive);
      case ':':
        if (this.isArithmetic(e)) return this.refuseArithmetic(e);
        return cross(this.expand(e.left, false), this.expand(e.right, false));
      case '*': {
        if (this.isArithmetic(e)) return this.refuseArithmetic(e);
        const left = this.expand(e.left, false);
        const right = this.expand(e.right, false);
        return union(union(left, right), cross(left, right));
      }
      case '/': {
        if (this.isArithmetic(e)) return this.refuseArithmetic(e);
        const left = this.expand(e.left, false);
        const right = this.expand(e.right, false);
        if (left.length === 0) return [];
        // a / b is a + a:b, and (a + b) / c is a + b + a:b:c.
        const all = { variables: mergeAll(left), span: e.left.span };
        return union(left, cross([all], right));
      }
      case '^':
        return this.power(e);
      default:
        // A comparison or a logical expression is one variable, as in R.
        return this.variable(e);
    }
  }

  // `2 * x` is arithmetic, not algebra: a number other than 1 and 0 names no variable.
  private isArithmetic(e: Binary): boolean {
    return stripParens(e.left).kind === 'number' || stripParens(e.right).kind === 'number';
  }

  private refuseArithmetic(e: Expression): RawTerm[] {
    this.context.report.add('MM301', e.span, { text: deparse(e) });
    return [];
  }

  private power(e: Binary): RawTerm[] {
    const exponent = stripParens(e.right);
    const base = stripParens(e.left);
    if (exponent.kind !== 'number' || !Number.isInteger(exponent.value) || exponent.value < 1) {
      return this.refuseArithmetic(e);
    }
    if (base.kind === 'name' || base.kind === 'call') {
      // R would silently take x^2 for x.
      this.context.report.add('MM302', e.span, { text: deparse(e) });
      return this.expand(e.left, false);
    }
    const terms = this.expand(e.left, false);
    // Crossing a set of terms with itself gives each of them back, so nothing is lost; R meets them in this order.
    let result = terms;
    for (let k = 1; k < Math.min(exponent.value, terms.length); k++) result = cross(terms, result);
    return result;
  }

  private remove(from: RawTerm[], e: Expression, additive: boolean): RawTerm[] {
    const before = { random: this.random.length, named: this.named.length, offsets: this.offsets.length };
    this.adding = !this.adding;
    const gone = new Set(this.expand(e, additive).map(keyOf));
    this.adding = !this.adding;
    if (
      this.random.length > before.random ||
      this.named.length > before.named ||
      this.offsets.length > before.offsets
    ) {
      this.random.length = before.random;
      this.named.length = before.named;
      this.offsets.length = before.offsets;
      this.refuse(e, 'only terms of fixed effects can be taken away');
    }
    return from.filter((t) => !gone.has(keyOf(t)));
  }

  private constant(value: number, e: Expression, additive: boolean): RawTerm[] {
    if (value === 1) this.intercept = this.adding;
    else if (value === 0) this.intercept = !this.adding;
    else this.refuseArithmetic(e);
    if (!additive && value === 0) this.refuseArithmetic(e);
    return [];
  }

  private variable(e: Expression): RawTerm[] {
    const { scope, report } = this.context;
    if (isMissing(e)) return [];
    checkColumnExpression(e, { scope, report, inTerm: true });
    const label = variableLabel(e);
    let index = this.index.get(label);
    if (index === undefined) {
      index = this.variables.length;
      this.index.set(label, index);
      this.variables.push({ label, expression: e });
    }
    return [{ variables: [index], span: e.span }];
  }

  private call(e: Call, additive: boolean): RawTerm[] {
    const first = e.arguments[0]?.value;
    const bar = first?.kind === 'paren' ? first.inner : first;
    if (isStructureName(e.callee.name) && bar?.kind === 'bar') {
      if (e.arguments.length > 1) {
        const found = e.arguments.length;
        this.context.report.add('MM208', e.span, { name: e.callee.name, expected: 'one argument', found });
      }
      return this.randomTerm({ bar, structure: e, span: e.span }, additive);
    }
    if (e.callee.name === 'offset') return this.offset(e, additive);
    if (e.arguments.some((a) => a.value.kind === 'bar')) {
      this.context.report.add('MM303', e.callee.span, { name: e.callee.name });
      return [];
    }
    return this.variable(e);
  }

  private offset(e: Call, additive: boolean): RawTerm[] {
    const { scope, report, allowOffset, where } = this.context;
    checkColumnExpression(e, { scope, report, inTerm: true });
    const value = e.arguments[0]?.value;
    if (!additive || !allowOffset)
      report.add('MM304', e.span, { what: 'an offset', where: additive ? where : 'a product' });
    else if (value !== undefined) this.offsets.push(value);
    return [];
  }

  private randomTerm(t: RandomTerm, additive: boolean): RawTerm[] {
    const { report, allowRandom, where } = this.context;
    if (!additive || !allowRandom) {
      report.add('MM304', t.span, { what: 'a random effect', where: additive ? where : 'a product' });
    } else this.random.push(t);
    return [];
  }

  private use(e: Name, additive: boolean): RawTerm[] {
    const { report } = this.context;
    if (!additive) report.add('MM304', e.span, { what: `'${e.name}'`, where: 'a product' });
    else if (this.named.some((n) => n.name === e.name)) report.add('MM305', e.span, { name: e.name });
    else this.named.push(e);
    return [];
  }

  private refuse(e: Expression, hint: string | undefined): RawTerm[] {
    const { report, where } = this.context;
    report.add('MM306', e.span, { text: deparse(e), where, hint });
    return [];
  }
}

function keyOf(t: RawTerm): string {
  return t.variables.join(' ');
}

function union(a: readonly RawTerm[], b: readonly RawTerm[]): RawTerm[] {
  const seen = new Set<string>();
  return [...a, ...b].filter((t) => {
    const key = keyOf(t);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function cross(a: readonly RawTerm[], b: readonly RawTerm[]): RawTerm[] {
  const pairs = a.flatMap((l) =>
    b.map((r) => ({ variables: merge(l.variables, r.variables), span: joinSpans(l.span, r.span) })),
  );
  return union(pairs, []);
}

function merge(a: readonly number[], b: readonly number[]): number[] {
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}

function mergeAll(terms: readonly RawTerm[]): number[] {
  return terms.reduce<number[]>((all, t) => merge(all, t.variables), []);
}
