import type { Command, Option } from 'commander';

/** What follows an option, or stands behind a command. */
export type Wanted =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'text' }
  | { readonly kind: 'file' }
  | { readonly kind: 'program' }
  | { readonly kind: 'choice'; readonly of: readonly string[] };

export interface OptionShape {
  readonly short: string | null; // with its dash
  readonly long: string; // with its dashes
  readonly what: string;
  readonly wants: Wanted;
}

export interface CommandShape {
  readonly name: string;
  readonly what: string;
  readonly options: readonly OptionShape[];
  readonly wants: Wanted;
}

export interface ProgramShape {
  readonly name: string;
  readonly options: readonly OptionShape[];
  readonly commands: readonly CommandShape[];
}

/** A program as it describes itself to commander, for what completes its command lines. */
export function programShape(program: Command): ProgramShape {
  return {
    name: program.name(),
    options: optionsOf(program),
    commands: program.commands.map((command) => ({
      name: command.name(),
      what: command.description(),
      options: optionsOf(command),
      wants: argumentOf(command),
    })),
  };
}

function optionsOf(command: Command): OptionShape[] {
  const help: OptionShape = { short: '-h', long: '--help', what: 'print this help', wants: { kind: 'nothing' } };
  return [...command.options.flatMap(optionShape), help];
}

function optionShape(option: Option): OptionShape[] {
  if (option.hidden || option.long === undefined || option.long === null) return [];
  const { short, long, description } = option;
  return [{ short: short ?? null, long, what: description, wants: wantedBy(option) }];
}

function wantedBy({ required, optional, argChoices, flags }: Option): Wanted {
  if (!required && !optional) return { kind: 'nothing' };
  if (argChoices !== undefined) return { kind: 'choice', of: argChoices };
  return { kind: /[<[](file|folder)s?(\.\.\.)?[>\]]/.test(flags) ? 'file' : 'text' };
}

/** Commands whose argument is a file take a program. */
function argumentOf(command: Command): Wanted {
  const [first] = command.registeredArguments;
  if (first === undefined) return { kind: 'nothing' };
  if (first.argChoices !== undefined) return { kind: 'choice', of: first.argChoices };
  return { kind: /^files?$/.test(first.name()) ? 'program' : 'text' };
}
