import { define } from '../define.js';

/** MM3xx: the structure of the model, and which engine can fit it. */
export const structureCodes = {
  MM341: define<{ engine: string; reason: string }>({
    severity: 'error',
    message: (p) => `no engine can fit this model yet: ${p.reason}`,
    hint: (p) => `the model would go to the ${p.engine} engine without this statement`,
  }),
};
