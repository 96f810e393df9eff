import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CompareOptions } from './commands/compare.js';
import type { ConfintOptions } from './commands/confint.js';
import type { ReportCommandOptions } from './commands/report.js';
import type { ExitStatus } from './exit-status.js';
import { probability, seedNumber, wholeCount } from './option-numbers.js';
import type { Terminal } from './terminal.js';

/** What the program lends to commands that are described elsewhere. */
export interface CommandKit {
  readonly terminal: Terminal;
  command(name: string, what: string, example: string): Command;
  withModelOptions(command: Command): Command;
  done(status: ExitStatus): void;
}

/** `mm confint`, `mm compare` and `mm report`. */
export function addInferenceCommands({ terminal, command, withModelOptions, done }: CommandKit): void {
  withModelOptions(
    command(
      'confint',
      'Print confidence intervals of the parameters, by profile likelihood, standard errors or bootstrap.',
      `  mm confint sleepstudy.mm
  mm confint sleepstudy.mm --level 0.99 --parameter Days sigma
  mm confint cbpp.mm --method wald --json

A REML fit is profiled on the ML deviance.
Exit status: 0 done, 1 the model or the data are wrong, 2 wrong usage, 3 the fit or a limit has not converged.`,
    ),
  )
    .addOption(new Option('--method <name>', 'how').choices(['profile', 'wald', 'bootstrap']).default('profile'))
    .addOption(new Option('--level <p>', 'confidence level, between 0 and 1').argParser(probability).default(0.95))
    .option('--parameter <names...>', 'only these, by the names in the table')
    .addOption(
      new Option('--points <n>', 'with --json: also the profiles, with n points at least on each side').argParser(
        count,
      ),
    )
    .addOption(new Option('--n <number>', 'bootstrap: how many replicates').argParser(wholeCount).default(1000))
    .addOption(new Option('--seed <number>', 'bootstrap: of what is drawn').argParser(seedNumber).default(1))
    .option('--output <file>', 'write the table to this file: JSON where its name ends in .json, else CSV')
    .option('--fit <method>', 'as for mm fit')
    .action(async (file: string, options: ConfintOptions) => {
      const { confintCommand } = await import('./commands/confint.js');
      done(await confintCommand(file, options, terminal));
    });

  command(
    'compare',
    'Compare models of the same rows: likelihood-ratio tests of nested ones, AIC, BIC and weights.',
    `  mm compare small.mm large.mm
  mm compare models.mm --json
  mm compare a.mm b.mm c.mm --data other.csv

Tests are made where one model is a case of another, which is checked. REML fits with different fixed effects are fitted
again by ML.
Exit status: 0 compared, 1 a model or the data are wrong, 2 wrong usage, 3 a fit has not converged.`,
  )
    .argument('<files...>', "the model files, all of whose models are compared; '-' is standard input")
    .option('--data <file>', 'take the rows from this file, whatever the models say')
    .option('--output <file>', 'write the table to this file: JSON where its name ends in .json, else CSV')
    .option('--fit <method>', 'as for mm fit')
    .option('--json', 'print JSON')
    .option('--quiet', 'no warnings, notes or progress; errors are still told')
    .addOption(new Option('--color', 'colour the messages').default(undefined, 'on a terminal'))
    .option('--no-color', 'never colour the messages')
    .action(async (files: string[], options: CompareOptions) => {
      const { compareCommand } = await import('./commands/compare.js');
      done(await compareCommand(files, options, terminal));
    });

  withModelOptions(
    command(
      'report',
      'Fit the models of a file and write what was found as one HTML page, with figures.',
      `  mm report sleepstudy.mm
  mm report sleepstudy.mm --output sleep.html --profile

The page needs no network: it can be sent by mail, read on a phone and printed.
Exit status: 0 written, 1 the model or the data are wrong, 2 wrong usage, 3 written, but a fit has not converged.`,
    ),
  )
    .option('--output <file>', "write the page here; left out, the model's file with the ending .html")
    .option('--profile', 'profile the likelihood of every parameter, however long it takes')
    .option('--no-profile', 'no profiles')
    .option('--fit <method>', 'as for mm fit')
    .action(async (file: string, options: ReportCommandOptions) => {
      const { reportCommand } = await import('./commands/report.js');
      done(await reportCommand(file, options, terminal));
    });
}

function count(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 1000) throw new InvalidArgumentError('It takes a whole number up to 1000.');
  return value;
}
