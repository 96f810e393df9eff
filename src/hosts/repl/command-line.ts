import { resolve } from 'node:path';
import type { Code, CodeParameters } from '../../diagnostics/codes.js';
import { diagnostic } from '../../diagnostics/report.js';
import { type CommandName, type CommandSpec, commands } from './commands.js';
import { type DataFile, type Input, problems, type Session, type Step, say } from './session.js';

/** A command as typed: `:save! "my file.mm"`. */
export interface CommandLine {
  readonly input: Input;
  readonly word: string;
  /** With `!` behind the word. */
  readonly forced: boolean;
  /** What stands behind the word. */
  readonly rest: string;
}

export function readCommand(input: Input): CommandLine {
  const found = /^\s*:\s*([A-Za-z?]*)(!?)\s*([\s\S]*?)\s*$/.exec(input.text);
  return { input, word: found?.[1] ?? '', forced: found?.[2] === '!', rest: found?.[3] ?? '' };
}

/** Words behind a command; quotes hold together what blanks would part. */
export function wordsOf(rest: string): string[] {
  return [...rest.matchAll(/"[^"]*"|`[^`]*`|[^\s,]+/g)].map(([word]) => unquoted(word));
}

export function unquoted(text: string): string {
  return /^(["'`])(.*)\1$/s.exec(text)?.[2] ?? text;
}

/** The file that is meant by what was typed. */
export function fileAt({ folder, home }: Session, typed: string): DataFile {
  const shown = unquoted(typed);
  return { path: shown.startsWith('~/') ? resolve(home, shown.slice(2)) : resolve(folder, shown), shown };
}

/** A command that cannot be done; the session stays as it is. */
export function complain<C extends Code>(
  session: Session,
  line: CommandLine,
  code: C,
  parameters: CodeParameters<C>,
): Step {
  const { text, line: at } = line.input;
  const span = { start: text.indexOf(':'), end: text.trimEnd().length };
  return say(session, ...problems([diagnostic(code, { span }, parameters)], text, 'input', at));
}

/** A command with arguments it does not take. */
export function misused(session: Session, line: CommandLine, name: CommandName, reason: string): Step {
  return complain(session, line, 'MM602', { reason, usage: specOf(name).usage });
}

export function specOf(name: CommandName): CommandSpec {
  return commands.find((c) => c.name === name) ?? commands[0];
}
