import { fileProblem } from '../file-problem.js';
import { exitStatus } from './exit-status.js';
import { runCommandLine } from './program.js';
import { processTerminal } from './terminal.js';

export { runCommandLine };

/** The command as a process: arguments, streams and exit status are those of `process`. */
export async function main(): Promise<void> {
  let unwritten = false;
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') return; // a reader that goes away (`mm fit model.mm | head`) is no error of ours
      if (!unwritten && stream === process.stdout)
        process.stderr.write(`error: cannot write the results: ${fileProblem(error)}\n`);
      unwritten = true;
      process.exitCode = exitStatus.wrong;
    });
  // SIGINT has no handler on purpose: a fit is a long run of synchronous arithmetic, in which a handler would never be
  // called, while the signal's default action ends the process at once wherever it is (status 130 in a shell). Nothing
  // needs cleaning up: results are written once, at the end, and files are replaced by renaming. `mm bootstrap`, which keeps what it
  // has done, listens while it runs.
  const status = await runCommandLine(process.argv.slice(2), processTerminal());
  process.exitCode = unwritten ? exitStatus.wrong : status;
}
