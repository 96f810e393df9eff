import type { NewRows } from '../data/design.js';
import { InternalError } from '../diagnostics/internal-error.js';
import type { ModelGraph } from '../graph/model-graph.js';
import type { Estimates } from '../results/estimates.js';
import type { LinearRows } from './linear-rows.js';
import { certain, combine, type Uncertain } from './uncertain.js';

/** Probabilities of a row's classes: of a group that was seen given its rows, else before any are seen. */
export class ClassProbabilities {
  private readonly gateAt: readonly number[]; // index into NewRows.predictors; -1: constants or the baseline

  constructor(
    private readonly graph: ModelGraph,
    private readonly rows: NewRows,
    private readonly estimates: Estimates,
    private readonly linear: LinearRows,
    /** The groups' rows count. */
    private readonly usePosterior: boolean,
  ) {
    const { mixture } = graph;
    const gating = mixture?.gating;
    this.gateAt = (mixture?.classes ?? []).map((name) => {
      if (gating === undefined || gating.kind === 'free' || name === gating.baseline) return -1;
      const at = rows.predictors.findIndex((p) => gating.predictors.includes(p.id) && p.class === name);
      if (at < 0) throw new InternalError('prediction: a class without its log odds', name);
      return at;
    });
  }

  at(row: number): readonly Uncertain[] {
    const { mixture } = this.graph;
    const A = this.estimates.axes;
    if (mixture === null) return [certain(1, A)];
    const K = mixture.classes.length;
    const { posterior } = this.estimates;
    const group = this.rows.classGroup?.[row] ?? -1;
    if (posterior !== null && this.usePosterior && group >= 0)
      return mixture.classes.map((_, k) => {
        const at = group * K + k;
        const axes = posterior.axes.slice(at * A, (at + 1) * A);
        return { ...certain(posterior.probabilities[at], 0), axes };
      });
    const gates = mixture.classes.map((_, k) => this.gate(row, k));
    const top = Math.max(...gates.map((g) => g.value));
    const odds = gates.map((g) => Math.exp(g.value - top));
    const sum = odds.reduce((a, b) => a + b, 0);
    const p = odds.map((v) => v / sum);
    return p.map((own, k) =>
      combine(
        own,
        p.map((other, l) => own * ((k === l ? 1 : 0) - other)),
        gates,
        A,
      ),
    );
  }

  private gate(row: number, k: number): Uncertain {
    const { gates, gateAxes, axes } = this.estimates;
    if (gates !== null && gateAxes !== null)
      return { ...certain(gates[k], 0), axes: gateAxes.slice(k * axes, (k + 1) * axes) };
    const at = this.gateAt[k];
    return at < 0 ? certain(0, axes) : this.linear.at(row, at, 0);
  }
}
