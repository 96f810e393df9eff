import { renderDiagnostic } from '../../diagnostics/render-text.js';
import { type ExitStatus, exitStatus, worse } from '../cli/exit-status.js';
import { type Terminal, usesColor } from '../cli/terminal.js';
import { paint } from './paint.js';
import type { Output } from './session.js';

export interface PrintOptions {
  readonly color: boolean | undefined;
  /** A person types and reads: also what scripts do without. */
  readonly conversing: boolean;
}

/** Prints what a session says, and tells what it means for the exit status of a script. */
export function printOutputs(outputs: readonly Output[], options: PrintOptions, terminal: Terminal): ExitStatus {
  let status: ExitStatus = exitStatus.ok;
  for (const output of outputs) status = worse(status, print(output, options, terminal));
  return status;
}

function print(output: Output, { color, conversing }: PrintOptions, terminal: Terminal): ExitStatus {
  const onOut = usesColor(color, terminal.outIsTerminal, terminal);
  const onErr = usesColor(color, terminal.interactive, terminal);
  switch (output.kind) {
    case 'result':
      terminal.out(`${output.text}\n`);
      return exitStatus.ok;
    case 'program':
      terminal.out(`${onOut ? paint(output.text) : output.text}\n`);
      return exitStatus.ok;
    case 'info':
      if (conversing) terminal.err(onErr ? `\u001b[2m${output.text}\u001b[0m\n` : `${output.text}\n`);
      return exitStatus.ok;
    case 'problem': {
      const { diagnostic: found, source, name } = output;
      const { span: _, ...placeless } = found;
      // a command that has just been typed stands right above
      const shown = conversing && source.trimStart().startsWith(':') ? placeless : found;
      terminal.err(`${renderDiagnostic(shown, source, name, { color: onErr })}\n`);
      return found.severity === 'error' ? exitStatus.wrong : exitStatus.ok;
    }
    case 'status':
      return output.status;
  }
}
