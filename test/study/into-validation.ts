import { readFileSync, writeFileSync } from 'node:fs';

/** Puts a study's report between its markers in `spec/validation.md`. */
export function intoValidation(study: string, report: string): void {
  const file = 'spec/validation.md';
  const start = `<!-- ${study}: begin -->`;
  const end = `<!-- ${study}: end -->`;
  const text = readFileSync(file, 'utf8');
  const [before, rest] = text.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${file} lacks the markers of ${study}`);
  writeFileSync(file, `${before}${start}\n${report}\n${end}${after}`);
}
