import type { Terminal } from './terminal.js';

/** One JSON value on a line of its own; indented for a person who looks at it. */
export function printJson(value: unknown, terminal: Terminal): void {
  terminal.out(`${JSON.stringify(value, null, terminal.outIsTerminal ? 2 : 0)}\n`);
}
