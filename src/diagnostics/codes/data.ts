import { define } from '../define.js';

/** MM4xx: the data. */
export const dataCodes = {
  MM401: define<{ file: string; reason: string }>({
    severity: 'error',
    message: (p) => `cannot read '${p.file}': ${p.reason}`,
  }),
};
