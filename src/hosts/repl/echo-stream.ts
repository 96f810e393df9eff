import { Writable } from 'node:stream';
import type { WriteStream } from 'node:tty';

/** The terminal as readline sees it, through which what is typed can be shown in colours. */
export class EchoStream extends Writable {
  readonly isTTY = true;

  /** @param recolour  what is written, as it shall look; its width must stay the same */
  constructor(
    private readonly terminal: WriteStream,
    private readonly recolour: (text: string) => string,
  ) {
    super({ decodeStrings: false });
    terminal.on('resize', () => this.emit('resize'));
  }

  get columns(): number {
    return this.terminal.columns;
  }

  get rows(): number {
    return this.terminal.rows;
  }

  override _write(chunk: string | Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.terminal.write(typeof chunk === 'string' ? this.recolour(chunk) : chunk);
    done();
  }
}
