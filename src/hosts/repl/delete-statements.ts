import { checkSessionModel } from './check-session-model.js';
import { type CommandLine, complain, misused, wordsOf } from './command-line.js';
import { firstLine, inStatements } from './declare.js';
import { changed, currentModel, info, type Session, type SessionModel, type Step, say, withModel } from './session.js';

/** `:delete 2`, `:delete 2-4`, `:delete mu`, `:delete all`. What then no longer fits is told, and can be undone. */
export function deleteStatements(session: Session, line: CommandLine): Step {
  const model = currentModel(session);
  if (line.rest === '') return misused(session, line, 'delete', ':delete takes a statement');
  const chosen = new Set<number>();
  const whole = chosenBy(line.rest, model); // a subject may hold blanks
  for (const word of whole.length > 0 ? [line.rest] : wordsOf(line.rest)) {
    const found = chosenBy(word, model);
    if (found.length === 0) {
      const known = model.statements.map((s, i) => `${i + 1} (${s.subject})`);
      return complain(session, line, 'MM604', { name: word, known });
    }
    if (found.length > 1 && word !== 'all' && !/^\d+-\d+$/.test(word)) {
      const numbers = found.map((i) => i + 1).join(', ');
      return misused(session, line, 'delete', `several statements are about '${word}': say which of ${numbers}`);
    }
    for (const i of found) chosen.add(i);
  }
  const rest = { ...model, statements: model.statements.filter((_, i) => !chosen.has(i)) };
  const next = changed(session, { models: withModel(session.models, rest) }, `:delete ${line.rest}`);
  const gone = model.statements.filter((_, i) => chosen.has(i)).map((s) => info(`deleted: ${firstLine(s.text)}`));
  return say(next, ...gone, ...newErrors(session, model, next, rest));
}

function chosenBy(word: string, model: SessionModel): number[] {
  const all = model.statements.map((_, i) => i);
  if (word === 'all') return all;
  const range = /^(\d+)(?:-(\d+))?$/.exec(word);
  if (range !== null) {
    const first = Number(range[1]);
    const last = Number(range[2] ?? range[1]);
    return first >= 1 && last <= all.length ? all.slice(first - 1, last) : [];
  }
  const bare = (text: string): string => text.replace(/\s+/g, '');
  const exact = all.filter((i) => bare(model.statements[i]?.subject ?? '') === bare(word));
  return exact;
}

/** Errors of other statements that the deletion has made. */
function newErrors(session: Session, before: SessionModel, next: Session, after: SessionModel) {
  const old = checkSessionModel(session, before);
  const now = checkSessionModel(next, after);
  const known = new Set(old.diagnostics.map((d) => `${d.code} ${d.message}`));
  const found = now.diagnostics.filter(
    (d) => d.severity === 'error' && d.code !== 'MM334' && !known.has(`${d.code} ${d.message}`),
  );
  return inStatements(found, now, after).map((o) =>
    o.kind === 'problem' ? { ...o, diagnostic: { ...o.diagnostic, severity: 'warning' as const } } : o,
  );
}
