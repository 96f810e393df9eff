import type { DataSchema } from '../../data/table.js';
import { type Colour, highlight } from '../../services/highlight.js';

const escapes: Readonly<Record<Colour, string>> = {
  keyword: '1;34',
  number: '36',
  string: '32',
  comment: '2',
  distribution: '35',
  function: '33',
  column: '1',
  operator: '',
};

/** A program in colours, by ANSI escapes; without them it is the same text. */
export function paint(source: string, schema?: DataSchema): string {
  let painted = '';
  let at = 0;
  for (const { start, end, colour } of highlight(source, schema)) {
    if (escapes[colour] === '' || start < at) continue;
    painted += `${source.slice(at, start)}\u001b[${escapes[colour]}m${source.slice(start, end)}\u001b[0m`;
    at = end;
  }
  return painted + source.slice(at);
}
