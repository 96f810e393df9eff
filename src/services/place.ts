import { goesOn, scan, type Word } from './scan.js';

export type BlockKind = 'program' | 'model' | 'mixture' | 'class' | 'data';

/** An open bracket before the place, with the name that stands before it. */
export interface OpenBracket {
  readonly mark: string;
  /** Of a call, or of `beta[`; of `sd(g)[` it is `sd`; empty where nothing stands before the bracket. */
  readonly callee: string;
  /** Of `sd(g)[`: `g`. */
  readonly of: string;
  /** The words inside the bracket, up to the place. */
  readonly inside: readonly Word[];
}

/** Where in a program an offset stands, as far as the words before it tell. */
export interface Place {
  readonly block: BlockKind;
  /** The words of the statement before the place, without the one that is being written. */
  readonly before: readonly Word[];
  /** Innermost last. */
  readonly brackets: readonly OpenBracket[];
  /** What is written of the word at the place; inside of a text in quotes, of that text. */
  readonly prefix: string;
  /** Start and end of the word at the place, in which a completion is to be put. */
  readonly start: number;
  readonly end: number;
  readonly inString: boolean;
  readonly inComment: boolean;
}

export function placeAt(source: string, offset: number): Place {
  const words = scan(source);
  const own = words.find((w) => w.start < offset && (offset < w.end || (offset === w.end && isOpenEnded(w))));
  const before = words.filter((w) => w.end <= offset && w !== own);
  const { block, first } = blockAt(before);
  const inString = own?.kind === 'string';
  const named = own?.kind === 'name' || own?.kind === 'number';
  const start = own === undefined || !(inString || named) ? offset : own.start + (inString ? 1 : 0);
  const closed = inString && own?.unclosed !== true;
  const end = own === undefined || !(inString || named) ? offset : own.end - (closed ? 1 : 0);
  const statement = before.slice(first);
  return {
    block,
    before: statement,
    brackets: bracketsIn(statement),
    prefix: source.slice(start, offset).replace(/^`/, ''),
    start,
    end: Math.max(end, offset),
    inString,
    inComment: isInComment(source, offset, words),
  };
}

/** Words that go on where the cursor stands right behind them. */
function isOpenEnded(word: Word): boolean {
  if (word.kind === 'name') return word.unclosed === true || !word.text.startsWith('`');
  return word.unclosed === true || word.kind === 'number';
}

function isInComment(source: string, offset: number, words: readonly Word[]): boolean {
  const line = source.lastIndexOf('\n', offset - 1) + 1;
  for (let hash = source.indexOf('#', line); hash >= 0 && hash < offset; hash = source.indexOf('#', hash + 1))
    if (!words.some((w) => w.start <= hash && hash < w.end)) return true;
  return false;
}

/** The innermost block, and the index of the first word of the statement that is being written. */
function blockAt(words: readonly Word[]): { readonly block: BlockKind; readonly first: number } {
  const blocks: BlockKind[] = [];
  let first = 0;
  let depth = 0;
  words.forEach((word, i) => {
    if (word.text === '{') {
      blocks.push(kindOf(words.slice(first, i)));
      first = i + 1;
      depth = 0;
    } else if (word.text === '}') {
      blocks.pop();
      first = i + 1;
      depth = 0;
    } else if (word.kind === 'open') depth++;
    else if (word.kind === 'close') depth = Math.max(0, depth - 1);
    else if (word.kind === 'end' && depth === 0 && !goesOn(words, i - 1)) first = i + 1;
    else if (word.text === ',' && depth === 0 && blocks.at(-1) === 'data') first = i + 1;
  });
  return { block: blocks.at(-1) ?? 'program', first };
}

function kindOf(head: readonly Word[]): BlockKind {
  const word = head.find((w) => w.kind === 'name')?.text;
  return word === 'mixture' || word === 'class' || word === 'data' ? word : 'model';
}

function bracketsIn(words: readonly Word[]): OpenBracket[] {
  const open: number[] = [];
  words.forEach((word, i) => {
    if (word.kind === 'open') open.push(i);
    else if (word.kind === 'close') open.pop();
  });
  return open.map((at) => {
    const call = calleeOf(words, at);
    return { mark: words[at]?.text ?? '', ...call, inside: words.slice(at + 1) };
  });
}

function calleeOf(words: readonly Word[], at: number): { readonly callee: string; readonly of: string } {
  const before = words[at - 1];
  if (before?.kind === 'name') return { callee: before.text, of: '' };
  if (before?.text !== ')') return { callee: '', of: '' };
  let depth = 1;
  let k = at - 2;
  for (; k >= 0 && depth > 0; k--) {
    if (words[k]?.kind === 'close') depth++;
    else if (words[k]?.kind === 'open') depth--;
  }
  const name = words[k];
  const of = words
    .slice(k + 2, at - 1)
    .map((w) => w.text)
    .join('');
  return { callee: name?.kind === 'name' ? name.text : '', of };
}
