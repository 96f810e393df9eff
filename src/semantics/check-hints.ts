import type { Report } from '../diagnostics/report.js';
import { varianceParameters } from '../graph/variance-parameters.js';
import type { SampleStatement } from '../syntax/ast.js';
import type { CheckedModel, CheckedPredictor } from './checked-model.js';
import type { ColumnScope } from './column-scope.js';
import { deparse } from './deparse.js';
import type { Formula } from './formula.js';
import type { ClassUse } from './predictor-builder.js';
import { stripParens } from './walk-expression.js';

const manyVarianceParameters = 40;

/** What is legal but likely a slip: said only of a model without errors. */
export function checkHints(
  model: CheckedModel,
  classes: readonly ClassUse[],
  scope: ColumnScope,
  report: Report,
): void {
  hintCounts(classes, scope, report);
  hintCodes(model, scope, report);
  hintLargeBlocks(model, scope, report);
  hintMixture(model, classes, report);
}

/** A plain lme4 formula on counts or 0/1: shows the two lines to write instead. */
function hintCounts(classes: readonly ClassUse[], scope: ColumnScope, report: Report): void {
  for (const c of classes) {
    const use = c.likelihood;
    if (use === null || use.formula === null) continue;
    const response = stripParens(use.response);
    const info = response.kind === 'name' ? scope.known(response.name) : undefined;
    if (response.kind !== 'name' || info === undefined) continue;
    const formula = deparse(use.formula);
    const binary =
      info.type === 'bool' || (info.distinct?.length === 2 && info.distinct[0] === 0 && info.distinct[1] === 1);
    const count =
      info.type === 'count' ||
      (info.type === 'int' && !info.declared && (info.range === null ? info.distinct?.[0] === 0 : info.range[0] === 0));
    const name = response.name;
    if (binary) {
      report.add('MM377', use.statement.span, {
        name,
        what: '0/1',
        likelihood: `${name} ~ bernoulli(p)`,
        predictor: `logit(p) = ${formula}`,
      });
    } else if (count) {
      report.add('MM377', use.statement.span, {
        name,
        what: 'a count',
        likelihood: `${name} ~ poisson(lambda)`,
        predictor: `log(lambda) = ${formula}`,
      });
    }
  }
}

/** An integer column of three or four values that nobody declared may be a code rather than a number. */
function hintCodes(model: CheckedModel, scope: ColumnScope, report: Report): void {
  const seen = new Set<string>();
  const formulas: Formula[] = [
    ...model.predictors.flatMap((p) => (p.formula === null ? [] : [p.formula])),
    ...model.parts.map((p) => p.formula),
  ];
  for (const formula of formulas) {
    for (const term of formula.terms) {
      for (const { expression } of term.factors) {
        if (expression.kind !== 'name' || seen.has(expression.name)) continue;
        const info = scope.known(expression.name);
        if (info === undefined || info.declared || (info.type !== 'int' && info.type !== 'count')) continue;
        const { distinct } = info;
        if (distinct === null || distinct.length < 3 || distinct.length > 4) continue;
        seen.add(expression.name);
        const values = `${distinct.slice(0, -1).join(', ')} and ${distinct.at(-1)}`;
        report.add('MM222', expression.span, { name: expression.name, values, fix: expression.name });
      }
    }
  }
}

function hintLargeBlocks(model: CheckedModel, scope: ColumnScope, report: Report): void {
  for (const e of model.effects) {
    const { size } = e;
    if (size === null) continue;
    const count = varianceParameters(e.covariance, size);
    const [only] = e.group.columns;
    const levels = e.group.columns.length === 1 && only?.kind === 'name' ? scope.known(only.name)?.levels : undefined;
    const levelCount = levels?.length ?? null;
    if (count > manyVarianceParameters) {
      report.add('MM378', e.span, { group: e.group.label, columns: size, count, levels: null });
    } else if (levelCount !== null && count > levelCount) {
      report.add('MM378', e.span, { group: e.group.label, columns: size, count, levels: levelCount });
    }
  }
}

function hintMixture(model: CheckedModel, classes: readonly ClassUse[], report: Report): void {
  const { mixture } = model;
  if (mixture === null || mixture.classes.length < 2) return;
  if (mixture.order === null && mixture.labels === null) {
    const bodies = new Map<string, string>();
    for (const c of mixture.classes) {
      const body = bodyOf(model, classes, c);
      const same = bodies.get(body);
      if (same !== undefined) {
        report.add('MM379', mixture.span, { first: same, second: c, mixture: mixture.name });
        break;
      }
      bodies.set(body, c);
    }
  }
  if (mixture.per !== null) return;
  const own = model.likelihoods.filter((l) => l.family.name === 'normal').flatMap((l) => ownSigma(model, l.class));
  const free = own.filter((p) => !hasPrior(model, p));
  const [first] = free;
  if (own.length >= 2 && first !== undefined) report.add('MM380', first.span, { mixture: mixture.name });
}

function ownSigma(model: CheckedModel, className: string | null): CheckedPredictor[] {
  return model.predictors.filter((p) => p.parameter === 'sigma' && p.class !== null && p.class === className);
}

function hasPrior(model: CheckedModel, p: CheckedPredictor): boolean {
  const names = (refs: CheckedModel['priors'][number]['refs']) =>
    [...refs.values()].some((r) => (r.kind === 'scalar' || r.kind === 'coefficients') && r.predictors.includes(p.id));
  return (
    model.priors.some((prior) => names(prior.refs)) ||
    model.fixes.some((f) => names(f.refs)) ||
    model.penalties.some((penalty) => names(penalty.refs))
  );
}

/** A class's statements as text, by which two classes are told apart. */
function bodyOf(model: CheckedModel, classes: readonly ClassUse[], name: string): string {
  const use = classes.find((c) => c.class === name);
  const statement: SampleStatement | undefined = use?.likelihood?.statement;
  const likelihood = statement === undefined ? '' : `${deparse(statement.left)} ~ ${deparse(statement.right)}`;
  const own = (use?.own ?? []).map((d) => `${deparse(d.statement.target)} = ${deparse(d.statement.value)}`).sort();
  const fixes = model.fixes.filter((f) => f.class === name).map((f) => `${deparse(f.left)} = ${deparse(f.value)}`);
  const priors = model.priors
    .filter((p) => p.class === name)
    .map((p) => `${deparse(p.statement.left)} ~ ${deparse(p.statement.right)}`)
    .sort();
  return [likelihood, ...own, ...fixes, ...priors].join('; ');
}
