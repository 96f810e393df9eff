import { define } from '../define.js';

/** MM6xx: what the interactive session says of its commands. */
export const sessionCodes = {
  MM601: define<{ name: string; near: string | undefined }>({
    severity: 'error',
    message: (p) => `there is no command :${p.name}`,
    hint: (p) => (p.near === undefined ? ':help lists the commands' : `did you mean :${p.near}?`),
  }),
  MM602: define<{ reason: string; usage: string }>({
    severity: 'error',
    message: (p) => p.reason,
    hint: (p) => `the command is ${p.usage}`,
  }),
  MM603: define<{ model: string }>({
    severity: 'error',
    message: (p) => `the model '${p.model}' has not been fitted`,
    hint: () => ':fit fits it',
  }),
  MM604: define<{ name: string; known: readonly string[] }>({
    severity: 'error',
    message: (p) => `the model has no statement ${p.name}`,
    hint: (p) => (p.known.length === 0 ? 'it has none at all' : `there are ${p.known.join(', ')}`),
  }),
  MM605: define<{ name: string; known: readonly string[] }>({
    severity: 'error',
    message: (p) => `there is no model '${p.name}'`,
    hint: (p) => `there is ${p.known.join(', ')}; :copy makes another one`,
  }),
  MM606: define({
    severity: 'error',
    message: () => 'there is nothing to undo',
  }),
  MM607: define<{ what: string }>({
    severity: 'warning',
    message: (p) => `${p.what} was stopped`,
    hint: () => 'the session is as it was before',
  }),
  MM608: define({
    severity: 'error',
    message: () => 'there are no data',
    hint: () => ':data FILE reads some',
  }),
  MM609: define<{ reason: string; hint: string | undefined }>({
    severity: 'error',
    message: (p) => p.reason,
    hint: (p) => p.hint,
  }),
  MM610: define<{ model: string }>({
    severity: 'note',
    message: (p) => `'${p.model}' has been changed since this fit`,
    hint: () => ':fit fits it as it is now',
  }),
  MM611: define<{ file: string }>({
    severity: 'error',
    message: (p) => `'${p.file}' exists already`,
    hint: (p) => `:save! ${p.file} replaces it`,
  }),
  MM612: define<{ word: string; command: string }>({
    severity: 'error',
    message: (p) => `'${p.word}' is no statement of a model`,
    hint: (p) => `commands start with a colon: :${p.command}`,
  }),
};
