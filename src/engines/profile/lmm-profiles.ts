import type { Design } from '../../data/design.js';
import type { ModelGraph } from '../../graph/model-graph.js';
import type { SmoothProblem } from '../../optim/problem.js';
import type { EngineOptions } from '../engine.js';
import { typicalSizes } from '../lmm/block-covariance.js';
import { transposeUntransform } from '../lmm/column-transform.js';
import { fixedEffects, residualSd } from '../lmm/estimates.js';
import { findOptimum, leavesNothing } from '../lmm/find-optimum.js';
import type { Layout } from '../lmm/layout.js';
import { assembleWork, createWork, type LmmWork } from '../lmm/lmm-work.js';
import { jointProblem, whitenedSpace } from '../lmm/priors/joint-problem.js';
import { profiledDeviance } from '../lmm/profiled-deviance.js';
import { type LmmInput, rowsFromDesign } from '../lmm/rows-from-design.js';
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

/** Step of the differences of the gradient by theta, whose size is of order one. */
const thetaStep = 1e-5;

/**
 * The profiles of a linear mixed model, on the ML deviance over (theta, beta, log sigma) [PROF-5]; null where the optimum is
 * no place to start from.
 */
export function lmmProfiles(graph: ModelGraph, design: Design, options: EngineOptions): ProfileSet | null {
  const input = rowsFromDesign(graph, design);
  const work = createWork(input.model, { reml: false, fixedSigma: input.fixedSigma });
  const found = findOptimum(work, options, { exactHessian: true });
  if (!Number.isFinite(work.at.objective) || leavesNothing(work)) return null;
  const plain = new LmmBase(work, onPositiveSide(work.layout, found.state.x), []);
  const charts = new Map<string, LmmBase>();
  const baseFor = (of: BlockParameter, b: number): LmmBase => {
    if (of.first === null) return plain;
    const key = `${b} ${of.first.join(' ')}`;
    const known = charts.get(key);
    if (known !== undefined) return known;
    const { layout, enter, rows } = chartedLayout(work.layout, work.layout.blocks[b], of.first);
    const made = new LmmBase(sameRows(work, layout), enter(plain.theta), rows);
    charts.set(key, made);
    return made;
  };
  const parameters: ProfileSet['parameters'][number][] = [];
  work.layout.blocks.forEach((block, b) => {
    const sizes = typicalSizes(block);
    for (const of of blockParameters(block))
      parameters.push({
        parameter: of.parameter,
        problem() {
          const base = baseFor(of, b);
          const sigma = Math.exp(base.optimum[base.logSigma ?? 0]) * base.unit;
          const term = block.block.terms.indexOf(of.parameter.terms[0]);
          const typical = (0.2 * (base.logSigma === null ? base.unit : sigma)) / (sizes[term] ?? 1);
          const quantity = blockQuantity(of, base, typical);
          return isDetermined(work, block, of) ? eliminate(base, quantity, of.parameter) : null;
        },
      });
  });
  for (const { parameter, quantity } of [...errorParameters(plain), ...sigmaParameters(plain, input, design)])
    parameters.push({ parameter, problem: () => eliminate(plain, quantity, parameter) });
  Array.from(input.location.columns).forEach((c, j) => {
    const parameter = coefficientNamed(design.coefficients[c].name, input.location.parameter, true);
    parameters.push({ parameter, problem: () => eliminate(plain, plain.coefficient(j), parameter) });
  });
  return { criterion: 'ml', penalised: false, deviance: plain.deviance, parameters };
}

/** The same rows with another layout of the same pattern. */
function sameRows(work: LmmWork, layout: Layout): LmmWork {
  const { model, settings, products, chol } = work;
  return assembleWork(model, settings, layout, products, chol);
}

function familyParameter(name: string, kind: ProfiledParameter['kind'] = 'family'): ProfiledParameter {
  return { name, kind, group: null, terms: [], predictor: null, class: null };
}

/** (theta, w, log sigma): beta = origin + basis w, whitened at the optimum. */
class LmmBase implements Base, Coordinates {
  readonly problem: SmoothProblem;
  readonly optimum: Float64Array;
  readonly deviance: number;
  readonly dimension: number;
  readonly logSigma: number | null;
  readonly unit: number;
  private readonly basis: Float64Array;
  private readonly beta: Float64Array;
  private known: Float64Array | null = null;

  constructor(
    readonly work: LmmWork,
    readonly theta: Float64Array,
    readonly mirrors: Base['mirrors'],
  ) {
    const { rows } = work.model;
    this.deviance = profiledDeviance(work, theta);
    const space = whitenedSpace(work, true);
    const joint = jointProblem(work, space);
    const n = joint.dimension;
    this.dimension = n;
    this.basis = space.beta?.basis ?? new Float64Array(0);
    this.beta = fixedEffects(work);
    this.optimum = new Float64Array(n);
    this.optimum.set(theta);
    this.logSigma = space.sigma ? n - 1 : null;
    const { length } = work.products.response;
    this.unit = space.sigma ? length : residualSd(work);
    if (space.sigma) this.optimum[n - 1] = Math.log(work.at.sigma);
    this.problem = {
      dimension: n,
      evaluate(x, gradient) {
        const value = joint.evaluate(x, gradient) * rows;
        if (gradient !== null) for (let i = 0; i < n; i++) gradient[i] *= rows;
        return value;
      },
    };
  }

  placeOf(theta: number): number {
    return theta;
  }

  awayFromZero(x: Float64Array): Float64Array[] {
    const { layout } = this.work;
    return awayFromZero(layout, x.subarray(0, layout.thetas)).map((theta) => {
      const other = x.slice();
      other.set(theta);
      return other;
    });
  }

  /** Exact where the deviance is a square in the whitened coefficients; the columns of theta by differences. */
  hessian(): Float64Array {
    if (this.known !== null) return this.known;
    const { problem, optimum, dimension: n, work } = this;
    const H = new Float64Array(n * n);
    const T = work.parameters;
    const at = optimum.slice();
    const above = new Float64Array(n);
    const below = new Float64Array(n);
    for (let k = T; k < n; k++) H[k * (n + 1)] = k === this.logSigma ? 4 * work.nu : 2;
    for (let k = 0; k < T; k++) {
      at[k] = optimum[k] + thetaStep;
      problem.evaluate(at, above);
      at[k] = optimum[k] - thetaStep;
      problem.evaluate(at, below);
      at[k] = optimum[k];
      for (let i = 0; i < n; i++) {
        const slope = (above[i] - below[i]) / (2 * thetaStep);
        if (i < T) {
          H[i + k * n] += slope / 2;
          H[k + i * n] += slope / 2;
        } else {
          H[i + k * n] = slope;
          H[k + i * n] = slope;
        }
      }
    }
    this.known = H;
    return H;
  }

  /** Coefficient j in its column's own units. */
  coefficient(j: number): Quantity {
    const { work, basis, dimension } = this;
    const { P, parameters } = work;
    const { transform, response } = work.products;
    const row = new Float64Array(P);
    row[j] = 1;
    transposeUntransform(transform, row);
    const weights = new Float64Array(dimension);
    for (let k = 0; k < P; k++) {
      let t = 0;
      for (let i = 0; i < P; i++) t += row[i] * basis[i + k * P];
      weights[parameters + k] = t * response.length;
    }
    let square = 0;
    for (const w of weights) square += w * w;
    return linearQuantity(weights, this.beta[j], this.optimum, Math.sqrt(square));
  }
}

/** sigma itself, where it is one number and not known, and correlations of the errors that have one parameter. */
function errorParameters(base: LmmBase): { parameter: ProfiledParameter; quantity: Quantity }[] {
  const { work, logSigma, unit, dimension } = base;
  const found: { parameter: ProfiledParameter; quantity: Quantity }[] = [];
  const { residual } = work;
  const correlation = residual?.correlation ?? null;
  if (residual !== null && correlation !== null && correlation.parameters === 1) {
    const axis = residual.at.correlation;
    const reported = (c: number) => correlation.report(Float64Array.of(c), 0)[0];
    const { name } = reported(base.optimum[axis]);
    const weights = new Float64Array(dimension);
    weights[axis] = 1;
    const plain = linearQuantity(weights, base.optimum[axis], base.optimum, 1);
    // the correlation of car1 is even in its parameter
    const even = Math.abs(reported(-0.7).value - reported(0.7).value) < 1e-14;
    const lower = even ? 0 : Number.NEGATIVE_INFINITY;
    found.push({
      parameter: familyParameter(name, 'cor'),
      quantity: { ...plain, lower, display: (c) => reported(c).value },
    });
  }
  if (logSigma !== null && (residual === null || residual.sigma === null)) {
    const weights = new Float64Array(dimension);
    weights[logSigma] = 1;
    const at = base.optimum[logSigma] + Math.log(unit);
    const quantity = linearQuantity(weights, at, base.optimum, 0.2);
    found.push({ parameter: familyParameter('sigma', 'sigma'), quantity: { ...quantity, display: Math.exp } });
  }
  return found;
}

/** Coefficients of a predictor of sigma. */
function sigmaParameters(
  base: LmmBase,
  input: LmmInput,
  design: Design,
): { parameter: ProfiledParameter; quantity: Quantity }[] {
  const { work, logSigma, unit, dimension, optimum } = base;
  const { residual } = work;
  const { scale } = input;
  const model = residual?.sigma ?? null;
  if (residual === null || model === null || scale === null) return [];
  return Array.from(scale.columns, (column, j) => {
    const weights = new Float64Array(dimension);
    let at = 0;
    for (let k = 0; k < model.count; k++) {
      weights[residual.at.sigma + k] = model.unit * model.T[j + k * model.columns];
      at += weights[residual.at.sigma + k] * optimum[residual.at.sigma + k];
    }
    if (logSigma !== null && model.a !== null) {
      weights[logSigma] = model.a[j];
      at += model.a[j] * (optimum[logSigma] + Math.log(unit));
    }
    const parameter = coefficientNamed(design.coefficients[column].name, scale.parameter, false);
    return { parameter, quantity: linearQuantity(weights, at, optimum, 0.2 * Math.max(1, Math.abs(at))) };
  });
}
