import { createInterface, type Interface, type Key } from 'node:readline';
import packageJson from '../../../package.json' with { type: 'json' };
import { type Terminal, usesColor } from '../cli/terminal.js';
import { completeLine, schemaFor } from './complete-line.js';
import type { Conversation } from './conversation.js';
import { EchoStream } from './echo-stream.js';
import { filesLike } from './files-like.js';
import { readHistory, remember } from './history.js';
import { paint } from './paint.js';
import { anonymous, type Input } from './session.js';
import { finish, gather, type Unfinished } from './typed-lines.js';

const goingOn = '..> ';

export interface InteractiveOptions {
  readonly color: boolean | undefined;
  readonly historyFile: string;
  /** Typed before the person does: `:data FILE`, `:load FILE`. */
  readonly opening: readonly string[];
}

/** Talks with a person until they leave. */
export async function converse(
  conversation: Conversation,
  terminal: Terminal,
  options: InteractiveOptions,
): Promise<void> {
  const { historyFile } = options;
  const history = await readHistory(historyFile);
  terminal.err(`mm ${packageJson.version}. :help lists the commands, Tab completes, :quit leaves.\n`);
  for (const text of options.opening) await conversation.take({ text, line: 1 });
  await new Promise<void>((done) => new Dialogue(conversation, terminal, options, history, done).start());
}

/** Reads lines from a terminal, one statement after the other. */
class Dialogue {
  private readonly lines: Interface;
  private unfinished: Unfinished | null = null;
  private readonly waiting: string[] = [];
  private busy = false;
  private ended = false;
  private number = 0;
  private shown = '';
  private readonly colors: boolean;

  constructor(
    private readonly conversation: Conversation,
    private readonly terminal: Terminal,
    private readonly options: InteractiveOptions,
    history: string[],
    private readonly done: () => void,
  ) {
    this.colors = usesColor(options.color, terminal.outIsTerminal, terminal);
    const output = this.colors ? new EchoStream(process.stdout, (text) => this.recolour(text)) : process.stdout;
    this.lines = createInterface({
      input: process.stdin,
      output,
      terminal: true,
      history,
      historySize: 1000,
      removeHistoryDuplicates: true,
      completer: (line: string) => this.complete(line),
    });
  }

  start(): void {
    this.lines.on('line', (line) => this.take(line));
    this.lines.on('SIGINT', () => this.interrupt());
    this.lines.on('close', () => this.end());
    process.stdout.on('resize', () => this.conversation.resize(process.stdout.columns));
    if (this.colors) process.stdin.on('keypress', (_: string | undefined, key: Key) => this.repaint(key));
    this.prompt();
  }

  // ── lines ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  private take(line: string): void {
    this.waiting.push(line);
    void remember(this.options.historyFile, line);
    void this.work();
  }

  /** Lines that come while something is under way wait for their turn. */
  private async work(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    for (let line = this.waiting.shift(); line !== undefined; line = this.waiting.shift()) {
      this.number++;
      const { inputs, unfinished } = gather(this.unfinished, line, this.number);
      this.unfinished = unfinished;
      for (const input of inputs) await this.do(input);
    }
    this.busy = false;
    if (this.ended) this.done();
    else this.prompt();
  }

  private async do(input: Input): Promise<void> {
    if (this.ended) return;
    // places are counted from the top of what is on the screen
    await this.conversation.take({ ...input, line: 1 });
    if (this.conversation.left) this.lines.close();
  }

  private prompt(): void {
    this.shown = '';
    this.lines.setPrompt(this.promptText());
    this.lines.prompt();
  }

  private promptText(): string {
    const { current } = this.conversation.session;
    return this.unfinished !== null ? goingOn : current === anonymous ? 'mm> ' : `${current}> `;
  }

  // ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Ctrl-C: ends a fit, else leaves what has been typed. */
  private interrupt(): void {
    if (this.conversation.interrupt()) {
      this.waiting.length = 0;
      return;
    }
    if (this.busy) return;
    const nothing = this.lines.line === '' && this.unfinished === null;
    this.terminal.out(nothing ? '\n(:quit or Ctrl-D leaves)\n' : '^C\n');
    this.unfinished = null;
    this.lines.write(null, { ctrl: true, name: 'e' });
    this.lines.write(null, { ctrl: true, name: 'u' });
    this.prompt();
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    if (!this.conversation.left) this.terminal.out('\n');
    this.conversation.interrupt();
    const { unfinished } = this;
    this.unfinished = null;
    if (this.busy) return;
    if (unfinished === null) this.done();
    else void this.conversation.take(finish(unfinished)).then(this.done);
  }

  private complete(line: string): [string[], string] {
    const { session } = this.conversation;
    const files = (start: string): string[] => filesLike(session, start);
    const { inserts, length } = completeLine(session, line, this.unfinished?.lines ?? [], files);
    return [[...inserts], line.slice(line.length - length)];
  }

  // ── colours ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** readline writes letters as they come; with the whole line written anew, it gets its colours. */
  private repaint(key: Key | undefined): void {
    if (this.busy || this.ended || key?.name === 'return' || key?.name === 'enter') return;
    if (this.lines.line === this.shown) return;
    this.shown = this.lines.line;
    this.lines.prompt(true);
  }

  private recolour(text: string): string {
    const prompt = this.lines.getPrompt();
    const { line } = this.lines;
    if (line === '' || text !== prompt + line || line.trimStart().startsWith(':')) return text;
    return prompt + paint(line, schemaFor(this.conversation.session));
  }
}
