import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { countDiagnostics, renderDiagnostics } from '../../diagnostics/render-text.js';
import type { ModelFile } from './model-file.js';
import { type Terminal, usesColor } from './terminal.js';

/** A screenful; what is wrong beyond that often follows from what is wrong before. */
const mostShown = 10;

/**
 * Diagnostics to stderr, ten of each severity at most; with `--quiet` only errors. `file` null: none of them points into
 * a text.
 */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  file: ModelFile | null,
  options: { readonly quiet?: boolean; readonly color?: boolean },
  terminal: Terminal,
): void {
  const told = options.quiet ? diagnostics.filter((d) => d.severity === 'error') : diagnostics;
  const left: Diagnostic[] = [];
  const counts = { error: 0, warning: 0, note: 0 };
  const shown = told.filter((d) => {
    counts[d.severity]++;
    if (counts[d.severity] <= mostShown) return true;
    left.push(d);
    return false;
  });
  const color = usesColor(options.color, terminal.interactive, terminal);
  terminal.err(renderDiagnostics(shown, file?.text ?? '', file?.name ?? '', { color }));
  if (left.length > 0) terminal.err(`and ${countDiagnostics(left)} more\n`);
}
