import { type RowDerivatives, rowDerivatives } from '../../families/density.js';
import { analyze, type BlockCholesky, flopCount, valueCount } from '../../kernels/block-cholesky.js';
import type { ThreadTeam } from '../../kernels/thread-team.js';
import type { GlmmModel } from './glmm-model.js';

/**
 * A model with the storage of one evaluation, all of which is overwritten by the next; nothing else is allocated. q random
 * effects, D predictors, m constraints; u and H are spherical, b and C in the (transformed) scale of the random effects.
 */
export interface GlmmWork {
  readonly model: GlmmModel;
  readonly q: number;
  readonly D: number;
  readonly m: number;
  /** Index of the packed pair of predictors (d, e): pairAt[d * D + e]. */
  readonly pairAt: Int32Array;
  readonly theta: Float64Array;
  readonly beta: Float64Array; // P, transformed coordinates
  readonly cuts: Float64Array; // thresholds, increasing
  readonly lambda: Float64Array;
  readonly chol: BlockCholesky; // of H
  readonly C: Float64Array; // Z'WZ, the pattern's layout
  readonly H: Float64Array; // Lambda'C Lambda + I
  /** How much each step of a mode search must bring its decrement down for the factor to be kept. */
  readonly worthKeeping: number;
  /** The conditional mode, kept from one evaluation to the next as a start. */
  readonly u: Float64Array;
  readonly fixedEta: Float64Array; // D x rows: offsets and fixed effects
  readonly eta: Float64Array; // D x rows
  readonly derivatives: RowDerivatives;
  /** Constraints: H^-1 A' (q x m, row-major) and the Cholesky factor of A H^-1 A' (m x m, column-major). */
  readonly K: Float64Array;
  readonly S: Float64Array;
  readonly at: GlmmPoint;
  readonly scratch: GlmmScratch;
}

/** Numbers of the latest evaluation. */
export interface GlmmPoint {
  logLikelihood: number; // sum of log densities at the mode
  penalty: number; // |u|^2
  logDet: number; // log|H|, with the constraint's part
  value: number; // the deviance
  /** Newton decrement left at the mode; its half would still come off the value. */
  decrement: number;
  stuck: boolean; // no fraction of the latest Newton step lowered the penalised deviance
  modeIterations: number; // points that mode searches have looked at, of all evaluations together
  evaluations: number;
}

export interface GlmmScratch {
  readonly b: Float64Array; // q
  readonly step: Float64Array; // q
  readonly trial: Float64Array; // q
  readonly gradient: Float64Array; // q
  readonly trialEta: Float64Array; // D x rows
  readonly block: Float64Array; // one block of the largest size
  readonly V: Float64Array; // the pattern's layout: adjoint of H
  readonly M: Float64Array; // Lambda V Lambda'
  readonly leverage: Float64Array; // pairs x rows
  readonly alpha: Float64Array; // D x rows
  readonly t: Float64Array; // D x rows
  readonly a: Float64Array; // D x rows
  readonly zp: Float64Array; // D x rows
  readonly small: Float64Array; // m
  readonly G: Float64Array; // as lambda
  readonly cutGradient: Float64Array;
  readonly betaGradient: Float64Array;
}

/**
 * A fit makes a hundred factorizations and more: from so many operations in each (a dense block of 15) WebAssembly takes less
 * time to compile than V8 needs for the kernels in TypeScript.
 */
const wasmPays = 1e3;

/**
 * @param chol  storage for the factor that is shared with another model of the same layout; left out: new
 * @param team  helps with large factorizations, where the storage is new
 */
export function createGlmmWork(model: GlmmModel, chol?: BlockCholesky, team?: ThreadTeam): GlmmWork {
  const { rows, layout, m } = model;
  const { layout: jet } = model.density;
  const { pattern } = layout;
  const D = jet.variables;
  const q = pattern.rowStart[pattern.nodes];
  const values = valueCount(pattern);
  let largest = 1;
  for (const s of pattern.size) largest = Math.max(largest, s);
  const pairAt = new Int32Array(D * D);
  for (let k = 0; k < D * D; k++) pairAt[k] = jet.pairIndex[k] - jet.second;
  const factor = chol ?? analyze(pattern, { team, wasmPays });
  return {
    model,
    q,
    D,
    m,
    pairAt,
    theta: new Float64Array(layout.thetas),
    beta: new Float64Array(model.coefficients),
    cuts: new Float64Array(model.cuts),
    lambda: new Float64Array(layout.lambdas),
    chol: factor,
    worthKeeping: worthKeeping(model, factor),
    C: new Float64Array(values),
    H: new Float64Array(values),
    u: new Float64Array(q),
    fixedEta: new Float64Array(D * rows),
    eta: new Float64Array(D * rows),
    derivatives: rowDerivatives(rows, jet),
    K: new Float64Array(q * m),
    S: new Float64Array(m * m),
    at: {
      logLikelihood: Number.NaN,
      penalty: 0,
      logDet: 0,
      value: Number.NaN,
      decrement: 0,
      stuck: false,
      modeIterations: 0,
      evaluations: 0,
    },
    scratch: {
      b: new Float64Array(q),
      step: new Float64Array(q),
      trial: new Float64Array(q),
      gradient: new Float64Array(q),
      trialEta: new Float64Array(D * rows),
      block: new Float64Array(largest * largest),
      V: new Float64Array(values),
      M: new Float64Array(values),
      leverage: new Float64Array(jet.pairs * rows),
      alpha: new Float64Array(D * rows),
      t: new Float64Array(D * rows),
      a: new Float64Array(D * rows),
      zp: new Float64Array(D * rows),
      small: new Float64Array(m),
      G: new Float64Array(layout.lambdas),
      cutGradient: new Float64Array(model.cuts),
      betaGradient: new Float64Array(model.coefficients),
    },
  };
}

/**
 * A new factor squares the decrement, an old one takes it down by a constant: the dearer a factorization is beside a look at
 * the rows, the less an old one must achieve. The costs are rough, in nanoseconds.
 */
function worthKeeping({ rows, density, loads }: GlmmModel, chol: BlockCholesky): number {
  const perRow = density.batch === undefined ? 200 * density.layout.variables : 25;
  const look = rows * (perRow + 10 * loads.loads.length);
  const assembled = rows * 2 * loads.pairs.length;
  const ratio = (1.5 * flopCount(chol).factor + assembled) / Math.max(look, 1);
  return ratio > 4 ? 1e-2 : ratio > 1 ? 1e-3 : 1e-5;
}
