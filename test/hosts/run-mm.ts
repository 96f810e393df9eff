import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');
export const mm = join(root, 'dist/mm.cjs');

export interface Ran {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
  /** From SIGINT to the end; NaN without it. */
  readonly waited: number;
}

export interface RunOptions {
  readonly input?: string;
  readonly cwd?: string;
  /** Another script than the built command. */
  readonly command?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Sends SIGINT this long after the start. */
  readonly interruptAfter?: number;
}

/** Runs the built command, as a user would. */
export function runMm(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const start = performance.now();
  const child = spawn(process.execPath, [options.command ?? mm, ...args], {
    cwd: options.cwd ?? root,
    env: { ...process.env, NO_COLOR: '1', ...options.env },
    stdio: 'pipe',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => {}); // a command that does not read its input
  child.stdin.end(options.input ?? '');
  let interrupted = Number.NaN;
  if (options.interruptAfter !== undefined)
    setTimeout(() => {
      interrupted = performance.now();
      child.kill('SIGINT');
    }, options.interruptAfter);
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (status, signal) => {
      const end = performance.now();
      done({ status, signal, stdout, stderr, milliseconds: end - start, waited: end - interrupted });
    });
  });
}
