import type { Order } from '../kernels/special/order.js';
import { betaFraction } from './beta-fraction.js';
import type { CoordinateDensity } from './coordinate-family.js';
import { completeTail, type NaturalTail } from './interval-tails.js';
import { composeInto, jetLayout } from './jet.js';
import { logarithmInto } from './jet-arithmetic.js';

const one = jetLayout(1);
const two = jetLayout(2);

/**
 * Tails of student_t in (log df, mu, log sigma) [GLMM-13]: with t = (y - mu) / sigma, x = df / (df + t^2), the tail beyond |t| is
 * I_x(df / 2, 1 / 2) / 2 and |t| f(t) is x^a (1 - x)^b / B(a, b); near the centre it is 1 / 2 - I_{1-x}(1/2, df/2) / 2.
 */
export function studentTail(density: CoordinateDensity['jetInto']): NaturalTail {
  const full = new Float64Array(jetLayout(3).size);
  const K = new Float64Array(two.size); // (mu, log df)
  const T = new Float64Array(two.size);
  const a = new Float64Array(one.size);
  const half = new Float64Array(one.size);
  const x = new Float64Array(one.size);
  const y = new Float64Array(one.size);
  const tail = new Float64Array(one.size);
  const phi = new Float64Array(4);
  const fraction = betaFraction(one);
  half[0] = 0.5;
  return (jet, bound, z, order) => {
    const df = Math.exp(z[0]);
    const t = (bound - z[1]) * Math.exp(-z[2]);
    const isLower = t < 0;
    density(full, bound, 0, z, order);
    for (let k = 0; k < two.size; k++) K[k] = full[fromThree[k]];
    // x is a logistic function of log df - 2 log |t|
    const p = df / (df + t * t);
    const q = (t * t) / (df + t * t);
    x.set([p, p * q, p * q * (q - p), p * q * (1 - 6 * p * q)]);
    y.set([q, -x[1], -x[2], -x[3]]);
    a.fill(df / 2);
    const size = Math.abs(t);
    if (size === 0) {
      tail.fill(0);
      tail[0] = -Math.LN2;
    } else {
      const isFar = p * (a[0] + 0.5) <= a[0];
      if (isFar) fraction(tail, x, y, a, half, order);
      else fraction(tail, y, x, half, a, order);
      logarithmInto(tail, tail, one, phi, order);
      // K is per unit of the response
      tail[0] = Math.log(size) + K[0] + z[2] - tail[0];
      tail[1] = K[2] - tail[1];
      tail[2] = K[5] - tail[2];
      tail[3] = K[9] - tail[3];
      if (isFar) tail[0] -= Math.LN2;
      else outside(tail, phi, order);
    }
    T[0] = tail[0];
    T[2] = tail[1];
    T[5] = tail[2];
    T[9] = tail[3];
    completeTail(T, K, isLower, order);
    withScale(jet, T, bound - z[1], order);
    return isLower;
  };
}

/** Of the jet of log c, c the probability between -|t| and |t|, makes that of log((1 - c) / 2). */
function outside(jet: Float64Array, phi: Float64Array, order: Order): void {
  const c = Math.exp(jet[0]);
  const s = c / (1 - c);
  phi[0] = Math.log1p(-c) - Math.LN2;
  phi[1] = -s;
  phi[2] = -s * (1 + s);
  phi[3] = -s * (1 + s) * (1 + 2 * s);
  composeInto(jet, jet, one, phi, order);
}

/** Entries of a jet in (log df, mu, log sigma) for those of one in (mu, log df). */
const fromThree = placesInThree();

function placesInThree(): Int32Array {
  const three = jetLayout(3);
  const variable = [1, 0];
  const map = new Int32Array(two.size);
  for (let v = 0; v < 2; v++) map[1 + v] = 1 + variable[v];
  for (let k = 0; k < two.pairs; k++)
    map[two.second + k] = three.pairIndex[variable[two.pairA[k]] * 3 + variable[two.pairB[k]]];
  for (let k = 0; k < two.triples; k++)
    map[two.third + k] =
      three.tripleIndex[(variable[two.tripleA[k]] * 3 + variable[two.tripleB[k]]) * 3 + variable[two.tripleC[k]]];
  return map;
}

/** The jet in (log df, mu, log sigma) from that in (mu, log df), by T_(log sigma) = r T_mu with r = bound - mu. */
function withScale(jet: Float64Array, T: Float64Array, r: number, order: Order): void {
  const [value, v, d, vv, vd, dd, vvv, vvd, vdd, ddd] = T;
  jet[0] = value;
  if (order < 1) return;
  jet[1] = d;
  jet[2] = v;
  jet[3] = r * v;
  if (order < 2) return;
  const sv = r * vv - v;
  jet[4] = dd;
  jet[5] = vd;
  jet[6] = r * vd;
  jet[7] = vv;
  jet[8] = sv;
  jet[9] = r * sv;
  if (order < 3) return;
  const svv = r * vvv - 2 * vv;
  const svd = r * vvd - vd;
  const ssv = r * svv - sv;
  // d d d, d d v, d d s, d v v, d v s, d s s, v v v, v v s, v s s, s s s
  jet.set([ddd, vdd, r * vdd, vvd, svd, r * svd, vvv, svv, ssv, r * ssv], 10);
}
