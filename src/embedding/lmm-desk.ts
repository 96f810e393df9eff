import type { BoundLmm } from '../engines/lmm/bound-lmm.js';
import { devianceGradient } from '../engines/lmm/deviance-gradient.js';
import type { LmmWork } from '../engines/lmm/lmm-work.js';
import { profiledDeviance, setTheta } from '../engines/lmm/profiled-deviance.js';
import { publicThetaGradient, writePublicFactors } from '../engines/lmm/public-gradient.js';
import { internalTheta, publicTheta } from '../engines/lmm/public-theta.js';
import { isInside, type Parameter, parameter, thetaParameters } from './parameter.js';

/** Who computed last with the storage that problems and points share; whoever finds another one there begins anew. */
export interface Desk {
  owner: object | null;
}

export function lmmParameters({ work, design }: BoundLmm): Parameter[] {
  const thetas = thetaParameters(work.layout);
  const { residual } = work;
  if (residual === null) return thetas;
  // coordinates of the search: any real number is legal
  const correlations = residual.at.sigma - residual.at.correlation;
  const structure = design.likelihoods[0].correlation?.structure ?? '';
  const own = Array.from({ length: residual.parameters }, (_, k) =>
    parameter(k < correlations ? `cor.${structure}[${k + 1}]` : `sigma[${k - correlations + 1}]`, 'residual'),
  );
  return [...thetas, ...own];
}

/** The engine's coordinates of a point. */
export function internalPoint(work: LmmWork, point: Float64Array): Float64Array {
  const internal = point.slice();
  internal.set(internalTheta(work.layout, point.subarray(0, work.layout.thetas)));
  return internal;
}

/** A point as users know it. */
export function publicPoint(work: LmmWork, internal: Float64Array): Float64Array {
  const point = internal.slice();
  point.set(publicTheta(work.layout, internal));
  return point;
}

/** Puts Lambda (and the residual's structure) of a point into `work`, as Z Lambda of the user's own Lambda [EMBED-1]. */
export function standAt(work: LmmWork, parameters: readonly Parameter[], point: Float64Array): boolean {
  if (!isInside(parameters, point) || !setTheta(work, internalPoint(work, point))) return false;
  writePublicFactors(work.layout, work.lambda, point);
  return true;
}

/** Value at a point, for its own sake: `work` then has the engine's own factors. */
export function valueAt(work: LmmWork, parameters: readonly Parameter[], point: Float64Array): number {
  return isInside(parameters, point) ? profiledDeviance(work, internalPoint(work, point)) : Number.POSITIVE_INFINITY;
}

/** Gradient by the point's own numbers, of what `deviance` computed after `standAt` [EMBED-2]. */
export function gradientAt(work: LmmWork, point: Float64Array): Float64Array {
  const { layout, scratch, theta } = work;
  const whole = new Float64Array(work.parameters);
  devianceGradient(work, whole);
  const into = whole.slice();
  let rest: Float64Array | null = null;
  if (work.priors !== null) {
    rest = whole.slice();
    const byTemplates = new Float64Array(work.parameters);
    for (const { model, templates, thetaStart } of layout.blocks)
      for (const t of templates)
        model.gradientInto(byTemplates, thetaStart, scratch.G, t.start, t.size, theta, t.positions);
    for (let p = 0; p < rest.length; p++) {
      rest[p] -= byTemplates[p];
      // what is left by rounding is nothing
      if (Math.abs(rest[p]) <= 1e-12 * Math.abs(whole[p])) rest[p] = 0;
    }
  }
  publicThetaGradient(layout, theta, point, scratch.G, rest, into.subarray(0, layout.thetas));
  return into;
}
