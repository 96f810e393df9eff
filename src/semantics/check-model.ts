import type { DataSchema } from '../data/table.js';
import type { Report } from '../diagnostics/report.js';
import type { FamilyParameter } from '../families/family.js';
import type { SampleStatement, Statement } from '../syntax/ast.js';
import { checkData } from './check-data.js';
import { checkHints } from './check-hints.js';
import {
  checkLikelihood,
  dataParameters,
  heldParameters,
  type LikelihoodUse,
  likelihoodStatements,
} from './check-likelihoods.js';
import { checkMethod } from './check-method.js';
import { checkMixture } from './check-mixture.js';
import { checkParameterStatements } from './check-parameter-statements.js';
import { checkWeights } from './check-weights.js';
import type { CheckedMethod, CheckedModel } from './checked-model.js';
import { classifySamples } from './classify-samples.js';
import { ColumnScope } from './column-scope.js';
import { classifyDefinitions, type Definition, nameOf, whatIs } from './definitions.js';
import { finishFamily } from './finish-family.js';
import { checkPlaces, type Outline } from './outline.js';
import { type ClassUse, PredictorBuilder } from './predictor-builder.js';

/**
 * Finds out what a model's statements mean. Independent mistakes are all reported; what merely follows from one is not.
 * A model with errors is returned as far as it was understood, and is not to be lowered.
 */
export function checkModel(
  outline: Outline,
  schema: DataSchema | undefined,
  method: CheckedMethod | null,
  report: Report,
): CheckedModel {
  checkPlaces(outline.all, report);
  const scope = new ColumnScope(schema);
  const data = checkData(outline.statements, scope, report);

  const shared = [...outline.statements, ...(outline.mixture?.statements ?? [])];
  const blocks = outline.mixture === null ? [] : outline.mixture.classes;
  reserveMixture(outline, scope, report);

  const everything = [...shared, ...blocks.flatMap((b) => b.statements)];
  const kinds = classifySamples(everything, scope, report);
  const sharedLikelihood = soleLikelihood(shared, kinds, scope, report);

  // One entry per class, or one without a class; each with its own likelihood or the common one.
  const classes: ClassUse[] =
    blocks.length === 0
      ? [{ class: null, own: [], likelihood: sharedLikelihood, ownLikelihood: false }]
      : blocks.map((b) => {
          const own = soleLikelihood(b.statements, kinds, scope, report);
          const likelihood = own ?? sharedLikelihood;
          return { class: b.name.name, own: [], likelihood, ownLikelihood: own !== null };
        });
  reportMissingLikelihood(outline, classes, everything, kinds, scope, report);

  const sharedDefinitions = classifyDefinitions(shared, parameterNames(classes), scope, report);
  const withDefinitions = classes.map((c, i): ClassUse => {
    const block = blocks[i];
    return block === undefined
      ? c
      : { ...c, own: classifyDefinitions(block.statements, parameterNames([c]), scope, report) };
  });
  reserveDefinitions([...sharedDefinitions, ...withDefinitions.flatMap((c) => c.own)], scope, report);
  reserveParameters(classes, scope);

  const builder = new PredictorBuilder(sharedDefinitions, withDefinitions, scope, report);
  const likelihoods = withDefinitions.flatMap((c) => {
    const predictors = builder.buildClass(c);
    return finishFamily(c, predictors);
  });
  const mixture = checkMixture(outline, sharedDefinitions, withDefinitions, builder, scope, report);
  builder.reportUnused();

  const weighted = checkWeights(outline.statements, likelihoods, scope, report);
  const statements = checkParameterStatements({
    shared,
    classes: blocks.map((b) => ({ name: b.name.name, statements: b.statements })),
    kinds,
    likelihoods: weighted,
    builder,
    mixture: mixture === null ? null : { name: mixture.name, gated: mixture.gating !== null },
    scope,
    report,
  });
  const checkedMethod = checkMethod(outline.statements, method, report);
  const model: CheckedModel = {
    name: outline.name,
    span: outline.span,
    data,
    likelihoods: weighted,
    predictors: builder.predictors,
    parts: builder.parts,
    effects: builder.effects,
    mixture: mixture === null ? null : { ...mixture, order: statements.order },
    priors: statements.priors,
    fixes: statements.fixes,
    penalties: statements.penalties,
    method: checkedMethod,
  };
  if (!report.hasErrors) checkHints(model, withDefinitions, scope, report);
  return model;
}

function soleLikelihood(
  statements: readonly Statement[],
  kinds: ReturnType<typeof classifySamples>,
  scope: ColumnScope,
  report: Report,
): LikelihoodUse | null {
  const samples = statements.filter((s): s is SampleStatement => s.kind === 'sample');
  const [first, ...more] = likelihoodStatements(samples, kinds);
  if (first === undefined) return null;
  for (const s of more) reportSecond(s, scope, report);
  return checkLikelihood(first, scope, report) ?? { ...emptyUse(first) };
}

function emptyUse(statement: SampleStatement): LikelihoodUse {
  return { statement, response: statement.left, family: null, parameters: [], formula: null };
}

function reportSecond(s: SampleStatement, scope: ColumnScope, report: Report): void {
  const right = s.right.kind === 'call' ? s.right : null;
  const constant = right?.arguments.every((a) => a.value.kind === 'number' || a.value.kind === 'unary') === true;
  if (s.left.kind === 'name' && right !== null && constant) {
    report.add('MM220', s.left.span, { name: s.left.name });
  } else {
    const response = s.left.kind === 'name' ? s.left.name : 'the model';
    report.add('MM333', s.left.span, { response, count: '2' });
  }
  if (s.left.kind === 'name') scope.use(s.left.name, s.left.span);
}

function reportMissingLikelihood(
  outline: Outline,
  classes: readonly ClassUse[],
  statements: readonly Statement[],
  kinds: ReturnType<typeof classifySamples>,
  scope: ColumnScope,
  report: Report,
): void {
  // A sample that could not be understood may have been meant as the likelihood.
  if (outline.damaged || [...kinds.values()].includes('wrong')) return;
  const without = classes.find((c) => c.likelihood === null);
  if (without === undefined) return;
  if (without.class !== null) {
    const span = outline.mixture?.classes.find((c) => c.name.name === without.class)?.name.span ?? outline.span;
    report.add('MM334', span, { name: `class '${without.class}'` });
    return;
  }
  const first = statements.find((s) => s.kind !== 'data' && s.kind !== 'fit');
  const assigned = statements.flatMap((s) => (s.kind === 'assign' && s.target.kind === 'name' ? [s.target.name] : []));
  const column = assigned.find((name) => scope.known(name) !== undefined);
  report.add('MM334', first?.span ?? outline.span, { name: 'the model', column });
}

/** Names that `=` can give a predictor to; null where a likelihood was not understood. */
function parameterNames(classes: readonly ClassUse[]): ReadonlySet<string> | null {
  const names = new Set<string>();
  for (const c of classes) {
    if (c.likelihood === null || c.likelihood.family === null) return null;
    for (const p of c.likelihood.parameters) names.add(p.name);
    for (const name of dataParameters(c.likelihood)) names.add(name);
    for (const name of heldParameters(c.likelihood)) names.add(name);
  }
  return names;
}

function reserveMixture(outline: Outline, scope: ColumnScope, report: Report): void {
  if (outline.mixture === null) return;
  const { statement, classes } = outline.mixture;
  const add = (name: { name: string; span: { start: number; end: number } }, what: string) => {
    if (scope.known(name.name) !== undefined) report.add('MM202', name.span, { name: name.name, what });
    scope.reserve(name.name, `a ${what}`);
  };
  add(statement.name, 'mixture');
  const seen = new Set<string>();
  for (const c of classes) {
    if (seen.has(c.name.name)) report.add('MM203', c.name.span, { what: 'class', name: c.name.name });
    seen.add(c.name.name);
    add(c.name, 'class');
  }
}

function reserveDefinitions(definitions: readonly Definition[], scope: ColumnScope, report: Report): void {
  for (const d of definitions) {
    if (d.kind !== 'effect' && d.kind !== 'part') continue;
    const { name, span } = nameOf(d);
    const what = whatIs(d).replace(/^the /, '');
    if (scope.known(name) !== undefined) report.add('MM202', span, { name, what });
    scope.reserve(name, `a ${what}`);
  }
}

function reserveParameters(classes: readonly ClassUse[], scope: ColumnScope): void {
  const parameters: FamilyParameter[] = classes.flatMap((c) => [...(c.likelihood?.parameters ?? [])]);
  for (const p of parameters) if (scope.known(p.name) === undefined) scope.reserve(p.name, 'a parameter');
}
