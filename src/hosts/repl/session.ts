import type { DataSchema, Table } from '../../data/table.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Fit } from '../../index.js';
import type { ExitStatus } from '../cli/exit-status.js';
import type { FittedModel, Job, JobResult } from './jobs.js';
import type { SessionStatement } from './statements.js';

/** What a session knows: plain values, so that whatever goes wrong, the one before is still there. */
export interface Session {
  /** Absolute; paths that are typed are relative to it. */
  readonly folder: string;
  /** What `~/` stands for. */
  readonly home: string;
  readonly display: Display;
  /** At least one; names are unique. */
  readonly models: readonly SessionModel[];
  readonly current: string;
  /** Of models that name no data themselves. */
  readonly data: DataFile | null;
  /** Those read so far, by absolute path. */
  readonly tables: ReadonlyMap<string, LoadedTable>;
  /** By the model's name. */
  readonly fits: ReadonlyMap<string, KeptFit>;
  /** What `:undo` goes back to, the last first. */
  readonly past: readonly Past[];
}

export interface Display {
  readonly width: number;
  /** Whether plots may use more than ASCII. */
  readonly unicode: boolean;
  /** Rows of a long table that are shown. */
  readonly rows: number;
}

export interface SessionModel {
  readonly name: string;
  /** Absolute; the data file a model names is relative to it. */
  readonly folder: string;
  readonly statements: readonly SessionStatement[];
}

export interface DataFile {
  readonly path: string; // absolute
  readonly shown: string; // as typed
}

export interface LoadedTable extends DataFile {
  readonly table: Table;
  readonly schema: DataSchema;
}

/** A fit, and what it is a fit of. */
export interface KeptFit {
  readonly fit: Fit;
  readonly fitted: FittedModel;
  /** The model it is a fit of; null where the fit was read from a file. */
  readonly source: string | null;
  readonly path: string; // of its data
  /** Given to `:fit`, in place of the model's own. */
  readonly method: string | null;
}

export interface Past extends Pick<Session, 'models' | 'current' | 'data'> {
  /** What has been done since, in words. */
  readonly what: string;
}

/** What a session has to say. */
export type Output =
  | { readonly kind: 'result'; readonly text: string }
  /** A program, to be coloured as one. */
  | { readonly kind: 'program'; readonly text: string }
  /** For a person at a terminal; scripts do without. */
  | { readonly kind: 'info'; readonly text: string }
  /** `name`: what the source is called in front of line and column. */
  | { readonly kind: 'problem'; readonly diagnostic: Diagnostic; readonly source: string; readonly name: string }
  | { readonly kind: 'status'; readonly status: ExitStatus };

/** What the host has to do before the session can go on; it tells of it by an event. */
export type Effect =
  /** `purpose`: what waits for the data. */
  | { readonly kind: 'readData'; readonly file: DataFile; readonly purpose: Waiting }
  /** `ownData`: the data that its models name count, not those of the session. */
  | { readonly kind: 'readModel'; readonly file: DataFile; readonly ownData: boolean }
  | {
      readonly kind: 'write';
      readonly file: DataFile;
      readonly text: string;
      readonly overwrite: boolean;
      readonly done: string;
    }
  | { readonly kind: 'run'; readonly job: Job; readonly purpose: AfterJob }
  | { readonly kind: 'leave' };

export type Waiting =
  | { readonly kind: 'input'; readonly input: Input }
  | { readonly kind: 'data' }
  | { readonly kind: 'load'; readonly file: DataFile; readonly text: string; readonly ownData: boolean }
  /** New rows for a prediction, which are not kept. */
  | { readonly kind: 'predict'; readonly input: Input };

/** What a job's results are for. */
export type AfterJob =
  | { readonly kind: 'fit'; readonly of: Omit<KeptFit, 'fit' | 'fitted'>; readonly model: string }
  | { readonly kind: 'intervals'; readonly model: string }
  | { readonly kind: 'profile'; readonly model: string }
  | { readonly kind: 'comparison' }
  | { readonly kind: 'prediction'; readonly what: string };

export interface Input {
  readonly text: string;
  /** The line it starts on, from 1; messages count from there. */
  readonly line: number;
}

export type SessionEvent =
  | { readonly kind: 'input'; readonly input: Input }
  | { readonly kind: 'dataRead'; readonly loaded: LoadedTable | null; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'modelRead'; readonly text: string | null; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'written'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'ran'; readonly result: JobResult }
  | { readonly kind: 'stopped' };

export interface Step {
  readonly session: Session;
  readonly outputs: readonly Output[];
  readonly effect: Effect | null;
}

/** What a model without a name is called. */
export const anonymous = 'model';

export function newSession(folder: string, home: string, display: Display): Session {
  return {
    folder,
    home,
    display,
    models: [{ name: anonymous, folder, statements: [] }],
    current: anonymous,
    data: null,
    tables: new Map(),
    fits: new Map(),
    past: [],
  };
}

export function currentModel(session: Session): SessionModel {
  return modelNamed(session, session.current) ?? { name: session.current, folder: session.folder, statements: [] };
}

export function modelNamed(session: Session, name: string): SessionModel | undefined {
  return session.models.find((m) => m.name === name);
}

const mostPast = 200;

/** The session with some things changed, and the way back. */
export function changed(session: Session, change: Partial<Omit<Past, 'what'>>, what: string): Session {
  const { models, current, data } = session;
  return { ...session, ...change, past: [{ models, current, data, what }, ...session.past].slice(0, mostPast) };
}

/** The models with one of them in a new state; a name that none has yet is added. */
export function withModel(models: readonly SessionModel[], model: SessionModel): readonly SessionModel[] {
  return models.some((m) => m.name === model.name)
    ? models.map((m) => (m.name === model.name ? model : m))
    : [...models, model];
}

export function say(session: Session, ...outputs: readonly Output[]): Step {
  return { session, outputs, effect: null };
}

export function result(text: string): Output {
  return { kind: 'result', text };
}

export function info(text: string): Output {
  return { kind: 'info', text };
}

/** Diagnostics with places in `source`, which starts on a line of its own of what was typed. */
export function problems(diagnostics: readonly Diagnostic[], source = '', name = 'input', line = 1): Output[] {
  const above = '\n'.repeat(line - 1);
  return diagnostics.map((d) => ({
    kind: 'problem',
    diagnostic:
      d.span === undefined ? d : { ...d, span: { start: d.span.start + above.length, end: d.span.end + above.length } },
    source: above + source,
    name,
  }));
}
