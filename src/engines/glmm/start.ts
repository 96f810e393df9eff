import type { SmoothProblem } from '../../optim/problem.js';
import { minimize, runToEnd } from '../../optim/quasi-newton.js';
import { columnsOfLevels, farStart } from '../lmm/far-start.js';
import { addFixedGradient, type FixedPart } from './fixed-columns.js';
import { fixedInformation } from './fixed-information.js';
import type { GlmmWork } from './glmm-work.js';
import { setParameters } from './laplace.js';
import { crossProductsInto } from './load-products.js';
import { observationsOf } from './observations.js';
import { cutsOf, type ParameterSpace, rawCuts } from './parameters.js';

/** The start of the model without random effects is looked for no longer than this. */
const mostEvaluations = 60;

/**
 * Fills the free entries of `space.full` with a start: fixed effects and thresholds of the model without random effects, by
 * Newton steps in a trust region from rough values of the response; random effects of about the size of a row's own
 * uncertainty.
 */
export function startInto(work: GlmmWork, space: ParameterSpace): void {
  const { model } = work;
  const { layout, coefficients } = model;
  const firstCut = layout.thetas + coefficients;
  const start = space.full.slice();
  roughStart(work, start);
  for (const i of space.free) space.full[i] = start[i];

  const free = space.free.filter((i) => i >= layout.thetas);
  const problem = withoutRandomEffects(work, space.full, free);
  const state = runToEnd(
    minimize(
      problem,
      Float64Array.from(free, (i) => space.full[i]),
      {
        maxEvaluations: mostEvaluations,
        tolerance: 1e-6,
        // per unit of information, so that a huge sample takes no wilder steps
        initialRadius: 10,
      },
    ),
  );
  if (Number.isFinite(state.value)) {
    free.forEach((i, k) => {
      space.full[i] = state.x[k];
    });
  }
  setParameters(
    work,
    new Float64Array(layout.thetas),
    space.full.subarray(layout.thetas, firstCut),
    cutsOf(space.full.subarray(firstCut)),
  );
  startTheta(work, space);
  work.u.fill(0);
}

/** Every predictor at its family's rough value, its offset taken off; thresholds at the response's proportions. */
export function roughStart(work: GlmmWork, full: Float64Array): void {
  const { model } = work;
  const { layout, density } = model;
  const etas = density.start();
  // of all observations: their offsets have another mean than those of distinct rows
  const { predictors, rows } = model.merged?.whole ?? model;
  predictors.forEach((predictor, d) => {
    const { fixed } = predictor;
    if (fixed.kind === 'threshold') return;
    const { offset } = fixed;
    let value = etas[d];
    if (offset !== null) {
      let mean = 0;
      for (const o of offset) mean += o / offset.length;
      value -= mean;
    }
    for (const [c, amount] of constantDirection(fixed, rows)) full[layout.thetas + c] = value * amount;
  });
  if (density.thresholds !== null) full.set(rawCuts(density.thresholds.start()), layout.thetas + model.coefficients);
}

/** Coefficients, each with its amount, that together add one to every row; none where the columns cannot. */
export function constantDirection(
  { X, columns, transform }: Extract<FixedPart, { kind: 'columns' }>,
  rows: number,
): (readonly [number, number])[] {
  if (X === null) return [[columns[0], 1]];
  // in transformed coordinates the constant's own coefficient is what its column's scale makes of it
  if (transform !== null) return Array.from(columns, (c, j) => [c, transform.constant[j] * transform.scale[j]]);
  const constant = columns.findIndex((_, j) => X.subarray(j * rows, (j + 1) * rows).every((v) => v === 1));
  return constant < 0 ? [] : [[columns[constant], 1]];
}

/**
 * A standard deviation about the rough start that hardly matters where the data speak, in units of the linear predictor:
 * where they are separated it keeps the start finite, and the optimizer's units sensible.
 */
const looseSd = 10;

/** 2 / looseSd^2 for coefficients on a link whose range is bounded in practice, 0 for the others; coefficients + cuts. */
export function looseCurvature(work: GlmmWork): Float64Array {
  const { predictors, coefficients, cuts } = work.model;
  const curvature = new Float64Array(coefficients + cuts);
  for (const { fixed, link, parameter } of predictors)
    if (fixed.kind === 'columns' && (link !== 'identity' || parameter === 'eta' || parameter === 'prob'))
      for (const c of fixed.columns) curvature[c] = 2 / looseSd ** 2;
  return curvature;
}

/** -2 log-likelihood with u = 0, as a function of the free fixed effects and thresholds, with its Hessian. */
function withoutRandomEffects(work: GlmmWork, full: Float64Array, free: Int32Array): SmoothProblem {
  const { model, eta, fixedEta, derivatives, scratch } = work;
  const { layout, coefficients, rows, batch, cuts } = model;
  const firstCut = layout.thetas + coefficients;
  const theta = new Float64Array(layout.thetas);
  const n = coefficients + cuts;
  const whole = new Float64Array(n);
  const at = full.slice();
  const curvature = looseCurvature(work);
  return {
    dimension: free.length,
    evaluate(x, gradient) {
      free.forEach((i, k) => {
        at[i] = x[k];
      });
      const raw = at.subarray(firstCut);
      setParameters(work, theta, at.subarray(layout.thetas, firstCut), cutsOf(raw));
      eta.set(fixedEta);
      let value = -2 * batch(0, rows, eta, gradient === null ? 0 : 2, derivatives);
      for (const i of free) value += (curvature[i - layout.thetas] * (at[i] - full[i]) ** 2) / 2;
      if (gradient === null) return value;
      const { betaGradient, cutGradient } = scratch;
      betaGradient.fill(0);
      cutGradient.fill(0);
      model.predictors.forEach(({ fixed }, d) => {
        addFixedGradient(betaGradient, cutGradient, fixed, derivatives.first, d * rows, rows);
      });
      whole.set(betaGradient);
      whole.set(cutGradient, coefficients);
      chain(whole, coefficients, raw);
      free.forEach((i, k) => {
        gradient[k] = -2 * whole[i - layout.thetas] + curvature[i - layout.thetas] * (at[i] - full[i]);
      });
      return value;
    },
    hessian(_x, into) {
      const A = fixedInformation(work, false);
      const raw = at.subarray(firstCut);
      const J = cutJacobian(coefficients, raw);
      const m = free.length;
      for (let c = 0; c < m; c++)
        for (let r = 0; r < m; r++)
          into[r + c * m] = 2 * congruent(A, J, n, free[r] - layout.thetas, free[c] - layout.thetas);
      for (let k = 0; k < m; k++) into[k + k * m] += curvature[free[k] - layout.thetas];
      // the second derivatives of exp(increment) times the slope of the threshold
      if (raw.length > 1) addCutCurvature(work, into, free, firstCut, raw);
    },
  };
}

function chain(gradient: Float64Array, start: number, raw: Float64Array): void {
  let sum = 0;
  for (let k = raw.length - 1; k >= 0; k--) {
    sum += gradient[start + k];
    gradient[start + k] = k === 0 ? sum : sum * Math.exp(raw[k]);
  }
}

/** d cut_j / d raw_k, cuts x cuts, row-major: 1 for the first, exp(raw_k) for those it lies below. */
export function cutJacobian(coefficients: number, raw: Float64Array): (row: number, column: number) => number {
  return (row, column) => {
    if (column < coefficients || row < coefficients) return row === column ? 1 : 0;
    const j = row - coefficients;
    const k = column - coefficients;
    if (j < k) return 0;
    return k === 0 ? 1 : Math.exp(raw[k]);
  };
}

/** Entry (r, c) of J'AJ. */
export function congruent(
  A: Float64Array,
  J: (row: number, column: number) => number,
  n: number,
  r: number,
  c: number,
): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const left = J(i, r);
    if (left === 0) continue;
    for (let k = 0; k < n; k++) {
      const right = J(k, c);
      if (right !== 0) sum += left * A[i + k * n] * right;
    }
  }
  return sum;
}

function addCutCurvature(
  work: GlmmWork,
  into: Float64Array,
  free: Int32Array,
  firstCut: number,
  raw: Float64Array,
): void {
  const { cutGradient } = work.scratch;
  const m = free.length;
  for (let k = 1; k < raw.length; k++) {
    let above = 0;
    for (let j = k; j < raw.length; j++) above += cutGradient[j];
    const at = free.indexOf(firstCut + k);
    if (at >= 0) into[at + at * m] -= 2 * above * Math.exp(raw[k]);
  }
}

/**
 * A start for independent effects whose columns are nearly alike [LMM-21], with the weights of the rows where there are no random effects.
 * @param from  a whole vector, whose other entries are kept
 * @returns null where no columns are such
 */
export function farStartFrom(work: GlmmWork, space: ParameterSpace, from: Float64Array): Float64Array | null {
  const { model, C, derivatives, pairAt, D } = work;
  const { layout, loads, coefficients } = model;
  if (columnsOfLevels(layout).length === 0) return null;
  const firstCut = layout.thetas + coefficients;
  const cuts = cutsOf(from.subarray(firstCut));
  setParameters(work, new Float64Array(layout.thetas), from.subarray(layout.thetas, firstCut), cuts);
  const sizes = effectSizes(work);
  crossProductsInto(C, loads, derivatives.second, pairAt, D);
  const far = farStart(layout, C, from, (block) => sizes[layout.blocks.indexOf(block)]);
  if (far === null) return null;
  const start = from.slice();
  for (const i of space.free) start[i] = far[i];
  return start;
}

/** Random effects of one predictor start at the size of a row's standard error, and between 0.1 and 1 but for identity links. */
export function startTheta(work: GlmmWork, space: Pick<ParameterSpace, 'free' | 'full'>): void {
  const { layout } = work.model;
  if (layout.thetas === 0) return;
  const sizes = effectSizes(work);
  const start = new Float64Array(layout.thetas);
  layout.blocks.forEach(({ model, thetaStart, size }, b) => {
    model.startInto(start, thetaStart, size);
    if (sizes[b] > 0) model.scaleInto(start, thetaStart, size, new Float64Array(size).fill(sizes[b]));
  });
  for (const i of space.free) if (i < layout.thetas) space.full[i] = start[i];
}

/** By block, from the derivatives of the rows where there are no random effects, which are left in `work`; NaN of a block without rows. */
function effectSizes({ model, derivatives, pairAt, D, eta, fixedEta }: GlmmWork): number[] {
  const { rows, loads, layout, predictors } = model;
  eta.set(fixedEta);
  model.batch(0, rows, eta, 2, derivatives);
  return layout.blocks.map((_, b) => {
    const load = loads.loads.find((l) => l.block === b);
    if (load === undefined) return Number.NaN;
    const d = load.predictor;
    let information = 0;
    for (let i = 0; i < rows; i++) information -= derivatives.second[pairAt[d * D + d] * rows + i];
    information /= observationsOf(model);
    const size = information > 0 ? 1 / Math.sqrt(information) : 1;
    return predictors[d].link === 'identity' ? size : Math.min(Math.max(size, 0.1), 1);
  });
}
