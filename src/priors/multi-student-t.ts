import { logRisingInto } from '../kernels/special/gamma.js';
import { type EllipticalDensity, type EllipticalGradient, quadraticForm } from './elliptical.js';
import { multiNormalDensity } from './multi-normal.js';
import type { PriorSignature } from './prior.js';

/** Multivariate t by degrees of freedom, location and scale matrix. */
export const multiStudentTSignature: PriorSignature = {
  name: 'multi_student_t',
  parameters: [
    { name: 'df', kind: 'positive' },
    { name: 'location', kind: 'vector' },
    { name: 'scale', kind: 'matrix' },
  ],
  left: 'vector',
  support: 'real',
};

const rising = new Float64Array(4);

/** df = Infinity is the normal. */
export const multiStudentTDensity: EllipticalDensity = {
  logDensity(x, df, location, scale, gradient: EllipticalGradient | null) {
    if (df === Number.POSITIVE_INFINITY) return multiNormalDensity.logDensity(x, df, location, scale, gradient);
    const n = x.length;
    logRisingInto(rising, df / 2, n / 2, 1);
    const form = quadraticForm(x, location, scale, gradient, (q) => {
      const dfSlope = (rising[1] - n / df - Math.log1p(q / df) + ((df + n) * q) / (df * (df + q))) / 2;
      return [(df + n) / (df + q), dfSlope];
    });
    if (!form) return Number.NEGATIVE_INFINITY;
    const tail = ((df + n) / 2) * Math.log1p(form.value / df);
    return rising[0] - (n / 2) * Math.log(df * Math.PI) - form.logDet / 2 - tail;
  },
};
