import type {
  Expr,
  FamilyNode,
  LikelihoodNode,
  ModelGraph,
  NodeId,
  ParameterRef,
  PredictorNode,
} from './model-graph.js';

export function expressionsIn(e: Expr): Expr[] {
  switch (e.kind) {
    case 'unary':
      return [e, ...expressionsIn(e.operand)];
    case 'binary':
      return [e, ...expressionsIn(e.left), ...expressionsIn(e.right)];
    case 'call':
      return [e, ...e.args.flatMap((a) => expressionsIn(a.value))];
    case 'list':
      return [e, ...e.items.flatMap(expressionsIn)];
    default:
      return [e];
  }
}

/** The parameters an expression names, in source order. */
export function referencesIn(e: Expr): ParameterRef[] {
  return expressionsIn(e).flatMap((x) => (x.kind === 'parameter' ? [x.ref] : []));
}

/** The family and those inside it, outermost first. */
export function familiesIn(f: FamilyNode): FamilyNode[] {
  return f.base === null ? [f] : [f, ...familiesIn(f.base)];
}

/** Ids of the predictors a likelihood uses. */
export function predictorIdsOf(l: LikelihoodNode): NodeId[] {
  return familiesIn(l.family).flatMap((f) => f.arguments.flatMap((a) => (a.kind === 'predictor' ? [a.predictor] : [])));
}

export function predictorsOf(graph: ModelGraph, l: LikelihoodNode): PredictorNode[] {
  const ids = new Set(predictorIdsOf(l));
  return graph.predictors.filter((p) => ids.has(p.id));
}

/** True where the predictor is one unknown number. */
export function isConstant(p: PredictorNode): boolean {
  const bare = p.terms.length === 0 && p.offsets.length === 0 && p.parts.length === 0 && p.randomEffects.length === 0;
  return p.constant || (bare && p.intercept);
}
