import type { ColumnDeclaration, Comment, DataStatement, Expression, Program, Statement } from '../../syntax/ast.js';
import { printExpression, printStatement } from '../../syntax/print.js';

/** A statement of a session, as it was typed. */
export interface SessionStatement {
  readonly text: string; // with the comments that stand before it, and behind it on its line
  /** What it is about, as `:delete` takes it: `mu`, `Reaction`, `beta[Days]`, `weights`. */
  readonly subject: string;
  /** Another statement with the same key replaces this one; null: there may be many. */
  readonly key: string | null;
  /** Of a `data` statement. */
  readonly data: DataStatement | null;
}

/** A statement and where it stands in the text it comes from. */
export interface Piece extends SessionStatement {
  readonly start: number;
}

/** The statements of a program or of a block in it, with their comments, in the order of the text. */
export function piecesOf(
  statements: readonly Statement[],
  program: Pick<Program, 'comments'>,
  source: string,
  from = 0,
): Piece[] {
  let behind = from;
  return statements.map((s) => {
    const before = program.comments.find((c) => c.span.start >= behind && c.span.end <= s.span.start);
    const start = before?.span.start ?? s.span.start;
    const end = endOfLine(s.span.end, program.comments, source);
    behind = end;
    return { ...describe(s), text: source.slice(start, end), start };
  });
}

/** Behind the comment that follows on the same line, if one does. */
function endOfLine(end: number, comments: readonly Comment[], source: string): number {
  const next = comments.find((c) => c.span.start >= end);
  return next !== undefined && /^[ \t]*$/.test(source.slice(end, next.span.start)) ? next.span.end : end;
}

function describe(s: Statement): Omit<SessionStatement, 'text'> {
  const about = (subject: string, key: string | null = `${s.kind} ${subject}`) => ({ subject, key, data: null });
  switch (s.kind) {
    case 'data':
      return { subject: 'data', key: 'data', data: s };
    case 'let':
      return about(s.name.name);
    case 'contrasts':
      return about(`contrasts ${s.column.name}`);
    case 'sample':
      return about(printExpression(s.left));
    case 'assign':
      return about(printExpression(parameterOf(s.target)));
    case 'fix':
      return about(`fix ${printExpression(s.target)}`);
    case 'order':
      return about(`order ${s.mixture.name}`);
    case 'mixture':
      return about(s.name.name, 'mixture'); // a model has one
    case 'weights':
    case 'fit':
      return about(s.kind, s.kind);
    case 'where':
    case 'penalize':
    case 'class':
    case 'labels':
      return about(s.kind, null);
  }
}

/** `log(sigma) = ...` and `sigma = ...` are about the same thing, as are all probabilities of classes. */
function parameterOf(target: Expression): Expression {
  const only = target.kind === 'call' && target.arguments.length === 1 ? target.arguments[0]?.value : undefined;
  if (target.kind !== 'call' || only === undefined) return target;
  return target.callee.name === 'prob' ? { ...target.callee } : parameterOf(only);
}

/** What two `data` statements say together; the second has the last word. */
export function mergeData(first: DataStatement, second: DataStatement): DataStatement {
  const again = new Set(second.columns.map((c) => c.column.name));
  const columns: ColumnDeclaration[] = [...first.columns.filter((c) => !again.has(c.column.name)), ...second.columns];
  return { ...second, file: second.file ?? first.file, columns };
}

/** A `data` statement as a session keeps it; undefined where nothing is left to say. */
export function dataStatement(data: DataStatement): SessionStatement | undefined {
  if (data.file === null && data.columns.length === 0) return undefined;
  return { text: printStatement(data), subject: 'data', key: 'data', data };
}

export interface Assembled {
  readonly source: string;
  /** Where each statement starts and ends in it. */
  readonly places: readonly { readonly start: number; readonly end: number }[];
}

/** The statements as one program. */
export function assemble(statements: readonly SessionStatement[]): Assembled {
  let source = '';
  const places = statements.map(({ text }) => {
    const start = source.length;
    source += `${text}\n`;
    return { start, end: start + text.length };
  });
  return { source, places };
}
