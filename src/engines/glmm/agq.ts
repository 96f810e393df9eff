import { InternalError } from '../../diagnostics/internal-error.js';
import {
  solveLeftTransposedInPlace,
  solveRightInPlace,
  solveRightTransposedInPlace,
} from '../../kernels/dense-triangular.js';
import { gaussHermite } from '../../kernels/gauss-hermite.js';
import { shiftedCholesky } from '../../optim/cholesky-solve.js';
import { backpropagate } from './backpropagate.js';
import type { GlmmModel } from './glmm-model.js';
import type { GlmmWork } from './glmm-work.js';
import { jointMode } from './joint-mode.js';
import { lambdaTimes } from './lambda-algebra.js';
import { addRandomEffects, scatter, transposeInto } from './load-products.js';
import type { DevianceFunction } from './objective.js';

/** More nodes per level than this are refused: the product rule is then the wrong tool. */
export const mostNodes = 20_000;

export type QuadratureObstacle =
  | { readonly kind: 'factors' } // several grouping factors
  | { readonly kind: 'constraint' } // sum_to_zero ties the levels together
  | { readonly kind: 'nodes'; readonly nodes: number; readonly effects: number };

/** What keeps a model from quadrature with k points; null where nothing does. */
export function quadratureObstacle(model: GlmmModel, points: number): QuadratureObstacle | null {
  const { blocks } = model.layout;
  if (blocks.length === 0) return null;
  const [first] = blocks;
  for (const { block, levels } of blocks) {
    if (levels !== first.levels) return { kind: 'factors' };
    const { codes } = block.group;
    for (let i = 0; i < codes.length; i++) if (codes[i] !== first.block.group.codes[i]) return { kind: 'factors' };
  }
  if (model.m > 0) return { kind: 'constraint' };
  let effects = 0;
  for (const { size } of blocks) effects += size;
  const nodes = points ** effects;
  return nodes > mostNodes ? { kind: 'nodes', nodes, effects } : null;
}

/**
 * Deviance by adaptive Gauss-Hermite quadrature with k points per random effect of a level [GLMM-9]: with the level's mode
 * u~ and H = L L' there,
 *   -2 sum_levels log( |L|^-1 sum_k w_k exp(|z_k|^2 / 2 + log f(y | u_k) - |u_k|^2 / 2) ),   u_k = u~ + L^-T z_k,
 * and its exact gradient, the movement of the nodes with u~ and L included. One point gives Laplace.
 */
export function quadrature(model: GlmmModel, points: number): DevianceFunction {
  const rule = new LevelRule(model, points);
  return (work, gradient) => rule.deviance(work, gradient);
}

/** One level's effects, gathered over the blocks. */
class LevelRule {
  private readonly levels: number;
  private readonly n: number; // effects of a level
  private readonly nodes: number;
  /** nodes x n */
  private readonly z: Float64Array;
  private readonly logWeights: Float64Array;
  /** Index among all q of effect c of level l: place[l * n + c]. */
  private readonly place: Int32Array;
  /** Offset in the pattern's values of entry (r, c), r >= c, of a level's H: entry[(l * n + r) * n + c]. */
  private readonly entry: Int32Array;
  private readonly mirror: Int32Array; // of the transposed entry, where both are stored
  private readonly L: Float64Array; // levels x n x n, column-major
  private readonly reference: Float64Array; // log h at the mode, by level
  private readonly sum: Float64Array; // levels: sum of the nodes' terms relative to it
  private readonly weight: Float64Array; // levels: the current node's
  private readonly uBar: Float64Array; // q
  private readonly B: Float64Array; // levels x n x n: sum pi s z'
  private readonly uNode: Float64Array; // q
  private readonly bNode: Float64Array; // q
  private readonly sNode: Float64Array; // q
  private readonly levelOf: Int32Array; // rows
  private readonly levelOfEffect: Int32Array; // q
  private readonly alpha: Float64Array; // D x rows
  private readonly firstAtMode: Float64Array;
  private readonly perLevelG: Float64Array; // levels x lambdas, only where a level has its own weights
  private readonly etaNode: Float64Array;

  constructor(
    private readonly model: GlmmModel,
    points: number,
  ) {
    const { layout, rows } = model;
    const { blocks, pattern } = layout;
    const [first] = blocks;
    this.levels = first === undefined ? 0 : first.levels;
    this.levelOf = first === undefined ? new Int32Array(rows) : model.codes[0];
    let n = 0;
    for (const { size, block } of blocks) {
      if (block.positions !== null) throw new InternalError('quadrature over serial effects', block.id);
      n += size;
    }
    this.n = n;
    const q = pattern.rowStart[pattern.nodes];
    const rule = gaussHermite(points);
    this.nodes = points ** n;
    this.z = new Float64Array(this.nodes * n);
    this.logWeights = new Float64Array(this.nodes);
    for (let k = 0; k < this.nodes; k++) {
      for (let c = 0, rest = k; c < n; c++, rest = Math.floor(rest / points)) {
        const at = rest % points;
        this.z[k * n + c] = rule.nodes[at];
        // the weight of the standard normal, divided by its density but for the constant
        this.logWeights[k] += rule.logWeights[at] + rule.nodes[at] ** 2 / 2;
      }
    }
    this.place = new Int32Array(this.levels * n);
    this.levelOfEffect = new Int32Array(q);
    const nodeOf = new Int32Array(this.levels * n);
    for (let l = 0; l < this.levels; l++) {
      let c = 0;
      for (const { size, nodeStart } of blocks)
        for (let k = 0; k < size; k++, c++) {
          nodeOf[l * n + c] = nodeStart + l;
          this.place[l * n + c] = pattern.rowStart[nodeStart + l] + k;
          this.levelOfEffect[this.place[l * n + c]] = l;
        }
    }
    this.entry = new Int32Array(this.levels * n * n);
    this.mirror = new Int32Array(this.levels * n * n);
    for (let l = 0; l < this.levels; l++) {
      for (let r = 0; r < n; r++)
        for (let c = 0; c <= r; c++) {
          const row = nodeOf[l * n + r];
          const column = nodeOf[l * n + c];
          let e = pattern.columnStart[column];
          while (pattern.row[e] !== row) e++;
          const i = this.place[l * n + r] - pattern.rowStart[row];
          const j = this.place[l * n + c] - pattern.rowStart[column];
          const at = pattern.blockStart[e] + i + j * pattern.size[row];
          this.entry[(l * n + r) * n + c] = at;
          this.mirror[(l * n + r) * n + c] = row === column ? pattern.blockStart[e] + j + i * pattern.size[row] : at;
        }
    }
    const { variables: D } = model.density.layout;
    this.L = new Float64Array(this.levels * n * n);
    this.reference = new Float64Array(this.levels);
    this.sum = new Float64Array(this.levels);
    this.weight = new Float64Array(this.levels);
    this.uBar = new Float64Array(q);
    this.B = new Float64Array(this.levels * n * n);
    this.uNode = new Float64Array(q);
    this.bNode = new Float64Array(q);
    this.sNode = new Float64Array(q);
    this.alpha = new Float64Array(D * rows);
    this.firstAtMode = new Float64Array(D * rows);
    this.perLevelG = new Float64Array(this.levels * layout.lambdas);
    this.etaNode = new Float64Array(D * rows);
  }

  deviance(work: GlmmWork, gradient: Float64Array | null): number {
    const { at } = work;
    at.evaluations++;
    at.value = Number.POSITIVE_INFINITY;
    if (!jointMode(work, gradient === null ? 2 : 3) || !this.factorLevels(work)) {
      gradient?.fill(Number.NaN);
      return at.value;
    }
    if (this.levels === 0) {
      at.value = -2 * at.logLikelihood;
      if (gradient !== null) this.backpropagate(work, gradient);
      return at.value;
    }
    this.levelReferences(work);
    if (gradient !== null) this.firstAtMode.set(work.derivatives.first);
    this.sumNodes(work, gradient !== null);
    let value = 0;
    for (let l = 0; l < this.levels; l++) {
      value += this.reference[l] + Math.log(this.sum[l]);
      for (let c = 0; c < this.n; c++) value -= Math.log(this.L[l * this.n * this.n + c * (this.n + 1)]);
    }
    at.value = -2 * value;
    if (!Number.isFinite(at.value)) {
      at.value = Number.POSITIVE_INFINITY;
      gradient?.fill(Number.NaN);
      return at.value;
    }
    if (gradient !== null) {
      // the nodes have overwritten the first derivatives
      work.derivatives.first.set(this.firstAtMode);
      this.backpropagate(work, gradient);
    }
    return at.value;
  }

  /** L of every level's block of H. */
  private factorLevels(work: GlmmWork): boolean {
    const { n, L, entry, levels } = this;
    const block = new Float64Array(n * n);
    for (let l = 0; l < levels; l++) {
      for (let r = 0; r < n; r++) for (let c = 0; c <= r; c++) block[r + c * n] = work.H[entry[(l * n + r) * n + c]];
      const own = L.subarray(l * n * n, (l + 1) * n * n);
      if (!shiftedCholesky(block, n, 0, own)) return false;
      for (let c = 0; c < n; c++) for (let r = 0; r < c; r++) own[r + c * n] = 0;
    }
    return true;
  }

  /** log f(y | u~) - |u~|^2 / 2 of every level. */
  private levelReferences(work: GlmmWork): void {
    const { reference, levelOf, levelOfEffect } = this;
    const { value } = work.derivatives;
    reference.fill(0);
    scatter(reference, 0, levelOf, value, 0);
    for (let i = 0; i < work.q; i++) reference[levelOfEffect[i]] -= (work.u[i] * work.u[i]) / 2;
  }

  private sumNodes(work: GlmmWork, withGradient: boolean): void {
    const { model, n, nodes, z, L, levels, levelOf, place, uNode, bNode, etaNode, weight, sum, reference } = this;
    const { lambda, fixedEta, derivatives, u } = work;
    const { rows, loads, layout, batch } = model;
    sum.fill(0);
    if (withGradient) {
      this.uBar.fill(0);
      this.B.fill(0);
      this.alpha.fill(0);
      this.perLevelG.fill(0);
    }
    const w = new Float64Array(n);
    for (let k = 0; k < nodes; k++) {
      for (let l = 0; l < levels; l++) {
        const own = l * n * n;
        for (let c = n - 1; c >= 0; c--) {
          let t = z[k * n + c];
          for (let r = c + 1; r < n; r++) t -= L[own + r + c * n] * w[r];
          w[c] = t / L[own + c * (n + 1)];
          uNode[place[l * n + c]] = u[place[l * n + c]] + w[c];
        }
      }
      etaNode.set(fixedEta);
      lambdaTimes(bNode, layout, lambda, uNode, false);
      addRandomEffects(loads, bNode, etaNode);
      batch(0, rows, etaNode, withGradient ? 1 : 0, derivatives);
      for (let l = 0; l < levels; l++) weight[l] = this.logWeights[k] - reference[l];
      scatter(weight, 0, levelOf, derivatives.value, 0);
      for (let i = 0; i < work.q; i++) weight[this.levelOfEffect[i]] -= (uNode[i] * uNode[i]) / 2;
      for (let l = 0; l < levels; l++) {
        weight[l] = Math.exp(weight[l]);
        sum[l] += weight[l];
      }
      if (withGradient) this.addNode(work, k);
    }
  }

  /** Adds one node's share to the adjoints, its weights not yet normalised. */
  private addNode(work: GlmmWork, k: number): void {
    const { model, n, z, levels, place, uNode, bNode, sNode, weight, uBar, B, alpha, perLevelG, levelOf } = this;
    const { lambda, derivatives } = work;
    const { rows, loads, layout } = model;
    const { first } = derivatives;
    // Z'g of the node; bNode is free by now
    transposeInto(bNode, loads, first);
    lambdaTimes(sNode, layout, lambda, bNode, true);
    for (let d = 0; d < work.D; d++) addWeightedByLevel(alpha, d * rows, weight, levelOf, first);
    for (let l = 0; l < levels; l++) {
      const p = weight[l];
      for (let r = 0; r < n; r++) {
        const at = place[l * n + r];
        const s = p * (sNode[at] - uNode[at]);
        uBar[at] += s;
        for (let c = 0; c < n; c++) B[(l * n + r) * n + c] += s * z[k * n + c];
      }
      let base = 0;
      for (const { size, templates } of layout.blocks) {
        const to = l * layout.lambdas + templates[0].start;
        for (let c = 0; c < size; c++)
          for (let r = 0; r < size; r++)
            perLevelG[to + r + c * size] += p * bNode[place[l * n + base + r]] * uNode[place[l * n + base + c]];
        base += size;
      }
    }
  }

  /** Normalises the nodes' sums, turns the adjoint of L^-T into that of H, and goes back through the mode. */
  private backpropagate(work: GlmmWork, gradient: Float64Array): void {
    const { model, n, levels, sum, alpha, uBar, perLevelG, levelOf, levelOfEffect } = this;
    const { rows, layout } = model;
    const { G, V } = work.scratch;
    G.fill(0);
    if (levels === 0) {
      for (let k = 0; k < alpha.length; k++) alpha[k] = -2 * work.derivatives.first[k];
      backpropagate(work, { V, alpha, u: null, scores: 0 }, gradient);
      return;
    }
    for (let d = 0; d < work.D; d++) for (let i = 0; i < rows; i++) alpha[d * rows + i] *= -2 / sum[levelOf[i]];
    for (let i = 0; i < work.q; i++) uBar[i] *= -2 / sum[levelOfEffect[i]];
    for (let l = 0; l < levels; l++)
      for (let k = 0; k < layout.lambdas; k++) G[k] -= (2 * perLevelG[l * layout.lambdas + k]) / sum[l];
    V.fill(0);
    const adjoint = new Float64Array(n * n);
    for (let l = 0; l < levels; l++) {
      this.informationAdjoint(l, adjoint);
      for (let r = 0; r < n; r++)
        for (let c = 0; c <= r; c++) {
          const at = (l * n + r) * n + c;
          V[this.entry[at]] = adjoint[r + c * n];
          V[this.mirror[at]] = adjoint[r + c * n];
        }
    }
    backpropagate(work, { V, alpha, u: uBar, scores: 0 }, gradient);
  }

  /**
   * Symmetric adjoint of H for one level. With X = L^-T B' L^-T the adjoint of L is -X - diag(1 / L) (of the log of the
   * integral), and that of H = L L' is the symmetric part of L^-T Phi(L' Lbar) L^-1, Phi taking the lower triangle with
   * half its diagonal.
   */
  private informationAdjoint(level: number, into: Float64Array): void {
    const { n, L, B, sum } = this;
    const own = L.subarray(level * n * n, (level + 1) * n * n);
    const X = new Float64Array(n * n); // column-major
    // B is stored by rows, so that reading it by columns gives B'
    for (let k = 0; k < n * n; k++) X[k] = B[level * n * n + k] / sum[level];
    solveLeftTransposedInPlace(n, n, own, 0, n, X, 0, n); // L^-T B'
    solveRightTransposedInPlace(n, n, own, 0, n, X, 0, n); // ... L^-T
    const P = new Float64Array(n * n);
    for (let c = 0; c < n; c++)
      for (let r = c; r < n; r++) {
        let t = 0;
        for (let k = r; k < n; k++) t -= own[k + r * n] * (k >= c ? X[k + c * n] : 0);
        if (r === c) t = (t - 1) / 2;
        P[r + c * n] = t;
      }
    solveLeftTransposedInPlace(n, n, own, 0, n, P, 0, n);
    solveRightInPlace(n, n, own, 0, n, P, 0, n);
    for (let c = 0; c < n; c++) for (let r = 0; r < n; r++) into[r + c * n] = -(P[r + c * n] + P[c + r * n]);
  }
}

/** alpha += the weight of its level times the row's first derivative, rows of one predictor from `at` on. */
function addWeightedByLevel(
  alpha: Float64Array,
  at: number,
  weight: Float64Array,
  levelOf: Int32Array,
  first: Float64Array,
): void {
  for (let i = 0; i < levelOf.length; i++) alpha[at + i] += weight[levelOf[i]] * first[at + i];
}
