import { analyze, type BlockCholesky, valueCount } from '../../kernels/block-cholesky.js';
import type { ThreadTeam } from '../../kernels/thread-team.js';
import { logScale } from './column-transform.js';
import { type CrossProducts, formCrossProducts, transformedRows } from './cross-products.js';
import { type Layout, layOut } from './layout.js';
import type { ModelRows } from './model-rows.js';
import { createPriorWork, isFelt, type PriorSource, type PriorWork } from './priors/prior-work.js';
import type { SigmaTerms } from './profile-sigma.js';
import { createResidualWork, type ResidualWork } from './residual/residual-work.js';
import { hasCommonScale } from './residual/sigma-model.js';
import { sumToZeroNormals } from './sum-to-zero.js';

/** What a fit asks besides the rows. */
export interface LmmSettings {
  readonly reml: boolean;
  /** The residual standard deviation where it is known. */
  readonly fixedSigma: number | null;
  /** Priors and penalties of the model, where it has any. */
  readonly priors?: PriorSource | null;
}

/**
 * One linear mixed model with its storage. Everything above the line is formed once; what is below belongs to the theta
 * of the latest evaluation and is overwritten by the next. q random effects, P fixed ones, m constraints; all in transformed
 * coordinates [LMM-5].
 */
export interface LmmWork {
  readonly model: ModelRows;
  readonly settings: LmmSettings;
  readonly layout: Layout;
  readonly products: CrossProducts;
  readonly q: number;
  readonly P: number;
  readonly m: number;
  /** q x m, row-major: unit normals of the hyperplanes that the spherical effects are held in [LMM-8]. */
  readonly normals: Float64Array;
  /** nu of [LMM-7]: N, or N - P for REML. */
  readonly nu: number;
  /** What the objective has that theta does not move: the log weights and the units of X. */
  readonly constant: number;
  readonly priors: PriorWork | null;
  readonly residual: ResidualWork | null;
  /** Length of `theta`: the parameters of Lambda, then those of the residual. */
  readonly parameters: number;
  // ────
  readonly theta: Float64Array;
  readonly lambda: Float64Array; // templates, each size x size, column-major
  readonly omega: Float64Array; // Lambda'Z'Z Lambda + I in the pattern's layout
  readonly chol: BlockCholesky; // L
  /** q x (P + 1 + m), row-major: RZX', c_u and the normals, all times L^-1; the constraint is projected out of the first two. */
  readonly C: Float64Array;
  readonly RX: Float64Array; // P x P, column-major: the lower triangle holds RX'
  readonly cBeta: Float64Array; // P: c_b
  readonly beta: Float64Array; // P
  readonly u: Float64Array; // q
  readonly sigmaTerms: SigmaTerms;
  readonly at: LmmPoint;
  readonly scratch: LmmScratch;
}

/** Numbers of the latest evaluation. */
export interface LmmPoint {
  logDetOmega: number; // log|L|^2, with the constraint's part
  logDetRX: number; // log|RX|^2
  r2: number; // penalized residual sum of squares, in units of the scaled response
  sigma: number; // in the same units
  logDetResidual: number; // log|R|, without the prior weights
  objective: number;
  /** Whether scratch.inverse is that of the factor at hand. */
  inverted: boolean;
  /** Columns of X among those that `residualColumns` has left in the scratch for the modes at hand; -1: they are of others. */
  residualsOf: number;
}

export interface LmmScratch {
  readonly gram: Float64Array; // (P + 1 + m)^2
  readonly small: Float64Array; // m x m and m x (P + 1)
  readonly inverse: Float64Array; // the pattern's layout: selected inverse
  readonly columns: Float64Array; // q x (1 + P + m)
  readonly scaled: Float64Array; // as columns: Lambda times them
  readonly product: Float64Array; // as columns
  readonly block: Float64Array; // two blocks of the largest size
  readonly G: Float64Array; // as lambda: derivatives by the templates
  readonly lambdaInverse: Float64Array; // as lambda
  readonly lambdaSums: Float64Array; // as lambda: of levels that share a template
}

export function createWork(model: ModelRows, settings: LmmSettings, team?: ThreadTeam): LmmWork {
  const layout = layOut(model);
  return assembleWork(model, settings, layout, formCrossProducts(model, layout), analyze(layout.pattern, { team }));
}

/** A work from parts that may be shared with another one. */
export function assembleWork(
  model: ModelRows,
  given: LmmSettings,
  layout: Layout,
  products: CrossProducts,
  chol: BlockCholesky,
): LmmWork {
  const { pattern } = layout;
  const q = pattern.rowStart[pattern.nodes];
  const P = model.fixed;
  const normals = sumToZeroNormals(model, layout);
  const m = q === 0 ? 0 : normals.length / q;
  const wide = P + 1 + m;
  let largest = 0;
  for (const s of pattern.size) largest = Math.max(largest, s);
  const values = valueCount(pattern);
  const logD = logScale(products.transform);
  const typical = products.response.length / Math.sqrt(model.rows);
  const scale = model.residual?.scale ?? null;
  // a predictor of sigma that has no factor common to all rows leaves nothing to profile; any size will do as their unit
  const settings = scale === null || hasCommonScale(scale, model.rows) ? given : { ...given, fixedSigma: typical };
  const priors = settings.priors ? createPriorWork(settings.priors, layout, products) : null;
  const rows = layout.residual === null ? null : transformedRows(model, layout, products);
  const residual = rows === null ? null : createResidualWork(model, layout, rows, typical);
  const parameters = layout.thetas + (residual?.parameters ?? 0);
  return {
    model,
    settings,
    layout,
    products,
    q,
    P,
    m,
    normals,
    nu: model.rows - (settings.reml ? P : 0),
    priors: priors !== null && isFelt(priors) ? priors : null,
    residual,
    parameters,
    constant: -products.logWeights + (settings.reml ? 2 * logD : 0),
    theta: new Float64Array(parameters),
    lambda: new Float64Array(layout.lambdas),
    omega: new Float64Array(values),
    chol,
    C: new Float64Array(q * wide),
    RX: new Float64Array(P * P),
    cBeta: new Float64Array(P),
    beta: new Float64Array(P),
    u: new Float64Array(q),
    sigmaTerms: { nu: 0, A: 0, B: 0, C: 0, D: 0 },
    at: {
      logDetOmega: Number.NaN,
      logDetRX: Number.NaN,
      r2: Number.NaN,
      sigma: Number.NaN,
      logDetResidual: 0,
      objective: Number.NaN,
      inverted: false,
      residualsOf: -1,
    },
    scratch: {
      gram: new Float64Array(wide * wide),
      small: new Float64Array(m * (m + P + 1)),
      inverse: new Float64Array(values),
      columns: new Float64Array(q * wide),
      scaled: new Float64Array(q * wide),
      product: new Float64Array(q * wide),
      block: new Float64Array(2 * largest * largest),
      G: new Float64Array(layout.lambdas),
      lambdaInverse: new Float64Array(layout.lambdas),
      lambdaSums: new Float64Array(layout.lambdas),
    },
  };
}
