import { logNormalCdf, millsRatio } from '../kernels/special/normal.js';
import type { Order } from '../kernels/special/order.js';
import { log1mExp } from '../kernels/special-functions.js';
import type { LinkName } from './link.js';

/**
 * The logarithms of a probability p = h(eta) and of its complement, with three derivatives in eta each:
 * out[0 .. 3] of log p, out[4 .. 7] of log(1 - p). Accurate where p or 1 - p underflows; -Infinity where the link gives
 * no probability.
 */
export type LogTails = (out: Float64Array, eta: number, order: Order) => void;

const logit: LogTails = (out, eta) => {
  const e = Math.exp(-Math.abs(eta));
  const small = e / (1 + e); // the smaller of p and 1 - p
  const p = eta < 0 ? small : 1 / (1 + e);
  const q = eta < 0 ? 1 / (1 + e) : small;
  const l = Math.log1p(e);
  const v = p * q;
  out[0] = eta < 0 ? eta - l : -l;
  out[1] = q;
  out[2] = -v;
  out[3] = -v * (q - p);
  out[4] = eta < 0 ? -l : -eta - l;
  out[5] = -p;
  out[6] = -v;
  out[7] = -v * (q - p);
};

/** Below -this the inverse Mills ratio's derivatives come from its asymptotic series: differences would lose them. */
const farTail = 50;

/** log Phi(x) and derivatives, with sign s for the inner derivative (x = s * eta). */
function normalTail(out: Float64Array, at: number, x: number, s: number): void {
  out[at] = logNormalCdf(x);
  if (x < -farTail) {
    const t = -x;
    const r = 1 / (t * t);
    out[at + 1] = s * (t + (1 - r * (2 - r * (10 - 74 * r))) / t);
    out[at + 2] = -1 + r * (1 - r * (6 - r * (50 - 518 * r)));
    out[at + 3] = (s * (2 - r * (24 - r * (300 - 4144 * r)))) / (t * t * t);
    return;
  }
  const m = x > 38 ? 0 : 1 / millsRatio(-x);
  const sum = x + m;
  const m1 = -m * sum;
  out[at + 1] = s * m;
  out[at + 2] = m1;
  out[at + 3] = s * (-m1 * sum - m * (1 + m1));
}

export const probitTails: LogTails = (out, eta) => {
  normalTail(out, 0, eta, 1);
  normalTail(out, 4, -eta, -1);
};

const cloglog: LogTails = (out, eta) => {
  const e = Math.exp(eta);
  // E / (exp(E) - 1): the derivative of log(1 - exp(-E)) in log E
  const w = e > 700 ? 0 : e === 0 ? 1 : e / Math.expm1(e);
  const rest = 1 - e - w;
  const w1 = w === 0 ? 0 : w * rest;
  out[0] = e < 1e-300 ? eta : e > 0.7 ? Math.log1p(-Math.exp(-e)) : Math.log(-Math.expm1(-e));
  out[1] = w;
  out[2] = w1;
  out[3] = w === 0 ? 0 : w1 * rest - w * (e + w1);
  out[4] = out[5] = out[6] = out[7] = -e;
};

function cauchyTail(out: Float64Array, at: number, x: number, s: number): void {
  const p =
    x < -1 ? Math.atan(-1 / x) / Math.PI : x > 1 ? 1 - Math.atan(1 / x) / Math.PI : 0.5 + Math.atan(x) / Math.PI;
  const c = 1 + x * x;
  const m = 1 / (Math.PI * c * p);
  const r = (-2 * x) / c; // f' / f
  const second = (6 - 8 / c) / c; // f'' / f
  out[at] = x > 1 ? Math.log1p(-Math.atan(1 / x) / Math.PI) : Math.log(p);
  out[at + 1] = s * m;
  out[at + 2] = m * (r - m);
  out[at + 3] = s * m * (second - 3 * m * r + 2 * m * m);
}

const cauchit: LogTails = (out, eta) => {
  cauchyTail(out, 0, eta, 1);
  cauchyTail(out, 4, -eta, -1);
};

/** log(1 - exp(x)) for x < 0 and derivatives. */
function logOneMinusExp(out: Float64Array, at: number, x: number): void {
  const s = 1 / Math.expm1(-x);
  out[at] = log1mExp(x);
  out[at + 1] = -s;
  out[at + 2] = -s * (1 + s);
  out[at + 3] = -s * (1 + s) * (1 + 2 * s);
}

const log: LogTails = (out, eta) => {
  if (!(eta < 0)) {
    out.fill(0, 0, 8);
    out[0] = out[4] = Number.NEGATIVE_INFINITY;
    return;
  }
  out[0] = eta;
  out[1] = 1;
  out[2] = out[3] = 0;
  logOneMinusExp(out, 4, eta);
};

const identity: LogTails = (out, eta) => {
  if (!(eta > 0 && eta < 1)) {
    out.fill(0, 0, 8);
    out[0] = out[4] = Number.NEGATIVE_INFINITY;
    return;
  }
  const r = 1 / eta;
  const s = 1 / (1 - eta);
  out[0] = Math.log(eta);
  out[1] = r;
  out[2] = -r * r;
  out[3] = 2 * r * r * r;
  out[4] = Math.log1p(-eta);
  out[5] = -s;
  out[6] = -s * s;
  out[7] = -2 * s * s * s;
};

/** For the links a probability may have. */
export const logTails: Readonly<Partial<Record<LinkName, LogTails>>> = {
  logit,
  probit: probitTails,
  cloglog,
  cauchit,
  log,
  identity,
};
