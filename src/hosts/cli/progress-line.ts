import type { Progress } from '../../engines/engine.js';
import type { Terminal } from './terminal.js';

const quietFor = 1000; // ms; most fits are done by then
const between = 100; // ms
const eraseLine = '\r\u001b[2K';

export interface ProgressLine {
  update(progress: Progress): void;
  clear(): void;
}

/**
 * One line on stderr, rewritten in place, that says how far a long fit has come; nothing where stderr is no terminal.
 * The cursor stays visible and the terminal keeps its mode, so a fit that is interrupted leaves nothing to restore.
 */
export function progressLine(terminal: Terminal, model: string): ProgressLine {
  if (!terminal.interactive) return { update: () => {}, clear: () => {} };
  const started = terminal.now();
  let lastShown = Number.NEGATIVE_INFINITY;
  return {
    update({ stage, evaluations, objective }) {
      const now = terminal.now();
      if (now - started < quietFor || now - lastShown < between) return;
      lastShown = now;
      const seconds = Math.floor((now - started) / 1000);
      const text = `${model}: ${stage}, ${evaluations} evaluations, objective ${objective.toFixed(4)}, ${seconds} s`;
      terminal.err(eraseLine + text.slice(0, terminal.columns - 1));
    },
    clear() {
      if (lastShown > Number.NEGATIVE_INFINITY) terminal.err(eraseLine);
      lastShown = Number.NEGATIVE_INFINITY;
    },
  };
}
