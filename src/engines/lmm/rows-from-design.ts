import type { Design, LikelihoodDesign, PredictorDesign, RandomUse } from '../../data/design.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import type { FamilyArgument, ModelGraph } from '../../graph/model-graph.js';
import { links } from '../../links/index.js';
import { linkNames } from '../../links/link.js';
import { heldCoefficients } from '../glmm/held-parameters.js';
import type { BlockLoad, ModelRows } from './model-rows.js';
import { errorGroups, type ResidualRows } from './residual/residual-rows.js';

/** What the engine fits: the rows, the predictor of the mean they come from, and what is known of sigma. */
export interface LmmInput {
  readonly model: ModelRows;
  readonly location: PredictorDesign;
  /** The predictor of sigma, where somebody wrote one. */
  readonly scale: PredictorDesign | null;
  readonly fixedSigma: number | null;
}

/** Narrows a design with one normal likelihood to the rows of a linear mixed model. */
export function rowsFromDesign(graph: ModelGraph, design: Design): LmmInput {
  const node = graph.likelihoods[0];
  const likelihood = design.likelihoods[0];
  if (node === undefined || likelihood === undefined || graph.likelihoods.length !== 1)
    throw new InternalError('a linear mixed model has one likelihood', graph.likelihoods.length);
  const argument = node.family.arguments.find((a) => a.name === 'mu');
  if (argument?.kind !== 'predictor') throw new InternalError('a normal likelihood without a predictor of mu', node.id);
  const location = design.predictors.find((p) => p.id === argument.predictor);
  if (location === undefined) throw new InternalError('the design lacks a predictor', argument.predictor);

  const sigma = node.family.arguments.find((a) => a.name === 'sigma');
  const known = likelihood.data.get('sigma') ?? null;
  const { weights } = likelihood;
  const scale = sigma?.kind === 'predictor' ? (design.predictors.find((p) => p.id === sigma.predictor) ?? null) : null;
  const residual = residualRows(design, likelihood, scale);
  const used = [...new Set(location.random.map((r) => r.block))].sort((a, b) => a - b);
  const model: ModelRows = {
    rows: design.rows,
    fixed: location.columns.length,
    ...(location.sources === undefined ? {} : { sources: location.sources }),
    get X() {
      return location.X;
    },
    termOf: Array.from(location.columns, (c) => design.coefficients[c].term),
    y: likelihood.y,
    offset: location.offset,
    // a known standard deviation per row is a weight 1 / sd^2 with sigma held at one
    weights: known === null ? weights : known.map((s, i) => (weights === null ? 1 : weights[i]) / (s * s)),
    blocks: used.map((b) => design.blocks[b]),
    loads: used.map((b) =>
      loadOf(
        location.random.filter((r) => r.block === b),
        design.blocks[b].terms.length,
        design.rows,
      ),
    ),
    ...(residual === null ? {} : { residual }),
  };
  const fixedSigma = known !== null ? 1 : heldSigma(graph, design, sigma);
  return { model, location, scale: scale === null || scale.constant ? null : scale, fixedSigma };
}

function residualRows(
  design: Design,
  { correlation }: LikelihoodDesign,
  predictor: PredictorDesign | null,
): ResidualRows | null {
  const varies = predictor !== null && !isIntercept(design, predictor);
  if (!varies && correlation === null) return null;
  const link = linkNames.find((name) => name === predictor?.link);
  if (varies && link === undefined) throw new InternalError('sigma has no such link', predictor.link);
  return {
    scale:
      varies && link !== undefined
        ? { X: predictor.X, columns: predictor.columns.length, offset: predictor.offset, link }
        : null,
    correlation:
      correlation === null
        ? null
        : errorGroups(correlation.structure, correlation.group, correlation.position, correlation.positionLabels),
  };
}

/** One unknown number for all rows, with whatever link. */
function isIntercept(design: Design, { columns, offset }: PredictorDesign): boolean {
  return columns.length === 1 && offset === null && design.coefficients[columns[0]].term === '(Intercept)';
}

/** `normal(mu, 2)` and `fix sigma = 2`. */
function heldSigma(graph: ModelGraph, design: Design, argument: FamilyArgument | undefined): number | null {
  if (argument?.kind === 'number') return argument.value;
  if (argument?.kind !== 'predictor') return null;
  const predictor = design.predictors.find((p) => p.id === argument.predictor);
  const column = predictor?.columns[0];
  const value = column === undefined ? undefined : heldCoefficients(graph, design).get(column);
  const link = linkNames.find((name) => name === predictor?.link);
  if (value === undefined || link === undefined) return null;
  return links[link].inverse(value);
}

/** A block that a predictor uses more than once loads with the sum. */
function loadOf(uses: readonly RandomUse[], size: number, rows: number): BlockLoad {
  const { z } = uses[0];
  if (z.kind === 'indicator') return { kind: 'indicator', column: z.column, multiple: uses.length };
  if (uses.length === 1) {
    if (z.sources === undefined) return { kind: 'dense', size, values: z.values };
    return {
      kind: 'dense',
      size,
      sources: z.sources,
      get values() {
        return z.values;
      },
    };
  }
  const sum = new Float64Array(rows * size);
  for (const u of uses) {
    const values = u.z.kind === 'dense' ? u.z.values : null;
    for (let i = 0; i < sum.length; i++) sum[i] += values === null ? 1 : values[i];
  }
  return { kind: 'dense', size, values: sum };
}
