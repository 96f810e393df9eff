import type { Span } from './span.js';

/** An error keeps a model from being fitted; a warning may change what a result means; a note says what was taken for granted. */
export type Severity = 'error' | 'warning' | 'note';

/** Where in the data a problem stands; `row` is 1-based and counts the header as no row. */
export interface DataPlace {
  readonly file?: string;
  readonly row?: number;
  readonly column?: string;
}

/** One finding: the same object feeds the terminal, the editor and JSON. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string;
  /** What the hint would put in the place of the span; an editor's quick fix. */
  readonly replacement?: string;
  readonly span?: Span;
  readonly data?: DataPlace;
}
