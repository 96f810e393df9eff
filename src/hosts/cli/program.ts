import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import packageJson from '../../../package.json' with { type: 'json' };
import { InternalError } from '../../diagnostics/internal-error.js';
import { fitTableNames } from '../../results/fit-tables.js';
import { addBuildCommand } from './build-options.js';
import type { CheckOptions } from './commands/check.js';
import type { ExplainOptions } from './commands/explain.js';
import type { FitOptions } from './commands/fit.js';
import type { FormatOptions } from './commands/fmt.js';
import { type ExitStatus, exitStatus } from './exit-status.js';
import { addInferenceCommands } from './inference-commands.js';
import { addPredictionCommands } from './prediction-commands.js';
import { addSessionCommands } from './session-commands.js';
import type { Terminal } from './terminal.js';

/** Each takes memory of its own. */
const mostThreads = 256;

/** Runs one command line (without `node` and the script) and tells the exit status. */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  let status: ExitStatus = exitStatus.ok;
  const program = describeProgram(terminal, (found) => {
    status = found;
  });
  if (args.length === 0) {
    terminal.err(program.helpInformation());
    return exitStatus.usage;
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.ok : exitStatus.usage;
    return reportInternal(error, terminal);
  }
}

/** Every command with its options. What a command does is loaded only when it is called. */
function describeProgram(terminal: Terminal, done: (status: ExitStatus) => void): Command {
  const program = new Command('mm')
    .description('Fit mixed-effects models written in the mm language.')
    .version(packageJson.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) })
    .configureHelp({ showGlobalOptions: false })
    .exitOverride()
    .addHelpText('after', '\nExample:\n  mm fit examples/sleepstudy.mm\n\nEach command has its own: mm fit --help');

  /** A command that inherits how the program writes and exits. */
  const command = (name: string, what: string, example: string): Command =>
    program
      .command(name)
      .description(what)
      .helpOption('-h, --help', 'print this help')
      .showHelpAfterError(`(mm ${name} --help lists the options)`)
      .addHelpText('after', `\nExamples:\n${example}`);

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
    .option('--save <file>', 'write the fit to this file, for mm predict and mm simulate')
    .option('--output <file>', 'write a table to this file: JSON where its name ends in .json, else CSV')
    .addOption(new Option('--table <name>', 'with --output: which').choices(fitTableNames).default('coefficients'))
    .option('--posterior <file>', 'write the class probabilities of mixtures to this file, as CSV')
    .option('--kr', 'degrees of freedom and standard errors by Kenward and Roger, instead of Satterthwaite')
    .addOption(new Option('--seed <number>', 'seed of everything that is random').argParser(wholeNumber))
    .addOption(
      new Option('--threads <number>', 'search from the starts of mixtures on so many threads; the result is the same')
        .default(undefined, 'all there are')
        .argParser(threadCount),
    )
    .action(async (file: string, options: FitOptions) => {
      const { fitCommand } = await import('./commands/fit.js');
      done(await fitCommand(file, options, terminal));
    });

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

  addPredictionCommands({ terminal, command, withModelOptions, done });
  addInferenceCommands({ terminal, command, withModelOptions, done });
  addBuildCommand({ terminal, command, withModelOptions, done });
  addSessionCommands({ terminal, command, withModelOptions, done });
  return program;
}

function withModelOptions(command: Command): Command {
  return command
    .argument('<file>', "the model file; '-' is standard input")
    .option('--data <file>', 'take the rows from this file, whatever the model says')
    .option('--model <name>', 'only this model of the file')
    .option('--json', 'print JSON')
    .option('--quiet', 'no warnings, notes or progress; errors are still told')
    .addOption(new Option('--color', 'colour the messages').default(undefined, 'on a terminal'))
    .option('--no-color', 'never colour the messages');
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

function reportInternal(error: unknown, terminal: Terminal): ExitStatus {
  const known = error instanceof InternalError ? ` ${JSON.stringify(error.subject ?? null).slice(0, 500)}` : '';
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.err(
    `internal error: this is a mistake in mm, not in your model; please report it with the model.\n${text}${known}\n`,
  );
  return exitStatus.internal;
}
