import { define } from '../define.js';

/** MM1xx: the text cannot be read. */
export const syntaxCodes = {
  MM101: define<{ found: string; expected: string | undefined }>({
    severity: 'error',
    message: (p) => `unexpected ${p.found}`,
    hint: (p) => (p.expected === undefined ? undefined : `expected ${p.expected}`),
  }),
};
