import { type BlockGroup, type BlockPlace, type BlockSums, blockSums, blockValues } from './block-nodes.js';
import { addBlocks, type ClassIntegral, type ClassSums, classSums, countLevels, scaleRows } from './class-integral.js';
import { type ClassConstraints, type Tilt, tiltAt } from './constraints.js';
import type { EmClass } from './em-model.js';
import { groupDensity, groupEta, groupTranspose, scaleEffects } from './group-algebra.js';
import { GroupModes } from './group-modes.js';
import type { NodeRule, NodeSet } from './node-rules.js';
import {
  type MovedRows,
  movedSums,
  movedValues,
  moveRows,
  type ScalarGroup,
  type ScalarSums,
  scalarSums,
  scalarValues,
} from './scalar-nodes.js';

/** Weights are taken relative to the integrand's mode; sums beyond this are taken again relative to their largest. */
const hugeSum = 1e200;
const tinySum = 1e-200;

/**
 * A class whose effects are integrated over points: adaptive quadrature, or importance sampling with the draws of a
 * proposal. The points stay where `adapt` put them, so that A is a smooth function of the parameters [EM-3].
 */
export class NodeIntegral implements ClassIntegral {
  readonly sums: ClassSums;
  /** The points of the groups; another rule counts from the next evaluation on. */
  rule: NodeRule;
  readonly modes: GroupModes;
  readonly halves = new Float64Array(2);
  /** Normalised weights of the group evaluated last. */
  weights = new Float64Array(0);

  private readonly u: Float64Array; // q
  private readonly b: Float64Array; // q
  private h = new Float64Array(0);
  private logTerms = new Float64Array(0);
  private firstHalf = 0; // sum of the weights of the first half of the points
  private readonly s: Float64Array; // effects of the largest group
  private readonly scalar: ScalarSums = { total: 0, firstHalf: 0, T: 0, B: 0 };
  private readonly moved: MovedRows = { constant: 0, linear: 0, curved: 0 };
  private readonly T: Float64Array; // E[Z'first u'] of the group
  private readonly B: Float64Array; // E[b b']
  private readonly mode: Float64Array; // of the group
  private readonly point: Float64Array; // u, b of a point where the group's effects are those of one level
  private readonly moves: Float64Array;
  private readonly block: BlockSums;

  constructor(
    readonly owner: EmClass,
    private readonly rowStart: Int32Array,
    rule: NodeRule,
    preciseModes = true,
  ) {
    const { work, effects } = owner;
    this.modes = new GroupModes(owner, rowStart, preciseModes);
    this.sums = classSums(owner);
    this.u = new Float64Array(work.q);
    this.b = new Float64Array(work.q);
    this.rule = rule;
    this.s = new Float64Array(effects.largest);
    this.T = new Float64Array(effects.largest ** 2);
    this.B = new Float64Array(effects.largest ** 2);
    this.mode = new Float64Array(effects.largest);
    this.point = new Float64Array(effects.largest);
    this.moves = new Float64Array(effects.largest);
    this.block = { total: 0, firstHalf: 0, s: this.s, T: this.T, B: this.B };
  }

  adapt(g: number): void {
    this.modes.find(g);
  }

  evaluate(g: number, order: 0 | 1 | 2, tilt?: Tilt): number {
    const { modes } = this;
    const nodes = this.rule.nodesOf(g, modes.size(g));
    if (this.weights.length !== nodes.count) {
      this.weights = new Float64Array(nodes.count);
      this.logTerms = new Float64Array(nodes.count);
    }
    const reference = modes.top[g];
    if (order > 0 && reference > Number.NEGATIVE_INFINITY) {
      const sum = this.accumulate(g, nodes, reference, order, tilt);
      if (sum > tinySum && sum < hugeSum) return this.logIntegral(g, reference, sum);
    }
    const largest = this.values(g, nodes);
    if (!(largest > Number.NEGATIVE_INFINITY)) {
      if (order > 0) this.clearRows(g); // its responsibility is zero
      this.halves.fill(Number.NEGATIVE_INFINITY);
      return Number.NEGATIVE_INFINITY;
    }
    const sum = order > 0 ? this.accumulate(g, nodes, largest, order, tilt) : this.total(nodes.count, largest);
    return this.logIntegral(g, largest, sum);
  }

  private logIntegral(g: number, reference: number, sum: number): number {
    const at = reference - this.modes.logDet[g] / 2;
    this.halves[0] = at + Math.log(2 * this.firstHalf);
    this.halves[1] = at + Math.log(2 * (sum - this.firstHalf));
    return at + Math.log(sum);
  }

  constraintMoments(g: number, constraints: ClassConstraints): void {
    const { modes, weights } = this;
    const { count: m, mean, covariance } = constraints;
    const nodes = this.rule.nodesOf(g, modes.size(g));
    const all = new Float64Array(nodes.count * m);
    mean.fill(0, g * m, (g + 1) * m);
    covariance.fill(0, g * m * m, (g + 1) * m * m);
    for (let k = 0; k < nodes.count; k++) {
      this.place(g, nodes, k);
      const h = this.sumsAt(g, constraints);
      for (let c = 0; c < m; c++) {
        all[k * m + c] = h[c];
        mean[g * m + c] += weights[k] * h[c];
      }
    }
    for (let k = 0; k < nodes.count; k++)
      for (let c = 0; c < m; c++)
        for (let r = 0; r < m; r++)
          covariance[g * m * m + r + c * m] +=
            weights[k] * (all[k * m + r] - mean[g * m + r]) * (all[k * m + c] - mean[g * m + c]);
  }

  /** The group's part of the constrained sums at the point that stands. */
  private sumsAt(g: number, { count, weights }: ClassConstraints): Float64Array {
    const { slots, slotStart } = this.owner.effects;
    const { q } = this.owner.work;
    if (this.h.length !== count) this.h = new Float64Array(count);
    for (let c = 0; c < count; c++) {
      let t = 0;
      for (let s = slotStart[g]; s < slotStart[g + 1]; s++) t += weights[c * q + slots[s]] * this.u[slots[s]];
      this.h[c] = t;
    }
    return this.h;
  }

  commit(g: number, p: number, order: 0 | 1 | 2, weighed = false): void {
    const { owner, sums, rowStart, modes } = this;
    const n = modes.size(g);
    const factor = weighed ? 1 : p;
    scaleRows(sums, owner.work.model.rows, rowStart[g], rowStart[g + 1], factor, order);
    if (factor === 0) return;
    addBlocks(owner, g, n, this.T, factor, sums.G);
    if (order < 2) return;
    addBlocks(owner, g, n, this.B, factor, sums.moments);
    countLevels(owner, g, p, sums.counts);
  }

  /** u, b and eta at point m; returns -|u|^2 / 2. */
  private place(g: number, nodes: NodeSet, m: number): number {
    const { owner, modes, u, b, rowStart } = this;
    const { slots, slotStart } = owner.effects;
    const n = nodes.dimension;
    const first = slotStart[g];
    const at = modes.factorStart[g];
    let square = 0;
    for (let r = 0; r < n; r++) {
      let t = modes.u[slots[first + r]];
      for (let c = r; c < n; c++) t += modes.factor[at + r + c * n] * nodes.z[m * n + c];
      u[slots[first + r]] = t;
      square += t * t;
    }
    scaleEffects(owner, g, u, b);
    groupEta(owner, rowStart[g], rowStart[g + 1], b);
    return -square / 2;
  }

  /** The group's numbers where it has one effect, on one predictor; null elsewhere. */
  private scalarGroup(g: number): ScalarGroup | null {
    const { owner, modes, rowStart } = this;
    const { work, effects } = owner;
    const { loads } = work.model.loads;
    if (modes.size(g) !== 1 || loads.length !== 1 || loads[0].width !== 1) return null;
    const slot = effects.slotStart[g];
    return {
      from: rowStart[g],
      to: rowStart[g + 1],
      mode: modes.u[effects.slots[slot]],
      scale: modes.factor[modes.factorStart[g]],
      lambda: work.lambda[work.model.layout.nodeLambda[effects.nodes[effects.nodeStart[g]]]],
      at: loads[0].predictor * work.model.rows,
      z: loads[0].z,
    };
  }

  /** The group's numbers where its effects are those of one level, on one predictor; null elsewhere. */
  private blockGroup(g: number): BlockGroup | null {
    const { owner, modes, rowStart } = this;
    const { work, effects } = owner;
    const { loads } = work.model.loads;
    const [load] = loads;
    const width = modes.size(g);
    if (loads.length !== 1 || load.z === null || load.width !== width) return null;
    if (effects.nodeStart[g + 1] - effects.nodeStart[g] !== 1) return null;
    const first = effects.slotStart[g];
    for (let r = 0; r < width; r++) this.mode[r] = modes.u[effects.slots[first + r]];
    return {
      from: rowStart[g],
      to: rowStart[g + 1],
      width,
      at: load.predictor * work.model.rows,
      z: load.z,
      lambda: work.lambda,
      lambdaAt: work.model.layout.nodeLambda[effects.nodes[effects.nodeStart[g]]],
    };
  }

  /** How the points of group g are placed, once `blockGroup` has its mode. */
  private blockPlace(g: number): BlockPlace {
    const { modes, mode, point, moves } = this;
    return { mode, factor: modes.factor, factorAt: modes.factorStart[g], u: point, b: moves };
  }

  /** Whether the group's rows have sums that serve all points; forms them. */
  private movesTogether(scalar: ScalarGroup): boolean {
    const { model, fixedEta, derivatives } = this.owner.work;
    const { exponential } = model.density;
    if (exponential === undefined || scalar.z !== null) return false;
    return moveRows(scalar, exponential, fixedEta, derivatives.value, this.moved);
  }

  /** Logarithms of the points' terms; returns the largest. */
  private values(g: number, nodes: NodeSet): number {
    const { owner, rowStart, logTerms } = this;
    const scalar = this.scalarGroup(g);
    if (scalar !== null) {
      const { eta, fixedEta, derivatives, model } = owner.work;
      if (this.movesTogether(scalar)) return movedValues(scalar, this.moved, nodes, logTerms);
      return scalarValues(scalar, nodes, model.batch, eta, fixedEta, derivatives, logTerms);
    }
    const block = this.blockGroup(g);
    if (block !== null) {
      const { eta, fixedEta, derivatives, model } = owner.work;
      return blockValues(block, this.blockPlace(g), nodes, model.batch, eta, fixedEta, derivatives, logTerms);
    }
    let largest = Number.NEGATIVE_INFINITY;
    for (let m = 0; m < nodes.count; m++) {
      const penalty = this.place(g, nodes, m);
      const t = groupDensity(owner, rowStart[g], rowStart[g + 1], 0) + penalty + nodes.logWeights[m];
      logTerms[m] = t;
      if (t > largest) largest = t;
    }
    return largest;
  }

  private total(count: number, largest: number): number {
    const { logTerms, weights } = this;
    let sum = 0;
    for (let m = 0; m < count; m++) {
      if (2 * m === count) this.firstHalf = sum;
      weights[m] = Math.exp(logTerms[m] - largest);
      sum += weights[m];
    }
    for (let m = 0; m < count; m++) weights[m] /= sum;
    return sum;
  }

  /** One pass over the points with derivatives; returns the sum of the weights relative to `reference`. */
  private accumulate(g: number, nodes: NodeSet, reference: number, order: 0 | 1 | 2, tilt?: Tilt): number {
    const { owner, rowStart, sums, u, b, s, T, B, weights } = this;
    const { work, effects } = owner;
    const { rows } = work.model;
    const { first, second } = work.derivatives;
    const from = rowStart[g];
    const to = rowStart[g + 1];
    const n = nodes.dimension;
    const { slots, slotStart } = effects;
    const start = slotStart[g];
    this.clearRows(g);
    const scalar = order === 0 || tilt !== undefined ? null : this.scalarGroup(g);
    if (scalar !== null && order !== 0) {
      const { eta, fixedEta, derivatives, model } = work;
      const { batch, density } = model;
      const { exponential } = density;
      if (exponential !== undefined && this.movesTogether(scalar))
        movedSums(
          scalar,
          exponential,
          this.moved,
          derivatives.value,
          nodes,
          order,
          reference,
          weights,
          sums.first,
          sums.second,
          this.scalar,
        );
      else
        scalarSums(
          scalar,
          nodes,
          order,
          reference,
          batch,
          eta,
          fixedEta,
          derivatives,
          weights,
          sums.first,
          sums.second,
          this.scalar,
        );
      T[0] = this.scalar.T;
      B[0] = this.scalar.B;
      this.firstHalf = this.scalar.firstHalf;
      return this.normalize(g, nodes, this.scalar.total, order);
    }
    const block = order === 0 || tilt !== undefined ? null : this.blockGroup(g);
    if (block !== null && order !== 0) {
      const { eta, fixedEta, derivatives, model } = work;
      blockSums(
        block,
        this.blockPlace(g),
        nodes,
        order,
        reference,
        model.batch,
        eta,
        fixedEta,
        derivatives,
        weights,
        sums.first,
        sums.second,
        this.block,
      );
      this.firstHalf = this.block.firstHalf;
      return this.normalize(g, nodes, this.block.total, order);
    }
    T.fill(0, 0, n * n);
    B.fill(0, 0, n * n);
    let sum = 0;
    for (let m = 0; m < nodes.count; m++) {
      if (2 * m === nodes.count) this.firstHalf = sum;
      const penalty = this.place(g, nodes, m);
      const w = Math.exp(groupDensity(owner, from, to, order) + penalty + nodes.logWeights[m] - reference);
      weights[m] = w;
      if (!(w > 0)) continue;
      sum += w;
      const t = tilt === undefined ? w : w * tiltAt(tilt, this.sumsAt(g, tilt.constraints));
      addWeighted(sums.first, first, t, rows, from, to);
      if (order === 2) addWeighted(sums.second, second, t, rows, from, to);
      s.fill(0, 0, n);
      groupTranspose(owner, from, to, first, s);
      for (let c = 0; c < n; c++) {
        const f = t * u[slots[start + c]];
        for (let r = 0; r < n; r++) T[r + c * n] += f * s[r];
      }
      if (order === 2)
        for (let c = 0; c < n; c++) {
          const f = t * b[slots[start + c]];
          for (let r = 0; r < n; r++) B[r + c * n] += f * b[slots[start + r]];
        }
    }
    return this.normalize(g, nodes, sum, order);
  }

  private normalize(g: number, nodes: NodeSet, sum: number, order: 0 | 1 | 2): number {
    const { owner, rowStart, sums, T, B, weights } = this;
    const n = nodes.dimension;
    const inverse = 1 / sum;
    scaleRows(sums, owner.work.model.rows, rowStart[g], rowStart[g + 1], inverse, order);
    for (let k = 0; k < n * n; k++) {
      T[k] *= inverse;
      B[k] *= inverse;
    }
    for (let m = 0; m < nodes.count; m++) weights[m] *= inverse;
    return sum;
  }

  private clearRows(g: number): void {
    const { owner, rowStart, sums } = this;
    const { rows } = owner.work.model;
    const { first, second } = sums;
    for (let d = 0; d < first.length; d += rows) first.fill(0, d + rowStart[g], d + rowStart[g + 1]);
    for (let d = 0; d < second.length; d += rows) second.fill(0, d + rowStart[g], d + rowStart[g + 1]);
  }
}

function addWeighted(
  into: Float64Array,
  values: Float64Array,
  w: number,
  rows: number,
  from: number,
  to: number,
): void {
  for (let d = 0; d < into.length; d += rows) for (let i = d + from; i < d + to; i++) into[i] += w * values[i];
}
