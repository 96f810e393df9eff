import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CheckOptions } from './commands/check.js';
import type { ExplainOptions } from './commands/explain.js';
import type { FitOptions } from './commands/fit.js';
import type { FormatOptions } from './commands/fmt.js';
import { exitStatus } from './exit-status.js';
import type { CommandKit } from './inference-commands.js';
import { withOutputOptions } from './output-options.js';

/** Each takes memory of its own. */
const mostThreads = 256;

/** The commands that are called most, each described alone. */
export const modelCommands: Readonly<Record<string, (kit: CommandKit) => void>> = {
  fit: addFitCommand,
  check: addCheckCommand,
  explain: addExplainCommand,
  fmt: addFormatCommand,
};

function addFitCommand({ terminal, command, withModelOptions, done }: CommandKit): void {
  withOutputOptions(
    withModelOptions(
      command(
        'fit',
        'Fit the models of a file and print what was found.',
        `  mm fit sleepstudy.mm
  mm fit sleepstudy.mm --data other.csv --json --ranef
  mm fit cbpp.mm --fit "agq(25)"
  echo 'Reaction ~ Days + (Days | Subject)' | mm fit - --data sleepstudy.csv

Exit status: 0 fitted, 1 the model or the data are wrong, 2 wrong usage, 3 fitted but not converged.`,
      ),
    )
      .option('--fit <method>', 'estimate by this method, whatever the model says: reml, ml, "agq(25)", ...')
      .option('--ranef', 'also give the random effects, level by level')
      .option('--fitted', 'also give the fitted values')
      .option('--save <file>', 'write the fit to this file, for mm predict and mm simulate'),
  )
    .option('--posterior <file>', 'write the class probabilities of mixtures to this file, as CSV')
    .option('--kr', 'degrees of freedom and standard errors by Kenward and Roger, instead of Satterthwaite')
    .addOption(new Option('--seed <number>', 'seed of everything that is random').argParser(wholeNumber))
    .addOption(
      new Option(
        '--threads <number>',
        'factor large matrices and try starts of mixtures on so many threads; the result is the same',
      )
        .default(undefined, 'all there are')
        .argParser(threadCount),
    )
    .action(async (file: string, options: FitOptions) => {
      const { fitCommand } = await import('./commands/fit.js');
      done(await fitCommand(file, options, terminal));
    });
}

function addCheckCommand({ terminal, command, withModelOptions, done }: CommandKit): void {
  withModelOptions(
    command(
      'check',
      'Check the models of a file, and whether the data fit them, without fitting.',
      `  mm check sleepstudy.mm
  mm check sleepstudy.mm --json`,
    ),
  ).action(async (file: string, options: CheckOptions) => {
    const { checkCommand } = await import('./commands/check.js');
    done(await checkCommand(file, options, terminal));
  });
}

function addExplainCommand({ terminal, command, withModelOptions, done }: CommandKit): void {
  withModelOptions(
    command(
      'explain',
      'Print what a model means: its graph, the engine that will fit it and why.',
      `  mm explain sleepstudy.mm
  mm explain sleepstudy.mm --json`,
    ),
  )
    .option('--fit <method>', 'as for mm fit')
    .action(async (file: string, options: ExplainOptions) => {
      const { explainCommand } = await import('./commands/explain.js');
      done(await explainCommand(file, options, terminal));
    });
}

function addFormatCommand({ terminal, command, done }: CommandKit): void {
  command(
    'fmt',
    'Print a file in the standard layout.',
    `  mm fmt sleepstudy.mm
  mm fmt --write models/*.mm
  mm fmt --check models/*.mm`,
  )
    .argument('<files...>', "the model files; '-' is standard input")
    .option('--write', 'write the files in place')
    .addOption(
      new Option('--check', 'only say which files are not in the standard layout (status 1)').conflicts('write'),
    )
    .addOption(new Option('--color', 'colour the messages').default(undefined, 'on a terminal'))
    .option('--no-color', 'never colour the messages')
    .action(async (files: string[], options: FormatOptions, self: Command) => {
      if (files.length > 1 && !options.write && !options.check)
        self.error('error: several files need --write or --check', { exitCode: exitStatus.usage });
      const { formatCommand } = await import('./commands/fmt.js');
      done(await formatCommand(files, options, terminal));
    });
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('It takes a whole number that is not negative.');
  return value;
}

function threadCount(text: string): number {
  const value = wholeNumber(text);
  if (value < 1 || value > mostThreads)
    throw new InvalidArgumentError(`It takes a whole number from 1 to ${mostThreads}.`);
  return value;
}
