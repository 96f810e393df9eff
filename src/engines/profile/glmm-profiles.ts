import type { Design } from '../../data/design.js';
import type { ModelGraph } from '../../graph/model-graph.js';
import { links } from '../../links/index.js';
import type { LinkName } from '../../links/link.js';
import { differenceHessian } from '../../optim/certify.js';
import type { EngineOptions } from '../engine.js';
import { quadrature } from '../glmm/agq.js';
import { type GlmmProblem, glmmProblem } from '../glmm/fit-glmm.js';
import { createGlmmWork } from '../glmm/glmm-work.js';
import { laplaceDeviance } from '../glmm/laplace.js';
import { objectiveOf } from '../glmm/objective.js';
import { priorPenalties } from '../glmm/prior-penalties.js';
import { publicBeta, pullBetaGradient } from '../glmm/public-parameters.js';
import { runaway } from '../glmm/runaway.js';
import { searchInOrder } from '../glmm/search-in-order.js';
import { typicalSizes } from '../lmm/block-covariance.js';
import type { Layout } from '../lmm/layout.js';
import { awayFromZero } from './away-from-zero.js';
import {
  type BlockParameter,
  blockParameters,
  blockQuantity,
  type Coordinates,
  isDetermined,
} from './block-quantity.js';
import { chartedLayout, onPositiveSide } from './chart-layout.js';
import { type Base, eliminate, type Quantity } from './eliminate.js';
import { linearQuantity } from './linear-quantity.js';
import { coefficientNamed } from './parameter-names.js';
import type { ProfiledParameter } from './profile-problem.js';
import type { ProfileSet } from './profile-set.js';

/** Relative error of the gradient, for the step of its differences. */
const gradientNoise = 1e-10;

/** The profiles of a generalised linear mixed model on its own objective [PROF-6]; null where no optimum was found. */
export function glmmProfiles(graph: ModelGraph, design: Design, options: EngineOptions): ProfileSet | null {
  const problem = glmmProblem(graph, design);
  const { work, objective } = problem;
  const { model } = work;
  const found = searchInOrder(graph, design, problem, {
    onStep({ evaluations, value }) {
      options.signal?.throwIfAborted();
      options.onProgress?.({ stage: 'optimize', evaluations, objective: value });
    },
  });
  objective.recall(found.memory);
  const value = objective.evaluate(found.x, null);
  if (!Number.isFinite(value) || (!found.proven && runaway(objective) !== null)) return null;
  const { layout } = model;
  const full = objective.expand(found.x).slice();
  const start = full.slice();
  start.set(onPositiveSide(layout, full.subarray(0, layout.thetas)));
  const plain = new GlmmBase(problem, start, []);
  const charts = new Map<string, GlmmBase>();
  const baseFor = (of: BlockParameter, b: number): GlmmBase => {
    if (of.first === null) return plain;
    const key = `${b} ${of.first.join(' ')}`;
    const known = charts.get(key);
    if (known !== undefined) return known;
    const { layout: charted, enter, rows } = chartedLayout(layout, layout.blocks[b], of.first);
    const entered = start.slice();
    entered.set(enter(start.subarray(0, layout.thetas)));
    const made = new GlmmBase(sameModel(problem, graph, design, charted), entered, rows);
    charts.set(key, made);
    return made;
  };
  const parameters: ProfileSet['parameters'][number][] = [];
  const state = { layout, lambda: work.lambda.slice(), theta: full.slice(0, layout.thetas) };
  layout.blocks.forEach((block, b) => {
    const sizes = typicalSizes(block);
    for (const of of blockParameters(block))
      parameters.push({
        parameter: of.parameter,
        problem() {
          if (!isDetermined(state, block, of)) return null;
          const term = block.block.terms.indexOf(of.parameter.terms[0]);
          const base = baseFor(of, b);
          return eliminate(base, blockQuantity(of, base, 0.3 / (sizes[term] ?? 1)), of.parameter);
        },
      });
  });
  for (const { parameter, quantity } of [
    ...familyQuantities(plain),
    ...thresholdQuantities(plain),
    ...gateQuantities(plain, graph),
    ...coefficientQuantities(plain, design),
  ])
    parameters.push({ parameter, problem: () => eliminate(plain, quantity, parameter) });
  const penalised = graph.priors.length + graph.penalties.length > 0;
  return { criterion: problem.method, penalised, deviance: value, parameters };
}

/** The same model with another layout of the same blocks. */
function sameModel({ work, space, method }: GlmmProblem, graph: ModelGraph, design: Design, layout: Layout): Charted {
  const model = { ...work.model, layout };
  const points = graph.method?.options.points ?? 1;
  const deviance = method === 'agq' && points > 1 ? quadrature(model, points) : laplaceDeviance;
  const own = { ...space, full: space.full.slice() };
  const made = createGlmmWork(model);
  return { work: made, space: own, objective: objectiveOf(made, own, deviance, priorPenalties(graph, design, model)) };
}

type Charted = Pick<GlmmProblem, 'work' | 'space' | 'objective'>;

interface Named {
  readonly parameter: ProfiledParameter;
  readonly quantity: Quantity;
}

/** The free parameters of the engine. */
class GlmmBase implements Base, Coordinates {
  readonly logSigma = null;
  readonly unit = 1;
  readonly dimension: number;
  readonly optimum: Float64Array;
  readonly mirrors: Base['mirrors'];
  private known: Float64Array | null = null;

  constructor(
    readonly glmm: Charted,
    readonly full: Float64Array,
    rows: readonly (readonly number[])[],
  ) {
    const { space, objective } = glmm;
    this.mirrors = rows.map((row) => row.map((theta) => space.free.indexOf(theta)));
    space.full.set(full);
    this.dimension = objective.dimension;
    this.optimum = Float64Array.from(space.free, (i) => full[i]);
  }

  get problem() {
    return this.glmm.objective;
  }

  placeOf(theta: number): number {
    return this.glmm.space.free.indexOf(theta);
  }

  awayFromZero(x: Float64Array): Float64Array[] {
    const { space, work } = this.glmm;
    const whole = this.full.slice();
    space.free.forEach((i, k) => {
      whole[i] = x[k];
    });
    const { layout } = work.model;
    return awayFromZero(layout, whole.subarray(0, layout.thetas)).map((theta) =>
      Float64Array.from(space.free, (i, k) => (i < layout.thetas ? theta[i] : x[k])),
    );
  }

  /** A function of the whole vector that is linear, or close to it, as one of the free coordinates. */
  linear(weights: Float64Array, at: number, typical: number): Quantity {
    const { free } = this.glmm.space;
    return linearQuantity(
      Float64Array.from(free, (i) => weights[i]),
      at,
      this.optimum,
      typical,
    );
  }

  hessian(): Float64Array {
    if (this.known === null) {
      const { problem, optimum, dimension } = this;
      const gradient = new Float64Array(dimension);
      problem.evaluate(optimum, gradient);
      this.known = differenceHessian(problem, optimum, gradient, { gradientNoise }).hessian;
    }
    return this.known;
  }
}

/** Parameters of the families that nobody gave a predictor, on the scale of their links. */
function familyQuantities(base: GlmmBase): Named[] {
  const { work, space } = base.glmm;
  const { model } = work;
  const { thetas } = model.layout;
  return model.predictors.flatMap(({ fixed, constant, parameter, link, class: of }): Named[] => {
    if (!constant || fixed.kind !== 'columns' || parameter === 'prob') return [];
    const place = thetas + fixed.columns[0];
    if (!space.free.includes(place)) return [];
    const weights = new Float64Array(space.size);
    weights[place] = 1;
    const at = base.full[place] + (fixed.offset?.[0] ?? 0);
    const quantity = base.linear(weights, at, 0.5);
    const name = of === null ? parameter : `${parameter}@${of}`;
    const kind = parameter === 'sigma' ? 'sigma' : 'family';
    return [
      {
        parameter: { name, kind, group: null, terms: [], predictor: parameter, class: of },
        quantity: { ...quantity, display: (c) => onOwnScale(link, c) },
      },
    ];
  });
}

/** What the inverse of a link tends to at minus and plus infinity; the links themselves stop just short of it. */
const ends: Readonly<Record<LinkName, readonly [number, number]>> = {
  identity: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  log: [0, Number.POSITIVE_INFINITY],
  logit: [0, 1],
  probit: [0, 1],
  cloglog: [0, 1],
  cauchit: [0, 1],
  inverse: [0, 0],
  sqrt: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
};

function onOwnScale(link: LinkName, c: number): number {
  if (Number.isFinite(c)) return links[link].inverse(c);
  return Number.isNaN(c) ? c : ends[link][c < 0 ? 0 : 1];
}

/** Thresholds: the first is a coordinate, the others are sums of it and of exponentials. */
function thresholdQuantities(base: GlmmBase): Named[] {
  const { work, space } = base.glmm;
  const { layout, coefficients, cuts } = work.model;
  const first = layout.thetas + coefficients;
  const place = (k: number): number => space.free.indexOf(first + k);
  return Array.from({ length: cuts }, (_, k): Named => {
    const above = (x: Float64Array): number => {
      let t = 0;
      for (let j = 1; j <= k; j++) t += Math.exp(x[place(j)]);
      return t;
    };
    return {
      parameter: {
        name: `threshold[${k + 1}]`,
        kind: 'threshold',
        group: null,
        terms: [],
        predictor: null,
        class: null,
      },
      quantity: {
        axis: place(0),
        lower: Number.NEGATIVE_INFINITY,
        upper: Number.POSITIVE_INFINITY,
        typical: 0.5,
        value: (x) => x[place(0)] + above(x),
        gradientInto(x, into) {
          into.fill(0);
          into[place(0)] = 1;
          for (let j = 1; j <= k; j++) into[place(j)] = Math.exp(x[place(j)]);
        },
        solve: (x, c) => c - above(x),
        display: (c) => c,
      },
    };
  });
}

/** Class probabilities without a predictor, but for the last class's, on the scale of logits. */
function gateQuantities(base: GlmmBase, graph: ModelGraph): Named[] {
  const { work, space } = base.glmm;
  const { layout, coefficients, gateConstants } = work.model;
  const first = layout.thetas + coefficients - gateConstants;
  const places = Array.from({ length: gateConstants }, (_, k) => space.free.indexOf(first + k));
  return places.map((axis, k): Named => {
    /** log of the sum of the others. */
    const others = (x: Float64Array): number => {
      let t = 1;
      for (const p of places) if (p !== axis) t += Math.exp(x[p]);
      return Math.log(t);
    };
    const name = `prob(${graph.mixture?.classes[k] ?? k})`;
    return {
      parameter: { name, kind: 'probability', group: null, terms: [], predictor: null, class: null },
      quantity: {
        axis,
        lower: Number.NEGATIVE_INFINITY,
        upper: Number.POSITIVE_INFINITY,
        typical: 0.5,
        value: (x) => x[axis] - others(x),
        gradientInto(x, into) {
          into.fill(0);
          into[axis] = 1;
          const total = Math.exp(others(x));
          for (const p of places) if (p !== axis) into[p] = -Math.exp(x[p]) / total;
        },
        solve: (x, c) => c + others(x),
        display: (c) => 1 / (1 + Math.exp(-c)),
      },
    };
  });
}

/** Coefficients of the predictors that somebody wrote, in their columns' own units. */
function coefficientQuantities(base: GlmmBase, design: Design): Named[] {
  const { work, space } = base.glmm;
  const { model } = work;
  const { thetas } = model.layout;
  const found: Named[] = [];
  const seen = new Set<number>();
  const beta = publicBeta(model, base.full.subarray(thetas, thetas + model.coefficients));
  const [main] = design.predictors.filter((p) => !p.constant);
  for (const predictor of design.predictors) {
    if (predictor.constant) continue;
    for (const c of predictor.columns) {
      if (seen.has(c) || !space.free.includes(thetas + c)) continue;
      seen.add(c);
      const weights = new Float64Array(space.size);
      weights[thetas + c] = 1;
      pullBetaGradient(model, weights, thetas);
      const { name, parameter, class: of } = design.coefficients[c];
      let square = 0;
      for (const w of weights) square += w * w;
      found.push({
        parameter: coefficientNamed(name, parameter, parameter === main.parameter, of),
        quantity: base.linear(weights, beta[c], 0.5 * Math.sqrt(square)),
      });
    }
  }
  return found;
}
