import { shiftedCholesky, solveLowerInPlace, solveLowerTransposedInPlace } from '../../optim/cholesky-solve.js';
import type { EmClass } from './em-model.js';

/**
 * The sum-to-zero constraints of one class [EM-11]: for each constrained block s = sum_l w_l u_l = 0, w_l the responsibilities of
 * the rows of level l. The likelihood is that given s = 0, with s normal: its moments given class and rows are sums over groups.
 */
export interface ClassConstraints {
  readonly count: number; // m
  /** m x q, row-major: weights of the effects. */
  readonly weights: Float64Array;
  /** groups x m and groups x m x m: moments of the group's part of s given class and rows. */
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
  /** V^-1 E s, and (a a' - V^-1) / 2: what the gradient needs. */
  readonly a: Float64Array;
  readonly Q: Float64Array;
}

/** How the points of a group count in a gradient: p - a'(h - e) + (h - e)'Q(h - e) - tr(Q C), h the group's part of s. */
export interface Tilt {
  readonly constraints: ClassConstraints;
  readonly group: number;
  readonly p: number;
}

/** Null where a class has no constraint. */
export function classConstraints({ work }: EmClass, groups: number): ClassConstraints | null {
  const count = work.model.layout.blocks.filter(({ block }) => block.constraint === 'sumToZero').length;
  if (count === 0) return null;
  return {
    count,
    weights: new Float64Array(count * work.q),
    mean: new Float64Array(groups * count),
    covariance: new Float64Array(groups * count * count),
    a: new Float64Array(count),
    Q: new Float64Array(count * count),
  };
}

/** Sets the weights to the responsibilities of the rows of each level. @param p  groups x K */
export function weighConstraints(
  owner: EmClass,
  constraints: ClassConstraints,
  rowStart: Int32Array,
  p: Float64Array,
  K: number,
  k: number,
): void {
  const { work } = owner;
  const { layout } = work.model;
  const { weights } = constraints;
  weights.fill(0);
  let c = 0;
  for (const { block, nodeStart } of layout.blocks) {
    if (block.constraint !== 'sumToZero') continue;
    for (let g = 0; g + 1 < rowStart.length; g++)
      for (let i = rowStart[g]; i < rowStart[g + 1]; i++)
        weights[c * work.q + layout.pattern.rowStart[nodeStart + block.group.codes[i]]] += p[g * K + k];
    c++;
  }
}

/**
 * log of the density of s at zero given the rows over that without them, s taken as normal; prepares the tilt of the gradient.
 * Constraints whose class holds nothing count for nothing.
 */
export function constraintTerm(constraints: ClassConstraints): number {
  const { count: m, weights, mean, covariance, a, Q } = constraints;
  const q = weights.length / m;
  const prior = new Float64Array(m * m);
  const V = new Float64Array(m * m);
  const L = new Float64Array(m * m);
  a.fill(0);
  Q.fill(0);
  for (let c = 0; c < m; c++)
    for (let r = 0; r < m; r++) for (let i = 0; i < q; i++) prior[r + c * m] += weights[r * q + i] * weights[c * q + i];
  for (let g = 0; g < mean.length / m; g++) {
    for (let c = 0; c < m; c++) a[c] += mean[g * m + c];
    for (let e = 0; e < m * m; e++) V[e] += covariance[g * m * m + e];
  }
  if (!shiftedCholesky(prior, m, 0, L)) {
    a.fill(0);
    return 0;
  }
  let value = 0;
  for (let c = 0; c < m; c++) value += Math.log(L[c * (m + 1)]);
  if (!shiftedCholesky(V, m, 0, L)) return Number.NaN;
  for (let c = 0; c < m; c++) value -= Math.log(L[c * (m + 1)]);
  solveLowerInPlace(L, m, a);
  for (let c = 0; c < m; c++) value -= (a[c] * a[c]) / 2;
  solveLowerTransposedInPlace(L, m, a);
  const column = new Float64Array(m);
  for (let c = 0; c < m; c++) {
    column.fill(0);
    column[c] = 1;
    solveLowerInPlace(L, m, column);
    solveLowerTransposedInPlace(L, m, column);
    for (let r = 0; r < m; r++) Q[r + c * m] = (a[r] * a[c] - column[r]) / 2;
  }
  return value;
}

/** The tilt at a point whose part of s is h. */
export function tiltAt({ constraints, group, p }: Tilt, h: Float64Array): number {
  const { count: m, mean, covariance, a, Q } = constraints;
  let value = p;
  for (let c = 0; c < m; c++) {
    const d = h[c] - mean[group * m + c];
    value -= a[c] * d;
    for (let r = 0; r < m; r++)
      value += Q[r + c * m] * (d * (h[r] - mean[group * m + r]) - covariance[group * m * m + r + c * m]);
  }
  return value;
}
