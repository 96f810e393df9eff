import { basename, resolve } from 'node:path';
import { type Compiled, compile, dataFiles } from '../../compile.js';
import type { DataSchema, Table } from '../../data/table.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { Report } from '../../diagnostics/report.js';
import { parseProgram } from '../../syntax/build-ast.js';
import { type ExitStatus, exitStatus } from './exit-status.js';
import { type ModelFile, readModelFile } from './model-file.js';
import type { Terminal } from './terminal.js';

export interface ModelOptions {
  readonly data?: string;
  readonly model?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly fit?: string;
}

/** A file's models, compiled against the data they name. */
export interface Loaded {
  readonly file: ModelFile | null; // null: it could not be read
  readonly compiled: Compiled | null;
  /** By model name; a model without data, or whose data could not be read, has none. */
  readonly tables: ReadonlyMap<string, Table>;
  readonly readSeconds: ReadonlyMap<string, number>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a model file and the data it names, and compiles it against them. */
export async function loadModels(path: string, options: ModelOptions, terminal: Terminal): Promise<Loaded> {
  const read = await readModelFile(path, terminal);
  if (read.kind === 'unreadable')
    return { file: null, compiled: null, tables: new Map(), readSeconds: new Map(), diagnostics: [read.diagnostic] };
  const { file } = read;
  const name = path === '-' ? 'model' : basename(path).replace(/\.mm$/, '');

  const program = parseProgram(file.text, new Report()); // what it reports, `compile` reports again
  const requests = dataFiles(program, name).filter((r) => options.model === undefined || r.model === options.model);
  const sources = new DataSources(terminal);
  const tables = new Map<string, Table>();
  const readSeconds = new Map<string, number>();
  const schemas = new Map<string, DataSchema>();
  const problems: Diagnostic[] = [];
  for (const request of requests) {
    const source = dataPath(request.file, options.data, file.folder);
    if (source === null) continue;
    const found = await sources.read(source.path, source.shown);
    if (found.isNew) problems.push(...found.diagnostics);
    readSeconds.set(request.model, found.seconds);
    if (found.table === undefined || found.schema === undefined) continue;
    tables.set(request.model, found.table);
    schemas.set(request.model, found.schema);
  }

  const compiled = compile(file.text, {
    name,
    schema: (_, model) => schemas.get(model),
    ...(options.fit === undefined ? {} : { fit: options.fit }),
    ...(options.model === undefined ? {} : { model: options.model }),
  });
  return { file, compiled, tables, readSeconds, diagnostics: [...compiled.diagnostics, ...problems] };
}

/** `--data` is relative to where the command runs, a path in a model to the model's own file. */
function dataPath(inModel: string | null, option: string | undefined, folder: string) {
  if (option !== undefined) return { path: resolve(option), shown: option };
  return inModel === null ? null : { path: resolve(folder, inModel), shown: inModel };
}

/** What was told about the models: wrong usage where an option names what is not there, else wrong or not. */
export function statusOf(diagnostics: readonly Diagnostic[]): ExitStatus {
  if (diagnostics.some((d) => d.code === 'MM383' || d.code === 'MM384')) return exitStatus.usage; // --fit, --model
  return diagnostics.some((d) => d.severity === 'error') ? exitStatus.wrong : exitStatus.ok;
}

interface DataSource {
  readonly table: Table | undefined;
  readonly schema: DataSchema | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly seconds: number;
}

/** Each data file is read once, however many models name it. */
class DataSources {
  private readonly known = new Map<string, DataSource>();

  constructor(private readonly terminal: Terminal) {}

  async read(path: string, shown: string): Promise<DataSource & { readonly isNew: boolean }> {
    const known = this.known.get(path);
    if (known !== undefined) return { ...known, isNew: false };
    const started = this.terminal.now();
    const { readTable } = await import('../read-file.js');
    const { schemaOf } = await import('../../data/schema-of.js');
    const { table, diagnostics } = await readTable(path, { source: shown });
    const schema = table === undefined ? undefined : schemaOf(table);
    const source = { table, schema, diagnostics, seconds: (this.terminal.now() - started) / 1000 };
    this.known.set(path, source);
    return { ...source, isNew: true };
  }
}
