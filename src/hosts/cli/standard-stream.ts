import { fstatSync, statSync, writeSync } from 'node:fs';

/**
 * One of the process's streams, written to at once, as Node's own do it for files, pipes and terminals: those take longer to
 * load than a model to check. They are asked where only they can write.
 */
export class StandardStream {
  /** A console of Windows takes text and not bytes. */
  private throughNode = process.platform === 'win32';
  private isClosed = false;
  private isWatched = false;

  /** @param failed is told why something could not be written; a reader that goes away (`mm fit m.mm | head`) is no failure */
  constructor(
    private readonly fd: 1 | 2,
    private readonly failed: (error: unknown) => void,
  ) {}

  write(text: string): void {
    if (this.isClosed) return;
    if (this.throughNode) this.stream.write(text);
    else this.writeAtOnce(Buffer.from(text));
  }

  get isTerminal(): boolean {
    if (process.platform === 'win32') return this.stream.isTTY === true;
    const status = fstatSync(this.fd);
    return status.isCharacterDevice() && status.rdev !== statSync('/dev/null').rdev;
  }

  /** 0 where it is not known. */
  get columns(): number {
    return this.isTerminal ? this.stream.columns : 0;
  }

  private writeAtOnce(bytes: Buffer): void {
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(this.fd, bytes, written);
    } catch (error) {
      if (codeOf(error) === 'EAGAIN') {
        this.throughNode = true; // a pipe that does not wait: Node keeps what it does not take yet
        this.stream.write(bytes.subarray(written));
      } else this.close(error);
    }
  }

  private get stream(): NodeJS.WriteStream {
    const stream = this.fd === 1 ? process.stdout : process.stderr;
    if (!this.isWatched) stream.on('error', (error) => this.close(error));
    this.isWatched = true;
    return stream;
  }

  private close(error: unknown): void {
    this.isClosed = true;
    if (codeOf(error) !== 'EPIPE') this.failed(error);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
