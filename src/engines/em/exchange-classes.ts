import type { PredictorDesign } from '../../data/design.js';
import type { LikelihoodNode, NodeId } from '../../graph/model-graph.js';
import { familiesIn, predictorIdsOf } from '../../graph/walk-graph.js';
import type { EmModel } from './em-model.js';

/**
 * What a class's body says, without its name: classes of the same kind differ in the values of their parameters alone, and may
 * change places.
 */
export function classKinds(model: EmModel): string[] {
  const { graph, mixture } = model;
  return mixture.classes.map((name) => {
    const likelihood = graph.likelihoods.find((l) => l.class === name);
    return likelihood === undefined ? name : JSON.stringify(kindOf(model, likelihood));
  });
}

function kindOf(model: EmModel, likelihood: LikelihoodNode): unknown {
  const { design } = model;
  const at = model.graph.likelihoods.indexOf(likelihood);
  return [
    likelihood.responseText,
    familiesIn(likelihood.family).map((f) => [f.name, f.arguments.map((a) => (a.kind === 'predictor' ? a.name : a))]),
    // data arguments of other rows would be another body
    design.likelihoods[at].data.size,
    predictorIdsOf(likelihood).map((id) => {
      const p = design.predictors.find((d) => d.id === id);
      if (p === undefined || p.class === null) return id;
      return [
        p.parameter,
        p.link,
        columnsKind(model, p),
        p.random.map((use) => blockKind(model, use.block)),
        offsetOf(model, id),
      ];
    }),
  ];
}

/** What a parameter is held at, or that it is not. */
function heldAt({ free, full }: EmModel['space'], at: number): number | 'free' {
  return free.includes(at) ? 'free' : full[at];
}

function columnsKind({ design, space, joint }: EmModel, p: PredictorDesign): unknown {
  const { thetas } = joint.layout;
  return Array.from(p.columns, (c) => {
    const { name, part } = design.coefficients[c];
    return [part === null ? name : c, heldAt(space, c + thetas)];
  });
}

function blockKind({ design, graph, joint, space }: EmModel, b: number): unknown {
  const block = design.blocks[b];
  const node = graph.randomEffects.find((r) => r.id === block.id);
  if (block.class === null) return block.id;
  const placed = joint.layout.blocks.find((l) => l.block.id === block.id);
  const held = Array.from({ length: placed?.thetaCount ?? 0 }, (_, k) => heldAt(space, (placed?.thetaStart ?? 0) + k));
  return [block.label, block.covariance, block.terms, node?.doubleBar === true, held];
}

function offsetOf({ graph }: EmModel, id: NodeId): unknown {
  const node = graph.predictors.find((p) => p.id === id);
  return [node?.parts ?? [], JSON.stringify(node?.offsets ?? [])];
}

/**
 * Moves the classes' own parameters: class `place` gets those of class from[place].
 * @param from  a permutation among classes of the same kind
 */
export function exchangeClasses(model: EmModel, from: Int32Array, full: Float64Array): void {
  const before = full.slice();
  const { classes, joint, mixture, design } = model;
  const { thetas, blocks } = joint.layout;
  const thetasOf = (b: number) => blocks.find((block) => block.block.id === design.blocks[b].id);
  from.forEach((source, place) => {
    if (source === place) return;
    const mine = ownPredictors(model, mixture.classes[place]);
    const theirs = ownPredictors(model, mixture.classes[source]);
    mine.forEach((p, i) => {
      p.columns.forEach((c, j) => {
        full[thetas + c] = before[thetas + theirs[i].columns[j]];
      });
      p.random.forEach((use, j) => {
        const to = thetasOf(use.block);
        const of = thetasOf(theirs[i].random[j].block);
        if (to !== undefined && of !== undefined)
          for (let k = 0; k < to.thetaCount; k++) full[to.thetaStart + k] = before[of.thetaStart + k];
      });
    });
    const target = classes[place];
    for (let k = 0; k < target.work.model.cuts; k++) full[target.cutsAt + k] = before[classes[source].cutsAt + k];
  });
  exchangeGates(model, from, before, full);
}

function ownPredictors({ graph, design }: EmModel, name: string): PredictorDesign[] {
  const likelihood = graph.likelihoods.find((l) => l.class === name);
  const ids = likelihood === undefined ? [] : predictorIdsOf(likelihood);
  return ids.flatMap((id) => design.predictors.filter((p) => p.id === id && p.class !== null));
}

/** Log odds against the baseline: those of the class that comes there, minus those of the class that becomes the baseline. */
function exchangeGates({ gates }: EmModel, from: Int32Array, before: Float64Array, full: Float64Array): void {
  const baseline = gates.gates.indexOf(null);
  const value = (k: number, j: number): number => {
    const gate = gates.gates[k];
    return gate === null ? 0 : before[gate.columns[j]];
  };
  gates.gates.forEach((gate, place) => {
    gate?.columns.forEach((c, j) => {
      full[c] = value(from[place], j) - value(from[baseline], j);
    });
  });
}
