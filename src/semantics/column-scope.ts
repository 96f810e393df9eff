import type { ColumnSchema, DataSchema } from '../data/table.js';
import type { Span } from '../diagnostics/span.js';
import type { ColumnType } from '../graph/model-graph.js';

/** What is known of a column; `unknown` where no data were given, so that any name may be one. */
export interface ColumnInfo {
  readonly type: ColumnType | 'unknown';
  readonly levels: readonly string[] | null;
  readonly distinct: readonly number[] | null;
  readonly range: readonly [number, number] | null;
  /** Typed by hand: `data { ... }`, or made by `let`. */
  readonly declared: boolean;
  readonly derived: boolean;
  /** Every level is known to occur in the data. */
  readonly exactLevels: boolean;
}

const assumed: ColumnInfo = {
  type: 'unknown',
  levels: null,
  distinct: null,
  range: null,
  declared: false,
  derived: false,
  exactLevels: false,
};

/** The columns a model can name: those of the data, as declared where declared, and those of `let`. */
export class ColumnScope {
  private readonly columns = new Map<string, ColumnInfo>();
  private readonly other = new Map<string, string>();
  /** First use of each column, in source order of the checks. */
  readonly used = new Map<string, Span>();
  /** Rows are left out by `where`, and maybe levels with them. */
  filtered = false;
  /** With a schema a name that is no column is an error; without one it is assumed to be a column. */
  readonly complete: boolean;

  constructor(schema: DataSchema | undefined) {
    this.complete = schema !== undefined;
    for (const [name, column] of schema?.columns ?? []) this.columns.set(name, fromSchema(column));
  }

  /** Columns that are known to exist. */
  get names(): Iterable<string> {
    return this.columns.keys();
  }

  known(name: string): ColumnInfo | undefined {
    return this.columns.get(name);
  }

  /** As `known`; without a schema every name that means nothing else may be a column. */
  lookup(name: string): ColumnInfo | undefined {
    return this.columns.get(name) ?? (this.complete || this.other.has(name) ? undefined : assumed);
  }

  /** Data columns only, as the file has them: what a declaration may name. */
  declare(name: string, type: ColumnType, levels: readonly string[] | null): void {
    const before = this.columns.get(name);
    const kept = before?.type === type ? before.levels : null;
    this.columns.set(name, {
      type,
      levels: levels ?? kept,
      distinct: type === 'factor' || type === 'ordered' || type === 'text' ? null : (before?.distinct ?? null),
      range: before?.range ?? null,
      declared: true,
      derived: false,
      exactLevels: before !== undefined && sameSet(levels ?? kept, before.levels),
    });
  }

  derive(name: string, type: ColumnType | 'unknown', levels: readonly string[] | null): void {
    this.columns.set(name, {
      type,
      levels,
      distinct: null,
      range: null,
      declared: true,
      derived: true,
      exactLevels: false,
    });
  }

  /** A name that means something else, so that it is not taken for a column: `what` as a message calls it. */
  reserve(name: string, what: string): void {
    if (!this.other.has(name)) this.other.set(name, what);
  }

  /** A name whose definition was wrong and reported: what uses it stays silent. */
  assume(name: string): void {
    if (!this.columns.has(name)) this.columns.set(name, assumed);
  }

  otherMeaning(name: string): string | undefined {
    return this.other.get(name);
  }

  use(name: string, span: Span): void {
    if (!this.used.has(name)) this.used.set(name, span);
  }
}

function fromSchema(column: ColumnSchema): ColumnInfo {
  return {
    type: column.type,
    levels: column.levels,
    distinct: column.distinct,
    range: column.range ?? null,
    declared: false,
    derived: false,
    exactLevels: column.levels !== null,
  };
}

function sameSet(a: readonly string[] | null, b: readonly string[] | null): boolean {
  return a !== null && b !== null && a.length === b.length && a.every((level) => b.includes(level));
}
