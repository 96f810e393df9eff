import { define } from '../define.js';

/** MM2xx: names and types. */
export const nameCodes = {
  MM231: define<{ name: string; near: string | undefined }>({
    severity: 'error',
    message: (p) => `the data has no column '${p.name}'`,
    hint: (p) => (p.near === undefined ? undefined : `did you mean '${p.near}'?`),
    replacement: (p) => p.near,
  }),
};
