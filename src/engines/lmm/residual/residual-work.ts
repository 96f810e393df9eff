import type { BlockLayout, Layout } from '../layout.js';
import type { ModelRows } from '../model-rows.js';
import type { MixedRows, PreparedCorrelation } from './correlation-model.js';
import { correlationModels } from './correlation-models.js';
import { type MixedBlock, type MixPlan, mixPlan, type Supports, supportsOf } from './mix-plan.js';
import { type SigmaModel, sigmaModel } from './sigma-model.js';

/** What can be said of the mixed rows before there is a pattern; the pattern needs it. */
export interface ResidualShape {
  readonly correlation: PreparedCorrelation | null;
  readonly rows: MixedRows;
  readonly supports: Supports;
}

/**
 * Residual structure with its storage [LMM-RES-1]. The parameters are the correlation's, then the coordinates of sigma's predictor.
 * Everything above the line is formed once; what is below belongs to the parameters of the latest evaluation.
 */
export interface ResidualWork {
  readonly correlation: PreparedCorrelation | null;
  readonly sigma: SigmaModel | null;
  readonly parameters: number;
  /** Of the first parameter of the correlation, and of sigma's predictor, in the search's vector. */
  readonly at: { readonly correlation: number; readonly sigma: number };
  readonly rows: MixedRows;
  readonly plan: MixPlan;
  /** Weighted rows in transformed coordinates; N. */
  readonly x: Float64Array; // N x P, row-major
  readonly z: readonly Float64Array[]; // per block N x size, row-major; of an indicator one value per row
  readonly y: Float64Array; // N: residuals of the least-squares fit, divided by their length
  // ────
  readonly table: Float64Array;
  readonly eta: Float64Array; // N; empty where sigma is one for all
  readonly inverseScale: Float64Array; // N: 1 / s, sigma_row = sigma s_row
  readonly slope: Float64Array; // N: d log s / d eta
  readonly scratch: ResidualScratch;
}

export interface ResidualScratch {
  readonly z: Float64Array; // widest support
  readonly back: Float64Array; // widest support
  readonly x: Float64Array; // P
  readonly halfX: Float64Array; // P
  readonly backX: Float64Array; // P
  readonly tableAdjoint: Float64Array;
  readonly scaleAdjoint: Float64Array; // N
  readonly covariance: Float64Array; // the pattern's layout: Lambda Omega^-1 Lambda'
}

export function residualShape(
  model: Pick<ModelRows, 'rows' | 'residual'>,
  blocks: readonly BlockLayout[],
): ResidualShape | null {
  const { residual } = model;
  if (residual === undefined) return null;
  const groups = residual.correlation;
  const correlation = groups === null ? null : correlationModels[groups.structure].prepare(groups);
  const rows = correlation?.rows ?? separateRows(model.rows);
  return { correlation, rows, supports: supportsOf(rows, blocks.map(mixedBlock)) };
}

function mixedBlock({ nodeStart, block }: BlockLayout): MixedBlock {
  return { nodeStart, codes: block.group.codes };
}

function separateRows(n: number): MixedRows {
  return {
    start: Int32Array.from({ length: n + 1 }, (_, i) => i),
    row: Int32Array.from({ length: n }, (_, i) => i),
    coefficient: new Int32Array(n),
    weight: new Int32Array(n),
  };
}

/**
 * @param rows     as in `ResidualWork`
 * @param typical  sigma of a least-squares fit, in the response's units
 */
export function createResidualWork(
  model: ModelRows,
  layout: Layout,
  rows: Pick<ResidualWork, 'x' | 'z' | 'y'>,
  typical: number,
): ResidualWork | null {
  const { residual: shape } = layout;
  const scale = model.residual?.scale ?? null;
  if (shape === null) return null;
  const { correlation } = shape;
  const sigma = scale === null ? null : sigmaModel(scale, model.rows, typical);
  const own = correlation?.parameters ?? 0;
  const tableSize = correlation?.tableSize ?? 1;
  const plan = mixPlan(shape.rows, layout.blocks.map(mixedBlock), shape.supports, layout.pattern);
  const N = model.rows;
  const { pattern } = layout;
  return {
    correlation,
    sigma,
    parameters: own + (sigma?.count ?? 0),
    at: { correlation: layout.thetas, sigma: layout.thetas + own },
    rows: shape.rows,
    plan,
    ...rows,
    table: new Float64Array(tableSize).fill(1),
    eta: new Float64Array(sigma === null ? 0 : N),
    inverseScale: new Float64Array(N).fill(1),
    slope: new Float64Array(sigma === null ? 0 : N),
    scratch: {
      z: new Float64Array(plan.widest),
      back: new Float64Array(plan.widest),
      x: new Float64Array(model.fixed),
      halfX: new Float64Array(model.fixed),
      backX: new Float64Array(model.fixed),
      tableAdjoint: new Float64Array(tableSize),
      scaleAdjoint: new Float64Array(N),
      covariance: new Float64Array(pattern.blockStart[pattern.row.length]),
    },
  };
}
