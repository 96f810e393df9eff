import { define } from '../define.js';

/** MM5xx: the fit. */
export const fittingCodes = {
  MM501: define<{ group: string }>({
    severity: 'warning',
    message: (p) => `the fit is singular: the covariance of ${p.group} is estimated without full rank`,
    hint: () => 'the data do not support this many variance parameters; a simpler block or a prior on its sd would',
  }),
};
