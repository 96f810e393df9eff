import type { CovarianceStructure } from '../../graph/model-graph.js';
import type { BlockLayout, Layout } from './layout.js';
import { rootCoefficients } from './structures/compound-symmetry.js';
import { product } from './structures/lower-factor.js';

/**
 * What a block's part of a gradient is made from. The objective sees Lambda only through Lambda Lambda', so the factor may be any
 * R Lambda Q with Q orthogonal; `writePublicFactors` has left R Lambda of the user's own Lambda [EMBED-2].
 */
interface BlockGradients {
  readonly block: BlockLayout;
  readonly internal: Float64Array; // theta, transformed coordinates
  readonly reported: Float64Array; // theta as users know it
  readonly byFactor: Float64Array; // derivatives by the templates, laid out as `lambda`
  /** Derivatives by the internal theta of all that does not go through the templates (priors); null: nothing does not. */
  readonly rest: Float64Array | null;
}

/** Writes R Lambda(reported) in the place of those templates of which the internal factor is another root of the same covariance. */
export function writePublicFactors(layout: Layout, lambda: Float64Array, reported: Float64Array): void {
  for (const block of layout.blocks) {
    if (block.model.name !== 'us' || block.size === 1) continue;
    for (const t of block.templates) lambda.set(scaledFactor(block, reported), t.start);
  }
}

function scaledFactor({ model, rebase, size, thetaStart }: BlockLayout, reported: Float64Array): Float64Array {
  const own = new Float64Array(size * size);
  model.factorInto(own, 0, size, reported, thetaStart, null);
  return product(rebase.R, own, size);
}

/**
 * Gradient by theta as users know it.
 * @param byFactor  derivatives by the templates as `writePublicFactors` left them
 * @param rest      as in `BlockGradients`; length at least layout.thetas
 * @param into      layout.thetas; overwritten. NaN at the bounds of a correlation, where its own derivative has no limit
 */
export function publicThetaGradient(
  layout: Layout,
  internal: Float64Array,
  reported: Float64Array,
  byFactor: Float64Array,
  rest: Float64Array | null,
  into: Float64Array,
): void {
  into.fill(0, 0, layout.thetas);
  for (const block of layout.blocks) rules[block.model.name](into, { block, internal, reported, byFactor, rest });
}

type Rule = (into: Float64Array, about: BlockGradients) => void;

const rules: Readonly<Record<CovarianceStructure, Rule>> = {
  us(into, { block, internal, reported, byFactor, rest }) {
    const { size: k, thetaStart: at, templates, model, rebase } = block;
    for (const t of templates)
      model.gradientInto(into, at, leftTransposed(rebase.R, byFactor, t.start, k), 0, k, reported, null);
    if (rest === null || !rest.subarray(at, at + block.thetaCount).some((v) => v !== 0)) return;
    const L = new Float64Array(k * k);
    model.factorInto(L, 0, k, internal, at, null);
    const whole = wholeGradient(L, rest, at, k);
    const back = timesRotation(whole, L, scaledFactor(block, reported), k);
    model.gradientInto(into, at, leftTransposed(rebase.R, back, 0, k), 0, k, reported, null);
  },
  diag(into, about) {
    const { block } = about;
    const g = internalGradient(about);
    for (let c = 0; c < block.size; c++) into[block.thetaStart + c] = g[c] * block.rebase.scale[c];
  },
  cs(into, { block, internal, byFactor, rest }) {
    const { size: k, thetaStart: at, rebase } = block;
    const angle = k > 1 ? internal[at + k] : 0;
    const { a, b, da, db } = rootCoefficients(angle, k);
    const start = block.templates[0]?.start ?? 0;
    let byAngle = rest === null || k === 1 ? 0 : rest[at + k];
    for (let r = 0; r < k; r++) {
      const s = internal[at + r];
      let t = 0;
      for (let c = 0; c < k; c++) {
        const g = byFactor[start + c * k + r];
        t += g * ((r === c ? a : 0) + b / k);
        byAngle += s * s * g * ((r === c ? da : 0) + db / k);
      }
      into[at + r] = rebase.scale[r] * (t + (rest === null || rest[at + r] === 0 ? 0 : rest[at + r] / (2 * s)));
    }
    if (k > 1) into[at + k] = byAngle * angleSlope(angle, k);
  },
  homcs(into, about) {
    const { block, internal } = about;
    const { size: k, thetaStart: at, rebase } = block;
    const g = internalGradient(about);
    into[at] = g[0] * rebase.scale[0];
    if (k > 1) into[at + 1] = g[1] * angleSlope(internal[at + 1], k);
  },
  ar1(into, about) {
    const { block, internal } = about;
    const g = internalGradient(about);
    into[block.thetaStart] = g[0];
    into[block.thetaStart + 1] = g[1] / Math.cos(internal[block.thetaStart + 1]);
  },
  car1(into, about) {
    const { block, internal } = about;
    const { thetaStart: at, unit } = block;
    const g = internalGradient(about);
    into[at] = g[0];
    // reported = (sin^2 t)^(1 / unit)
    const t = internal[at + 1];
    const phi = Math.sin(t) ** 2;
    into[at + 1] = g[1] / ((phi ** (1 / unit - 1) * 2 * Math.sin(t) * Math.cos(t)) / unit);
  },
};

/** d angle / d rho of compound symmetry: rho = (k sin^2 t - 1) / (k - 1). */
function angleSlope(t: number, k: number): number {
  return (k - 1) / (2 * k * Math.sin(t) * Math.cos(t));
}

/** Gradient by a block's internal parameters. */
function internalGradient({ block, internal, byFactor, rest }: BlockGradients): Float64Array {
  const { model, templates, thetaStart: at, thetaCount } = block;
  const whole = new Float64Array(internal.length);
  for (const t of templates) model.gradientInto(whole, at, byFactor, t.start, t.size, internal, t.positions);
  if (rest !== null) for (let p = at; p < at + thetaCount; p++) whole[p] += rest[p];
  return whole.subarray(at, at + thetaCount);
}

/** R' G. */
function leftTransposed(R: Float64Array, G: Float64Array, start: number, k: number): Float64Array {
  const result = new Float64Array(k * k);
  for (let c = 0; c < k; c++)
    for (let r = 0; r < k; r++) {
      let t = 0;
      for (let m = 0; m < k; m++) t += R[m + r * k] * G[start + m + c * k];
      result[r + c * k] = t;
    }
  return result;
}

/**
 * The gradient by all entries of L of a function of L L', from that by its lower triangle: L'G is symmetric. Rows of the upper
 * part that a zero on the diagonal leaves open are zero.
 */
function wholeGradient(L: Float64Array, lower: Float64Array, at: number, k: number): Float64Array {
  const G = new Float64Array(k * k);
  for (let c = 0, e = at; c < k; c++) for (let r = c; r < k; r++, e++) G[r + c * k] = lower[e];
  for (let j = 1; j < k; j++)
    for (let i = j - 1; i >= 0; i--) {
      let t = 0;
      for (let m = j; m < k; m++) t += L[m + j * k] * G[m + i * k];
      for (let m = i + 1; m < k; m++) t -= L[m + i * k] * G[m + j * k];
      G[i + j * k] = L[i + i * k] === 0 ? 0 : t / L[i + i * k];
    }
  return G;
}

/** G Q' where L = M Q: G L^-1 M, so NaN where L is singular. */
function timesRotation(G: Float64Array, L: Float64Array, M: Float64Array, k: number): Float64Array {
  const Qt = M.slice(); // L^-1 M
  for (let c = 0; c < k; c++)
    for (let r = 0; r < k; r++) {
      let t = Qt[r + c * k];
      for (let m = 0; m < r; m++) t -= L[r + m * k] * Qt[m + c * k];
      Qt[r + c * k] = t / L[r + r * k];
    }
  return product(G, Qt, k);
}
