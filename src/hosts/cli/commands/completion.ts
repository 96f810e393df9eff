import type { Command } from 'commander';
import { programShape } from '../command-shape.js';
import { type ExitStatus, exitStatus } from '../exit-status.js';
import { type Shell, shellCompletion } from '../shell-completion.js';
import type { Terminal } from '../terminal.js';

/** `mm completion SHELL`: what the shell has to know, from the program's own description. */
export function completionCommand(shell: Shell, program: Command, terminal: Terminal): ExitStatus {
  terminal.out(shellCompletion(programShape(program), shell));
  return exitStatus.ok;
}
