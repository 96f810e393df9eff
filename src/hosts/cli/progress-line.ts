import type { Progress } from '../../index.js';
import type { Terminal } from './terminal.js';

const quietFor = 1000; // ms; most fits are done by then
const between = 100; // ms
const manyRows = 50_000; // an evaluation may take seconds, and nothing can be shown within one
const eraseLine = '\r\u001b[2K';

export interface ProgressLine {
  /** Shows what is about to be fitted, where that is so much that the first news of it may be long in coming. */
  begin(rows: number): void;
  update(progress: Progress): void;
  clear(): void;
}

/**
 * One line on stderr, rewritten in place, that says how far a long fit has come; nothing where stderr is no terminal.
 * The cursor stays visible and the terminal keeps its mode, so a fit that is interrupted leaves nothing to restore.
 */
export function progressLine(terminal: Terminal, model: string): ProgressLine {
  if (!terminal.interactive) return { begin: () => {}, update: () => {}, clear: () => {} };
  const started = terminal.now();
  let lastShown = Number.NEGATIVE_INFINITY;
  const show = (text: string) => {
    lastShown = terminal.now();
    terminal.err(eraseLine + text.slice(0, terminal.columns - 1));
  };
  return {
    begin(rows) {
      if (rows >= manyRows) show(`${model}: ${rows} rows`);
    },
    update({ stage, evaluations, objective, round }) {
      const now = terminal.now();
      if (now - started < quietFor || now - lastShown < between) return;
      const seconds = Math.floor((now - started) / 1000);
      const count = `${evaluations} evaluation${evaluations === 1 ? '' : 's'}`;
      const draws = round?.effectiveDraws == null ? '' : `, least effective draws ${Math.round(round.effectiveDraws)}`;
      const how = round === undefined ? stage : `${stage} ${round.iteration}`;
      show(`${model}: ${how}, ${count}, objective ${objective.toFixed(4)}${draws}, ${seconds} s`);
    },
    clear() {
      if (lastShown > Number.NEGATIVE_INFINITY) terminal.err(eraseLine);
      lastShown = Number.NEGATIVE_INFINITY;
    },
  };
}

/** The same for work that is counted. */
export function countLine(terminal: Terminal, what: string): { update(done: number, of: number): void; clear(): void } {
  if (!terminal.interactive) return { update: () => {}, clear: () => {} };
  const started = terminal.now();
  let lastShown = Number.NEGATIVE_INFINITY;
  return {
    update(done, of) {
      const now = terminal.now();
      if (now - started < quietFor || now - lastShown < between) return;
      lastShown = now;
      const seconds = Math.floor((now - started) / 1000);
      terminal.err(eraseLine + `${what} ${done} of ${of}, ${seconds} s`.slice(0, terminal.columns - 1));
    },
    clear() {
      if (lastShown > Number.NEGATIVE_INFINITY) terminal.err(eraseLine);
    },
  };
}
