import { createRequire } from 'node:module';
import type { IPty } from '@lydell/node-pty';
import type { Terminal as Headless } from '@xterm/headless';
import { mm } from '../run-mm.js';

const load = createRequire(import.meta.url);

/** node-pty brings binaries for some platforms; elsewhere it cannot be loaded. */
export function pseudoTerminal(): typeof import('@lydell/node-pty') | string {
  try {
    return load('@lydell/node-pty') as typeof import('@lydell/node-pty');
  } catch (error) {
    return `no pseudo-terminal on ${process.platform} ${process.arch}: ${error instanceof Error ? error.message : error}`;
  }
}

export interface ScreenOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cols?: number;
  readonly rows?: number;
}

/** The built command in a real pseudo-terminal, seen as a person sees it: through a terminal that draws what comes out. */
export class Screen {
  private readonly process: IPty;
  private readonly terminal: Headless;
  /** Everything that was written, escapes and all. */
  raw = '';
  readonly exited: Promise<number>;

  constructor(args: readonly string[], options: ScreenOptions) {
    const pty = pseudoTerminal();
    if (typeof pty === 'string') throw new Error(pty);
    const { Terminal } = load('@xterm/headless') as typeof import('@xterm/headless');
    const { cols = 100, rows = 50 } = options;
    this.terminal = new Terminal({ cols, rows, allowProposedApi: true, scrollback: 2000 });
    const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
    const env = { ...inherited, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8', ...options.env };
    this.process = pty.spawn(process.execPath, [mm, ...args], { cols, rows, cwd: options.cwd, env });
    this.process.onData((text) => {
      this.raw += text;
      this.terminal.write(text);
    });
    this.exited = new Promise((done) => this.process.onExit(({ exitCode }) => done(exitCode)));
  }

  type(keys: string): void {
    this.process.write(keys);
  }

  /** The text on the screen and above it, line by line. */
  text(): string {
    const buffer = this.terminal.buffer.active;
    const lines = Array.from({ length: buffer.length }, (_, i) => buffer.getLine(i)?.translateToString(true) ?? '');
    return lines.join('\n').trimEnd();
  }

  /** The line the cursor stands in, up to the cursor. */
  beforeCursor(): string {
    const buffer = this.terminal.buffer.active;
    const line = buffer.getLine(buffer.baseY + buffer.cursorY)?.translateToString(false) ?? '';
    return line.slice(0, buffer.cursorX);
  }

  /** Waits until this is so; what is on the screen by then is in the error. */
  async until(what: string | RegExp | (() => boolean), milliseconds = 20_000): Promise<void> {
    const holds = (): boolean => {
      if (typeof what === 'function') return what();
      return typeof what === 'string' ? this.text().includes(what) : what.test(this.text());
    };
    const end = performance.now() + milliseconds;
    while (!holds()) {
      if (performance.now() > end) throw new Error(`waited in vain for ${what}; the screen says:\n${this.text()}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  /** Waits for an empty prompt. */
  async prompt(prompt = 'mm> '): Promise<void> {
    await this.until(() => this.beforeCursor() === prompt);
  }

  /** Types a line and waits for the prompt behind it. */
  async line(text: string, prompt = 'mm> '): Promise<void> {
    const prompts = (): number =>
      this.text()
        .split('\n')
        .filter((line) => /^(\w+|\.\.)> ?/.test(line)).length;
    const before = prompts();
    this.type(`${text}\r`);
    await this.until(() => prompts() > before && this.beforeCursor() === prompt);
  }

  end(): void {
    this.process.kill('SIGKILL');
  }
}
