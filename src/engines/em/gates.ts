import type { Design } from '../../data/design.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import type { MixtureNode } from '../../graph/model-graph.js';
import type { GlmmModel } from '../glmm/glmm-model.js';
import type { GroupRows } from './group-rows.js';

/** Log odds of one class against the baseline, by group. */
interface Gate {
  /** groups x columns.length, column-major; null: one column of ones. */
  readonly X: Float64Array | null;
  readonly columns: Int32Array; // places in the whole vector
  readonly offset: Float64Array | null; // groups
}

/** A class without groups keeps a probability that has a logarithm. */
const leastShare = 1e-10;

/** The class probabilities of the groups before their rows are seen [EM-1]. */
export class Gates {
  /** log pi of group g and class k: at g * K + k. */
  readonly logPrior: Float64Array;

  constructor(
    readonly groups: number,
    readonly gates: readonly (Gate | null)[], // null: the baseline
  ) {
    this.logPrior = new Float64Array(groups * gates.length);
  }

  /** Sets the probabilities of all groups from the whole vector. */
  update(full: Float64Array): void {
    const { groups, gates, logPrior } = this;
    const K = gates.length;
    gates.forEach((gate, k) => {
      for (let g = 0; g < groups; g++) logPrior[g * K + k] = gate === null ? 0 : etaOf(gate, g, groups, full);
    });
    for (let g = 0; g < groups; g++) {
      const at = g * K;
      let top = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < K; k++) if (!(logPrior[at + k] <= top)) top = logPrior[at + k];
      let sum = 0;
      for (let k = 0; k < K; k++) sum += Math.exp(logPrior[at + k] - top);
      const log = top + Math.log(sum);
      for (let k = 0; k < K; k++) logPrior[at + k] -= log;
    }
  }

  /**
   * Adds factor * sum_g (p_gk - pi_gk) x_g, the derivative of sum_g sum_k p_gk log pi_gk, to a gradient by the whole vector.
   * @param p  groups x K: responsibilities
   */
  addGradient(into: Float64Array, p: Float64Array, factor: number): void {
    const { groups, gates, logPrior } = this;
    const K = gates.length;
    gates.forEach((gate, k) => {
      if (gate === null) return;
      gate.columns.forEach((c, j) => {
        let sum = 0;
        for (let g = 0; g < groups; g++)
          sum += (p[g * K + k] - Math.exp(logPrior[g * K + k])) * (gate.X === null ? 1 : gate.X[j * groups + g]);
        into[c] += factor * sum;
      });
    });
  }

  /**
   * The maximum of sum_g sum_k p_gk log pi_gk where the probabilities are the same for every group.
   * @returns false, and nothing is changed, where they have predictors
   */
  maximize(p: Float64Array, full: Float64Array): boolean {
    const { groups, gates } = this;
    const K = gates.length;
    if (gates.some((gate) => gate !== null && (gate.X !== null || gate.offset !== null))) return false;
    const share = new Float64Array(K);
    for (let g = 0; g < groups; g++) for (let k = 0; k < K; k++) share[k] += p[g * K + k] / groups;
    const log = share.map((v) => Math.log(Math.max(v, leastShare)));
    const baseline = gates.indexOf(null);
    gates.forEach((gate, k) => {
      if (gate !== null) full[gate.columns[0]] = log[k] - log[baseline];
    });
    return true;
  }

  /** Adds the information of the gates, sum_g x_g x_g' (pi_k [k = l] - pi_k pi_l), to a matrix by the whole vector. */
  addInformation(into: Float64Array, size: number, factor: number): void {
    const { groups, gates, logPrior } = this;
    const K = gates.length;
    gates.forEach((a, k) => {
      gates.forEach((b, l) => {
        if (a === null || b === null) return;
        a.columns.forEach((c, i) => {
          b.columns.forEach((d, j) => {
            let sum = 0;
            for (let g = 0; g < groups; g++) {
              const pk = Math.exp(logPrior[g * K + k]);
              const pl = Math.exp(logPrior[g * K + l]);
              const x = (a.X === null ? 1 : a.X[i * groups + g]) * (b.X === null ? 1 : b.X[j * groups + g]);
              sum += x * (k === l ? pk * (1 - pk) : -pk * pl);
            }
            into[c + d * size] += factor * sum;
          });
        });
      });
    });
  }
}

function etaOf(gate: Gate, g: number, groups: number, full: Float64Array): number {
  const { X, columns, offset } = gate;
  let eta = offset === null ? 0 : offset[g];
  for (let j = 0; j < columns.length; j++) eta += full[columns[j]] * (X === null ? 1 : X[j * groups + g]);
  return eta;
}

/** The gates of a mixture: a constant for each class but the last, or predictors by the first row of each group. */
export function gatesOf(mixture: MixtureNode, design: Design, joint: GlmmModel, rows: GroupRows): Gates {
  const { thetas } = joint.layout;
  const { groups, start } = rows;
  const { gating, classes } = mixture;
  if (gating.kind === 'free') {
    const first = thetas + joint.coefficients - joint.gateConstants;
    return new Gates(
      groups,
      classes.map((_, k) =>
        k === classes.length - 1 ? null : { X: null, columns: Int32Array.of(first + k), offset: null },
      ),
    );
  }
  const gates = classes.map((name): Gate | null => {
    if (name === gating.baseline) return null;
    const predictor = joint.predictors.find((p) => p.parameter === 'prob' && p.class === name);
    if (predictor === undefined || predictor.fixed.kind !== 'columns')
      throw new InternalError('em: a class without its log odds', name);
    const { X, columns, offset } = predictor.fixed;
    const byGroup = X === null ? null : new Float64Array(groups * columns.length);
    if (X !== null && byGroup !== null)
      for (let j = 0; j < columns.length; j++)
        for (let g = 0; g < groups; g++) byGroup[j * groups + g] = X[j * design.rows + start[g]];
    return {
      X: byGroup,
      columns: columns.map((c) => c + thetas),
      offset: offset === null ? null : Float64Array.from({ length: groups }, (_, g) => offset[start[g]]),
    };
  });
  return new Gates(groups, gates);
}

/** The first two rows of a group between which the log odds of a class would change; null where there are none. */
export function varyingGate(
  design: Design,
  { groups, start, order }: GroupRows,
): { predictor: string; column: string; rows: readonly [number, number] } | null {
  for (const p of design.predictors) {
    if (p.parameter !== 'prob') continue;
    for (let j = -1; j < p.columns.length; j++) {
      const values = j < 0 ? p.offset : p.X.subarray(j * design.rows, (j + 1) * design.rows);
      if (values === null) continue;
      for (let g = 0; g < groups; g++)
        for (let i = start[g] + 1; i < start[g + 1]; i++) {
          if (values[order[i]] === values[order[i - 1]]) continue;
          const column = j < 0 ? 'the offset' : design.coefficients[p.columns[j]].name;
          return { predictor: p.id, column, rows: [order[i - 1], order[i]] };
        }
    }
  }
  return null;
}
