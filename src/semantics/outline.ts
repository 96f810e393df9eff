import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import type { MixtureStatement, Name, Program, Statement } from '../syntax/ast.js';

/** A model's statements by the block they stand in; the mixture's come after the model's own. */
export interface Outline {
  readonly name: string;
  readonly span: Span;
  /** All statements, the mixture among them. */
  readonly all: readonly Statement[];
  /** All but the mixture. */
  readonly statements: readonly Statement[];
  readonly mixture: MixtureOutline | null;
  /** Something in it could not be read, so that what seems to be absent may only be unread. */
  readonly damaged: boolean;
}

export interface MixtureOutline {
  readonly statement: MixtureStatement;
  readonly statements: readonly Statement[];
  readonly classes: readonly ClassOutline[];
}

export interface ClassOutline {
  readonly name: Name;
  readonly statements: readonly Statement[];
  readonly span: Span;
}

/** The models of a program, each with the statements that stand before the first one. */
export function outlineProgram(program: Program, anonymousName: string): Outline[] {
  if (program.models.length === 0) {
    return [outline(anonymousName, program.span, program.statements, program.damaged === true)];
  }
  return program.models.map((m) => {
    const damaged = program.statements.length === 0 ? m.damaged === true : program.damaged === true;
    return outline(m.name.name, m.span, [...program.statements, ...m.statements], damaged);
  });
}

function outline(name: string, span: Span, all: readonly Statement[], damaged: boolean): Outline {
  const statements = all.filter((s) => s.kind !== 'mixture');
  const mixture = all.find((s) => s.kind === 'mixture');
  return { name, span, all, statements, mixture: mixture === undefined ? null : outlineMixture(mixture), damaged };
}

function outlineMixture(statement: MixtureStatement): MixtureOutline {
  const statements = statement.statements.filter((s) => s.kind !== 'class');
  const classes = statement.statements.flatMap((s) =>
    s.kind === 'class' ? s.names.map((name) => ({ name, statements: s.statements, span: s.span })) : [],
  );
  return { statement, statements, classes };
}

const inMixture: ReadonlySet<Statement['kind']> = new Set([
  'sample',
  'assign',
  'fix',
  'penalize',
  'class',
  'labels',
  'order',
]);
const inClass: ReadonlySet<Statement['kind']> = new Set(['sample', 'assign', 'fix', 'penalize']);

/** Reports statements that stand in a block where they mean nothing, and a second mixture. */
export function checkPlaces(all: readonly Statement[], report: Report): void {
  let mixtures = 0;
  for (const s of all) {
    if (s.kind === 'class') report.add('MM310', s.span, { what: 'a class', where: 'inside a mixture' });
    if (s.kind === 'labels') report.add('MM310', s.span, { what: 'labels', where: 'inside a mixture' });
    if (s.kind !== 'mixture') continue;
    mixtures++;
    if (mixtures === 2) report.add('MM311', s.name.span, { name: s.name.name });
    for (const inner of s.statements) {
      if (!inMixture.has(inner.kind)) misplaced(inner, report);
      if (inner.kind === 'class')
        for (const own of inner.statements) if (!inClass.has(own.kind)) misplaced(own, report);
    }
  }
}

function misplaced(s: Statement, report: Report): void {
  const what = s.kind === 'mixture' ? 'a mixture' : s.kind === 'class' ? 'a class' : `'${s.kind}'`;
  const where =
    s.kind === 'labels' || s.kind === 'order' ? 'in the mixture, outside its classes' : 'outside the mixture';
  report.add('MM310', s.span, { what, where });
}
