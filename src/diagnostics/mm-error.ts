import type { Diagnostic } from './diagnostic.js';
import { renderDiagnostic } from './render-text.js';

/** A wrong program or hopeless data, for callers who get exceptions instead of lists of findings. */
export class MmError extends Error {
  override readonly name = 'MmError';

  /**
   * @param diagnostics  at least one error; warnings may be among them
   * @param source       the program they are about, for the excerpts in the message
   */
  constructor(
    readonly diagnostics: readonly Diagnostic[],
    source = '',
  ) {
    const errors = diagnostics.filter((d) => d.severity === 'error');
    super(
      (errors.length > 0 ? errors : diagnostics)
        .map((d) => renderDiagnostic(d, source, 'model', { color: false }))
        .join('\n'),
    );
  }
}
