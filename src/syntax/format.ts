import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { Report } from '../diagnostics/report.js';
import { parseProgram } from './build-ast.js';
import { printProgram } from './print.js';

export interface Formatted {
  /** The source unchanged where it has errors. */
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** The program in the usual shape; comments, and single blank lines, stay where they were. */
export function formatSource(source: string): Formatted {
  const report = new Report();
  const program = parseProgram(source, report);
  const diagnostics = report.sorted();
  return { text: report.hasErrors ? source : printProgram(program, source), diagnostics };
}
