import { Report } from '../diagnostics/report.js';
import type { ParameterRef } from '../graph/model-graph.js';
import type { Expression, FixStatement, OrderStatement, SampleStatement, Statement } from '../syntax/ast.js';
import { checkPrior } from './check-prior.js';
import type {
  CheckedFix,
  CheckedLikelihood,
  CheckedMixture,
  CheckedPenalty,
  CheckedPrior,
  References,
} from './checked-model.js';
import type { SampleKind } from './classify-samples.js';
import type { ColumnScope } from './column-scope.js';
import { constantValue } from './constant.js';
import { deparse } from './deparse.js';
import { resolveParameters } from './parameter-expression.js';
import { narrowScope, type ParameterScope } from './parameter-scope.js';
import type { PredictorBuilder } from './predictor-builder.js';
import { describeLeft } from './prior-left.js';
import { checkReach, targetsOf } from './prior-reach.js';
import { checkOwner } from './shared-parameters.js';
import { nearest } from './spelling.js';
import { someExpression, stripParens } from './walk-expression.js';

interface Input {
  readonly shared: readonly Statement[];
  readonly classes: readonly { readonly name: string; readonly statements: readonly Statement[] }[];
  readonly kinds: ReadonlyMap<SampleStatement, SampleKind>;
  readonly likelihoods: readonly CheckedLikelihood[];
  readonly builder: PredictorBuilder;
  readonly mixture: { readonly name: string; readonly gated: boolean } | null;
  readonly scope: ColumnScope;
  readonly report: Report;
}

interface ParameterStatements {
  readonly priors: readonly CheckedPrior[];
  readonly fixes: readonly CheckedFix[];
  readonly penalties: readonly CheckedPenalty[];
  readonly order: CheckedMixture['order'];
}

/** Checks every statement about parameters: priors, `fix`, `penalize` and `order`. */
export function checkParameterStatements(input: Input): ParameterStatements {
  const { shared, classes, kinds, builder, report } = input;
  const all: ParameterScope = {
    class: null,
    inside: false,
    predictors: builder.predictors,
    parts: builder.parts,
    effects: builder.effects,
    likelihoods: input.likelihoods,
    mixture: input.mixture === null ? null : { ...input.mixture, classes: classes.map((c) => c.name) },
    columns: input.scope,
  };
  const priors: CheckedPrior[] = [];
  const fixes: CheckedFix[] = builder.held.map((h) => heldFix(h.predictor.id, h.predictor.parameter, h.value, h.at));
  const penalties: CheckedPenalty[] = [];
  // Where the likelihood was not understood, nothing is known of the parameters.
  if (input.likelihoods.length === 0) return { priors, fixes, penalties, order: null };

  const visit = (statements: readonly Statement[], scope: ParameterScope): void => {
    for (const s of statements) {
      if (s.kind === 'sample' && kinds.get(s) === 'prior') {
        priors.push(...forEachOwner(s.left, scope, all, report, (narrowed, r) => checkPrior(s, narrowed, r)));
      } else if (s.kind === 'fix') {
        fixes.push(...forEachOwner(s.target, scope, all, report, (narrowed, r) => checkFix(s, narrowed, r)));
      } else if (s.kind === 'penalize') {
        const refs = resolved(s.penalty, scope, report);
        if (refs === null) continue;
        if (!mentionsParameter(refs)) report.add('MM371', s.penalty.span, {});
        penalties.push({ statement: s, refs });
      }
    }
  };
  visit(shared, all);
  for (const c of classes) visit(c.statements, { ...narrowScope(all, c.name), inside: true });
  checkReach(priors, report);
  checkFixed(fixes, priors, report);
  const orders = shared.filter((s): s is OrderStatement => s.kind === 'order');
  return { priors, fixes, penalties, order: checkOrders(orders, all, report) };
}

function mentionsParameter(refs: References): boolean {
  return refs.size > 0;
}

function resolved(e: Expression, scope: ParameterScope, report: Report): References | null {
  const refs = new Map<Expression, ParameterRef>();
  return resolveParameters(e, scope, refs, report) ? refs : null;
}

/**
 * A statement outside the classes about a random effect that each class has of its own holds for each of them: it is
 * checked once per class that has the effect.
 */
function forEachOwner<T>(
  about: Expression,
  scope: ParameterScope,
  all: ParameterScope,
  report: Report,
  check: (scope: ParameterScope, report: Report) => T | null,
): T[] {
  const ofEffect = someExpression(about, (e) => e.kind === 'call' && ['sd', 'cov', 'cor'].includes(e.callee.name));
  const owned = all.effects.some((e) => e.class !== null);
  if (scope.class !== null || !ofEffect || !owned || all.mixture === null) {
    const one = check(scope, report);
    return one === null ? [] : [one];
  }
  const trials = all.mixture.classes.map((name) => {
    const trial = new Report();
    return { trial, result: check(narrowScope(all, name), trial) };
  });
  const good = trials.filter((t) => !t.trial.hasErrors);
  const [first] = trials;
  if (good.length === 0) {
    if (first !== undefined) report.push(first.trial.sorted());
    return [];
  }
  // An effect that all classes share is found outside of them too.
  const shared = resolves(about, all);
  for (const t of good.slice(0, 1)) report.push(t.trial.sorted());
  const results = good.flatMap((t) => (t.result === null ? [] : [t.result]));
  if (!shared) return results;
  const once = check(all, new Report());
  return once === null ? results : [once];
}

function resolves(e: Expression, scope: ParameterScope): boolean {
  return resolved(e, scope, new Report()) !== null;
}

function heldFix(id: string, parameter: string, value: number, at: Expression): CheckedFix {
  const left: Expression = { kind: 'name', name: parameter, quoted: false, span: at.span };
  const refs = new Map<Expression, ParameterRef>([[left, { kind: 'scalar', name: parameter, predictors: [id] }]]);
  const literal: Expression = { kind: 'number', value, text: deparse(at), span: at.span };
  return { statement: null, left, value: literal, class: null, refs, span: at.span };
}

function checkFix(s: FixStatement, scope: ParameterScope, report: Report): CheckedFix | null {
  const refs = resolved(s.target, scope, report);
  if (refs === null) return null;
  const left = describeLeft(s.target, refs, scope);
  const value = constantValue(s.value);
  if (left.kind === 'none' || targetsOf(s.target, refs).length === 0) {
    report.add('MM372', s.target.span, { text: deparse(s.target) });
    return null;
  }
  const list = stripParens(s.value);
  const constant = value !== null || (list.kind === 'list' && list.items.every((i) => constantValue(i) !== null));
  if (!constant) {
    report.add('MM373', s.value.span, { text: deparse(s.value) });
    return null;
  }
  if (!checkOwner(s.target, refs, scope, report)) return null;
  checkFixValue(s, refs, left.positive, value, scope, report);
  return { statement: s, left: s.target, value: s.value, class: scope.class, refs, span: s.span };
}

function checkFixValue(
  s: FixStatement,
  refs: References,
  positive: boolean,
  value: number | null,
  scope: ParameterScope,
  report: Report,
): void {
  if (value === null) return;
  const name = deparse(s.target);
  const [target] = targetsOf(s.target, refs);
  const at = s.value.span;
  const add = (support: string) => report.add('MM324', at, { name, value: deparse(s.value), support });
  if (!Number.isFinite(value)) add('finite');
  else if (target?.kind === 'cor' && Math.abs(value) >= 1) add('between -1 and 1');
  else if (target?.kind === 'sd' && !(value >= 0)) add('zero or positive');
  else if (target?.kind === 'scalar') {
    const predictor = scope.predictors.find((p) => p.id === target.predictors[0]);
    const unit = predictor !== undefined && ['logit', 'probit', 'cloglog', 'cauchit'].includes(predictor.link);
    if (unit && !(value >= 0 && value <= 1)) add('between 0 and 1');
    else if (!unit && positive && !(value > 0)) add('positive');
  }
}

/** A parameter that is held cannot have a prior or be held twice. */
function checkFixed(fixes: readonly CheckedFix[], priors: readonly CheckedPrior[], report: Report): void {
  const seen = new Set<string>();
  for (const f of fixes) {
    for (const key of targetsOf(f.left, f.refs).map((r) => JSON.stringify(r))) {
      if (seen.has(key)) report.add('MM374', f.span, { text: deparse(f.left), what: 'held twice' });
      seen.add(key);
    }
  }
  for (const p of priors) {
    for (const key of targetsOf(p.left, p.refs).map((r) => JSON.stringify(r))) {
      if (seen.has(key))
        report.add('MM374', p.statement.span, { text: deparse(p.left), what: 'held at a value and has a prior' });
    }
  }
}

function checkOrders(orders: readonly OrderStatement[], all: ParameterScope, report: Report): CheckedMixture['order'] {
  let result: CheckedMixture['order'] = null;
  for (const s of orders) {
    if (all.mixture === null || s.mixture.name !== all.mixture.name) {
      const known = all.mixture === null ? [] : [all.mixture.name];
      report.add('MM214', s.mixture.span, {
        name: s.mixture.name,
        what: 'mixture',
        near: nearest(s.mixture.name, known),
        known: known.join(', '),
      });
      continue;
    }
    if (result !== null) report.add('MM203', s.span, { what: 'the order of', name: s.mixture.name });
    const order = checkOrder(s, all, report);
    result ??= order;
  }
  return result;
}

/** What classes are ordered by must be one number in each of them. */
function checkOrder(s: OrderStatement, all: ParameterScope, report: Report): CheckedMixture['order'] {
  const refs = new Map<Expression, ParameterRef>();
  if (!resolveParameters(s.by, all, refs, report)) return null;
  const classes = all.mixture?.classes ?? [];
  const { span } = s.by;
  const lacking = classes.find((name) => !resolves(s.by, narrowScope(all, name)));
  const values = [...refs.values()];
  const differs = values.some((ref) => {
    if (ref.kind === 'coefficients' || ref.kind === 'scalar')
      return classes.length < 2 || new Set(ref.predictors).size >= 2;
    return ref.kind === 'prob';
  });
  const several = values.some((ref) => ref.kind === 'coefficients' && ref.select.kind === 'slopes');
  if (lacking !== undefined) report.add('MM376', span, { text: deparse(s.by), class: lacking });
  else if (!differs || several) report.add('MM375', span, { text: deparse(s.by) });
  return { by: s.by, refs, descending: s.descending, span: s.span };
}
