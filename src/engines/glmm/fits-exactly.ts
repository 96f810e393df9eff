import { links } from '../../links/index.js';
import { addFixedGradient, fixedEtaInto } from './fixed-columns.js';
import type { GlmmModel } from './glmm-model.js';
import { addRandomEffects, transposeInto } from './load-products.js';
import { noHurdle } from './no-hurdle.js';

/** What is left of the response, relative to what there was, where it is fitted exactly: digits of a file. */
const nothingLeft = 1e-9;
const mostSteps = 200;
/** A scale this small makes the mean the location's own. */
const farOut = 40;

/**
 * Whether fixed and random effects of the location can give every row the mean it has, with fewer effects than rows: the
 * likelihood of a family with a scale then has no bound, whatever its approximation [GLMM-12]. Least squares on the scale
 * of the linear predictor, by conjugate gradients.
 */
export function fitsExactly(model: GlmmModel): boolean {
  const { predictors, rows, y, loads, layout } = model;
  const d = predictors.findIndex((p) => p.parameter === 'mu');
  const location = predictors[d];
  if (location === undefined || location.fixed.kind !== 'columns') return false;
  const q = layout.pattern.rowStart[layout.pattern.nodes];
  const P = model.coefficients;
  // zeros of a hurdle are no matter of the location
  const hurdle = predictors.some((p) => p.parameter === 'hu');
  const out = y.map((v) => (hurdle && v === 0 ? 1 : 0));
  if (location.fixed.columns.length + q >= out.reduce((n, v) => n - v, rows)) return false;
  const target = targetOf(model, d, out);
  if (target === null) return false;
  const D = predictors.length;
  const none = new Float64Array(0);
  const beta = new Float64Array(P);
  const b = new Float64Array(q);
  // residuals stand in the location's part of a vector over all predictors
  const residual = new Float64Array(D * rows);
  const product = new Float64Array(D * rows);
  const fixed = { ...location.fixed, offset: null };
  const at = d * rows;
  residual.set(target, at);
  const before = norm(target);
  if (!(before > 0)) return true;
  const stepBeta = new Float64Array(P);
  const stepB = new Float64Array(q);
  const slope = (): number => {
    beta.fill(0);
    addFixedGradient(beta, none, fixed, residual, at, rows);
    transposeInto(b, loads, residual);
    return norm(beta) ** 2 + norm(b) ** 2;
  };
  let size = slope();
  stepBeta.set(beta);
  stepB.set(b);
  for (let k = 0; k < mostSteps && size > 0; k++) {
    product.fill(0);
    fixedEtaInto(product, at, rows, fixed, stepBeta, none);
    addRandomEffects(loads, stepB, product);
    let curvature = 0;
    for (let i = 0; i < rows; i++) {
      if (out[i] === 1) product[at + i] = 0;
      curvature += product[at + i] ** 2;
    }
    if (!(curvature > 0)) return false;
    const factor = size / curvature;
    let left = 0;
    for (let i = at; i < at + rows; i++) {
      residual[i] -= factor * product[i];
      left += residual[i] ** 2;
    }
    if (Math.sqrt(left) <= nothingLeft * before) return true;
    const next = slope();
    const share = next / size;
    // at the least squares, and something is left
    if (next <= 1e-24 * before ** 2 * rows) return false;
    size = next;
    for (let c = 0; c < P; c++) stepBeta[c] = beta[c] + share * stepBeta[c];
    for (let i = 0; i < q; i++) stepB[i] = b[i] + share * stepB[i];
  }
  return false;
}

/**
 * The linear predictor that would make each row's mean its response: the link of y, or of a mean that is its exponential;
 * zero for the rows left out.
 */
function targetOf({ predictors, y, density }: GlmmModel, d: number, out: Float64Array): Float64Array | null {
  const { link, fixed } = predictors[d];
  const offset = fixed.kind === 'columns' ? fixed.offset : null;
  const own = Float64Array.from(predictors, ({ parameter }) => {
    if (parameter === 'hu') return noHurdle;
    return parameter === 'sigma' ? -farOut : farOut;
  });
  for (const mean of [(v: number) => v, Math.log]) {
    const target = y.map((v, i) => (out[i] === 1 ? 0 : links[link].link(mean(v))));
    const agrees = target.every((t, i) => {
      if (out[i] === 1) return true;
      own[d] = t;
      return Math.abs(density.mean(i, own) - y[i]) <= 1e-12 * Math.abs(y[i]);
    });
    if (agrees) return offset === null ? target : target.map((t, i) => (out[i] === 1 ? 0 : t - offset[i]));
  }
  return null;
}

function norm(v: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < v.length; i++) sum += v[i] ** 2;
  return Math.sqrt(sum);
}
