import { goesOn, scan, type Word } from './scan.js';

const heads: ReadonlySet<string> = new Set(['model', 'mixture', 'class']);

/**
 * Whether a text typed so far is only the beginning of something: a bracket or a brace is open, the last line ends with an
 * operator, or a block has its head but no body yet.
 */
export function needsMore(source: string): boolean {
  const words = scan(source);
  let depth = 0;
  for (const { kind } of words) {
    if (kind === 'open') depth++;
    else if (kind === 'close') depth = Math.max(0, depth - 1);
  }
  if (depth > 0) return true;
  let last = words.length - 1;
  while (words[last]?.kind === 'end' && words[last]?.text !== ';') last--;
  return goesOn(words, last) || isHead(words.slice(lastStatement(words, last)));
}

function lastStatement(words: readonly Word[], last: number): number {
  let first = last;
  while (first > 0 && words[first - 1]?.kind !== 'end' && words[first - 1]?.text !== '}') first--;
  return Math.max(0, first);
}

/** `mixture z per g` without its block. */
function isHead(words: readonly Word[]): boolean {
  const [word, name] = words;
  return (
    word !== undefined &&
    heads.has(word.text) &&
    name?.kind === 'name' &&
    !words.some((w) => w.text === '{' || w.text === '~' || w.text === '=')
  );
}
