import { Command, CommanderError, Option } from 'commander';
import packageJson from '../../../package.json' with { type: 'json' };
import { InternalError } from '../../diagnostics/internal-error.js';
import { addBuildCommand } from './build-options.js';
import { type ExitStatus, exitStatus } from './exit-status.js';
import { addInferenceCommands, type CommandKit } from './inference-commands.js';
import { modelCommands } from './model-commands.js';
import { addPredictionCommands } from './prediction-commands.js';
import { addSessionCommands } from './session-commands.js';
import type { Terminal } from './terminal.js';

/** Runs one command line (without `node` and the script) and tells the exit status. */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  let status: ExitStatus = exitStatus.ok;
  const done = (found: ExitStatus) => {
    status = found;
  };
  const [first] = args;
  const program = describeProgram(
    terminal,
    done,
    first !== undefined && Object.hasOwn(modelCommands, first) ? first : undefined,
  );
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

/**
 * Every command with its options, or one of `modelCommands` where `only` that is called: describing all takes a while. What a
 * command does is loaded when it is called.
 */
function describeProgram(terminal: Terminal, done: (status: ExitStatus) => void, only?: string): Command {
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

  const kit: CommandKit = { terminal, command, withModelOptions, done };
  if (only !== undefined) {
    modelCommands[only]?.(kit);
    return program;
  }
  for (const add of Object.values(modelCommands)) add(kit);
  addPredictionCommands(kit);
  addInferenceCommands(kit);
  addBuildCommand(kit);
  addSessionCommands(kit);
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

function reportInternal(error: unknown, terminal: Terminal): ExitStatus {
  const known = error instanceof InternalError ? ` ${JSON.stringify(error.subject ?? null).slice(0, 500)}` : '';
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.err(
    `internal error: this is a mistake in mm, not in your model; please report it with the model.\n${text}${known}\n`,
  );
  return exitStatus.internal;
}
