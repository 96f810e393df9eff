import { InvalidArgumentError, Option } from 'commander';
import type { BuildOptions } from './commands/build.js';
import type { CommandKit } from './inference-commands.js';

/** `mm build`. */
export function addBuildCommand({ terminal, command, done }: CommandKit): void {
  command(
    'build',
    'Write the models of a file as a typed TypeScript module.',
    `  mm build sleepstudy.mm -o src/sleepstudy.ts
  mm build sleepstudy.mm -o src/sleepstudy.mm.d.ts      # the types alone, for an imported .mm file
  mm build sleepstudy.mm -o src/sleepstudy.ts --check   # status 1 where it would change

The module holds the compiled models, not the data; names of coefficients are taken from the data that the models name,
where these can be read. It is written whole or not at all.`,
  )
    .argument('<file>', "the model file; '-' is standard input")
    .addOption(
      new Option('-o, --output <file>', 'write it here: .ts, .js, or .d.ts for the types alone').argParser(moduleFile),
    )
    .addOption(new Option('--check', 'only say whether the output would change (status 1)'))
    .option('--data <file>', 'take the names from this file, whatever the models say')
    .option('--model <name>', 'only this model of the file')
    .option('--quiet', 'no warnings or notes; errors are still told')
    .addOption(new Option('--color', 'colour the messages').default(undefined, 'on a terminal'))
    .option('--no-color', 'never colour the messages')
    .action(async (file: string, options: BuildOptions, self: { error(message: string, o: object): never }) => {
      if (options.check && options.output === undefined) self.error('error: --check needs --output', { exitCode: 2 });
      const { buildCommand } = await import('./commands/build.js');
      done(await buildCommand(file, options, terminal));
    });
}

function moduleFile(path: string): string {
  if (!/\.([cm]?ts|m?js)$/.test(path)) throw new InvalidArgumentError('It takes a name that ends in .ts or .js.');
  return path;
}
