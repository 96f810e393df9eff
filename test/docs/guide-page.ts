import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../hosts/run-mm.js';

export const guide = join(root, 'spec/guide');

/** A fenced block of a page. */
export interface Block {
  readonly language: string;
  readonly name: string; // what stands behind the language: a file's name
  readonly text: string;
  /** Where its text stands in the page. */
  readonly start: number;
  readonly end: number;
}

export interface Page {
  readonly name: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

export function readPage(name: string): Page {
  const text = readFileSync(join(guide, name), 'utf8');
  const blocks = [...text.matchAll(/^```(\S*) ?(.*)\n([\s\S]*?)^```$/gm)].map((m): Block => {
    const start = m.index + m[0].indexOf('\n') + 1;
    return { language: m[1], name: m[2], text: m[3], start, end: start + m[3].length };
  });
  return { name, text, blocks };
}

/** Files that the page shows: models and programs. */
export function filesOf(page: Page): Block[] {
  return page.blocks.filter((b) => b.name !== '' && (b.language === 'mm' || b.language === 'ts'));
}

/** Something that is run, and the block that shows what it prints. */
export type Run = { readonly shown: Block } & (
  | { readonly kind: 'command'; readonly args: readonly string[] }
  | { readonly kind: 'program'; readonly file: string }
);

/** What a page runs, in its order. */
export function runsIn(page: Page): Run[] {
  return page.blocks.flatMap((block, i): Run[] => {
    if (block.language === 'console') {
      const call = /^\$ mm (.*)$/m.exec(block.text)?.[1] ?? '';
      const args = [...call.matchAll(/"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? m[2]);
      return [{ kind: 'command', args, shown: block }];
    }
    const next = page.blocks[i + 1];
    return block.language === 'ts' && next?.language === 'text'
      ? [{ kind: 'program', file: block.name, shown: next }]
      : [];
  });
}

/** Puts what was printed into the page, where `UPDATE_GUIDE` of the environment asks for it. */
export function update(page: Page, runs: readonly Run[], printed: ReadonlyMap<Run, string>): void {
  let text = page.text;
  for (const run of runs.toReversed()) {
    const { start, end } = run.shown;
    text = text.slice(0, start) + shownText(run, printed.get(run) ?? '') + text.slice(end);
  }
  if (text !== page.text) writeFileSync(join(guide, page.name), text);
}

/**
 * The text of the block of a run. A page that ends a block with `...` shows that many lines and no more; the last line of a fit is never
 * shown: how a search ended, to the last digit, is not what a page is about, and differs between machines.
 */
export function shownText(run: Run, output: string): string {
  const all = output
    .replace(/^Converged after .*$/m, '...')
    .trimEnd()
    .split('\n');
  const before = run.shown.text.trimEnd().split('\n');
  const first = run.kind === 'command' ? before.slice(0, 1) : [];
  const shown = before.length - first.length - 1;
  const lines = before.at(-1) === '...' && shown < all.length ? [...all.slice(0, shown), '...'] : all;
  return `${[...first, ...lines].join('\n').trimEnd()}\n`;
}
