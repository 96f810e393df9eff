import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { renderDiagnostics } from '../../diagnostics/render-text.js';
import type { ModelFile } from './model-file.js';
import { type Terminal, usesColor } from './terminal.js';

/** Diagnostics to stderr; with `--quiet` only errors. `file` null: none of them points into a text. */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  file: ModelFile | null,
  options: { readonly quiet?: boolean; readonly color?: boolean },
  terminal: Terminal,
): void {
  const shown = options.quiet ? diagnostics.filter((d) => d.severity === 'error') : diagnostics;
  const color = usesColor(options.color, terminal.interactive, terminal);
  terminal.err(renderDiagnostics(shown, file?.text ?? '', file?.name ?? '', { color }));
}
