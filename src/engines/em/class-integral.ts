import type { ClassConstraints, Tilt } from './constraints.js';
import type { EmClass } from './em-model.js';
import type { GroupModes } from './group-modes.js';

/**
 * What one class says of a group: A_gk, the density of the group's rows with the effects integrated out, and averages over
 * the effects' posterior given the class [EM-2]. `order` 0: A alone; 1: also what the gradient needs; 2: also second
 * derivatives and moments, for the M-step.
 */
export interface ClassIntegral {
  readonly owner: EmClass;
  readonly sums: ClassSums;
  readonly modes: GroupModes;
  /** log A of the group evaluated last, by the first and by the second half of its points; both the same where it is exact. */
  readonly halves: Float64Array;
  /** Places the points of a group's integral by the current parameters. */
  adapt(g: number): void;
  /**
   * log A_gk at the current parameters; averages are kept until `commit` or the next group.
   * @param tilt  weighs the effects' posterior for the gradient of a constraint; the averages then hold the responsibility
   */
  evaluate(g: number, order: 0 | 1 | 2, tilt?: Tilt): number;
  /** Moments of the group's part of the constrained sums, from the latest `evaluate` of the group. */
  constraintMoments(g: number, constraints: ClassConstraints): void;
  /** Counts the averages of the group evaluated last with its responsibility; `weighed`: they hold it already. */
  commit(g: number, p: number, order: 0 | 1 | 2, weighed?: boolean): void;
}

/** Sums over groups, each with the group's responsibility for the class. */
export interface ClassSums {
  readonly first: Float64Array; // D x rows: p E[d log f / d eta]
  readonly second: Float64Array; // pairs x rows: p E[d2 log f / d eta d eta']
  readonly G: Float64Array; // as lambda: p E[Z'first u'] by template
  readonly moments: Float64Array; // as lambda: p E[b b'] by template
  readonly counts: Float64Array; // as lambda: at each template's first number, the sum of p over its levels
}

export function classSums({ work }: EmClass): ClassSums {
  const { rows, layout, density } = work.model;
  return {
    first: new Float64Array(work.D * rows),
    second: new Float64Array(density.layout.pairs * rows),
    G: new Float64Array(layout.lambdas),
    moments: new Float64Array(layout.lambdas),
    counts: new Float64Array(layout.lambdas),
  };
}

export function clearSums({ G, moments, counts }: ClassSums): void {
  G.fill(0);
  moments.fill(0);
  counts.fill(0);
}

/** Scales the rows' averages of a group by its responsibility. */
export function scaleRows(sums: ClassSums, rows: number, from: number, to: number, p: number, order: 0 | 1 | 2): void {
  const { first, second } = sums;
  for (let d = 0; d < first.length; d += rows) for (let i = d + from; i < d + to; i++) first[i] *= p;
  if (order === 2) for (let d = 0; d < second.length; d += rows) for (let i = d + from; i < d + to; i++) second[i] *= p;
}

/**
 * into += p times the diagonal blocks of M by template.
 * @param M  n x n by the group's slots, column-major
 */
export function addBlocks(
  { work, effects }: EmClass,
  g: number,
  n: number,
  M: Float64Array,
  p: number,
  into: Float64Array,
): void {
  const { pattern, nodeLambda } = work.model.layout;
  for (let e = effects.nodeStart[g]; e < effects.nodeStart[g + 1]; e++) {
    const node = effects.nodes[e];
    const s = pattern.size[node];
    const l = nodeLambda[node];
    const at = effects.local[pattern.rowStart[node]];
    for (let c = 0; c < s; c++) for (let r = 0; r < s; r++) into[l + r + c * s] += p * M[at + r + (at + c) * n];
  }
}

/** counts += p for every level of the group. */
export function countLevels({ work, effects }: EmClass, g: number, p: number, counts: Float64Array): void {
  const { nodeLambda } = work.model.layout;
  for (let e = effects.nodeStart[g]; e < effects.nodeStart[g + 1]; e++) counts[nodeLambda[effects.nodes[e]]] += p;
}
