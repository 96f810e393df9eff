import { fileProblem } from '../file-problem.js';
import { exitStatus } from './exit-status.js';
import { runCommandLine } from './program.js';
import { processTerminal } from './terminal.js';

export { runCommandLine };

/** The command as a process: arguments, streams and exit status are those of `process`. */
export async function main(): Promise<void> {
  let unwritten = false;
  const terminal = processTerminal((error, isResult) => {
    if (isResult && !unwritten) terminal.err(`error: cannot write the results: ${fileProblem(error)}\n`);
    unwritten = true;
    process.exitCode = exitStatus.wrong;
  });
  // SIGINT has no handler on purpose: a fit is a long run of synchronous arithmetic, in which a handler would never be
  // called, while the signal's default action ends the process at once wherever it is (status 130 in a shell). Nothing
  // needs cleaning up: results are written once, at the end, and files are replaced by renaming. `mm bootstrap`, which keeps what it
  // has done, listens while it runs.
  const status = await runCommandLine(process.argv.slice(2), terminal);
  process.exitCode = unwritten ? exitStatus.wrong : status;
}
