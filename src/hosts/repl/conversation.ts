import type { Parallel, Progress } from '../../index.js';
import { type ExitStatus, exitStatus, worse } from '../cli/exit-status.js';
import { progressLine } from '../cli/progress-line.js';
import type { Terminal } from '../cli/terminal.js';
import { perform } from './perform.js';
import { type PrintOptions, printOutputs } from './print-output.js';
import { reduce } from './reduce.js';
import type { Effect, Input, Session, SessionEvent } from './session.js';

/** A session with a host around it: what it asks for is done, what it says is printed. */
export class Conversation {
  status: ExitStatus = exitStatus.ok;
  left = false;
  private underWay: AbortController | null = null;

  constructor(
    private current: Session,
    private readonly terminal: Terminal,
    private readonly parallel: Parallel,
    private readonly options: PrintOptions,
  ) {}

  get session(): Session {
    return this.current;
  }

  /** A terminal may change its width at any time. */
  resize(width: number): void {
    this.current = { ...this.current, display: { ...this.current.display, width } };
  }

  /** Ends what takes long, if something does; false: nothing was under way. */
  interrupt(): boolean {
    this.underWay?.abort();
    return this.underWay !== null;
  }

  /** Takes a whole statement or a command; whatever goes wrong, the session goes on from where it was. */
  async take(input: Input): Promise<void> {
    let event: SessionEvent = { kind: 'input', input };
    let asked: Effect | null = null;
    try {
      do {
        const step = reduce(this.current, event, asked);
        this.current = step.session;
        this.status = worse(this.status, printOutputs(step.outputs, this.options, this.terminal));
        asked = step.effect;
        if (asked?.kind === 'leave') this.left = true;
        else if (asked !== null) event = await this.do(asked);
      } while (asked !== null && !this.left);
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.terminal.err(`internal error: this is a mistake in mm, not in what you typed; please report it.\n${text}\n`);
      this.status = worse(this.status, exitStatus.internal);
    }
  }

  private async do(effect: Effect): Promise<SessionEvent> {
    const control = new AbortController();
    const line = progressLine(this.terminal, this.current.current);
    if (effect.kind === 'run') {
      this.underWay = control;
      line.begin('table' in effect.job ? (effect.job.table?.rows ?? 0) : 0);
    }
    try {
      const onProgress = (progress: Progress): void => line.update(progress);
      const { terminal, parallel } = this;
      return await perform(effect, { terminal, parallel, signal: control.signal, onProgress });
    } finally {
      line.clear();
      this.underWay = null;
    }
  }
}
