import { dirname, relative, sep } from 'node:path';
import { noSpan } from '../../diagnostics/span.js';
import type { DataStatement } from '../../syntax/ast.js';
import { formatSource } from '../../syntax/format.js';
import { printName } from '../../syntax/print-expression.js';
import { dataOf } from './check-session-model.js';
import { anonymous, type Session, type SessionModel } from './session.js';
import { dataStatement, mergeData, type SessionStatement } from './statements.js';

/** The models of the session as a program, in the standard layout, with data paths that are right in the file's folder. */
export function programText(session: Session, path: string): string {
  const folder = dirname(path);
  const models = session.models.filter((m) => m.statements.length > 0);
  const [only, ...others] = models;
  if (only === undefined) return '';
  const lines = (m: SessionModel): string =>
    statementsFor(session, m, folder)
      .map((s) => `${s.text}\n`)
      .join('');
  if (others.length === 0 && only.name === anonymous) return formatSource(lines(only)).text;
  const blocks = models.map((m) => {
    const name = printName({ kind: 'name', name: m.name, quoted: false, span: noSpan });
    return `model ${name} {\n${lines(m)}}\n`;
  });
  return formatSource(blocks.join('\n')).text;
}

function statementsFor(session: Session, model: SessionModel, folder: string): readonly SessionStatement[] {
  const data = dataOf(session, model);
  const at = model.statements.findIndex((s) => s.data !== null);
  const own = model.statements[at]?.data ?? null;
  if (data === null || (own?.file != null && model.folder === folder)) return model.statements;
  const value = relative(folder, data.path).split(sep).join('/');
  const file: DataStatement = {
    kind: 'data',
    file: { kind: 'string', value, span: noSpan },
    columns: [],
    span: noSpan,
  };
  const statement = dataStatement(own === null ? file : mergeData(own, file));
  if (statement === undefined) return model.statements;
  return at < 0 ? [statement, ...model.statements] : model.statements.with(at, statement);
}
