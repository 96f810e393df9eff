import type { PenaltyNode, PriorNode } from '../../../graph/model-graph.js';
import { referencesIn } from '../../../graph/walk-graph.js';
import { judge } from '../../../optim/certify.js';
import { type CertifiedMinimum, endState, minimizeCertified } from '../../../optim/minimize-certified.js';
import type { SmoothProblem } from '../../../optim/problem.js';
import { constantNumber } from '../../../priors/homogeneity.js';
import { typicalSizes } from '../block-covariance.js';
import { likelihoodGradient } from '../deviance-gradient.js';
import type { BlockLayout } from '../layout.js';
import type { LmmWork } from '../lmm-work.js';
import { perRow } from '../optimize-lmm.js';
import { profiledDeviance } from '../profiled-deviance.js';
import { lowerFactor } from '../structures/lower-factor.js';
import { termValues } from './penalised-deviance.js';
import { type Plane, spaceInPlanes } from './planes.js';
import type { PriorWork } from './prior-work.js';

/** A standard deviation that a prior pulls to zero: a column of a block, and the planes in theta where it is zero. */
interface Corner {
  readonly b: number;
  readonly block: BlockLayout;
  readonly column: number;
  readonly planes: readonly Plane[];
}

/** Relative to sigma and the column's typical size: near enough to zero to be tried there. */
const small = 0.03;
const mostRounds = 12;
const decrementAllowed = 1e-6;
const slack = 1e-6;

/**
 * A density with a slope at sd = 0 (an exponential one, say) has a corner there, for sd is the length of a row of Lambda. Where a
 * search ended without a certificate near such a corner, the row is held at zero and the rest searched; it stays there if the
 * slope outweighs all that the rest of the objective would gain along the row, else it is let go [LMM-PRIOR-8].
 */
export function holdZeros(work: LmmWork, priors: PriorWork, found: CertifiedMinimum): CertifiedMinimum {
  const { rows } = work.model;
  const isDone = (m: CertifiedMinimum) => m.certificate.decrement * rows <= decrementAllowed;
  if (priors.terms.length === 0 || isDone(found) || !Number.isFinite(found.state.value)) return found;
  const all = cornersOf(work);
  profiledDeviance(work, found.state.x);
  let held = all.filter((corner) => isNear(priors, corner) && slopeAt(work, priors, corner).slope > 0);
  if (held.length === 0) return found;
  let evaluations = found.state.evaluations;
  let best = found;
  let at = found.state.x;
  for (let round = 0; round < mostRounds; round++) {
    const next = searchIn(
      work,
      at,
      held.flatMap((c) => c.planes),
    );
    evaluations += next.state.evaluations;
    at = next.state.x;
    if (!isDone(next)) {
      const more = all.filter((c) => !held.includes(c) && isNear(priors, c) && slopeAt(work, priors, c).slope > 0);
      if (more.length === 0) break;
      held = [...held, ...more];
      continue;
    }
    if (next.state.value <= best.state.value + 1e-12 * Math.abs(best.state.value) || !isDone(best)) best = next;
    // the one that the rest of the objective pulls out the most
    const pulls = held.map((corner) => {
      const { slope, pull } = slopeAt(work, priors, corner);
      return Math.hypot(...pull) / slope - 1;
    });
    const worst = pulls.indexOf(Math.max(...pulls));
    if (!(pulls[worst] > slack)) break;
    at = letGo(at, held[worst], slopeAt(work, priors, held[worst]).pull);
    held = held.filter((_, k) => k !== worst);
  }
  profiledDeviance(work, best.state.x);
  return { ...best, state: { ...best.state, evaluations } };
}

/** Whether a density or penalty can have a slope at a standard deviation of zero. */
export function hasCorner(node: PriorNode | PenaltyNode): boolean {
  const about = 'left' in node ? node.left : node.value;
  if (!referencesIn(about).some((ref) => ref.kind === 'sd')) return false;
  if (!('left' in node)) return true;
  const is = (name: string, value: number) =>
    node.args.some((a) => a.name === name && constantNumber(a.value) === value);
  switch (node.distribution) {
    case 'exponential':
    case 'beta':
      return true;
    case 'gamma':
      return is('shape', 1);
    case 'inverse_gamma':
    case 'lognormal':
    case 'uniform':
      return false;
    default:
      return !is('location', 0) && !is('mean', 0);
  }
}

function isNear(priors: PriorWork, { b, block, column }: Corner): boolean {
  return priors.quantities.relativeSd(b, column) * (typicalSizes(block)[column] ?? 1) < small;
}

/** Every column whose standard deviation is the length of a row, or the size of one parameter. */
function cornersOf(work: LmmWork): Corner[] {
  const n = work.parameters;
  return work.layout.blocks.flatMap((block, b): Corner[] => {
    const k = block.size;
    const unit = (p: number): Plane => {
      const x = new Float64Array(n);
      x[block.thetaStart + p] = 1;
      return { x, t: 0 };
    };
    const { name } = block.model;
    if (name === 'diag')
      return Array.from({ length: k }, (_, column) => ({ b, block, column, planes: [unit(column)] }));
    if (name === 'cs') return []; // its parameters are roots of standard deviations: no corner
    if (name !== 'us') return [{ b, block, column: 0, planes: [unit(0)] }];
    return Array.from({ length: k }, (_, column) => {
      const planes: Plane[] = [];
      for (let c = 0, at = block.thetaStart; c < k; at += k - c, c++) {
        const x = new Float64Array(n);
        for (let j = c; j < k; j++) x[at + j - c] = block.rebase.inverse[column + j * k];
        if (x.some((v) => v !== 0)) planes.push({ x, t: 0 });
      }
      return { b, block, column, planes };
    });
  });
}

/** At the point that `work` holds: the slope of the priors in the sd, and the derivative of all else by the row of F. */
function slopeAt(
  work: LmmWork,
  priors: PriorWork,
  { b, block, column }: Corner,
): { slope: number; pull: Float64Array } {
  const { quantities } = priors;
  quantities.gradient.fill(0);
  termValues(priors, work.products.response.length * work.at.sigma, true);
  const { slope, row } = quantities.cornerOf(b, column, work.theta);
  likelihoodGradient(work, new Float64Array(work.parameters));
  const pull = row.slice();
  const { G } = work.scratch;
  const k = block.size;
  for (const t of block.templates) {
    if (block.model.rebase === 'none') break; // a serial block is even in its sd: nothing pulls at zero
    for (let c = 0; c < k; c++)
      for (let j = 0; j < k; j++) pull[c] += block.rebase.R[j + column * k] * G[t.start + j + c * k];
  }
  return { slope, pull };
}

/** theta with a short step along the row that is let go. */
function letGo(theta: Float64Array, { block, column }: Corner, pull: Float64Array): Float64Array {
  const moved = theta.slice();
  const k = block.size;
  if (block.model.name !== 'us') {
    moved[block.thetaStart + (block.model.name === 'diag' ? column : 0)] = 2 * small;
    return moved;
  }
  const lambda = new Float64Array(k * k);
  block.model.factorInto(lambda, 0, k, theta, block.thetaStart, null);
  const length = Math.hypot(...pull);
  for (let c = 0; c < k; c++)
    for (let r = 0; r < k; r++)
      lambda[r + c * k] -=
        (2 * small * block.rebase.R[r + column * k] * pull[c]) / (length * block.rebase.scale[column]);
  const L = lowerFactor(lambda, k);
  for (let c = 0, p = block.thetaStart; c < k; c++) for (let r = c; r < k; r++, p++) moved[p] = L[r + c * k];
  return moved;
}

const none = new Float64Array(0);
/** Minimises over theta in the planes. The result's point is theta; its certificate is of the directions that are left. */
function searchIn(work: LmmWork, theta: Float64Array, planes: readonly Plane[]): CertifiedMinimum {
  const n = work.parameters;
  const identity = new Float64Array(n * n);
  for (let i = 0; i < n; i++) identity[i * (n + 1)] = 1;
  const whole = { thetas: 0, beta: { origin: theta, basis: identity, free: n }, sigma: false };
  const { beta } = spaceInPlanes(whole, planes);
  const { origin, basis, free } = beta ?? whole.beta;
  const inner = perRow(work);
  const x = new Float64Array(n);
  const full = new Float64Array(n);
  const place = (w: Float64Array): Float64Array => {
    x.set(origin);
    for (let k = 0; k < free; k++) for (let j = 0; j < n; j++) x[j] += basis[j + k * n] * w[k];
    return x;
  };
  const problem: SmoothProblem = {
    dimension: free,
    evaluate(w, gradient) {
      const value = inner.evaluate(place(w), gradient === null ? null : full);
      if (gradient !== null)
        for (let k = 0; k < free; k++) {
          gradient[k] = 0;
          for (let j = 0; j < n; j++) gradient[k] += basis[j + k * n] * full[j];
        }
      return value;
    },
  };
  const { rows } = work.model;
  if (free === 0) {
    const certificate = judge(profiledDeviance(work, origin) / rows, none, none, 0);
    return { state: endState(origin, certificate, 1), certificate };
  }
  const iteration = minimizeCertified(problem, new Float64Array(free), {
    tolerance: 1e-8 / rows,
    decrement: 1e-7 / rows,
    polishTo: 1e-8 / rows,
  });
  for (;;) {
    const next = iteration.next();
    if (!next.done) continue;
    const { value } = next;
    const end = place(value.state.x).slice();
    profiledDeviance(work, end);
    return { ...value, state: { ...value.state, x: end } };
  }
}
