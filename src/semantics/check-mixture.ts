import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import type { Call, Expression, MixtureStatement, Name } from '../syntax/ast.js';
import { checkOneGroup } from './check-group.js';
import type { CheckedGating, CheckedMixture } from './checked-model.js';
import type { ColumnScope } from './column-scope.js';
import type { Definition } from './definitions.js';
import { deparse } from './deparse.js';
import { expandFormula } from './expand-formula.js';
import type { Outline } from './outline.js';
import type { ClassUse, PredictorBuilder } from './predictor-builder.js';
import { nearest } from './spelling.js';
import { stripParens } from './walk-expression.js';

type Gate = Extract<Definition, { kind: 'gate' }>;

/** Checks what a mixture says of its classes: their group, labels and probabilities. The order comes later. */
export function checkMixture(
  outline: Outline,
  definitions: readonly Definition[],
  classes: readonly ClassUse[],
  builder: PredictorBuilder,
  scope: ColumnScope,
  report: Report,
): Omit<CheckedMixture, 'order'> | null {
  const gates = definitions.filter((d) => d.kind === 'gate');
  for (const c of classes) {
    for (const d of c.own) {
      if (d.kind === 'gate') {
        report.add('MM310', d.statement.span, { what: "'prob'", where: 'outside the classes' });
      }
    }
  }
  if (outline.mixture === null) {
    for (const gate of gates)
      report.add('MM214', gate.of.span, { name: gate.of.name, what: 'mixture', near: undefined, known: '' });
    return null;
  }
  const { statement, statements } = outline.mixture;
  const names = outline.mixture.classes.map((c) => c.name.name);
  if (names.length === 0 && statement.damaged !== true)
    report.add('MM349', statement.name.span, { name: statement.name.name });
  const per = statement.per === null ? null : checkOneGroup(statement.per, scope, report);
  const labels = checkLabels(statements, scope, report);
  const gate = gates[0];
  const gating = gate === undefined ? null : checkGate(gate, statement.name, names, builder, scope, report);
  return { name: statement.name.name, per, classes: names, gating, labels, span: headOf(statement) };
}

/** `mixture z per g`, without its block: what messages underline. */
function headOf(statement: MixtureStatement): Span {
  return { start: statement.span.start, end: (statement.per ?? statement.name).span.end };
}

function checkLabels(statements: readonly { kind: string }[], scope: ColumnScope, report: Report): string | null {
  let labels: Name | null = null;
  for (const s of statements as Outline['statements']) {
    if (s.kind !== 'labels') continue;
    if (labels !== null) report.add('MM203', s.column.span, { what: 'labels', name: s.column.name });
    labels ??= s.column;
    if (scope.lookup(s.column.name) === undefined) {
      report.add('MM231', s.column.span, { name: s.column.name, near: nearest(s.column.name, scope.names) });
    } else scope.use(s.column.name, s.column.span);
  }
  return labels?.name ?? null;
}

function checkGate(
  gate: Gate,
  mixture: Name,
  classes: readonly string[],
  builder: PredictorBuilder,
  scope: ColumnScope,
  report: Report,
): CheckedGating | null {
  const read = gate.link === null ? readSoftmax(gate, mixture, classes, report) : readTwoClasses(gate, classes, report);
  const formula =
    read === null
      ? null
      : expandFormula(read.formula, {
          scope,
          report,
          named: new Set(),
          where: 'the predictor of class probabilities',
          allowRandom: false,
          allowOffset: true,
        });
  if (read === null || formula === null) return null;
  const predictors = classes
    .filter((c) => c !== read.baseline)
    .map((c) => builder.gatePredictor(`prob@${c}`, 'prob', 'logit', formula, c).id);
  return { baseline: read.baseline, predictors };
}

interface ReadGate {
  readonly baseline: string;
  readonly formula: Expression;
}

/** `prob(z) = softmax(1 + x, baseline = stable)`; without a baseline the first class is it. */
function readSoftmax(gate: Gate, mixture: Name, classes: readonly string[], report: Report): ReadGate | null {
  const value = stripParens(gate.statement.value);
  if (gate.of.name !== mixture.name) {
    if (classes.includes(gate.of.name)) report.add('MM350', gate.statement.span, { class: gate.of.name });
    else reportNoMixture(gate.of, mixture.name, report);
    return null;
  }
  const formula = value.kind === 'call' ? value.arguments.find((a) => a.name === null)?.value : undefined;
  if (value.kind !== 'call' || value.callee.name !== 'softmax' || formula === undefined) {
    report.add('MM351', value.span, { name: mixture.name, text: deparse(value) });
    return null;
  }
  const baseline = baselineOf(value, classes, report);
  return baseline === undefined ? null : { baseline, formula };
}

function baselineOf(softmax: Call, classes: readonly string[], report: Report): string | undefined {
  let baseline = classes[0];
  for (const a of softmax.arguments.slice(1)) {
    const value = stripParens(a.value);
    if (a.name?.name !== 'baseline' || value.kind !== 'name') {
      report.add('MM226', a.span, { name: 'softmax', argument: a.name?.name ?? deparse(a.value), known: 'baseline' });
    } else if (!classes.includes(value.name)) {
      const near = nearest(value.name, classes);
      report.add('MM214', value.span, { name: value.name, what: 'class', near, known: classes.join(', ') });
      return undefined;
    } else baseline = value.name;
  }
  return baseline;
}

/** `logit(prob(responder)) = 1 + x`, for two classes: the other one is the baseline. */
function readTwoClasses(gate: Gate, classes: readonly string[], report: Report): ReadGate | null {
  if (gate.link?.name !== 'logit') {
    report.add('MM229', gate.link?.span ?? gate.of.span, {
      name: 'prob',
      link: gate.link?.name ?? '',
      allowed: 'logit',
    });
    return null;
  }
  if (!classes.includes(gate.of.name)) {
    const near = nearest(gate.of.name, classes);
    report.add('MM214', gate.of.span, { name: gate.of.name, what: 'class', near, known: classes.join(', ') });
    return null;
  }
  const other = classes.filter((c) => c !== gate.of.name);
  if (other.length !== 1 || other[0] === undefined) {
    report.add('MM352', gate.statement.span, { count: classes.length });
    return null;
  }
  return { baseline: other[0], formula: gate.statement.value };
}

function reportNoMixture(of: Name, mixture: string, report: Report): void {
  report.add('MM214', of.span, { name: of.name, what: 'mixture', near: nearest(of.name, [mixture]), known: mixture });
}
