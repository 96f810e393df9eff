import type { Design } from '../../data/design.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import { hasClosedForm } from '../../graph/closed-form.js';
import type { MixtureNode, ModelGraph } from '../../graph/model-graph.js';
import { type GlmmModel, glmmModel } from '../glmm/glmm-model.js';
import { createGlmmWork, type GlmmWork } from '../glmm/glmm-work.js';
import { heldThetas } from '../glmm/held-covariances.js';
import { heldCoefficients } from '../glmm/held-parameters.js';
import { setParameters } from '../glmm/laplace.js';
import { cutsOf, type ParameterSpace } from '../glmm/parameters.js';
import { type Gates, gatesOf } from './gates.js';
import { type CrossedLevel, type GroupEffects, groupEffects } from './group-effects.js';
import { type GroupRows, groupRows, reorderRows } from './group-rows.js';

/** One class: its likelihood of all rows, with the storage of an evaluation. */
export interface EmClass {
  readonly name: string;
  readonly work: GlmmWork;
  readonly effects: GroupEffects;
  /** Place in the whole vector of each theta of the class's own layout. */
  readonly thetaAt: Int32Array;
  readonly cutsAt: number; // place in the whole vector of its first threshold
  /** The posterior of the effects is normal, so that their integral has a closed form [EM-4]. */
  readonly isNormal: boolean;
}

/** A mixture per group bound to data: what an evaluation reads, and each class's storage. */
export interface EmModel {
  readonly graph: ModelGraph;
  readonly mixture: MixtureNode;
  /** Rows sorted by group. */
  readonly design: Design;
  readonly rows: GroupRows;
  readonly classes: readonly EmClass[];
  readonly gates: Gates;
  readonly known: Int32Array | null; // groups: class, -1 unknown
  /** Predictors, coefficients and covariance blocks of all classes together: its density is never evaluated. */
  readonly joint: GlmmModel;
  readonly space: ParameterSpace;
}

/** A level of a random effect that lies in two groups, as a user knows it. */
export interface Crossed {
  readonly effect: string; // id of the random effect
  readonly level: string;
  readonly groups: readonly [string, string];
}

/** Binds every class to its family and lays its effects out by group; or names an effect that is not inside the groups. */
export function emModel(graph: ModelGraph, unsorted: Design): EmModel | Crossed {
  const { mixture } = graph;
  if (mixture === null || unsorted.classGroup === null)
    throw new InternalError('em: a model without classes per group');
  const rows = groupRows(unsorted.classGroup);
  const design = reorderRows(unsorted, rows.order);
  const held = heldCoefficients(graph, design);
  const joint = glmmModel(graph, design, new Set(held.keys()));
  const shared = sharedCoefficients(design);
  for (const c of held.keys()) shared.add(c);
  const classes: EmClass[] = [];
  let cuts = 0;
  const firstCut = joint.layout.thetas + joint.coefficients;
  for (const name of mixture.classes) {
    const made = emClass(name, graph, design, rows, joint, shared, firstCut + cuts);
    if ('groups' in made) return made;
    classes.push(made);
    cuts += made.work.model.cuts;
  }
  const size = firstCut + cuts;
  const full = new Float64Array(size);
  const fixed = heldThetas(graph, joint.layout);
  for (const [c, value] of held) fixed.set(joint.layout.thetas + c, value);
  for (const [at, value] of fixed) full[at] = value;
  const free = Int32Array.from({ length: size }, (_, i) => i).filter((i) => !fixed.has(i));
  const { knownClass } = design;
  const known =
    knownClass === null ? null : Int32Array.from({ length: rows.groups }, (_, g) => knownClass[rows.start[g]]);
  const gates = gatesOf(mixture, design, joint, rows);
  return {
    graph,
    mixture,
    design,
    rows,
    classes,
    gates,
    known,
    joint: { ...joint, cuts },
    space: { size, free, full },
  };
}

/** `emModel` of data that `checkEm` has found right. */
export function boundModel(graph: ModelGraph, design: Design): EmModel {
  const model = emModel(graph, design);
  if ('level' in model) throw new InternalError('em: a random effect that is not inside the groups', model.effect);
  return model;
}

/** Coefficients that several predictors use: they keep the units they came in, the same in every class. */
function sharedCoefficients(design: Design): Set<number> {
  const users = new Map<number, number>();
  for (const p of design.predictors) for (const c of p.columns) users.set(c, (users.get(c) ?? 0) + 1);
  return new Set([...users].filter(([, count]) => count > 1).map(([c]) => c));
}

function emClass(
  name: string,
  graph: ModelGraph,
  design: Design,
  rows: GroupRows,
  joint: GlmmModel,
  inOwnUnits: ReadonlySet<number>,
  cutsAt: number,
): EmClass | Crossed {
  const at = graph.likelihoods.findIndex((l) => l.class === name);
  if (at < 0) throw new InternalError('em: a class without a likelihood', name);
  const own = { ...graph, likelihoods: [graph.likelihoods[at]], mixture: null };
  const bound = glmmModel(own, { ...design, likelihoods: [design.likelihoods[at]] }, inOwnUnits);
  // one copy of each predictor's columns
  const predictors = bound.predictors.map((p) => {
    const same = p.id === null ? undefined : joint.predictors.find((j) => j.id === p.id);
    return same === undefined ? p : { ...p, fixed: same.fixed };
  });
  const model: GlmmModel = { ...bound, predictors };
  const effects = groupEffects(model, rows);
  if ('level' in effects) return crossedLevel(model, effects, rows);
  const thetaAt = new Int32Array(model.layout.thetas);
  for (const block of model.layout.blocks) {
    const whole = joint.layout.blocks.find((b) => b.block.id === block.block.id);
    if (whole === undefined) throw new InternalError('em: a block of no predictor', block.block.id);
    for (let k = 0; k < block.thetaCount; k++) thetaAt[block.thetaStart + k] = whole.thetaStart + k;
  }
  return {
    name,
    work: createGlmmWork(model),
    effects,
    thetaAt,
    cutsAt,
    isNormal: hasClosedForm(graph, graph.likelihoods[at]),
  };
}

function crossedLevel(model: GlmmModel, found: CrossedLevel, rows: GroupRows): Crossed {
  const { block } = model.layout.blocks[found.block];
  const [a, b] = found.groups;
  return { effect: block.id, level: block.group.levels[found.level], groups: [rows.levels[a], rows.levels[b]] };
}

/** Gives every class its part of the whole vector. */
export function applyWhole(model: EmModel, full: Float64Array): void {
  const { layout, coefficients, gateConstants } = model.joint;
  const beta = full.subarray(layout.thetas, layout.thetas + coefficients - gateConstants);
  for (const { work, thetaAt, cutsAt } of model.classes) {
    const theta = Float64Array.from(thetaAt, (i) => full[i]);
    setParameters(work, theta, beta, cutsOf(full.subarray(cutsAt, cutsAt + work.model.cuts)));
    // predictors without random effects stay so for every point of the effects
    work.eta.set(work.fixedEta);
  }
  model.gates.update(full);
}
