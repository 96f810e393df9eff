import type { CommandShape, OptionShape, ProgramShape, Wanted } from './command-shape.js';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** A script that teaches a shell to complete command lines of a program. */
export function shellCompletion(program: ProgramShape, shell: Shell): string {
  switch (shell) {
    case 'bash':
      return bash(program);
    case 'zsh':
      return zsh(program);
    case 'fish':
      return fish(program);
  }
}

// ── bash ────────────────────────────────────────────────────────────────────────────────────────────────────────────

function bash({ name, options, commands }: ProgramShape): string {
  const words = (all: readonly OptionShape[]): string =>
    all
      .flatMap(({ short }) => short ?? [])
      .concat(all.map((o) => o.long))
      .join(' ');
  const own = commands.map((command) => {
    const valued = command.options.filter((o) => o.wants.kind !== 'nothing');
    return `    ${command.name})
      case "$previous" in
${valued.map((o) => `        ${[o.short, o.long].filter((t) => t !== null).join(' | ')}) ${bashWanted(o.wants)}; return ;;\n`).join('')}      esac
      if [[ "$current" == -* ]]; then _${name}_words "${words(command.options)}"; return; fi
      ${bashWanted(command.wants)}
      ;;`;
  });
  return `# Completion of ${name} for bash. In ~/.bashrc: eval "$(${name} completion bash)"
_${name}_words() {
  local IFS=$' \\t\\n'
  COMPREPLY=($(compgen -W "$1" -- "$current"))
}

_${name}_files() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -f -- "$current"))
}

# programs, and folders that may hold some
_${name}_programs() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -d -- "$current") $(compgen -f -X '!*.mm' -- "$current"))
}

_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" command="" i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ "\${COMP_WORDS[i]}" != -* ]]; then
      command="\${COMP_WORDS[i]}"
      break
    fi
  done
  case "$command" in
    "")
      _${name}_words "${[...commands.map((c) => c.name), words(options)].join(' ')}"
      ;;
${own.join('\n')}
  esac
}

complete -o filenames -F _${name} ${name}
`;

  function bashWanted(wants: Wanted): string {
    switch (wants.kind) {
      case 'file':
        return `_${name}_files`;
      case 'program':
        return `_${name}_programs`;
      case 'choice':
        return `_${name}_words "${wants.of.join(' ')}"`;
      case 'text':
      case 'nothing':
        return ':';
    }
  }
}

// ── zsh ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

function zsh({ name, options, commands }: ProgramShape): string {
  const cases = commands.map(
    (c) => `        ${c.name})
          _arguments -s \\
${[...c.options.flatMap(zshOption), ...zshArgument(c)].map((line) => `            ${line}`).join(' \\\n')}
          ;;`,
  );
  return `#compdef ${name}
# Completion of ${name} for zsh. In ~/.zshrc, behind compinit: eval "$(${name} completion zsh)"
_${name}() {
  local curcontext="$curcontext" state line
  local -a commands
  commands=(
${commands.map((c) => `    ${single(`${c.name}:${c.what}`)}`).join('\n')}
  )
  _arguments -C \\
${options
  .flatMap(zshOption)
  .map((line) => `    ${line} \\`)
  .join('\n')}
    '1:command:->command' \\
    '*::argument:->argument' && return
  case $state in
    command)
      _describe -t commands '${name} command' commands
      ;;
    argument)
      case $words[1] in
${cases.join('\n')}
      esac
      ;;
  esac
}

if [[ "$\{funcstack[1]}" == "_${name}" ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}

function zshOption({ short, long, what, wants }: OptionShape): string[] {
  const text = what.replace(/[[\]\\]/g, '\\$&');
  const value = wants.kind === 'nothing' ? '' : `:${zshWanted(wants)}`;
  const both = short === null ? [long] : [short, long];
  const repeated = both.length > 1 ? `(${both.join(' ')})` : '';
  return both.map((flag) => single(`${repeated}${flag}[${text}]${value}`));
}

function zshArgument({ wants }: CommandShape): string[] {
  return wants.kind === 'nothing' ? [] : [single(`*:${zshWanted(wants)}`)];
}

function zshWanted(wants: Wanted): string {
  switch (wants.kind) {
    case 'file':
      return 'file:_files';
    case 'program':
      return 'program:_files -g "*.mm"';
    case 'choice':
      return `value:(${wants.of.join(' ')})`;
    case 'text':
    case 'nothing':
      return 'value: ';
  }
}

function single(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

// ── fish ────────────────────────────────────────────────────────────────────────────────────────────────────────────

function fish({ name, options, commands }: ProgramShape): string {
  const lines = [
    `# Completion of ${name} for fish. ${name} completion fish > ~/.config/fish/completions/${name}.fish`,
    `complete -c ${name} -f`,
    ...options.map((o) => `complete -c ${name} -n __fish_use_subcommand ${fishOption(o)}`),
    ...commands.flatMap((c) => {
      const inside = `complete -c ${name} -n '__fish_seen_subcommand_from ${c.name}'`;
      return [
        `complete -c ${name} -n __fish_use_subcommand -a ${c.name} -d ${quoted(c.what)}`,
        ...(c.wants.kind === 'nothing' ? [] : [`${inside} ${fishWanted(c.wants)}`]),
        ...c.options.map((o) => `${inside} ${fishOption(o)}`),
      ];
    }),
  ];
  return `${lines.join('\n')}\n`;
}

function fishOption({ short, long, what, wants }: OptionShape): string {
  const flags = [...(short === null ? [] : [`-s ${short.slice(1)}`]), `-l ${long.slice(2)}`];
  const value = wants.kind === 'nothing' ? '' : ` -r ${fishWanted(wants)}`;
  return `${flags.join(' ')}${value.trimEnd()} -d ${quoted(what)}`;
}

function fishWanted(wants: Wanted): string {
  switch (wants.kind) {
    case 'file':
      return '-F';
    case 'program':
      return "-k -a '(__fish_complete_suffix .mm)'";
    case 'choice':
      return `-f -a ${quoted(wants.of.join(' '))}`;
    case 'text':
    case 'nothing':
      return '-f';
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
