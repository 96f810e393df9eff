import { allWords } from '../../grammar/tokens.js';
import type { DataSchema } from '../data/table.js';
import { familyNames } from '../families/family.js';
import { priorNames } from '../priors/prior.js';
import { parseText } from '../syntax/front-end.js';
import { scan } from './scan.js';

export type Colour = 'keyword' | 'number' | 'string' | 'comment' | 'distribution' | 'function' | 'column' | 'operator';

/** A part of a text with a colour; what is not among them has none. */
export interface ColouredSpan {
  readonly start: number;
  readonly end: number;
  readonly colour: Colour;
}

const distributions: ReadonlySet<string> = new Set([...familyNames, ...priorNames]);

/** The coloured parts of a text, from left to right; `schema` tells which names are columns. Any text has some. */
export function highlight(source: string, schema?: DataSchema): ColouredSpan[] {
  const { layout, comments } = parseText(source);
  // Words are keywords only where the layout of the statements says so.
  const keywords = new Set(
    layout.tokens
      .filter((k) => allWords.includes(k.image) && k.tokenType.name !== 'Identifier')
      .map((k) => k.startOffset),
  );
  const words = scan(source);
  const spans = words.flatMap((word, i): ColouredSpan[] => {
    const { start, end, kind, text } = word;
    const one = (colour: Colour) => [{ start, end, colour }];
    if (kind === 'number') return one('number');
    if (kind === 'string') return one('string');
    if (kind === 'mark') return one('operator');
    if (kind !== 'name') return [];
    if (keywords.has(start)) return one('keyword');
    if (words[i + 1]?.text === '(') return one(distributions.has(text) ? 'distribution' : 'function');
    return schema?.columns.has(text.replace(/^`|`$/g, '')) === true ? one('column') : [];
  });
  const all = [...spans, ...comments.map(({ span }) => ({ ...span, colour: 'comment' as const }))];
  return all.sort((a, b) => a.start - b.start);
}
