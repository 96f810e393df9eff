import type { SmoothProblem } from '../../optim/problem.js';
import type { GlmmWork } from './glmm-work.js';
import { forgetFactor } from './joint-mode.js';
import { applyParameters, chainCuts, type ParameterSpace } from './parameters.js';

/** Added to the deviance: a prior or a penalty as a function of the whole parameter vector. */
export interface PenaltyTerm {
  /** Returns the value at the whole vector; the derivatives are added to `gradient`. */
  evaluate(full: Float64Array, gradient: Float64Array | null): number;
}

/** The deviance as a function of the parameters in `work`: Laplace's or that of quadrature. */
export type DevianceFunction = (work: GlmmWork, gradient: Float64Array | null) => number;

export interface Objective extends SmoothProblem {
  readonly work: GlmmWork;
  readonly space: ParameterSpace;
  /** The deviance part of the latest value. */
  deviance(): number;
  /** The whole vector for a point of the optimizer. */
  expand(x: Float64Array): Float64Array;
  /** Begins anew: the next mode search starts where `work.u` stands, not at the mode of the best point so far. */
  forget(): void;
  /** What evaluations have left for the next ones: with it a search goes on in another process as it would have here. */
  memory(): ObjectiveMemory;
  recall(memory: ObjectiveMemory): void;
}

export interface ObjectiveMemory {
  readonly mode: Float64Array; // q: at the lowest point so far
  readonly lowest: number;
}

/** Deviance plus penalties over the free parameters, with the exact gradient. */
export function objectiveOf(
  work: GlmmWork,
  space: ParameterSpace,
  deviance: DevianceFunction,
  penalties: readonly PenaltyTerm[],
): Objective {
  const { layout, coefficients } = work.model;
  const gradient = new Float64Array(space.size);
  const firstCut = layout.thetas + coefficients;
  let latest = Number.NaN;
  // Mode searches start from the mode at the lowest point so far, which is where an optimizer's steps start, too: where
  // there are several modes, points of one neighbourhood then stay with the same.
  const anchor = new Float64Array(work.q);
  let anchored = false;
  let lowest = Number.POSITIVE_INFINITY;
  // What was found at the latest point, where `work` still stands: optimizers begin where another one has ended.
  const here = new Float64Array(space.free.length);
  const slope = new Float64Array(space.free.length);
  let valueHere = Number.NaN;
  let withSlope = false;
  let stamp = -1;
  const { free, full } = space;
  const expand = (x: Float64Array) => {
    for (let k = 0; k < free.length; k++) full[free[k]] = x[k];
    return full;
  };
  return {
    work,
    space,
    dimension: free.length,
    deviance: () => latest,
    expand,
    forget() {
      anchored = false;
      lowest = Number.POSITIVE_INFINITY;
      stamp = -1;
      forgetFactor(work);
    },
    memory: () => ({ mode: anchor.slice(), lowest }),
    recall(memory) {
      anchored = true;
      stamp = -1;
      anchor.set(memory.mode);
      lowest = memory.lowest;
      forgetFactor(work);
    },
    evaluate(x, into) {
      expand(x);
      if (stamp === work.at.modeIterations && (withSlope || into === null) && x.every((v, k) => v === here[k])) {
        into?.set(slope);
        return valueHere;
      }
      applyParameters(work, full);
      if (anchored) work.u.set(anchor);
      else anchor.set(work.u);
      anchored = true;
      let value = deviance(work, into === null ? null : gradient);
      latest = value;
      if (into !== null) chainCuts(gradient, firstCut, full.subarray(firstCut));
      for (const term of penalties) value += term.evaluate(full, into === null ? null : gradient);
      if (into !== null) for (let k = 0; k < free.length; k++) into[k] = gradient[free[k]];
      if (value < lowest) {
        lowest = value;
        anchor.set(work.u);
      }
      here.set(x);
      if (into !== null) slope.set(into);
      withSlope = into !== null;
      valueHere = value;
      stamp = work.at.modeIterations;
      return value;
    },
  };
}
