import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { diagnostic, Report } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/span.js';
import type { Program } from '../../syntax/ast.js';
import { parseProgram } from '../../syntax/build-ast.js';
import { type CheckedSessionModel, checkSessionModel, dataOf } from './check-session-model.js';
import { commands } from './commands.js';
import {
  changed,
  currentModel,
  type Input,
  info,
  modelNamed,
  type Output,
  problems,
  type Session,
  type SessionModel,
  type Step,
  say,
  type Waiting,
  withModel,
} from './session.js';
import { dataStatement, mergeData, type Piece, piecesOf, type SessionStatement } from './statements.js';

/** Takes what has been typed into the model, or says what is wrong with it and leaves the session as it was. */
export function declare(session: Session, input: Input): Step {
  const report = new Report();
  const program = parseProgram(input.text, report);
  if (report.hasErrors) {
    const meant = commandMeant(input.text);
    const found = meant === null ? report.sorted() : [diagnostic('MM612', { span: program.span }, meant)];
    return say(session, ...problems(found, input.text, 'input', input.line));
  }
  if (program.models.length === 0) return declareStatements(session, program, input);
  const written = modelsIn(program, input.text, session.folder, session.current);
  const origin = { text: input.text, name: 'input', line: input.line, purpose: { kind: 'input', input } } as const;
  return adopt(session, written, origin, firstLine(input.text.trim()));
}

/** A word alone is a command without its colon, or what leaves other programs. */
function commandMeant(text: string): { readonly word: string; readonly command: string } | null {
  const word = text.trim();
  if (['exit', 'q', 'quit()', 'exit()', 'q()'].includes(word)) return { word, command: 'quit' };
  if (word === '?') return { word, command: 'help' };
  const spec = commands.find((c) => c.name === word);
  return spec === undefined ? null : { word, command: spec.name };
}

// ── statements of the current model ─────────────────────────────────────────────────────────────────────────────────

function declareStatements(session: Session, program: Program, input: Input): Step {
  const pieces = piecesOf(program.statements, program, input.text);
  if (pieces.length === 0) return say(session);
  const before = currentModel(session);
  const merged = pieces.reduce<Merged>(merge, { model: before, touched: new Map(), replaced: [] });
  return settle(session, before, input, merged);
}

/** A model with new statements in it. */
interface Merged {
  readonly model: SessionModel;
  /** By the index in the model; what was typed, where the statement is that word for word. */
  readonly touched: ReadonlyMap<number, Piece | null>;
  readonly replaced: readonly string[];
}

function merge(merged: Merged, piece: Piece): Merged {
  const { statements } = merged.model;
  const same = piece.key === null ? -1 : statements.findIndex((s) => s.key === piece.key);
  const old = statements[same];
  if (piece.data === null || old?.data === null || old === undefined)
    return same < 0 ? appended(merged, piece) : replaced(merged, same, piece, piece);
  return replaced(merged, same, dataStatement(mergeData(old.data, piece.data)) ?? piece, null);
}

function appended({ model, touched, replaced }: Merged, piece: Piece): Merged {
  const at = model.statements.length;
  return {
    model: { ...model, statements: [...model.statements, plain(piece)] },
    touched: new Map([...touched, [at, piece]]),
    replaced,
  };
}

function replaced(merged: Merged, at: number, by: SessionStatement, typed: Piece | null): Merged {
  const old = merged.model.statements[at];
  return {
    model: { ...merged.model, statements: merged.model.statements.with(at, plain(by)) },
    touched: new Map([...merged.touched, [at, typed]]),
    replaced:
      old === undefined || typed === null || old.text === typed.text ? merged.replaced : [...merged.replaced, old.text],
  };
}

function plain({ text, subject, key, data }: SessionStatement): SessionStatement {
  return { text, subject, key, data };
}

function settle(session: Session, before: SessionModel, input: Input, merged: Merged): Step {
  const { model, touched } = merged;
  const next = { ...session, models: withModel(session.models, model) };
  const wanted = dataOf(next, model);
  if (wanted !== null && !session.tables.has(wanted.path))
    return { session, outputs: [], effect: { kind: 'readData', file: wanted, purpose: { kind: 'input', input } } };
  const old = checkSessionModel(session, before);
  const now = checkSessionModel(next, model);
  const known = new Set(old.diagnostics.map((d) => keyOf(d, old)));
  const isNew = (d: Diagnostic): boolean => !known.has(keyOf(d, now));
  const fatal = now.diagnostics.filter((d) => {
    if (d.severity !== 'error' || d.code === noLikelihood) return false;
    const at = statementAt(d.span, now);
    return at < 0 ? isNew(d) : touched.has(at);
  });
  if (fatal.some((d) => d.code === secondLikelihood)) {
    const without = withoutLikelihood(next, merged);
    if (without !== undefined) return settle(session, before, input, without);
  }
  const shown = (d: Diagnostic): Output[] => placed(d, now, model, touched, input);
  if (fatal.length > 0) return say(session, ...fatal.flatMap(shown));
  const told = now.diagnostics.filter((d) => isNew(d) && d.code !== noLikelihood && !premature.has(d.code));
  const what = input.text.trim().split('\n')[0] ?? '';
  return say(
    changed(session, { models: next.models }, what),
    ...merged.replaced.map((text) => info(`in place of: ${firstLine(text)}`)),
    ...told.flatMap(shown),
  );
}

/** A model may be without a likelihood as long as it is being written, and it has one at most. */
const noLikelihood = 'MM334';
const secondLikelihood = 'MM333';
/** What is told when the model is fitted: a random effect is named before it is used. */
export const premature: ReadonlySet<string> = new Set(['MM204']);

/** A new likelihood takes the place of the old one, whatever its left side. */
function withoutLikelihood(session: Session, merged: Merged): Merged | undefined {
  const { model, touched } = merged;
  for (const [at, statement] of model.statements.entries()) {
    if (touched.has(at) || !statement.key?.startsWith('sample ')) continue;
    const rest = { ...model, statements: model.statements.toSpliced(at, 1) };
    const { diagnostics } = checkSessionModel({ ...session, models: withModel(session.models, rest) }, rest);
    if (diagnostics.some((d) => d.code === secondLikelihood || d.code === noLikelihood)) continue;
    // it moves into the old one's place
    const last = model.statements.length - 1;
    const newest = model.statements[last];
    if (newest === undefined || !touched.has(last)) return undefined;
    const statements = model.statements.slice(0, last).with(at, newest);
    const places = [...touched].map(([k, piece]) => [k === last ? at : k, piece] as const);
    return {
      model: { ...model, statements },
      touched: new Map(places),
      replaced: [...merged.replaced, statement.text],
    };
  }
  return undefined;
}

/** Two findings are the same where they say the same about the same words. */
function keyOf(d: Diagnostic, { source }: CheckedSessionModel): string {
  const words = d.span === undefined || wholeProgram(d.span, source) ? '' : source.slice(d.span.start, d.span.end);
  return JSON.stringify([d.code, d.message, words]);
}

function wholeProgram(span: Span, source: string): boolean {
  return span.start === 0 && span.end >= source.trimEnd().length;
}

/** The statement that a place stands in; -1 for none, or for more than one. */
export function statementAt(span: Span | undefined, { places }: CheckedSessionModel): number {
  if (span === undefined) return -1;
  return places.findIndex(({ start, end }) => span.start >= start && span.end <= end);
}

/** A finding with its place in what was typed, or in the statement of the model that it is about. */
function placed(
  d: Diagnostic,
  checked: CheckedSessionModel,
  model: SessionModel,
  touched: ReadonlyMap<number, Piece | null>,
  input: Input,
): Output[] {
  const at = statementAt(d.span, checked);
  const typed = touched.get(at);
  const start = checked.places[at]?.start;
  if (typed === undefined || typed === null || start === undefined || d.span === undefined)
    return inStatements([d], checked, model);
  const shift = typed.start - start;
  const span = { start: d.span.start + shift, end: d.span.end + shift };
  return problems([{ ...d, span }], input.text, 'input', input.line);
}

/** Findings with their places in the model's statements, which are called by the numbers of `:model`. */
export function inStatements(
  diagnostics: readonly Diagnostic[],
  checked: CheckedSessionModel,
  model: SessionModel,
): Output[] {
  return diagnostics.flatMap((d) => {
    const at = statementAt(d.span, checked);
    const place = checked.places[at];
    const text = model.statements[at]?.text;
    if (d.span === undefined || place === undefined || text === undefined) {
      const { span: _, ...rest } = d;
      return problems([rest]);
    }
    const span = { start: d.span.start - place.start, end: d.span.end - place.start };
    return problems([{ ...d, span }], text, `statement ${at + 1}`);
  });
}

export function firstLine(text: string): string {
  const [first = '', ...rest] = text.split('\n').filter((line) => !line.trimStart().startsWith('#'));
  return rest.length > 0 ? `${first} ...` : first;
}

// ── whole models ────────────────────────────────────────────────────────────────────────────────────────────────────

/** A model as it stands in a text. */
export interface WrittenModel {
  readonly model: SessionModel;
  /** Where each statement starts in the text; null: it does not stand there as it is. */
  readonly starts: readonly (number | null)[];
}

/**
 * Every model of a text, with the statements that stand before the first one, which hold for all; without any, the text
 * is one model of the given name.
 */
export function modelsIn(program: Program, text: string, folder: string, name: string): WrittenModel[] {
  const shared = piecesOf(program.statements, program, text);
  const written = (of: string, pieces: readonly Piece[]): WrittenModel => ({
    model: { name: of, folder, statements: pieces.map(plain) },
    starts: pieces.map((p) => p.start),
  });
  if (program.models.length === 0) return shared.length === 0 ? [] : [written(name, shared)];
  return program.models.map((m) => {
    const start = text.indexOf('{', m.name.span.end) + 1;
    return written(m.name.name, [...shared, ...piecesOf(m.statements, program, text, start)]);
  });
}

/** A model that names no data file. */
export function withoutData({ model, starts }: WrittenModel): WrittenModel {
  const kept = model.statements.flatMap((s, i) => {
    if (s.data === null || s.data.file === null) return [{ statement: s, start: starts[i] ?? null }];
    const statement = dataStatement({ ...s.data, file: null });
    return statement === undefined ? [] : [{ statement, start: null }];
  });
  return { model: { ...model, statements: kept.map((k) => k.statement) }, starts: kept.map((k) => k.start) };
}

/** Where whole models come from. */
export interface Origin {
  readonly text: string;
  readonly name: string; // in messages
  readonly line: number;
  /** What waits where the data of a model have to be read first. */
  readonly purpose: Waiting;
}

/** Takes whole models into the session, each in the place of one with its name; with an error in one of them, none. */
export function adopt(session: Session, written: readonly WrittenModel[], origin: Origin, what: string): Step {
  const models = written.map((w) => w.model);
  const isSpare = (m: SessionModel): boolean => m.statements.length === 0 && m.name === session.current;
  let all: readonly SessionModel[] = session.models.filter((m) => !isSpare(m));
  for (const model of models) all = withModel(all, model);
  const next = { ...session, models: all };
  for (const model of models) {
    const wanted = dataOf(next, model);
    if (wanted !== null && !session.tables.has(wanted.path))
      return { session, outputs: [], effect: { kind: 'readData', file: wanted, purpose: origin.purpose } };
  }
  const told = written.flatMap((w) => {
    const checked = checkSessionModel(next, w.model);
    return checked.diagnostics.flatMap((d) => inText(d, checked, w, origin));
  });
  // what models share is told once
  const once = [...new Map(told.map((o) => [JSON.stringify(o), o])).values()];
  const wrong = once.filter((o) => o.kind === 'problem' && o.diagnostic.severity === 'error');
  if (wrong.length > 0) return say(session, ...wrong);
  const replaced = models.filter((m) => (modelNamed(session, m.name)?.statements.length ?? 0) > 0);
  return say(
    changed(session, { models: next.models, current: models.at(-1)?.name ?? session.current }, what),
    ...replaced.map((m) => info(`in place of the model '${m.name}' that was there`)),
    ...once,
  );
}

function inText(d: Diagnostic, checked: CheckedSessionModel, { starts }: WrittenModel, origin: Origin): Output[] {
  const at = statementAt(d.span, checked);
  const place = checked.places[at];
  const start = starts[at];
  if (d.span === undefined || place === undefined || start === undefined || start === null) {
    const { span: _, ...rest } = d;
    return problems([rest]);
  }
  const shift = start - place.start;
  const span = { start: d.span.start + shift, end: d.span.end + shift };
  return problems([{ ...d, span }], origin.text, origin.name, origin.line);
}
