import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const most = 1000;

/** Where the lines of earlier sessions are kept: the XDG state folder. */
export function historyFile(environment: Readonly<Record<string, string | undefined>>): string {
  const { XDG_STATE_HOME } = environment;
  // the specification: a path that is not absolute does not count
  const state = XDG_STATE_HOME?.startsWith('/') === true ? XDG_STATE_HOME : join(homedir(), '.local', 'state');
  return join(state, 'mmlang', 'history');
}

/** The lines of earlier sessions, the latest first; none where there is nothing to read. */
export async function readHistory(file: string): Promise<string[]> {
  try {
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '');
    return lines.slice(-most).reverse();
  } catch {
    return [];
  }
}

/** Adds a line. Several sessions may do so at once; where it cannot be written, the line is forgotten. */
export async function remember(file: string, line: string): Promise<void> {
  if (line.trim() === '') return;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await appendFile(file, `${line}\n`, { mode: 0o600 });
  } catch {
    // a session without memory is still one
  }
}
