import { assertNever } from '../diagnostics/internal-error.js';
import type { Layout } from '../engines/lmm/layout.js';

/** One number of a point: what it is called, and what it may be. */
export interface Parameter {
  /**
   * As lme4 calls theta: `Subject.(Intercept)`, `Subject.Days.(Intercept)`, a correlation `Subject.rho`; coefficients by their
   * predictor, `mu[Days]`, a parameter without one by its link, `log(sigma)`; thresholds `threshold[1]`.
   */
  readonly name: string;
  /**
   * `theta`: of the random effects, relative to sigma where there is one (us: the lower triangle of Lambda by column; other
   * structures: standard deviations, then the correlation); `residual`: of correlated errors and of a predictor of sigma;
   * `coefficient`: on the scale of the linear predictor; `threshold`: of an ordered response.
   */
  readonly kind: 'theta' | 'residual' | 'coefficient' | 'threshold' | 'scale';
  /** Outside of these the objective is infinite. */
  readonly lower: number;
  readonly upper: number;
}

const free = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };

export function parameter(name: string, kind: Parameter['kind'], bounds: Partial<Parameter> = {}): Parameter {
  return { name, kind, ...free, ...bounds };
}

/** The theta of a layout, in its order. */
export function thetaParameters(layout: Layout): Parameter[] {
  const named = layout.blocks.flatMap(({ block, size, model }): Parameter[] => {
    const group = block.class === null ? block.label : `${block.label}@${block.class}`;
    const { terms } = block;
    const own = (what: string, bounds: Partial<Parameter> = {}) => parameter(`${group}.${what}`, 'theta', bounds);
    switch (model.name) {
      case 'us':
        return terms.flatMap((c, k) => terms.slice(k).map((r, m) => own(m === 0 ? c : `${r}.${c}`)));
      case 'diag':
        return terms.map((c) => own(c));
      case 'cs':
        return [...terms.map((c) => own(c, { lower: 0 })), ...(size > 1 ? [own('rho', correlation(size))] : [])];
      case 'homcs':
        return [own('sd'), ...(size > 1 ? [own('rho', correlation(size))] : [])];
      case 'ar1':
        return [own('sd'), own('rho', { lower: -1, upper: 1 })];
      case 'car1':
        return [own('sd'), own('rho', { lower: 0, upper: 1 })];
      default:
        return assertNever(model.name);
    }
  });
  return distinct(named);
}

function correlation(size: number): Partial<Parameter> {
  return { lower: -1 / (size - 1), upper: 1 };
}

/** Blocks may share group and terms (in two predictors, say): those after the first are numbered. */
export function distinct(parameters: readonly Parameter[]): Parameter[] {
  const seen = new Map<string, number>();
  return parameters.map((p) => {
    const times = (seen.get(p.name) ?? 0) + 1;
    seen.set(p.name, times);
    return times === 1 ? p : { ...p, name: `${p.name}#${times}` };
  });
}

/** NaN lies outside. */
export function isInside(parameters: readonly Parameter[], point: Float64Array): boolean {
  return parameters.every(
    ({ lower, upper }, i) => point[i] >= lower && point[i] <= upper && Math.abs(point[i]) < Number.POSITIVE_INFINITY,
  );
}

/** @throws RangeError where the length is wrong */
export function checkedPoint(parameters: readonly Parameter[], point: ArrayLike<number>): Float64Array {
  if (point.length !== parameters.length)
    throw new RangeError(
      `a point of this model has ${parameters.length} numbers (${parameters.map((p) => p.name).join(', ')}), not ${point.length}`,
    );
  return Float64Array.from(point);
}
