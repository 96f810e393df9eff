import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runInProcess } from './run-in-process.js';

/** Commands and options as the help texts have them, which commander makes by itself. */
async function described(): Promise<{ commands: string[]; options: Map<string, string[]> }> {
  const { stdout } = await runInProcess(['--help']);
  const commands = [
    ...(stdout
      .split('Commands:')[1]
      ?.split('\n\n')[0]
      ?.matchAll(/^ {2}(\w+)/gm) ?? []),
  ].map((m) => m[1] ?? '');
  const options = new Map<string, string[]>();
  for (const command of commands) {
    const help = (await runInProcess([command, '--help'])).stdout.split('Options:')[1]?.split('\n\n')[0] ?? '';
    options.set(
      command,
      [...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map((m) => m[1] ?? ''),
    );
  }
  return { commands, options };
}

let folder = '';
const scripts = new Map<string, string>();
let program: Awaited<ReturnType<typeof described>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mm-completion-'));
  for (const file of ['a model.mm', 'b.mm', 'data.csv']) writeFileSync(join(folder, file), '');
  mkdirSync(join(folder, 'models'));
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { stdout, status } = await runInProcess(['completion', shell]);
    expect(status).toBe(0);
    scripts.set(shell, stdout);
    writeFileSync(join(folder, shell), stdout);
  }
  program = await described();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const has = (command: string): boolean => spawnSync(command, ['--version']).status === 0;

test('the program is described', () => {
  expect(program.commands).toEqual(expect.arrayContaining(['fit', 'check', 'repl', 'completion']));
  expect(program.options.get('fit')).toEqual(expect.arrayContaining(['--data', '--seed', '--help']));
});

test('every command and every option stands in each script', () => {
  const bash = scripts.get('bash') ?? '';
  const zsh = scripts.get('zsh') ?? '';
  const fish = scripts.get('fish') ?? '';
  for (const command of program.commands) {
    const ofBash = bash.split(`    ${command})\n`)[1]?.split('\n      ;;')[0] ?? '';
    const ofZsh = zsh.split(`        ${command})\n`)[1]?.split('\n          ;;')[0] ?? '';
    const ofFish = fish.split('\n').filter((l) => l.includes(`'__fish_seen_subcommand_from ${command}'`));
    expect(bash.split('"")')[1]?.split(';;')[0]).toMatch(new RegExp(`[ "]${command} `));
    expect(zsh).toContain(`'${command}:`);
    expect(fish).toContain(`-n __fish_use_subcommand -a ${command} `);
    for (const option of program.options.get(command) ?? []) {
      expect(ofBash, `${command} ${option}`).toMatch(new RegExp(`[" ]${option}[" ]`));
      expect(ofZsh, `${command} ${option}`).toContain(`${option}[`);
      expect(ofFish.join('\n'), `${command} ${option}`).toContain(`-l ${option.slice(2)} `);
    }
  }
});

test('a shell that is not known is told', async () => {
  const { status, stderr } = await runInProcess(['completion', 'tcsh']);
  expect(status).toBe(2);
  expect(stderr).toContain('bash, zsh, fish');
});

describe.skipIf(!has('bash'))('bash', () => {
  /** What bash offers for the last of these words. */
  function offered(...words: string[]): string[] {
    const line = `source ./bash; COMP_WORDS=(mm ${words.map((w) => `'${w}'`).join(' ')}); COMP_CWORD=${words.length}; _mm; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', line], { cwd: folder, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    return stdout
      .split('\n')
      .filter((l) => l !== '')
      .sort();
  }

  test('reads the script without complaint', () => {
    expect(spawnSync('bash', ['-n', join(folder, 'bash')]).status).toBe(0);
  });

  test('completes commands, options, choices and files', () => {
    expect(offered('')).toEqual(expect.arrayContaining([...program.commands, '--version', '--help']));
    expect(offered('expl')).toEqual(['explain']);
    expect(offered('fit', '--se')).toEqual(['--seed']);
    expect(offered('fit', '')).toEqual(['a model.mm', 'b.mm', 'models']);
    expect(offered('fit', 'b.mm', '--data', 'da')).toEqual(['data.csv']);
    expect(offered('confint', '--method', '')).toEqual(expect.arrayContaining(['profile', 'wald']));
    expect(offered('completion', '')).toEqual(['bash', 'fish', 'zsh']);
    expect(offered('fit', '--seed', '')).toEqual([]);
  });
});

describe.skipIf(!has('zsh'))('zsh', () => {
  test('reads the script without complaint', () => {
    expect(spawnSync('zsh', ['-n', join(folder, 'zsh')]).status).toBe(0);
  });
});

describe.skipIf(!has('fish'))('fish', () => {
  test('reads the script without complaint, and completes', () => {
    expect(spawnSync('fish', ['-n', join(folder, 'fish')]).status).toBe(0);
    const { stdout } = spawnSync('fish', ['--no-config', '-c', 'source ./fish; complete -C "mm expl"'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stdout).toContain('explain');
  });
});
