import { needsMore } from '../../services/needs-more.js';
import { isCommand } from './commands.js';
import type { Input } from './session.js';

/** Lines that are not all yet. */
export interface Unfinished {
  readonly lines: readonly string[];
  readonly first: number; // number of the first line
}

export interface Gathered {
  /** What is whole, in order; mostly nothing or one. */
  readonly inputs: readonly Input[];
  readonly unfinished: Unfinished | null;
}

/** A line more. A command ends what was left open before it; so does an empty line, but in brackets or braces. */
export function gather(before: Unfinished | null, line: string, number: number): Gathered {
  if (before !== null && isCommand(line)) {
    const { inputs, unfinished } = gather(null, line, number);
    return { inputs: [finish(before), ...inputs], unfinished };
  }
  const { lines, first } = before ?? { lines: [], first: number };
  const all = { lines: [...lines, line], first };
  const command = before === null && line.trimStart().startsWith(':');
  if (command || !needsMore(all.lines.join('\n'))) return { inputs: [finish(all)], unfinished: null };
  const open = needsMore(`${all.lines.join('\n')}\n0`);
  if (before !== null && line.trim() === '' && !open) return { inputs: [finish(all)], unfinished: null };
  return { inputs: [], unfinished: all };
}

export function finish({ lines, first }: Unfinished): Input {
  return { text: lines.join('\n'), line: first };
}
