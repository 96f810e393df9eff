import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { renderDiagnostic } from '../../diagnostics/render-text.js';
import type { ModelFile } from './model-file.js';
import { type Terminal, usesColor } from './terminal.js';

/** Diagnostics to stderr; with `--quiet` only errors. */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  file: ModelFile | null,
  options: { readonly quiet?: boolean; readonly color?: boolean },
  terminal: Terminal,
): void {
  const color = usesColor(options.color, terminal.interactive, terminal);
  for (const d of diagnostics) {
    if (options.quiet && d.severity !== 'error') continue;
    terminal.err(renderDiagnostic(d, { source: file ?? undefined, color, width: Math.min(terminal.columns, 120) }));
  }
}
