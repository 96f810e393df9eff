import { shiftedCholesky, solveLowerInPlace, solveLowerTransposedInPlace } from '../../optim/cholesky-solve.js';
import type { EmClass } from './em-model.js';
import {
  groupDensity,
  groupEta,
  groupInformation,
  groupTranspose,
  sandwichGroup,
  scaleEffects,
} from './group-algebra.js';

/** The search stops where a Newton step promises less than this; the point after that step is taken. */
const closeEnough = 1e-9;
/** ... where points need not stand exactly at the mode. */
const nearEnough = 1e-3;
const mostSteps = 60;
const mostHalvings = 30;

/** Mode and curvature of log f(y_g | u) - |u|^2 / 2 for every group of one class [EM-2]. */
export class GroupModes {
  /** q: modes, kept from one search to the next as starts. */
  readonly u: Float64Array;
  /** L^-T of H = L L' for each group, n x n, column-major, at `factorStart`. */
  readonly factor: Float64Array;
  readonly factorStart: Int32Array;
  readonly logDet: Float64Array; // groups: log|H|
  /** groups: log f(y | u) - |u|^2 / 2 at the mode; -Infinity where no point with a density was found. */
  readonly top: Float64Array;

  private readonly b: Float64Array; // q
  private readonly H: Float64Array;
  private readonly L: Float64Array;
  private readonly gradient: Float64Array;
  private readonly step: Float64Array;
  private readonly from: Float64Array;

  constructor(
    private readonly owner: EmClass,
    private readonly rowStart: Int32Array,
    private readonly precise = true,
  ) {
    const { effects, work } = owner;
    const groups = rowStart.length - 1;
    this.u = new Float64Array(work.q);
    this.b = new Float64Array(work.q);
    this.factorStart = new Int32Array(groups + 1);
    for (let g = 0; g < groups; g++) this.factorStart[g + 1] = this.factorStart[g] + this.size(g) ** 2;
    this.factor = new Float64Array(this.factorStart[groups]);
    this.logDet = new Float64Array(groups);
    this.top = new Float64Array(groups);
    const n = effects.largest;
    this.H = new Float64Array(n * n);
    this.L = new Float64Array(n * n);
    this.gradient = new Float64Array(n);
    this.step = new Float64Array(n);
    this.from = new Float64Array(n);
  }

  /** Number of effects of group g. */
  size(g: number): number {
    const { slotStart } = this.owner.effects;
    return slotStart[g + 1] - slotStart[g];
  }

  /**
   * Finds the mode of group g at the parameters in `owner.work` by Newton steps on the observed information, made positive
   * where it is not, halved until the function rises. Leaves the rows' derivatives to second order at the mode.
   */
  find(g: number): void {
    const { owner, u } = this;
    const { slots, slotStart } = owner.effects;
    const n = this.size(g);
    const first = slotStart[g];
    let value = this.valueAt(g);
    if (!(value > Number.NEGATIVE_INFINITY)) {
      for (let s = 0; s < n; s++) u[slots[first + s]] = 0;
      value = this.valueAt(g);
    }
    if (!(value > Number.NEGATIVE_INFINITY)) {
      this.giveUp(g, n);
      return;
    }
    const enough = this.precise ? closeEnough : nearEnough;
    for (let steps = 0; steps < mostSteps; steps++) {
      const decrement = this.newtonStep(g, n);
      if (!(decrement > 0)) break;
      const next = this.search(g, n, value, decrement);
      if (!(next > value) && decrement > enough) break; // rounding is all that is left
      value = next;
      if (decrement <= enough) {
        this.newtonStep(g, n);
        break;
      }
    }
    this.top[g] = value;
    this.finish(g, n);
  }

  private valueAt(g: number): number {
    const { owner, u, b, rowStart } = this;
    const { slots, slotStart } = owner.effects;
    scaleEffects(owner, g, u, b);
    groupEta(owner, rowStart[g], rowStart[g + 1], b);
    let value = groupDensity(owner, rowStart[g], rowStart[g + 1], 2);
    for (let s = slotStart[g]; s < slotStart[g + 1]; s++) value -= u[slots[s]] ** 2 / 2;
    return value;
  }

  /** H, its factor and step = H^-1 gradient at the point whose derivatives stand; returns step' H step. */
  private newtonStep(g: number, n: number): number {
    const { owner, H, L, gradient, step, rowStart, u } = this;
    const { work, effects } = owner;
    const { slots, slotStart } = effects;
    const from = rowStart[g];
    const to = rowStart[g + 1];
    H.fill(0, 0, n * n);
    groupInformation(owner, from, to, work.derivatives.second, n, H);
    sandwichGroup(owner, g, n, H, step, false);
    let largest = 0;
    for (let s = 0; s < n; s++) {
      H[s * (n + 1)] += 1;
      largest = Math.max(largest, Math.abs(H[s * (n + 1)]));
    }
    let shift = 0;
    while (!shiftedCholesky(H, n, shift, L)) {
      if (!(shift < 1e6 * (1 + largest))) return Number.NaN;
      shift = shift === 0 ? 0.1 * (1 + largest) : 4 * shift;
    }
    gradient.fill(0, 0, n);
    groupTranspose(owner, from, to, work.derivatives.first, gradient);
    this.timesLambdaTransposed(g, gradient);
    for (let s = 0; s < n; s++) {
      gradient[s] -= u[slots[slotStart[g] + s]];
      step[s] = gradient[s];
    }
    solveLowerInPlace(L, n, step);
    let decrement = 0;
    for (let s = 0; s < n; s++) decrement += step[s] * step[s];
    solveLowerTransposedInPlace(L, n, step);
    return decrement;
  }

  private timesLambdaTransposed(g: number, v: Float64Array): void {
    const { work, effects } = this.owner;
    const { pattern, nodeLambda } = work.model.layout;
    for (let e = effects.nodeStart[g]; e < effects.nodeStart[g + 1]; e++) {
      const node = effects.nodes[e];
      const s = pattern.size[node];
      const l = nodeLambda[node];
      const at = effects.local[pattern.rowStart[node]];
      for (let r = 0; r < s; r++) {
        let t = 0;
        for (let c = 0; c < s; c++) t += work.lambda[l + c + r * s] * v[at + c];
        this.from[r] = t;
      }
      for (let r = 0; r < s; r++) v[at + r] = this.from[r];
    }
  }

  private search(g: number, n: number, value: number, decrement: number): number {
    const { u, step, from } = this;
    const { slots, slotStart } = this.owner.effects;
    const first = slotStart[g];
    for (let s = 0; s < n; s++) from[s] = u[slots[first + s]];
    const rounding = 1e-13 * (1 + Math.abs(value));
    let factor = 1;
    for (let halving = 0; halving < mostHalvings; halving++) {
      for (let s = 0; s < n; s++) u[slots[first + s]] = from[s] + factor * step[s];
      const next = this.valueAt(g);
      if (next >= value + 1e-4 * factor * decrement || (next >= value - rounding && decrement < 1e-6)) return next;
      factor /= 2;
    }
    for (let s = 0; s < n; s++) u[slots[first + s]] = from[s];
    return this.valueAt(g);
  }

  /** L^-T and log|H| from the factor that stands. */
  private finish(g: number, n: number): void {
    const { L, factor, factorStart } = this;
    const at = factorStart[g];
    let logDet = 0;
    for (let c = 0; c < n; c++) logDet += 2 * Math.log(L[c * (n + 1)]);
    this.logDet[g] = logDet;
    for (let c = 0; c < n; c++) {
      for (let r = n - 1; r >= 0; r--) {
        let t = r === c ? 1 : 0;
        for (let k = r + 1; k <= c; k++) t -= L[k + r * n] * factor[at + k + c * n];
        factor[at + r + c * n] = r > c ? 0 : t / L[r * (n + 1)];
      }
    }
  }

  /** A class under which the group's rows are impossible: its effects stay at their prior. */
  private giveUp(g: number, n: number): void {
    const at = this.factorStart[g];
    this.factor.fill(0, at, at + n * n);
    for (let c = 0; c < n; c++) this.factor[at + c * (n + 1)] = 1;
    this.logDet[g] = 0;
    this.top[g] = Number.NEGATIVE_INFINITY;
  }
}
