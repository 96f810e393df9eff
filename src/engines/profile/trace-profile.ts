import type { OptimizerState } from '../../optim/problem.js';
import { minimize } from '../../optim/quasi-newton.js';
import type { LimitStatus, ProfilePoint } from '../../results/profile.js';
import type { ConstrainedProblem } from './profile-problem.js';
import { solveSymmetric } from './solve-symmetric.js';

export interface TraceOptions {
  /** The signed root at the limits: the normal quantile. */
  readonly cutoff: number;
  /** Points between the estimate and each limit that a plot should have at least. Default 0. */
  readonly between?: number;
  readonly onEvaluation?: (evaluations: number, deviance: number) => void;
}

export interface Traced {
  readonly lower: number; // on the working scale
  readonly upper: number;
  readonly lowerStatus: LimitStatus;
  readonly upperStatus: LimitStatus;
  readonly points: readonly ProfilePoint[]; // on the working scale, ascending
  readonly evaluations: number;
  readonly lowest: number; // the least deviance that was seen
}

/** A constrained fit. */
interface Held {
  readonly c: number;
  readonly z: Float64Array;
  readonly hessian: Float64Array;
  readonly deviance: number;
  readonly root: number; // sqrt(deviance - minimum) >= 0
  readonly rise: number; // its derivative by the distance from the estimate
}

/** Deviance that a constrained fit may leave: a limit moves by a billionth of the interval. */
const left = 1e-9;
/** A limit is taken when the root is this near the cutoff; a last Newton step takes the rest. */
const near = 1e-5;
/** ... where a search is cut short, as along a ridge that has no end. */
const leftOnRidge = 1e-4;
/** Lower by less than this is the same minimum. */
const clearlyLower = 1e-6;
const mostFits = 40;
const mostFailures = 5;
const mostEvaluations = 120;
/** Steps outwards that bring less than this share of the cutoff, twice, say that the profile levels off. */
const levelling = 1e-3;

/**
 * Follows a profile from the estimate outwards until its root passes the cutoff on both sides [PROF-4]: safeguarded Newton steps on
 * the root, each on a constrained fit that starts from the nearest known one.
 */
export function traceProfile(problem: ConstrainedProblem, minimum: number, options: TraceOptions): Traced {
  const trace = new Trace(problem, minimum, options);
  const down = trace.side(-1);
  const up = trace.side(1);
  return {
    lower: down.limit,
    upper: up.limit,
    lowerStatus: down.status,
    upperStatus: up.status,
    points: trace.points(),
    evaluations: trace.evaluations,
    lowest: trace.lowest,
  };
}

interface Side {
  readonly limit: number;
  readonly status: LimitStatus;
}

class Trace {
  evaluations = 0;
  lowest: number;
  private readonly known: Held[] = [];
  private readonly centre: Held;
  private readonly drift: Float64Array; // dz/dc at the estimate
  private latest: { readonly c: number; readonly z: Float64Array; readonly slope: number } | null = null;
  private readonly spread: number; // standard error on the working scale, or a guess

  constructor(
    private readonly problem: ConstrainedProblem,
    private readonly minimum: number,
    private readonly options: TraceOptions,
  ) {
    this.lowest = minimum;
    const found = problem.curvature();
    const usable = [found.cc, ...found.zc, ...found.zz].every(Number.isFinite);
    const n = problem.dimension;
    const { zz, zc, cc } = usable ? found : { zz: identity(n), zc: new Float64Array(n), cc: 0 };
    const along = solveSymmetric(zz, zc);
    let curvature = cc;
    for (let k = 0; k < zc.length; k++) curvature -= zc[k] * along[k];
    this.drift = along.map((v) => -v);
    const bySlope = curvature > 0 ? Math.sqrt(2 / curvature) : Number.NaN;
    // a curvature that is all but nothing says no more than none at all
    this.spread = bySlope < 100 * problem.typical ? bySlope : problem.typical;
    const flat = { c: problem.estimate, z: problem.start, hessian: zz, deviance: minimum };
    this.centre = { ...flat, root: 0, rise: 1 / this.spread };
  }

  points(): ProfilePoint[] {
    const { estimate } = this.problem;
    return [this.centre, ...this.known]
      .map(({ c, root }) => ({ value: c, zeta: c < estimate ? -root : root }))
      .sort((a, b) => a.value - b.value);
  }

  /** The limit on one side: -1 below the estimate, 1 above. */
  side(direction: -1 | 1): Side {
    const { problem, options } = this;
    const { cutoff, between = 0 } = options;
    const end = direction < 0 ? problem.lower : problem.upper;
    const reach = (end - problem.estimate) * direction;
    if (!(reach > 1e-12 * Math.max(this.spread, Math.abs(problem.estimate)))) return { limit: end, status: 'boundary' };
    const at = (distance: number): number => (distance >= reach ? end : problem.estimate + direction * distance);
    let inner = 0; // distance of the outermost fit below the cutoff
    let innerFit = this.centre;
    let outer = Number.POSITIVE_INFINITY; // innermost distance above it, or where no fit could be had
    let outerFit: Held | null = null;
    let levels = 0;
    let failures = 0;
    let distance = between > 0 ? (cutoff * this.spread) / (between + 1) : cutoff * this.spread;
    for (let fits = 0; fits < mostFits; fits++) {
      let fit = this.fitAt(at(distance), direction);
      if (fit !== null && fit.root >= cutoff - near) fit = this.lowerOf(fit, direction);
      const place = Math.min(distance, reach);
      if (fit === null) {
        outer = place;
        outerFit = null;
        failures++;
        if (failures > mostFailures || outer - inner < 1e-6 * Math.max(inner, this.spread)) break;
        distance = (inner + outer) / 2;
        continue;
      }
      if (Math.abs(fit.root - cutoff) <= near && fit.rise > 0)
        return { limit: fit.c + (direction * (cutoff - fit.root)) / fit.rise, status: 'found' };
      if (fit.root > cutoff) {
        outer = place;
        outerFit = fit;
      } else {
        if (place >= reach) return { limit: end, status: 'boundary' };
        const gained = fit.root - innerFit.root;
        levels =
          place >= 1.5 * inner && gained < levelling * cutoff && inner > 2 * cutoff * this.spread ? levels + 1 : 0;
        inner = place;
        innerFit = fit;
        if (levels >= 2) {
          // an estimate without an end has nothing but levels about it: beyond zero, where it changes sides, may be none
          const beyondZero = problem.estimate * direction >= 0 || place >= 2 * Math.abs(problem.estimate);
          if (reach === Number.POSITIVE_INFINITY && beyondZero) return { limit: end, status: 'open' };
          if (reach === Number.POSITIVE_INFINITY) {
            distance = Math.min(3 * place, Math.max(2 * Math.abs(problem.estimate), 1.5 * place));
            continue;
          }
          distance = reach;
          continue;
        }
      }
      if (outer < Number.POSITIVE_INFINITY && outer - inner <= 1e-11 * Math.max(outer, Math.abs(problem.estimate)))
        return { limit: at((inner + outer) / 2), status: outerFit === null ? 'failed' : 'found' };
      const planned =
        between > 0 && outerFit === null && fit.root < cutoff ? cutoff / (between + 1) : Number.POSITIVE_INFINITY;
      distance = nextDistance(inner, innerFit, outer, outerFit, cutoff, planned);
    }
    // a likelihood that levels off and then cannot be computed any more has no limit either
    const flat = inner >= cutoff * this.spread && innerFit.rise * inner < levelling * cutoff;
    if (flat && reach === Number.POSITIVE_INFINITY) return { limit: end, status: 'open' };
    return { limit: Number.NaN, status: 'failed' };
  }

  /** The fit with the parameter held at c; null where none could be had. */
  private fitAt(c: number, direction: -1 | 1): Held | null {
    const { problem } = this;
    const from = this.nearest(c, direction);
    const start = this.predict(from, c, direction);
    let found = this.minimize(c, start, from.hessian);
    if (found === null && from !== this.centre) found = this.minimize(c, from.z, from.hessian);
    if (found === null) found = this.minimize(c, problem.start, this.centre.hessian);
    if (found === null) return null;
    const fit = this.held(c, found, direction);
    this.known.push(fit);
    return fit;
  }

  private held(c: number, found: OptimizerState, direction: -1 | 1): Held {
    const { minimum } = this;
    const deviance = found.value;
    const slope = this.slopeAt(c, found.x);
    this.lowest = Math.min(this.lowest, deviance);
    const root = Math.sqrt(Math.max(deviance - minimum, 0));
    // below this a root is what the searches leave, and its slope nothing
    const rise = root > 1e-4 ? (direction * slope) / (2 * root) : 0;
    return { c, z: found.x, hessian: found.hessian, deviance, root, rise };
  }

  /** Before a fit ends the search for a limit, the other places where the constrained deviance may be lower. */
  private lowerOf(fit: Held, direction: -1 | 1): Held {
    let best = fit;
    for (const start of this.problem.alternatives(fit.z, fit.c)) {
      const found = this.minimize(fit.c, start, this.centre.hessian);
      if (found !== null && found.value < best.deviance - clearlyLower) best = this.held(fit.c, found, direction);
    }
    if (best !== fit) this.known[this.known.indexOf(fit)] = best;
    return best;
  }

  private minimize(c: number, start: Float64Array, hessian: Float64Array): OptimizerState | null {
    const { problem, options } = this;
    const n = problem.dimension;
    const scale = Float64Array.from({ length: n }, (_, i) => {
      const h = Math.abs(hessian[i + i * n]);
      return h > 1e-8 ? 1 / Math.sqrt(h) : 1e4;
    });
    const constrained = {
      dimension: n,
      evaluate: (z: Float64Array, gradient: Float64Array | null) => {
        const value = problem.evaluate(c, z, gradient);
        this.latest = { c, z: z.slice(), slope: problem.slope() };
        return value;
      },
    };
    let last: OptimizerState | null = null;
    for (const state of minimize(constrained, start, {
      tolerance: left,
      initialHessian: hessian,
      initialRadius: 3,
      scale,
      maxEvaluations: mostEvaluations,
    })) {
      last = state;
      options.onEvaluation?.(this.evaluations + state.evaluations, state.value);
    }
    if (last === null) return null;
    this.evaluations += last.evaluations;
    const enough = last.status === 'limit' ? leftOnRidge : 1e-6;
    const done = last.status === 'converged' || last.predicted < enough;
    return done && Number.isFinite(last.value) && last.hessian.every(Number.isFinite) ? last : null;
  }

  /** The search mostly ends where it looked last. */
  private slopeAt(c: number, z: Float64Array): number {
    const { latest, problem } = this;
    if (latest !== null && latest.c === c && latest.z.every((v, i) => v === z[i])) return latest.slope;
    problem.evaluate(c, z, new Float64Array(z.length));
    this.evaluations++;
    return problem.slope();
  }

  private nearest(c: number, direction: -1 | 1): Held {
    let best = this.centre;
    for (const fit of this.known) {
      const sameSide = (fit.c - this.problem.estimate) * direction > 0;
      if (sameSide && Math.abs(fit.c - c) < Math.abs(best.c - c)) best = fit;
    }
    return best;
  }

  /** Along the line through the nearest fit and the one before it. */
  private predict(from: Held, c: number, direction: -1 | 1): Float64Array {
    const step = c - from.c;
    if (from === this.centre) {
      const bounded = Math.sign(step) * Math.min(Math.abs(step), 3 * this.spread);
      return from.z.map((v, i) => v + bounded * this.drift[i]);
    }
    let before = this.centre;
    for (const fit of this.known) {
      if (fit === from || (fit.c - this.problem.estimate) * direction <= 0) continue;
      if (Math.abs(fit.c - from.c) < Math.abs(before.c - from.c)) before = fit;
    }
    const t = step / (from.c - before.c);
    if (!(Math.abs(t) <= 2)) return from.z;
    return from.z.map((v, i) => v + t * (v - before.z[i]));
  }
}

function identity(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? 1 : 0));
}

/** A Newton step from the nearer of the two ends, kept inside of them; outwards it may treble the distance. */
function nextDistance(
  inner: number,
  innerFit: Held,
  outer: number,
  outerFit: Held | null,
  cutoff: number,
  planned: number,
): number {
  const fromInner = inner + Math.min(cutoff - innerFit.root, planned) / innerFit.rise;
  if (outer === Number.POSITIVE_INFINITY) {
    const most = 3 * inner;
    // a slope that was computed on a ridge may be anything
    const least = inner * (cutoff - innerFit.root > 0.05 * cutoff ? 1.1 : 1.001);
    return innerFit.rise > 0 && fromInner < most ? Math.max(fromInner, least) : most;
  }
  if (outerFit === null) return (inner + outer) / 2;
  const useOuter = outerFit.root - cutoff < cutoff - innerFit.root;
  const proposal = useOuter ? outer - (outerFit.root - cutoff) / outerFit.rise : fromInner;
  const margin = 1e-9 * (outer - inner);
  if (proposal > inner + margin && proposal < outer - margin) return proposal;
  // the line between the two ends
  const line = inner + ((cutoff - innerFit.root) / (outerFit.root - innerFit.root)) * (outer - inner);
  return line > inner + margin && line < outer - margin ? line : (inner + outer) / 2;
}
