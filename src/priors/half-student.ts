import { studentCdf } from '../kernels/distributions.js';
import { logNormalCdf } from '../kernels/special/normal.js';
import { log1mExp } from '../kernels/special-functions.js';
import { studentInto } from './location-scale.js';
import { outsideInto } from './scalar-density.js';

const at = new Float64Array(6);
const edge = new Float64Array(6);

/**
 * log density of location + scale T given that it is positive, T normal (df = Infinity) or Student's t [PRIOR-2].
 * out as `studentInto`: x, x again, location, scale, df.
 */
export function halfStudentInto(out: Float64Array, x: number, df: number, location: number, scale: number): void {
  if (!(x >= 0)) {
    outsideInto(out);
    return;
  }
  if (scale === Number.POSITIVE_INFINITY) {
    out.fill(0);
    return;
  }
  at[5] = 0;
  studentInto(at, x, df, location, scale);
  out.set(at);
  if (location === 0) {
    // half of the mass, whatever the scale; moving the location moves the edge: its density there, over one half
    studentInto(edge, 0, df, 0, scale);
    out[0] += Math.LN2;
    out[3] -= 2 * Math.exp(edge[0]);
    return;
  }
  studentInto(edge, 0, df, location, scale);
  const kept = logUpperMass(df, location / scale);
  const density = Math.exp(edge[0] - kept);
  out[0] -= kept;
  out[3] -= density;
  out[4] += (density * location) / scale;
  if (df !== Number.POSITIVE_INFINITY) {
    // the one derivative without a closed form: of the t distribution function in its degrees of freedom
    const h = 1e-4 * df;
    out[5] -= (logUpperMass(df + h, location / scale) - logUpperMass(df - h, location / scale)) / (2 * h);
  }
}

/** log P(T > -z) = log P(T <= z). */
function logUpperMass(df: number, z: number): number {
  if (df === Number.POSITIVE_INFINITY) return logNormalCdf(z);
  const lower = studentCdf(-Math.abs(z), df);
  return z < 0 ? Math.log(lower) : log1mExp(Math.log(lower));
}
