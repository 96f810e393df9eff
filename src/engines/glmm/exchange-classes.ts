import type { Design, PredictorDesign } from '../../data/design.js';
import type { ModelGraph, ParameterRef } from '../../graph/model-graph.js';
import { familiesIn, predictorIdsOf } from '../../graph/walk-graph.js';
import { compileExpression } from '../../priors/compile-expression.js';
import type { GlmmModel } from './glmm-model.js';
import type { ParameterSpace } from './parameters.js';
import { Quantities } from './quantities.js';

/** A mixture per row, bound. */
interface BoundMixture {
  readonly graph: ModelGraph;
  readonly design: Design;
  readonly model: GlmmModel;
  readonly space: ParameterSpace;
}

/**
 * The whole vector with the classes of a mixture per row in the places that `order` wants them in; null where they are in their
 * places, may not change them (other bodies, known labels) or have no order. The likelihood is the same there.
 */
export function classesInOrder(bound: BoundMixture): Float64Array | null {
  const { mixture } = bound.graph;
  if (mixture === null || mixture.order === null || mixture.labels !== null) return null;
  const values = orderValues(bound);
  const kinds = mixture.classes.map((name) => bodyOf(bound, name));
  const { descending } = mixture.order;
  const from = mixture.classes.map((_, k) => k);
  for (const kind of new Set(kinds)) {
    const places = from.filter((_, k) => kinds[k] === kind);
    const sorted = places.toSorted((a, b) => (descending ? values[b] - values[a] : values[a] - values[b]) || a - b);
    places.forEach((place, i) => {
      from[place] = sorted[i];
    });
  }
  if (from.every((k, place) => k === place) || !values.every(Number.isFinite)) return null;
  return exchanged(bound, from);
}

/** The value of `order k by ...` in each class; NaN where it is about class probabilities that have predictors. */
function orderValues({ graph, design, model, space }: BoundMixture): number[] {
  const { mixture } = graph;
  if (mixture === null || mixture.order === null) return [];
  const { by } = mixture.order;
  const quantities = new Quantities(graph, design, model);
  quantities.set(space.full);
  const value = new Float64Array(1);
  let known = true;
  const found = mixture.classes.map((name) => {
    const own = new Set(ownPredictors(graph, design, name).map((p) => p.id));
    const placeOf = (ref: ParameterRef) => {
      if (ref.kind === 'prob') {
        if (model.gateConstants > 0) return quantities.placeOf({ ...ref, class: ref.class ?? name });
        known = false;
        return { rows: 1, columns: 1, inputs: [0] };
      }
      if (ref.kind !== 'coefficients' && ref.kind !== 'scalar') return quantities.placeOf(ref);
      return quantities.placeOf({ ...ref, predictors: ref.predictors.filter((id) => own.has(id)) });
    };
    const { tape } = compileExpression(by, quantities.values.length, placeOf);
    tape.evaluate(quantities.values, value);
    return value[0];
  });
  return known ? found : found.map(() => Number.NaN);
}

/** What a class says but for its name and the values of its parameters: classes that say the same may change places. */
function bodyOf(bound: BoundMixture, name: string): string {
  const { graph, design, model, space } = bound;
  const likelihood = graph.likelihoods.find((l) => l.class === name);
  if (likelihood === undefined) return name;
  const isFree = (at: number) => (space.free.includes(at) ? 'free' : space.full[at]);
  const { thetas, blocks } = model.layout;
  const body = [
    likelihood.responseText,
    familiesIn(likelihood.family).map((f) => [f.name, f.arguments.map((a) => (a.kind === 'predictor' ? a.name : a))]),
    predictorIdsOf(likelihood).map((id) => {
      const p = design.predictors.find((d) => d.id === id);
      if (p === undefined || p.class === null) return id;
      const node = graph.predictors.find((d) => d.id === id);
      return [
        p.parameter,
        p.link,
        node?.parts ?? [],
        node?.offsets ?? [],
        Array.from(p.columns, (c) => {
          const { name: of, part } = design.coefficients[c];
          return [part === null ? of : c, isFree(thetas + c)];
        }),
        p.random.map((use) => {
          const block = design.blocks[use.block];
          if (block.class === null) return block.id;
          const placed = blocks.find((l) => l.block.id === block.id);
          const free = Array.from({ length: placed?.thetaCount ?? 0 }, (_, k) => isFree((placed?.thetaStart ?? 0) + k));
          return [block.label, block.covariance, block.terms, free];
        }),
      ];
    }),
  ];
  return JSON.stringify(body);
}

/** @param from  place k gets the parameters of class from[k] */
function exchanged({ graph, design, model, space }: BoundMixture, from: readonly number[]): Float64Array {
  const before = space.full;
  const full = before.slice();
  const classes = graph.mixture?.classes ?? [];
  const { thetas, blocks } = model.layout;
  const placedBlock = (b: number) => blocks.find((l) => l.block.id === design.blocks[b].id);
  from.forEach((source, place) => {
    const mine = ownPredictors(graph, design, classes[place]);
    const theirs = ownPredictors(graph, design, classes[source]);
    mine.forEach((p, i) => {
      p.columns.forEach((c, j) => {
        full[thetas + c] = before[thetas + theirs[i].columns[j]];
      });
      p.random.forEach((use, j) => {
        const to = placedBlock(use.block);
        const of = placedBlock(theirs[i].random[j].block);
        if (to === undefined || of === undefined || to === of) return;
        for (let k = 0; k < to.thetaCount; k++) full[to.thetaStart + k] = before[of.thetaStart + k];
      });
    });
  });
  exchangeLogOdds({ graph, design, model, space }, from, full);
  return full;
}

/** Log odds against the baseline: those of the class that comes there, minus those of the class that becomes the baseline. */
function exchangeLogOdds({ graph, design, model, space }: BoundMixture, from: readonly number[], full: Float64Array) {
  const { mixture } = graph;
  if (mixture === null) return;
  const { gating, classes } = mixture;
  const columns = classes.map((name, k): Int32Array | null => {
    if (gating.kind === 'softmax')
      return design.predictors.find((p) => gating.predictors.includes(p.id) && p.class === name)?.columns ?? null;
    return k === classes.length - 1 ? null : Int32Array.of(design.coefficients.length + k);
  });
  const { thetas } = model.layout;
  const baseline = columns.indexOf(null);
  const value = (k: number, j: number): number => {
    const own = columns[k];
    return own === null ? 0 : space.full[thetas + own[j]];
  };
  columns.forEach((own, place) => {
    own?.forEach((c, j) => {
      full[thetas + c] = value(from[place], j) - value(from[baseline], j);
    });
  });
}

function ownPredictors(graph: ModelGraph, design: Design, name: string): PredictorDesign[] {
  const likelihood = graph.likelihoods.find((l) => l.class === name);
  const ids = likelihood === undefined ? [] : predictorIdsOf(likelihood);
  return ids.flatMap((id) => design.predictors.filter((p) => p.id === id && p.class !== null));
}
