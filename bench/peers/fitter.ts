import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** One fit as a fitting process reports it; null: the package does not tell, or there is no such thing. */
export interface TimedFit {
  readonly seconds: number; // elapsed
  readonly processor: number; // seconds of processor time, of all threads
  readonly logLik: number | null;
  readonly evaluations: number | null;
  readonly peak: number | null; // MiB of the process so far
  /** Limits of intervals, or standard errors: what other engines should find, too. */
  readonly values: readonly number[];
}

/** A process that has its data loaded and fits when it is told to. */
export class Fitter {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly waiting: ((line: string | null) => void)[] = [];
  private readonly heard: string[] = [];
  private ended = false;
  /** Whether a fit was given up because it took too long. */
  tooSlow = false;

  constructor(command: string, args: readonly string[]) {
    // one thread for the algebra of R; ours takes what it takes, and the processor time of all threads is what counts
    const env = { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
    this.process = spawn(command, args, { env, stdio: 'pipe' });
    this.process.stderr.resume();
    this.process.stdin.on('error', () => {});
    this.process.on('error', () => this.end());
    const lines = createInterface({ input: this.process.stdout });
    lines.on('line', (line) => {
      const next = this.waiting.shift();
      if (next === undefined) this.heard.push(line);
      else next(line);
    });
    lines.on('close', () => this.end());
  }

  private end(): void {
    this.ended = true;
    for (const next of this.waiting.splice(0)) next(null);
  }

  private line(): Promise<string | null> {
    const first = this.heard.shift();
    if (first !== undefined) return Promise.resolve(first);
    if (this.ended) return Promise.resolve(null);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** False where the process could not load its case, or not within so many seconds. */
  async ready(patience: number): Promise<boolean> {
    const alarm = setTimeout(() => this.process.kill('SIGKILL'), 1000 * patience);
    try {
      for (;;) {
        const line = await this.line();
        if (line === null) return false;
        if (line === 'READY') return true;
      }
    } finally {
      clearTimeout(alarm);
    }
  }

  /** Null where the fit failed, or took longer than so many seconds: then the process is ended. */
  async fit(patience: number): Promise<TimedFit | null> {
    if (this.ended) return null;
    this.process.stdin.write('fit\n');
    const alarm = setTimeout(() => {
      this.tooSlow = true;
      this.process.kill('SIGKILL');
    }, 1000 * patience);
    try {
      return await this.result();
    } finally {
      clearTimeout(alarm);
    }
  }

  private async result(): Promise<TimedFit | null> {
    for (;;) {
      const line = await this.line();
      if (line === null || line === 'FAILED') return null;
      if (line.startsWith('RESULT ')) return JSON.parse(line.slice(7));
    }
  }

  stop(): void {
    this.process.stdin.end('quit\n');
  }
}
