import { type Code, type CodeParameters, codes } from './codes.js';
import type { CodeEntry } from './define.js';
import type { DataPlace, Diagnostic } from './diagnostic.js';
import type { Span } from './span.js';

/** Builds one diagnostic from its code. */
export function diagnostic<C extends Code>(
  code: C,
  place: { readonly span?: Span; readonly data?: DataPlace },
  parameters: CodeParameters<C>,
): Diagnostic {
  const entry = codes[code] as CodeEntry<CodeParameters<C>>;
  const hint = entry.hint?.(parameters);
  const replacement = entry.replacement?.(parameters);
  return {
    code,
    severity: entry.severity,
    message: entry.message(parameters),
    ...(hint === undefined ? {} : { hint }),
    ...(replacement === undefined ? {} : { replacement }),
    ...(place.span === undefined ? {} : { span: place.span }),
    ...(place.data === undefined ? {} : { data: place.data }),
  };
}

/** Collects what a run finds wrong. */
export class Report {
  private readonly found: Diagnostic[] = [];

  add<C extends Code>(code: C, span: Span, parameters: CodeParameters<C>): void {
    this.found.push(diagnostic(code, { span }, parameters));
  }

  /** As `add`, for a problem that the data show: points at the term and at the row and column. */
  addData<C extends Code>(code: C, span: Span | undefined, data: DataPlace, parameters: CodeParameters<C>): void {
    this.found.push(diagnostic(code, { ...(span === undefined ? {} : { span }), data }, parameters));
  }

  push(diagnostics: readonly Diagnostic[]): void {
    this.found.push(...diagnostics);
  }

  get hasErrors(): boolean {
    return this.found.some((d) => d.severity === 'error');
  }

  /** Each finding once, in the order of the source; what has no place comes last. */
  sorted(): Diagnostic[] {
    const at = (d: Diagnostic) => d.span?.start ?? Number.POSITIVE_INFINITY;
    const key = (d: Diagnostic) => JSON.stringify([d.code, d.span, d.message, d.data]);
    const once = new Map(this.found.map((d) => [key(d), d]));
    return [...once.values()].sort((a, b) => (at(a) === at(b) ? 0 : at(a) - at(b)));
  }
}
