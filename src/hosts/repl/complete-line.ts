import type { DataSchema } from '../../data/table.js';
import { complete } from '../../services/complete.js';
import { estimationMethods } from '../../services/vocabulary.js';
import { dataOf } from './check-session-model.js';
import { type CommandName, commandNamed, commands } from './commands.js';
import { plotKinds } from './plot-command.js';
import { predictWords } from './predict-command.js';
import { currentModel, type Session } from './session.js';
import { assemble } from './statements.js';

/** What Tab offers: texts to put in the place of the last `length` characters before the cursor. */
export interface LineCompletion {
  readonly inserts: readonly string[];
  readonly length: number;
}

/**
 * Completes a line of a session up to the cursor.
 * @param above  lines of the same statement that stand before it
 * @param files  names of files and folders that start like this, as the host finds them
 */
export function completeLine(
  session: Session,
  line: string,
  above: readonly string[],
  files: (start: string) => readonly string[],
): LineCompletion {
  if (above.length === 0 && line.trimStart().startsWith(':')) return completeCommand(session, line, files);
  const before = [assemble(currentModel(session).statements).source, ...above.map((l) => `${l}\n`), line].join('');
  const schema = schemaFor(session);
  const found = complete(before, before.length, schema === undefined ? {} : { schema });
  const written = before.slice(found.start);
  if (found.file) return { inserts: files(written), length: written.length };
  return { inserts: found.items.map((i) => i.insert), length: written.length };
}

export function schemaFor(session: Session): DataSchema | undefined {
  const file = dataOf(session, currentModel(session));
  return file === null ? undefined : session.tables.get(file.path)?.schema;
}

function completeCommand(session: Session, line: string, files: (start: string) => readonly string[]): LineCompletion {
  const [, , word = '', rest] = /^(\s*):([a-z]*)!?(?:\s+(.*))?$/.exec(line) ?? [];
  if (rest === undefined) {
    const inserts = commands.filter((c) => c.name.startsWith(word)).map((c) => `:${c.name}`);
    return { inserts, length: line.trimStart().length };
  }
  const spec = commandNamed(word);
  if (spec === undefined) return { inserts: [], length: 0 };
  const name = spec.name as CommandName;
  if (spec.takes === 'file' || spec.takes === 'saved') {
    const found = files(rest);
    // folders, and what ends like a program or a fit
    const fits = (f: string): boolean => spec.takes === 'file' || f.endsWith('/') || /\.(mm|json)$/.test(f);
    return { inserts: found.filter(fits), length: rest.length };
  }
  const last = /[^\s,]*$/.exec(rest)?.[0] ?? '';
  const isFirst = rest.trim() === last;
  const offered = candidates(session, name, isFirst, rest, files);
  const inserts = offered.filter((c) => c.toLowerCase().startsWith(last.toLowerCase()));
  return { inserts: [...new Set(inserts)], length: last.length };
}

function candidates(
  session: Session,
  name: CommandName,
  isFirst: boolean,
  rest: string,
  files: (start: string) => readonly string[],
): readonly string[] {
  const fit = session.fits.get(session.current)?.fit;
  const models = session.models.map((m) => m.name);
  switch (name) {
    case 'model':
      return isFirst ? models : [];
    case 'compare':
      return models;
    case 'help':
      return isFirst ? commands.map((c) => c.name) : [];
    case 'fit':
    case 'explain':
      return isFirst ? estimationMethods.map((m) => m.name) : [];
    case 'predict':
      return [...predictWords, ...(isFirst ? files(rest.trim()) : [])];
    case 'delete':
      return ['all', ...currentModel(session).statements.map((s) => s.subject)];
    case 'plot':
      if (isFirst) return plotKinds;
      if (rest.startsWith('c')) return (fit?.ranef ?? []).map((effect) => effect.group);
      return rest.startsWith('p') ? parametersOf(session) : [];
    case 'confint':
      return [...(isFirst ? ['wald', 'profile'] : []), ...parametersOf(session)];
    default:
      return [];
  }
}

/** Names as intervals have them, from the last fit. */
function parametersOf(session: Session): string[] {
  const fit = session.fits.get(session.current)?.fit;
  if (fit === undefined) return [];
  const spread = fit.varcorr.flatMap(({ group, terms, cor }) => [
    ...terms.map((term) => `sd_${term}|${group}`),
    ...terms.flatMap((term, i) =>
      terms.slice(0, i).flatMap((other, j) => (cor[i]?.[j] === 0 ? [] : [`cor_${term}.${other}|${group}`])),
    ),
  ]);
  const sigma = fit.sigma === null ? [] : ['sigma'];
  return [...spread, ...sigma, ...fit.fixef.map((f) => f.name), ...Object.keys(fit.familyParameters)];
}
