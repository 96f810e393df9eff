import type { Report } from '../diagnostics/report.js';
import type { Expr, LikelihoodNode, ModelGraph, NodeId } from '../graph/model-graph.js';
import type { BoundBlock } from './bind-blocks.js';
import type { BoundPredictors } from './bind-predictors.js';
import { signatureOf } from './likelihood-design.js';

/**
 * Models that the data cannot identify, as lme4 refuses them: with an unknown residual scale a random effect must have
 * fewer levels than there are rows, and fewer columns in all. A scale that is fixed, known or has a prior lifts both, and
 * so do the structures that say more about the covariance (ar1, car1).
 */
export function checkGroups(
  graph: ModelGraph,
  blocks: readonly BoundBlock[],
  predictors: BoundPredictors,
  rows: number,
  report: Report,
  file: string,
): void {
  checkAlike(graph, blocks, predictors, report, file);
  if (graph.mixture !== null) return;
  for (const likelihood of graph.likelihoods) {
    const location = freeScaleLocation(likelihood, graph);
    const predictor = predictors.predictors.find((p) => p.id === location);
    if (predictor === undefined) continue;
    for (const { block: index } of predictor.random) {
      const { block } = blocks[index];
      if (block.covariance === 'ar1' || block.covariance === 'car1') continue;
      const origin = graph.randomEffects.find((effect) => effect.id === block.id)?.origin;
      const levels = block.group.levels.length;
      const size = block.covariance === 'diag' ? 1 : block.terms.length; // independent columns stand on their own
      const place = { group: block.label, levels, rows };
      if (levels >= rows) report.addData('MM452', origin, { file }, place);
      else if (levels * size >= rows) {
        report.addData('MM453', origin, { file }, { ...place, terms: block.terms, effects: levels * size });
      }
    }
    if (predictor.columns.length >= rows) {
      report.addData('MM457', likelihood.origin, { file }, { coefficients: predictor.columns.length, rows });
    }
  }
}

/** Two groupings that are one, under two names, with the same column: only the sum of the two variances shows. */
function checkAlike(
  graph: ModelGraph,
  blocks: readonly BoundBlock[],
  { predictors }: BoundPredictors,
  report: Report,
  file: string,
): void {
  // what is held or has a prior may be told apart by that
  if (graph.priors.length + graph.fixes.length > 0) return;
  for (const { random } of predictors) {
    const own = random.map((use) => blocks[use.block].block).filter((block) => block.positions === null);
    own.forEach((second, k) => {
      for (const first of own.slice(0, k)) {
        if (first.constraint !== second.constraint) continue;
        const term = second.terms.find((t) => first.terms.includes(t));
        if (term === undefined || !samePartition(first.group.codes, second.group.codes)) continue;
        const origin = graph.randomEffects.find((effect) => effect.id === second.id)?.origin;
        report.addData('MM468', origin, { file }, { first: first.label, second: second.label, term });
      }
    });
  }
}

function samePartition(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  const there = new Map<number, number>();
  const back = new Map<number, number>();
  for (let i = 0; i < a.length; i++) {
    if ((there.get(a[i]) ?? b[i]) !== b[i] || (back.get(b[i]) ?? a[i]) !== a[i]) return false;
    there.set(a[i], b[i]);
    back.set(b[i], a[i]);
  }
  return true;
}

/** The predictor of the mean, where the residual scale beside it is unknown and on the scale of the response. */
function freeScaleLocation(likelihood: LikelihoodNode, graph: ModelGraph): NodeId | undefined {
  const signature = signatureOf(likelihood.family);
  const predictorOf = (role: 'location' | 'scale') => {
    const names = signature.parameters.filter((p) => p.role === role).map((p) => p.name);
    const argument = likelihood.family.arguments.find((a) => a.kind === 'predictor' && names.includes(a.name));
    return argument?.kind === 'predictor' ? graph.predictors.find((p) => p.id === argument.predictor) : undefined;
  };
  const [location, scale] = [predictorOf('location'), predictorOf('scale')];
  if (signature.hasScale !== true || location?.link !== 'identity' || scale === undefined) return undefined;
  if (likelihood.correlation !== null) return undefined;
  const settled = [...graph.fixes, ...graph.priors].some((node) => mentions(node.left, scale.id));
  return settled ? undefined : location.id;
}

function mentions(expr: Expr, predictor: NodeId): boolean {
  switch (expr.kind) {
    case 'parameter':
      return expr.ref.kind === 'scalar' && expr.ref.predictors.includes(predictor);
    case 'unary':
      return mentions(expr.operand, predictor);
    case 'binary':
      // `sd(g) / sigma` says nothing of sigma itself.
      return expr.operator === '^' && mentions(expr.left, predictor);
    case 'call':
      return expr.args.some((arg) => mentions(arg.value, predictor));
    default:
      return false;
  }
}
