import { addBlocks, type ClassIntegral, type ClassSums, classSums, countLevels, scaleRows } from './class-integral.js';
import type { ClassConstraints, Tilt } from './constraints.js';
import type { EmClass } from './em-model.js';
import {
  groupDensity,
  groupEta,
  groupInformation,
  groupTranspose,
  sandwichGroup,
  scaleEffects,
} from './group-algebra.js';
import { GroupModes } from './group-modes.js';

/**
 * A class whose integral has a closed form [EM-4]: it has no effects, or its response is normal and quadratic in them, so that
 * Laplace's formula is exact, the effects' posterior is N(u~, H^-1), and averages need three derivatives of the rows at u~.
 */
export class ClosedIntegral implements ClassIntegral {
  readonly sums: ClassSums;
  readonly modes: GroupModes;
  readonly halves = new Float64Array(2);

  private readonly V: Float64Array; // covariance of u, then of b
  private readonly C: Float64Array; // Z'WZ
  private readonly T: Float64Array;
  private readonly B: Float64Array;
  private readonly s: Float64Array;
  private readonly column: Float64Array;
  private readonly delta: Float64Array;
  private readonly shift: Float64Array; // q
  private readonly moved: Float64Array; // q: Lambda delta
  private readonly b: Float64Array;
  private readonly third: Int32Array; // D: packed triple (mu, mu, d)

  constructor(
    readonly owner: EmClass,
    private readonly rowStart: Int32Array,
  ) {
    const { work, effects } = owner;
    this.modes = new GroupModes(owner, rowStart);
    this.sums = classSums(owner);
    const n = effects.largest;
    this.V = new Float64Array(n * n);
    this.C = new Float64Array(n * n);
    this.T = new Float64Array(n * n);
    this.B = new Float64Array(n * n);
    this.s = new Float64Array(n);
    this.column = new Float64Array(n);
    this.delta = new Float64Array(n);
    this.shift = new Float64Array(work.q);
    this.moved = new Float64Array(work.q);
    this.b = new Float64Array(work.q);
    const { tripleIndex, third } = work.model.density.layout;
    this.third = Int32Array.from({ length: work.D }, (_, d) => tripleIndex[d] - third);
  }

  /** Nothing is placed: every evaluation finds the mode anew. */
  adapt(): void {}

  evaluate(g: number, order: 0 | 1 | 2, tilt?: Tilt): number {
    const { owner, rowStart, modes } = this;
    const from = rowStart[g];
    const to = rowStart[g + 1];
    const n = modes.size(g);
    if (n === 0) {
      const value = groupDensity(owner, from, to, order);
      if (order > 0) this.takeRows(from, to, order, tilt?.p ?? 1);
      this.halves.fill(value);
      return value;
    }
    modes.find(g);
    if (order > 0) this.average(g, n, order, tilt);
    const value = modes.top[g] - modes.logDet[g] / 2;
    this.halves.fill(value);
    return value;
  }

  commit(g: number, p: number, order: 0 | 1 | 2, weighed = false): void {
    const { owner, sums, rowStart, modes } = this;
    const n = modes.size(g);
    const factor = weighed ? 1 : p;
    scaleRows(sums, owner.work.model.rows, rowStart[g], rowStart[g + 1], factor, order);
    if (factor === 0 || n === 0) return;
    addBlocks(owner, g, n, this.T, factor, sums.G);
    if (order < 2) return;
    addBlocks(owner, g, n, this.B, factor, sums.moments);
    countLevels(owner, g, p, sums.counts);
  }

  constraintMoments(g: number, constraints: ClassConstraints): void {
    const { modes, owner } = this;
    const { slots, slotStart } = owner.effects;
    const { q } = owner.work;
    const { count: m, weights, mean, covariance } = constraints;
    const n = modes.size(g);
    const first = slotStart[g];
    const W = new Float64Array(n * m); // L^-1 w, column by column
    for (let c = 0; c < m; c++) {
      let t = 0;
      for (let s = 0; s < n; s++) t += weights[c * q + slots[first + s]] * modes.u[slots[first + s]];
      mean[g * m + c] = t;
      for (let r = 0; r < n; r++)
        for (let s = 0; s <= r; s++)
          W[r + c * n] += modes.factor[modes.factorStart[g] + s + r * n] * weights[c * q + slots[first + s]];
    }
    for (let c = 0; c < m; c++)
      for (let r = 0; r < m; r++) {
        let t = 0;
        for (let s = 0; s < n; s++) t += W[s + r * n] * W[s + c * n];
        covariance[g * m * m + r + c * m] = t;
      }
  }

  private takeRows(from: number, to: number, order: 0 | 1 | 2, factor: number): void {
    const { sums, owner } = this;
    const { rows } = owner.work.model;
    const { first, second } = owner.work.derivatives;
    copyRows(sums.first, first, rows, from, to, factor);
    if (order === 2) copyRows(sums.second, second, rows, from, to, factor);
  }

  /**
   * Averages over N(u~, V), each point weighed by the tilt: with E of the tilt p, of the tilt times u - u~ delta, and times its
   * square Omega; without a tilt 1, 0 and V.
   */
  private average(g: number, n: number, order: 0 | 1 | 2, tilt?: Tilt): void {
    const { owner, rowStart, modes, V, C, T, B, s, b, delta, moved, column, sums } = this;
    const { work, effects } = owner;
    const { slots, slotStart } = effects;
    const from = rowStart[g];
    const to = rowStart[g + 1];
    const first = slotStart[g];
    const p = tilt?.p ?? 1;
    scaleEffects(owner, g, modes.u, b);
    groupEta(owner, from, to, b);
    groupDensity(owner, from, to, 3);
    this.takeRows(from, to, order, p);
    this.posterior(g, n);
    delta.fill(0, 0, n);
    if (tilt !== undefined) this.tiltPosterior(g, n, tilt);
    // E[Z'first u'] = s (p u~ + delta)' - C Lambda (Omega + delta u~'), s = Z'first at u~
    C.fill(0, 0, n * n);
    groupInformation(owner, from, to, work.derivatives.second, n, C);
    this.timesLambda(g, n, C);
    s.fill(0, 0, n);
    groupTranspose(owner, from, to, work.derivatives.first, s);
    for (let c = 0; c < n; c++) {
      const u = modes.u[slots[first + c]];
      for (let r = 0; r < n; r++) {
        let t = s[r] * (p * u + delta[c]);
        for (let k = 0; k < n; k++) t -= C[r + k * n] * (V[k + c * n] + delta[k] * u);
        T[r + c * n] = t;
      }
    }
    sandwichGroup(owner, g, n, V, column, true);
    if (tilt !== undefined) this.addShift(g, from, to, n, sums.first);
    if (order === 2)
      for (let c = 0; c < n; c++)
        for (let r = 0; r < n; r++) {
          const left = slots[first + r];
          const right = slots[first + c];
          B[r + c * n] = p * b[left] * b[right] + moved[left] * b[right] + b[left] * moved[right] + V[r + c * n];
        }
    this.addSpread(from, to, n, sums.first);
  }

  /** V = L^-T L^-1. */
  private posterior(g: number, n: number): void {
    const { modes, V } = this;
    const at = modes.factorStart[g];
    const { factor } = modes;
    for (let c = 0; c < n; c++)
      for (let r = 0; r <= c; r++) {
        let t = 0;
        for (let k = c; k < n; k++) t += factor[at + r + k * n] * factor[at + c + k * n];
        V[r + c * n] = t;
        V[c + r * n] = t;
      }
  }

  /** delta = -V W a and, in the place of V, Omega = p V + 2 V W Q W'V. */
  private tiltPosterior(g: number, n: number, { constraints, p }: Tilt): void {
    const { owner, V, delta } = this;
    const { slots, slotStart } = owner.effects;
    const { q } = owner.work;
    const { count: m, weights, a, Q } = constraints;
    const VW = new Float64Array(n * m);
    for (let c = 0; c < m; c++)
      for (let k = 0; k < n; k++) {
        const w = weights[c * q + slots[slotStart[g] + k]];
        if (w !== 0) for (let r = 0; r < n; r++) VW[r + c * n] += V[r + k * n] * w;
      }
    for (let r = 0; r < n; r++) for (let c = 0; c < m; c++) delta[r] -= VW[r + c * n] * a[c];
    for (let c = 0; c < n; c++)
      for (let r = 0; r < n; r++) {
        let t = p * V[r + c * n];
        for (let k = 0; k < m; k++) for (let l = 0; l < m; l++) t += 2 * VW[r + k * n] * Q[k + l * m] * VW[c + l * n];
        V[r + c * n] = t;
      }
  }

  /** The first derivatives are linear in the mean: delta moves them along their second derivatives. */
  private addShift(g: number, from: number, to: number, n: number, first: Float64Array): void {
    const { owner, delta, shift, moved } = this;
    const { work, effects } = owner;
    const { rows } = work.model;
    const { slots, slotStart } = effects;
    for (let s = 0; s < n; s++) shift[slots[slotStart[g] + s]] = delta[s];
    scaleEffects(owner, g, shift, moved);
    const { loads } = work.model.loads;
    for (const { width, at, z } of loads)
      for (let i = from; i < to; i++) {
        let t = 0;
        for (let c = 0; c < width; c++) t += (z === null ? 1 : z[i * width + c]) * moved[at[i] + c];
        for (let d = 0; d < work.D; d++) first[d * rows + i] += t * work.derivatives.second[work.pairAt[d] * rows + i];
      }
  }

  /** C Lambda in place. */
  private timesLambda(g: number, n: number, C: Float64Array): void {
    const { owner, column } = this;
    const { work, effects } = owner;
    const { pattern, nodeLambda } = work.model.layout;
    for (let e = effects.nodeStart[g]; e < effects.nodeStart[g + 1]; e++) {
      const node = effects.nodes[e];
      const s = pattern.size[node];
      const l = nodeLambda[node];
      const at = effects.local[pattern.rowStart[node]];
      for (let r = 0; r < n; r++) {
        for (let c = 0; c < s; c++) {
          let t = 0;
          for (let k = 0; k < s; k++) t += C[r + (at + k) * n] * work.lambda[l + k + c * s];
          column[c] = t;
        }
        for (let c = 0; c < s; c++) C[r + (at + c) * n] = column[c];
      }
    }
  }

  /** The derivatives by other parameters are quadratic in the mean: half its variance times their second derivative is added. */
  private addSpread(from: number, to: number, n: number, first: Float64Array): void {
    const { owner, V, third } = this;
    const { work, effects } = owner;
    const { rows, loads } = work.model.loads;
    if (work.D === 1) return;
    for (let a = 0; a < loads.length; a++)
      for (let c = 0; c < loads.length; c++) {
        const left = loads[a];
        const right = loads[c];
        for (let i = from; i < to; i++) {
          const row = effects.local[left.at[i]];
          const column = effects.local[right.at[i]];
          let variance = 0;
          for (let k = 0; k < right.width; k++) {
            let t = 0;
            for (let r = 0; r < left.width; r++)
              t += V[row + r + (column + k) * n] * (left.z === null ? 1 : left.z[i * left.width + r]);
            variance += t * (right.z === null ? 1 : right.z[i * right.width + k]);
          }
          for (let d = 1; d < work.D; d++)
            first[d * rows + i] += (variance / 2) * work.derivatives.third[third[d] * rows + i];
        }
      }
  }
}

function copyRows(
  into: Float64Array,
  values: Float64Array,
  rows: number,
  from: number,
  to: number,
  factor: number,
): void {
  for (let d = 0; d < into.length; d += rows) for (let i = d + from; i < d + to; i++) into[i] = factor * values[i];
}
