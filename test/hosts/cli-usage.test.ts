import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root, runMm } from './run-mm.js';

const commands = [
  'fit',
  'check',
  'explain',
  'fmt',
  'predict',
  'simulate',
  'bootstrap',
  'summary',
  'confint',
  'compare',
  'report',
  'build',
  'repl',
  'completion',
];

describe('help', () => {
  test('mm --help lists the commands that work, and an example', async () => {
    const { status, stdout, stderr } = await runMm(['--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const listed = [...stdout.matchAll(/^ {2}([a-z]+) (?:\[options\]|<)/gm)].map((match) => match[1]);
    expect(listed).toEqual(commands);
    expect(stdout).toContain('mm fit examples/sleepstudy.mm');
  });

  test.each(commands)('mm %s --help has an example', async (command) => {
    const { status, stdout, stderr } = await runMm([command, '--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`Examples:\\n(.*\\n)*?.*mm ${command} `));
  });

  test('mm --version is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(await runMm(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('wrong usage: status 2, a message on stderr, nothing on stdout', () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['no command', [], /Usage: mm/],
    ['an unknown command', ['fitt', 'a.mm'], /unknown command 'fitt'[\s\S]*Did you mean fit\?/],
    ['an unknown option', ['fit', 'a.mm', '--jsn'], /unknown option '--jsn'[\s\S]*Did you mean --json\?/],
    ['no file', ['fit'], /missing required argument 'file'/],
    ['two files', ['fit', 'a.mm', 'b.mm'], /too many arguments/],
    ['an option without its value', ['fit', 'a.mm', '--data'], /--data <file>' argument missing/],
    ['a seed that is no number', ['fit', 'a.mm', '--seed', 'x'], /whole number/],
    ['a negative seed', ['fit', 'a.mm', '--seed=-1'], /whole number/],
    ['a table to no file', ['fit', 'a.mm', '--table', 'ranef'], /there is no --output/],
    ['a table of a saved fit to no file', ['summary', 'a.json', '--table', 'ranef'], /there is no --output/],
    ['an unknown method', ['fit', 'examples/sleepstudy.mm', '--fit', 'remll'], /'remll'[\s\S]*reml/],
    ['an option of another command', ['fmt', 'a.mm', '--json'], /unknown option '--json'/],
    ['fmt of several files to one output', ['fmt', 'a.mm', 'b.mm'], /--write or --check/],
    ['fmt with two orders', ['fmt', 'a.mm', '--check', '--write'], /cannot be used with/],
  ];
  test.each(cases)('%s', async (_, args, message) => {
    const { status, stdout, stderr } = await runMm(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at '); // a stack
  });
});
