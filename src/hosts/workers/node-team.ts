import type { Worker } from 'node:worker_threads';
import type { ThreadTeam, Workplace } from '../../index.js';
import { type HelperStart, SLEEPERS, TURN } from './helper-start.js';

/**
 * Bytes. A helper that waits collects no garbage, so it may hold every memory that it has worked on: after this much it is
 * ended, and another one starts when there is work again.
 */
const mostHeld = 2 ** 28;

/**
 * Helpers for one fit at a time, started when there is something to do for them. They never keep the process alive; where they
 * cannot start, the one that asks does everything.
 */
export class NodeTeam implements ThreadTeam {
  private control = new Int32Array(new SharedArrayBuffer(8));
  private helpers: readonly Worker[] | null = null;
  private place: Workplace | null = null;
  private held = 0;

  /**
   * @param file     what each helper runs: the built form of `helper.ts`
   * @param threads  with the one that asks; at least 1
   */
  constructor(
    private readonly file: string,
    readonly threads: number,
  ) {}

  wake(place: Workplace): void {
    if (place !== this.place) this.move(place);
    Atomics.add(this.control, TURN, 1);
    if (Atomics.load(this.control, SLEEPERS) > 0) Atomics.notify(this.control, TURN);
  }

  rest(): void {
    if (this.place === null) return;
    if (this.held > mostHeld) {
      void this.close();
      return;
    }
    this.move(null);
    Atomics.add(this.control, TURN, 1);
    Atomics.notify(this.control, TURN);
  }

  /** Ends the helpers; not to be called while one is asked. */
  async close(): Promise<void> {
    const helpers = this.helpers ?? [];
    this.helpers = null;
    this.place = null;
    this.held = 0;
    this.control = new Int32Array(new SharedArrayBuffer(8)); // the old helpers may still look at theirs
    await Promise.all(helpers.map((h) => h.terminate()));
  }

  private move(place: Workplace | null): void {
    this.place = place;
    this.held += place?.memory.buffer.byteLength ?? 0;
    this.helpers ??= this.start();
    for (const helper of this.helpers) helper.postMessage(place);
  }

  private start(): readonly Worker[] {
    const helpers: Worker[] = [];
    try {
      // loaded when it is needed, for most fits need no threads
      const { Worker } = process.getBuiltinModule('node:worker_threads');
      while (helpers.length < this.threads - 1) {
        const start: HelperStart = { control: this.control, index: helpers.length };
        const helper = new Worker(this.file, { workerData: start, execArgv: [] });
        helper.on('error', () => {}); // without it, everything is done here
        helper.unref();
        helpers.push(helper);
      }
    } catch {
      // the platform gives no more threads
    }
    return helpers;
  }
}
