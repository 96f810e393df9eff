import type { DataSchema } from '../data/table.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { Report } from '../diagnostics/report.js';
import type { Program } from '../syntax/ast.js';
import { checkModel } from './check-model.js';
import type { CheckedMethod, CheckedModel } from './checked-model.js';
import { type Outline, outlineProgram } from './outline.js';

export interface CheckedProgramModel {
  readonly outline: Outline;
  readonly model: CheckedModel;
  readonly diagnostics: readonly Diagnostic[];
  readonly hasErrors: boolean;
}

export type SchemaFor = (file: string | null, model: string) => DataSchema | undefined;

/** Checks every model of a program, each with its own findings. */
export function checkProgram(
  program: Program,
  schemaFor: SchemaFor,
  method: CheckedMethod | null,
  anonymousName: string,
): CheckedProgramModel[] {
  return outlineProgram(program, anonymousName).map((outline) => {
    const report = new Report();
    const schema = schemaFor(dataFileOf(outline), outline.name);
    const model = checkModel(outline, schema, method, report);
    return { outline, model, diagnostics: report.sorted(), hasErrors: report.hasErrors };
  });
}

/** The file a model reads, as written; null where it names none. */
export function dataFileOf(outline: Outline): string | null {
  for (const s of outline.statements) if (s.kind === 'data' && s.file !== null) return s.file.value;
  return null;
}
