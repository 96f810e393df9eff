import { type Command, Option } from 'commander';
import { fitTableNames } from '../../results/fit-tables.js';
import { exitStatus } from './exit-status.js';

/** A table of a fit into a file: `--output`, and `--table`, which means nothing without it. */
export function withOutputOptions(command: Command): Command {
  return command
    .option('--output <file>', 'write a table to this file: JSON where its name ends in .json, else CSV')
    .addOption(new Option('--table <name>', 'with --output: which').choices(fitTableNames).default('coefficients'))
    .hook('preAction', (self) => {
      if (self.getOptionValueSource('table') === 'cli' && self.getOptionValueSource('output') === undefined)
        self.error('error: --table says what --output writes, and there is no --output', {
          exitCode: exitStatus.usage,
        });
    });
}
