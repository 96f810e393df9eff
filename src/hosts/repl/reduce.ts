import { basename, dirname } from 'node:path';
import { dataFiles } from '../../compile.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { diagnostic, Report } from '../../diagnostics/report.js';
import { comparisonText } from '../../results/comparison-text.js';
import { intervalsText } from '../../results/intervals-text.js';
import { summaryText } from '../../results/summary-text.js';
import { loadFit } from '../../saved-fit.js';
import { parseProgram } from '../../syntax/build-ast.js';
import { exitStatus } from '../cli/exit-status.js';
import { checkSessionModel } from './check-session-model.js';
import { readCommand } from './command-line.js';
import { adopt, declare, inStatements, modelsIn, withoutData } from './declare.js';
import type { JobResult } from './jobs.js';
import { plotSize } from './plot-command.js';
import { profilePlot } from './plots/fit-plots.js';
import { predictCommand } from './predict-command.js';
import { predictionText } from './prediction-text.js';
import { summaryWidth } from './ready-model.js';
import { runCommand } from './run-command.js';
import {
  type AfterJob,
  anonymous,
  changed,
  currentModel,
  type DataFile,
  type Effect,
  type Input,
  info,
  modelNamed,
  type Output,
  problems,
  result,
  type Session,
  type SessionEvent,
  type Step,
  say,
  withModel,
} from './session.js';
import { dataStatement } from './statements.js';

/**
 * One step of a session: what it knows, and what has happened, to what it knows then, what it says, and what it asks the host
 * to do. Nothing is read, written or fitted here.
 * @param asked  the effect that the event answers; null for what has been typed
 */
export function reduce(session: Session, event: SessionEvent, asked: Effect | null): Step {
  switch (event.kind) {
    case 'input':
      return typed(session, event.input);
    case 'dataRead': {
      const told = problems(event.diagnostics);
      if (event.loaded === null || asked?.kind !== 'readData') return say(session, ...told);
      const { loaded } = event;
      if (asked.purpose.kind === 'predict')
        return after(told, predictCommand(session, readCommand(asked.purpose.input), loaded.table));
      const next = { ...session, tables: new Map([...session.tables, [loaded.path, loaded]]) };
      return after(told, goOn(next, asked));
    }
    case 'modelRead':
      if (event.text === null || asked?.kind !== 'readModel') return say(session, ...problems(event.diagnostics));
      return after(problems(event.diagnostics), load(session, asked, event.text));
    case 'written':
      if (event.diagnostics.length > 0 || asked?.kind !== 'write') return say(session, ...problems(event.diagnostics));
      return say(session, info(asked.done));
    case 'ran':
      return asked?.kind === 'run' ? finished(session, event.result, asked.purpose) : say(session);
    case 'stopped': {
      const what = asked?.kind === 'run' && asked.purpose.kind === 'fit' ? 'the fit' : 'the computation';
      return say(session, ...problems([diagnostic('MM607', {}, { what })]));
    }
  }
}

function typed(session: Session, input: Input): Step {
  if (input.text.trim() === '') return say(session);
  return input.text.trimStart().startsWith(':') ? runCommand(session, input) : declare(session, input);
}

function after(outputs: readonly Output[], step: Step): Step {
  return { ...step, outputs: [...outputs, ...step.outputs] };
}

function goOn(session: Session, { file, purpose }: Effect & { readonly kind: 'readData' }): Step {
  switch (purpose.kind) {
    case 'input':
      return typed(session, purpose.input);
    case 'load':
      return load(session, purpose, purpose.text);
    case 'predict':
      return say(session);
    case 'data':
      return useData(session, file);
  }
}

/** The data are those of the session from now on, and of the current model, whatever it has said before. */
function useData(session: Session, file: DataFile): Step {
  const model = currentModel(session);
  const at = model.statements.findIndex((s) => s.data?.file != null);
  const named = model.statements[at]?.data ?? null;
  const rest = named === null ? undefined : dataStatement({ ...named, file: null });
  const statements =
    named === null
      ? model.statements
      : rest === undefined
        ? model.statements.toSpliced(at, 1)
        : model.statements.with(at, rest);
  const next = changed(
    session,
    { models: withModel(session.models, { ...model, statements }), data: file },
    `:data ${file.shown}`,
  );
  const now = currentModel(next);
  const checked = checkSessionModel(next, now);
  const told = now.statements.length === 0 ? [] : checked.diagnostics.filter((d) => d.code !== 'MM334');
  const { table } = session.tables.get(file.path) ?? {};
  return say(
    next,
    info(`${table?.rows ?? 0} rows, ${table?.columns.size ?? 0} columns; :data lists them`),
    ...(named?.file == null ? [] : [info(`in place of ${named.file.value}`)]),
    ...inStatements(told, checked, now),
  );
}

interface From {
  readonly file: DataFile;
  readonly ownData: boolean;
}

/** A program without models is one, with the name of its file. */
function load(session: Session, { file, ownData }: From, text: string): Step {
  if (file.path.endsWith('.json')) return loadedFit(session, file, text);
  const report = new Report();
  const program = parseProgram(text, report);
  if (report.hasErrors) return say(session, ...problems(report.sorted(), text, file.shown));
  const name = dataFiles(program, basename(file.path).replace(/\.mm$/, ''))[0]?.model ?? 'model';
  const all = modelsIn(program, text, dirname(file.path), name);
  const written = ownData || session.data === null ? all : all.map(withoutData);
  const purpose = { kind: 'load', file, text, ownData } as const;
  const step = adopt(session, written, { text, name: file.shown, line: 1, purpose }, `:load ${file.shown}`);
  if (step.session === session) return step;
  const names = written.map((w) => w.model.name).join(', ');
  return after([info(`loaded: ${names === '' ? 'no model' : names}`)], step);
}

/** A fit that was saved: all of it but the text of its model. */
function loadedFit(session: Session, file: DataFile, text: string): Step {
  const { fitted, diagnostics } = loadFit(text, file.shown);
  if (fitted === undefined) return say(session, ...problems(diagnostics));
  const name = fitted.graph.name === '' ? anonymous : fitted.graph.name;
  const model = modelNamed(session, name) ?? { name, folder: session.folder, statements: [] };
  const fits = new Map([...session.fits, [name, { fit: fitted.fit, fitted, source: null, path: '', method: null }]]);
  const models = withModel(session.models, model);
  const next = changed({ ...session, fits }, { models, current: name }, `:load ${file.shown}`);
  return say(next, info(`loaded: a fit of '${name}'; :summary shows it`), ...problems(diagnostics));
}

function finished(session: Session, found: JobResult, purpose: AfterJob): Step {
  switch (found.kind) {
    case 'fit':
      return purpose.kind === 'fit' ? fitted(session, found.outcome, purpose) : say(session);
    case 'confint': {
      const { fit, intervals, diagnostics } = found.outcome;
      const name = purpose.kind === 'intervals' || purpose.kind === 'profile' ? purpose.model : session.current;
      const told = toldOf(session, name, [...diagnostics, ...(fit?.warnings ?? [])]);
      if (intervals === undefined) return say(session, ...told);
      const status = statusOf(fit?.converged ?? true);
      if (purpose.kind !== 'profile') return say(session, ...told, result(intervalsText(intervals, name)), ...status);
      const size = plotSize(session, 11);
      const plots = intervals.intervals.flatMap((i) => profilePlot(i, intervals.level, size) ?? []);
      return say(session, ...told, ...(plots.length === 0 ? [] : [result(plots.join('\n\n'))]), ...status);
    }
    case 'compare': {
      const { models, diagnostics } = found.comparison;
      const told = diagnostics.flatMap((d) => toldOf(session, d.of ?? session.current, [d]));
      if (models.length === 0) return say(session, ...told);
      return say(session, ...told, result(comparisonText(models)), ...statusOf(models.every((m) => m.converged)));
    }
    case 'predict': {
      const { prediction, diagnostics } = found.outcome;
      const what = purpose.kind === 'prediction' ? purpose.what : '';
      const shown = prediction === undefined ? [] : [result(predictionText(prediction, what, session.display.rows))];
      return say(session, ...problems(diagnostics), ...shown);
    }
  }
}

function fitted(
  session: Session,
  { fitted, diagnostics }: (JobResult & { kind: 'fit' })['outcome'],
  { model, of }: AfterJob & { readonly kind: 'fit' },
): Step {
  const told = toldOf(session, model, diagnostics);
  if (fitted === undefined) return say(session, ...told);
  const { fit } = fitted;
  const fits = new Map([...session.fits, [model, { ...of, fit, fitted }]]);
  const text = summaryText(fit, { width: summaryWidth(session) });
  return say({ ...session, fits }, ...told, result(text), ...statusOf(fit.converged));
}

/** What has not been told when the model was declared. */
function toldOf(session: Session, name: string, diagnostics: readonly Diagnostic[]): Output[] {
  const model = modelNamed(session, name) ?? currentModel(session);
  const checked = checkSessionModel(session, model);
  const known = new Set(checked.diagnostics.map((d) => `${d.code} ${d.message}`));
  return inStatements(
    diagnostics.filter((d) => !known.has(`${d.code} ${d.message}`)),
    checked,
    model,
  );
}

function statusOf(converged: boolean): Output[] {
  return converged ? [] : [{ kind: 'status', status: exitStatus.notConverged }];
}
