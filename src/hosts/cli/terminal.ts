import { StandardStream } from './standard-stream.js';

/** What a command needs of the process it runs in; tests give their own. */
export interface Terminal {
  /** Results. */
  out(text: string): void;
  /** Diagnostics and progress. */
  err(text: string): void;
  readonly stdinBytes: () => Promise<Uint8Array>;
  /** True where stderr is a terminal that a person may look at. */
  readonly interactive: boolean;
  readonly outIsTerminal: boolean;
  readonly columns: number;
  /** Milliseconds, from any origin. */
  readonly now: () => number;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** @param unwritten is told what keeps results, or else what goes to stderr, from being written */
export function processTerminal(unwritten: (error: unknown, isResult: boolean) => void): Terminal {
  const stdout = new StandardStream(1, (error) => unwritten(error, true));
  const stderr = new StandardStream(2, (error) => unwritten(error, false));
  return {
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    stdinBytes: async () => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk); // asking for stdin opens it, which takes time
      return Buffer.concat(chunks);
    },
    get interactive() {
      return stderr.isTerminal;
    },
    get outIsTerminal() {
      return stdout.isTerminal;
    },
    get columns() {
      return stderr.columns || stdout.columns || 80; // a terminal that does not know says 0
    },
    now: () => Number(process.hrtime.bigint()) / 1e6,
    environment: process.env,
  };
}

/** `--color`, `--no-color`, then NO_COLOR, FORCE_COLOR and a dumb terminal; else whether `isTerminal`. */
export function usesColor(option: boolean | undefined, isTerminal: boolean, terminal: Terminal): boolean {
  if (option !== undefined) return option;
  const { NO_COLOR, FORCE_COLOR, TERM } = terminal.environment;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  return isTerminal && TERM !== 'dumb';
}
