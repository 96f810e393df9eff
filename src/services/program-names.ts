import { Report } from '../diagnostics/report.js';
import { families } from '../families/index.js';
import { isFamilyName } from '../semantics/family-names.js';
import type { Expression, Program, Statement } from '../syntax/ast.js';
import { parseProgram } from '../syntax/build-ast.js';
import { isMissing } from '../syntax/missing.js';
import { printExpression } from '../syntax/print-expression.js';
import { everyExpression } from '../syntax/walk.js';

/** The names a program gives to things, as far as it can be read. */
export interface ProgramNames {
  readonly columns: readonly string[]; // those of `let`
  /** Parameters of the families of its likelihoods. */
  readonly parameters: readonly string[];
  /** Named random effects and named parts of predictors. */
  readonly effects: readonly string[];
  readonly parts: readonly string[];
  /** What stands right of `|`. */
  readonly groups: readonly string[];
  readonly mixtures: readonly string[];
  readonly classes: readonly string[];
}

/** @param isColumn  whether the data have it; without data nothing is known to be one */
export function namesOf(source: string, isColumn: (name: string) => boolean): ProgramNames {
  const program = parseProgram(source, new Report());
  const statements = allStatements(program);
  const found = {
    columns: new Set<string>(),
    parameters: new Set<string>(),
    effects: new Set<string>(),
    parts: new Set<string>(),
    groups: new Set<string>(),
    mixtures: new Set<string>(),
    classes: new Set<string>(),
  };
  for (const s of statements) {
    if (s.kind === 'let') found.columns.add(s.name.name);
    if (s.kind === 'mixture') found.mixtures.add(s.name.name);
    if (s.kind === 'class') for (const name of s.names) found.classes.add(name.name);
    if (s.kind === 'sample') for (const name of parametersOf(s.right, isColumn)) found.parameters.add(name);
    for (const e of expressionsOf(s)) if (e.kind === 'bar') found.groups.add(printExpression(e.right));
  }
  for (const s of statements) {
    if (s.kind !== 'assign' || s.target.kind !== 'name' || isMissing(s.target)) continue;
    const { name } = s.target;
    if (found.parameters.has(name)) continue;
    (isEffect(s.value) ? found.effects : found.parts).add(name);
  }
  const { columns, parameters, effects, parts, groups, mixtures, classes } = found;
  return {
    columns: [...columns],
    parameters: [...parameters],
    effects: [...effects],
    parts: [...parts].filter((name) => !parameters.has(name)),
    groups: [...groups].filter((name) => name !== ''),
    mixtures: [...mixtures],
    classes: [...classes],
  };
}

function allStatements(program: Program): Statement[] {
  const found: Statement[] = [];
  const visit = (s: Statement): void => {
    found.push(s);
    if (s.kind === 'mixture' || s.kind === 'class') s.statements.forEach(visit);
  };
  for (const s of [...program.statements, ...program.models.flatMap((m) => m.statements)]) visit(s);
  return found;
}

function expressionsOf(s: Statement): Expression[] {
  switch (s.kind) {
    case 'assign':
      return everyExpression(s.value);
    case 'sample':
      return everyExpression(s.right);
    default:
      return [];
  }
}

/** Names in the places of a family's parameters; a short form has those of the normal. */
function parametersOf(right: Expression, isColumn: (name: string) => boolean): string[] {
  if (right.kind !== 'call') return everyExpression(right).some((e) => e.kind === 'bar') ? ['mu', 'sigma'] : [];
  const { name } = right.callee;
  if (!isFamilyName(name)) return [];
  const known = new Set(families[name].parameters.map((p) => p.name));
  return right.arguments.flatMap(({ value }) => {
    if (value.kind === 'call') return parametersOf(value, isColumn);
    return value.kind === 'name' && known.has(value.name) && !isColumn(value.name) ? [value.name] : [];
  });
}

function isEffect(value: Expression): boolean {
  const e = value.kind === 'paren' ? value.inner : value;
  return e.kind === 'bar' || (e.kind === 'call' && e.arguments[0]?.value.kind === 'bar');
}
