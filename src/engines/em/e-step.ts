import { logAddExp } from '../../kernels/special-functions.js';
import { type ClassIntegral, type ClassSums, clearSums } from './class-integral.js';
import { addScore } from './complete-data.js';
import { type ClassConstraints, classConstraints, constraintTerm, weighConstraints } from './constraints.js';
import type { EmModel } from './em-model.js';

/** What the mixture says of every group at the current parameters [EM-1]. */
export class EStep {
  /** log A of group g and class k: at g * K + k. */
  readonly logA: Float64Array;
  /** P(class k | rows of group g): at g * K + k. */
  readonly p: Float64Array;
  readonly logLikelihoods: Float64Array; // groups
  /** Log-likelihood of group g by half h of its points, at 2 g + h. */
  readonly halves: Float64Array;
  readonly sums: readonly ClassSums[];
  /** By class; null where it has none. */
  readonly constraints: readonly (ClassConstraints | null)[];

  constructor(
    readonly model: EmModel,
    readonly integrals: readonly ClassIntegral[],
  ) {
    const { groups } = model.rows;
    const K = integrals.length;
    this.logA = new Float64Array(groups * K);
    this.p = new Float64Array(groups * K);
    this.logLikelihoods = new Float64Array(groups);
    this.halves = new Float64Array(2 * groups);
    this.sums = integrals.map((i) => i.sums);
    this.constraints = integrals.map(({ owner }) => classConstraints(owner, groups));
  }

  /** Places the points of all groups' integrals by the current parameters, and weighs constraints by the class probabilities. */
  adapt(): void {
    const { integrals, constraints, model } = this;
    const { groups, start } = model.rows;
    for (const integral of integrals) for (let g = 0; g < groups; g++) integral.adapt(g);
    if (constraints.every((c) => c === null)) return;
    this.pass(0);
    constraints.forEach((own, k) => {
      if (own !== null) weighConstraints(integrals[k].owner, own, start, this.p, integrals.length, k);
    });
  }

  /**
   * Class probabilities of all groups, and the classes' sums.
   * @param visit  called for each group while the integrals still hold its weights
   * @returns the log-likelihood; -Infinity where a group is impossible in every class
   */
  run(order: 0 | 1 | 2, visit?: (group: number) => void): number {
    const { constraints, integrals } = this;
    if (constraints.every((c) => c === null)) return this.pass(order, visit);
    let total = this.pass(0, (g) => {
      constraints.forEach((own, k) => {
        if (own !== null) integrals[k].constraintMoments(g, own);
      });
      visit?.(g);
    });
    for (const own of constraints) if (own !== null) total += constraintTerm(own);
    if (order > 0) this.pass(order, undefined, true);
    return total;
  }

  /** One pass over groups and classes; `tilted`: with the tilts of the constraints, whose moments are known. */
  private pass(order: 0 | 1 | 2, visit?: (group: number) => void, tilted = false): number {
    const { model, integrals, logA, p, constraints } = this;
    const K = integrals.length;
    for (const { sums } of integrals) clearSums(sums);
    let total = 0;
    for (let g = 0; g < model.rows.groups; g++) {
      for (let k = 0; k < K; k++) {
        const own = tilted ? constraints[k] : null;
        const tilt = own === null ? undefined : { constraints: own, group: g, p: p[g * K + k] };
        logA[g * K + k] = integrals[k].evaluate(g, order, tilt);
      }
      total += this.combine(g);
      this.combineHalves(g);
      visit?.(g);
      if (order > 0)
        for (let k = 0; k < K; k++) integrals[k].commit(g, p[g * K + k], order, tilted && constraints[k] !== null);
    }
    return total;
  }

  /** log sum_k pi_k A_gk, and the ratios; a known class counts with its own term alone. */
  private combine(g: number): number {
    const { model, integrals, logA, p, logLikelihoods } = this;
    const { logPrior } = model.gates;
    const K = integrals.length;
    const at = g * K;
    const known = model.known === null ? -1 : model.known[g];
    let top = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < K; k++) {
      const t = known >= 0 && known !== k ? Number.NEGATIVE_INFINITY : logPrior[at + k] + logA[at + k];
      p[at + k] = t;
      if (!(t <= top)) top = t; // NaN gets through
    }
    if (!(top > Number.NEGATIVE_INFINITY && top < Number.POSITIVE_INFINITY)) {
      for (let k = 0; k < K; k++) p[at + k] = known >= 0 ? (known === k ? 1 : 0) : Math.exp(logPrior[at + k]);
      logLikelihoods[g] = Number.isNaN(top) ? top : Number.NEGATIVE_INFINITY;
      return logLikelihoods[g];
    }
    let sum = 0;
    for (let k = 0; k < K; k++) {
      p[at + k] = Math.exp(p[at + k] - top);
      sum += p[at + k];
    }
    for (let k = 0; k < K; k++) p[at + k] /= sum;
    logLikelihoods[g] = top + Math.log(sum);
    return logLikelihoods[g];
  }

  private combineHalves(g: number): void {
    const { model, integrals, halves } = this;
    const { logPrior } = model.gates;
    const K = integrals.length;
    const known = model.known === null ? -1 : model.known[g];
    for (let h = 0; h < 2; h++) {
      let log = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < K; k++)
        if (known < 0 || known === k) log = logAddExp(log, logPrior[g * K + k] + integrals[k].halves[h]);
      halves[2 * g + h] = log;
    }
  }

  /** Adds factor times the log-likelihood's gradient by the whole vector, from the sums of the latest `run` [EM-5]. */
  addGradient(full: Float64Array, factor: number, into: Float64Array): void {
    const { model } = this;
    addScore(model, this.sums, full, factor, into);
    model.gates.addGradient(into, this.p, factor);
  }
}
