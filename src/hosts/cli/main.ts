import * as nodeModule from 'node:module';
import { processTerminal } from './terminal.js';

// Node 22 keeps compiled code between runs, which halves the time a command needs to start; Node 20 has no such thing.
// It has to be asked before the rest of the program is loaded, hence the import below that is not at the top.
const { enableCompileCache } = nodeModule as { readonly enableCompileCache?: () => unknown };
enableCompileCache?.();

// A reader that goes away (`mm fit model.mm | head`) is no error of ours.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

// SIGINT has no handler on purpose: a fit is a long run of synchronous arithmetic, in which a handler would never be
// called, while the signal's default action ends the process at once wherever it is (status 130 in a shell). Nothing
// needs cleaning up: results are written once, at the end, and files are replaced by renaming.
const { runCommandLine } = await import('./program.js');
process.exitCode = await runCommandLine(process.argv.slice(2), processTerminal());
