import { Argument, type Command, Option } from 'commander';
import type { ReplOptions } from './commands/repl.js';
import type { CommandKit } from './inference-commands.js';
import type { Shell } from './shell-completion.js';

/** `mm repl` and `mm completion`. */
export function addSessionCommands({ terminal, command, done }: CommandKit): void {
  command(
    'repl',
    'Write, check, fit and change models line by line.',
    `  mm repl --data sleepstudy.csv
  mm repl sleepstudy.mm
  mm repl < script.txt

In the session, :help lists the commands. A script gets no prompts; what is wrong in it is told, and does not keep the rest
from being done.
Exit status of a script: 0 done, 1 something was wrong, 2 wrong usage, 3 a fit has not converged.`,
  )
    .argument('[file]', 'a model file to begin with')
    .option('--data <file>', 'take the rows from this file, whatever the model says')
    .addOption(new Option('--color', 'use colours').default(undefined, 'on a terminal'))
    .option('--no-color', 'never use colours')
    .action(async (file: string | undefined, options: ReplOptions) => {
      const { replCommand } = await import('./commands/repl.js');
      done(await replCommand(file, options, terminal));
    });

  command(
    'completion',
    'Print a script that completes command lines of mm in a shell.',
    `  eval "$(mm completion bash)"      in ~/.bashrc
  eval "$(mm completion zsh)"       in ~/.zshrc, behind compinit
  mm completion fish > ~/.config/fish/completions/mm.fish`,
  )
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: Shell, _: object, self: Command) => {
      const { completionCommand } = await import('./commands/completion.js');
      done(completionCommand(shell, self.parent ?? self, terminal));
    });
}
