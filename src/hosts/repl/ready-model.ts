import { diagnostic } from '../../diagnostics/report.js';
import { type CheckedSessionModel, checkSessionModel, dataOf } from './check-session-model.js';
import { type CommandLine, complain } from './command-line.js';
import { inStatements, premature } from './declare.js';
import {
  currentModel,
  type Effect,
  type KeptFit,
  type LoadedTable,
  type Output,
  problems,
  type Session,
  type SessionModel,
  type Step,
  say,
} from './session.js';

/** A model without errors, with its data. */
export interface ReadySessionModel {
  readonly checked: CheckedSessionModel;
  readonly data: LoadedTable;
  /** What is told only now that the model is whole. */
  readonly told: readonly Output[];
}

/** A model that can be fitted; else the step that says why not, or that reads its data first. */
export function readyModel(
  session: Session,
  line: CommandLine,
  model: SessionModel,
  method: string | null,
): ReadySessionModel | Step {
  const file = dataOf(session, model);
  if (file !== null && !session.tables.has(file.path))
    return { session, outputs: [], effect: { kind: 'readData', file, purpose: { kind: 'input', input: line.input } } };
  const checked = checkSessionModel(session, model, method);
  const wrong = checked.diagnostics.filter((d) => d.severity === 'error');
  if (wrong.length > 0) return say(session, ...inStatements(wrong, checked, model));
  if (checked.data === null) return complain(session, line, 'MM608', {});
  const late = checked.diagnostics.filter((d) => premature.has(d.code));
  return { checked, data: checked.data, told: inStatements(late, checked, model) };
}

export function isReady(found: ReadySessionModel | Step): found is ReadySessionModel {
  return 'checked' in found;
}

/** Something about the last fit of the current model, with a note where the model has changed since. */
export function fitOf(
  session: Session,
  line: CommandLine,
  show: (kept: KeptFit) => readonly Output[],
  effect: (kept: KeptFit) => Effect | null = () => null,
): Step {
  const model = currentModel(session);
  const kept = session.fits.get(model.name);
  if (kept === undefined) return complain(session, line, 'MM603', { model: model.name });
  return { session, outputs: [...show(kept), ...staleness(session, model, kept)], effect: effect(kept) };
}

export function staleness(session: Session, model: SessionModel, kept: KeptFit): Output[] {
  if (kept.source === null) return []; // nobody knows its text
  const checked = checkSessionModel(session, model);
  const same = checked.source === kept.source && dataOf(session, model)?.path === kept.path;
  return same ? [] : problems([diagnostic('MM610', {}, { model: model.name })]);
}

export function summaryWidth({ display }: Session): number {
  return Math.min(Math.max(display.width, 40), 100);
}
