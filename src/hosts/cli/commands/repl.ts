import { homedir } from 'node:os';
import { join } from 'node:path';
import { Conversation } from '../../repl/conversation.js';
import { historyFile } from '../../repl/history.js';
import { type Display, newSession } from '../../repl/session.js';
import { WorkerPool } from '../../workers/pool.js';
import { type ExitStatus, exitStatus } from '../exit-status.js';
import type { Terminal } from '../terminal.js';

export interface ReplOptions {
  readonly data?: string;
  readonly color?: boolean;
}

/** `mm repl`: talks with a person at a terminal, or follows a script. */
export async function replCommand(
  file: string | undefined,
  options: ReplOptions,
  terminal: Terminal,
): Promise<ExitStatus> {
  const conversing = process.stdin.isTTY === true && terminal.outIsTerminal;
  const session = newSession(process.cwd(), homedir(), displayOf(terminal, conversing));
  const pool = new WorkerPool(join(__dirname, 'mm-worker.cjs'), 1);
  const conversation = new Conversation(session, terminal, pool, { color: options.color, conversing });
  const opening = [
    ...(options.data === undefined ? [] : [`:data "${options.data}"`]),
    // --data counts, whatever the file says
    ...(file === undefined ? [] : [`:load${options.data === undefined ? '' : '!'} "${file}"`]),
  ];
  try {
    if (!conversing) {
      const { follow } = await import('../../repl/scripted.js');
      return await follow(conversation, process.stdin, opening);
    }
    const { converse } = await import('../../repl/interactive.js');
    const { color } = options;
    await converse(conversation, terminal, { color, opening, historyFile: historyFile(terminal.environment) });
    return exitStatus.ok;
  } finally {
    await pool.close();
  }
}

/** Rows of a long table that a person wants to see at once. */
const screenful = 40;

function displayOf({ columns, environment }: Terminal, conversing: boolean): Display {
  const { LC_ALL, LC_CTYPE, LANG, TERM } = environment;
  const locale = [LC_ALL, LC_CTYPE, LANG].find((text) => text !== undefined && text !== '') ?? '';
  const unicode = process.platform === 'win32' || (/utf-?8/i.test(locale) && TERM !== 'linux');
  return { width: columns, unicode, rows: conversing ? screenful : Number.POSITIVE_INFINITY };
}
