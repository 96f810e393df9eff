import { runCommandLine } from './program.js';
import { processTerminal } from './terminal.js';

export { runCommandLine };

/** The command as a process: arguments, streams and exit status are those of `process`. */
export async function main(): Promise<void> {
  // A reader that goes away (`mm fit model.mm | head`) is no error of ours.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  // SIGINT has no handler on purpose: a fit is a long run of synchronous arithmetic, in which a handler would never be
  // called, while the signal's default action ends the process at once wherever it is (status 130 in a shell). Nothing
  // needs cleaning up: results are written once, at the end, and files are replaced by renaming.
  process.exitCode = await runCommandLine(process.argv.slice(2), processTerminal());
}
