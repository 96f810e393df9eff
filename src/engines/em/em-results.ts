import { shiftedCholesky, solveLowerInPlace, solveLowerTransposedInPlace } from '../../optim/cholesky-solve.js';
import type { MixtureResult, RandomEffects } from '../../results/fit.js';
import { publicBeta } from '../glmm/public-parameters.js';
import { effectShape } from '../lmm/effect-shape.js';
import { factorInUnits } from '../lmm/estimates.js';
import type { BlockLayout } from '../lmm/layout.js';
import type { ClassConstraints } from './constraints.js';
import type { EStep } from './e-step.js';
import type { EmClass, EmModel } from './em-model.js';
import { groupEta, scaleEffects } from './group-algebra.js';
import { restoreRows } from './group-rows.js';
import type { Solution } from './solve.js';

/** By row, in the order of the design that the model was made of. */
export interface RowSummary {
  readonly fitted: Float64Array;
  readonly linear: Float64Array;
  readonly variance: Float64Array;
  readonly below: Float64Array; // P(Y < y)
  readonly at: Float64Array; // P(Y <= y)
}

/** What each row is expected to be: averages over the classes' modes with the groups' posterior probabilities [EM-10]. */
export function rowSummary(eStep: EStep): RowSummary {
  const { model, p } = eStep;
  const { rows, classes } = model;
  const N = model.design.rows;
  const K = classes.length;
  const fitted = new Float64Array(N);
  const linear = new Float64Array(N);
  const square = new Float64Array(N);
  const below = new Float64Array(N);
  const upTo = new Float64Array(N);
  classes.forEach((owner, k) => {
    const { work } = owner;
    const { density, y } = work.model;
    placeAtModes(owner, constrainedModes(eStep, k), rows.start);
    density.thresholds?.use(work.cuts);
    const location = locationOf(owner);
    const own = new Float64Array(work.D);
    for (let g = 0; g < rows.groups; g++) {
      const w = p[g * K + k];
      if (w === 0) continue;
      for (let i = rows.start[g]; i < rows.start[g + 1]; i++) {
        for (let d = 0; d < work.D; d++) own[d] = work.eta[d * N + i];
        const mean = density.mean(i, own);
        fitted[i] += w * mean;
        square[i] += w * (density.variance(i, own) + mean * mean);
        if (location >= 0) linear[i] += w * own[location];
        const cdf = density.cdf(y[i], i, own);
        upTo[i] += w * cdf;
        below[i] += w * (density.discrete ? density.cdf(y[i] - 1, i, own) : cdf);
      }
    }
  });
  const restored = (v: Float64Array) => restoreRows(v, rows.order);
  return {
    fitted: restored(fitted),
    linear: restored(linear),
    variance: restored(square.map((v, i) => Math.max(0, v - fitted[i] ** 2))),
    below: restored(below),
    at: restored(upTo),
  };
}

function placeAtModes(owner: EmClass, u: Float64Array, rowStart: Int32Array): void {
  const { work } = owner;
  const b = new Float64Array(work.q);
  work.eta.set(work.fixedEta);
  for (let g = 0; g + 1 < rowStart.length; g++) {
    scaleEffects(owner, g, u, b);
    groupEta(owner, rowStart[g], rowStart[g + 1], b);
  }
}

interface ModeConstraint {
  readonly constraints: ClassConstraints;
  readonly a: Float64Array; // V^-1 s at the modes
  readonly inverse: Float64Array; // V^-1, m x m
}

/** The constraints of a class by modes and curvature, as `covarianceWithSums`; null where it has none that count. */
function modeConstraint(eStep: EStep, k: number, modes = eStep.integrals[k].modes): ModeConstraint | null {
  const { owner } = eStep.integrals[k];
  const constraints = eStep.constraints[k];
  if (constraints === null) return null;
  const { count: m, weights } = constraints;
  const { slots, slotStart } = owner.effects;
  const { q } = owner.work;
  const a = new Float64Array(m);
  const V = new Float64Array(m * m);
  for (let g = 0; g < eStep.model.rows.groups; g++) {
    const n = modes.size(g);
    const S = covarianceWithSums(owner, modes, constraints, g);
    for (let s = 0; s < n; s++)
      for (let c = 0; c < m; c++) {
        const w = weights[c * q + slots[slotStart[g] + s]];
        a[c] += w * modes.u[slots[slotStart[g] + s]];
        for (let r = 0; r < m; r++) V[c + r * m] += w * S[s + r * n];
      }
  }
  const L = new Float64Array(m * m);
  if (!shiftedCholesky(V, m, 0, L)) return null;
  const solveInPlace = (v: Float64Array) => {
    solveLowerInPlace(L, m, v);
    solveLowerTransposedInPlace(L, m, v);
  };
  solveInPlace(a);
  const inverse = new Float64Array(m * m);
  for (let c = 0; c < m; c++) {
    const column = inverse.subarray(c * m, (c + 1) * m);
    column[c] = 1;
    solveInPlace(column);
  }
  return { constraints, a, inverse };
}

/** Modes of a class's effects given its constraints: u~ - Cov(u, s) V^-1 s [EM-11]. */
export function constrainedModes(eStep: EStep, k: number, modes = eStep.integrals[k].modes): Float64Array {
  const { owner } = eStep.integrals[k];
  const held = modeConstraint(eStep, k, modes);
  if (held === null) return modes.u;
  const { slots, slotStart } = owner.effects;
  const u = modes.u.slice();
  for (let g = 0; g < eStep.model.rows.groups; g++) {
    const n = modes.size(g);
    const S = covarianceWithSums(owner, modes, held.constraints, g);
    for (let r = 0; r < n; r++)
      for (let c = 0; c < held.a.length; c++) u[slots[slotStart[g] + r]] -= S[r + c * n] * held.a[c];
  }
  return u;
}

/** Cov(u, s) of a group's effects from the curvature at the mode, n x m. */
function covarianceWithSums(
  { work, effects }: Pick<EmClass, 'work' | 'effects'>,
  modes: EStep['integrals'][number]['modes'],
  { count: m, weights }: ClassConstraints,
  g: number,
): Float64Array {
  const n = modes.size(g);
  const start = modes.factorStart[g];
  const S = new Float64Array(n * m);
  for (let c = 0; c < m; c++) {
    for (let k = 0; k < n; k++) {
      let t = 0;
      for (let e = 0; e <= k; e++)
        t += modes.factor[start + e + k * n] * weights[c * work.q + effects.slots[effects.slotStart[g] + e]];
      for (let r = 0; r <= k; r++) S[r + c * n] += modes.factor[start + r + k * n] * t;
    }
  }
  return S;
}

function locationOf({ work }: EmClass): number {
  return work.model.predictors.findIndex((p) => ['mu', 'p', 'lambda', 'eta'].includes(p.parameter));
}

/**
 * Modes of the effects and standard deviations from the curvature there, in the columns' own units: of a class's own effects
 * given that class; of shared ones the mixture of the classes' normal approximations by the groups' probabilities [EM-10].
 */
export function effectSummaries(eStep: EStep): RandomEffects[] {
  const { model, integrals, p } = eStep;
  const K = model.classes.length;
  return model.joint.layout.blocks.map((whole) => {
    const { block } = whole;
    const { columnStart } = block;
    const { levels, terms, rows } = effectShape(block);
    const effects = columnStart[whole.levels];
    const mean = new Float64Array(effects);
    const square = new Float64Array(effects);
    const weight = new Float64Array(effects);
    model.classes.forEach((owner, k) => {
      const own = owner.work.model.layout.blocks.find((b) => b.block.id === block.id);
      if (own === undefined) return;
      const u = constrainedModes(eStep, k);
      const held = modeConstraint(eStep, k);
      eachLevel(owner, own, model, (g, level, node) => {
        const w = block.class === null ? p[g * K + k] : 1;
        const { values, variances } = levelSummary(owner, integrals[k].modes, u, held, own, g, node);
        values.forEach((value, r) => {
          const e = columnStart[level] + r;
          weight[e] += w;
          mean[e] += w * value;
          square[e] += w * (variances[r] + value * value);
        });
      });
    });
    const mode = mean.map((v, e) => v / weight[e]);
    const sd = square.map((v, e) => Math.sqrt(Math.max(0, v / weight[e] - mode[e] ** 2)));
    return { group: block.label, class: block.class, levels, terms, mode: rows(mode), sd: rows(sd) };
  });
}

function eachLevel(
  { effects }: EmClass,
  place: BlockLayout,
  model: EmModel,
  visit: (group: number, level: number, node: number) => void,
): void {
  for (let g = 0; g < model.rows.groups; g++)
    for (let e = effects.nodeStart[g]; e < effects.nodeStart[g + 1]; e++) {
      const level = effects.nodes[e] - place.nodeStart;
      if (level >= 0 && level < place.levels) visit(g, level, effects.nodes[e]);
    }
}

function levelSummary(
  { work, effects }: EmClass,
  modes: EStep['integrals'][number]['modes'],
  u: Float64Array,
  held: ModeConstraint | null,
  place: BlockLayout,
  g: number,
  node: number,
): { values: Float64Array; variances: Float64Array } {
  const { layout } = work.model;
  const { pattern, nodeLambda } = layout;
  const s = pattern.size[node];
  const at = pattern.rowStart[node];
  const local = effects.local[at];
  const n = modes.size(g);
  const start = modes.factorStart[g];
  const F = factorInUnits(place, work.lambda, nodeLambda[node], s);
  const values = new Float64Array(s);
  const variances = new Float64Array(s);
  for (let r = 0; r < s; r++) {
    for (let c = 0; c < s; c++) values[r] += F[r + c * s] * u[at + c];
    // |row r of F L^-T|^2
    for (let k = 0; k < n; k++) {
      let t = 0;
      for (let c = 0; c < s; c++) t += F[r + c * s] * modes.factor[start + local + c + k * n];
      variances[r] += t * t;
    }
  }
  if (held !== null) {
    const { constraints, inverse } = held;
    const m = constraints.count;
    const S = covarianceWithSums({ work, effects }, modes, constraints, g);
    const c = new Float64Array(m);
    for (let r = 0; r < s; r++) {
      c.fill(0);
      for (let k = 0; k < m; k++) for (let e = 0; e < s; e++) c[k] += F[r + e * s] * S[local + e + k * n];
      for (let k = 0; k < m; k++) for (let l = 0; l < m; l++) variances[r] -= c[k] * c[l] * inverse[k + l * m];
    }
  }
  return { values, variances };
}

/**
 * The classes with their probabilities, averaged over the groups where they have predictors.
 * @param V    covariance of the free parameters
 * @param bic  of the fit
 */
export function mixtureSummary(solution: Solution, V: Float64Array, bic: number): MixtureResult {
  const { eStep, quality, draws, refused, starts, trace } = solution;
  const { model, p } = eStep;
  const { mixture, rows, gates } = model;
  const K = mixture.classes.length;
  const byGroup = (values: Float64Array) =>
    Array.from({ length: rows.groups }, (_, g) => Array.from(values.subarray(g * K, (g + 1) * K)));
  const weights = new Array<number>(K).fill(0);
  let entropy = 0;
  for (let g = 0; g < rows.groups; g++)
    for (let k = 0; k < K; k++) {
      const at = g * K + k;
      weights[k] += Math.exp(gates.logPrior[at]) / rows.groups;
      if (p[at] > 0) entropy -= p[at] * Math.log(p[at]);
    }
  return {
    name: mixture.name,
    per: rows.label,
    classes: mixture.classes,
    weights,
    weightsSe: weightErrors(model, V),
    baseline: mixture.gating.kind === 'softmax' ? mixture.gating.baseline : null,
    posterior: {
      levels: rows.levels,
      probabilities: byGroup(p),
      ...(quality === null ? {} : { mcse: byGroup(quality.posteriorMcse) }),
    },
    logLikMcse: quality?.logLikMcse ?? null,
    ess: quality?.ess ?? null,
    khat: quality?.khat ?? null,
    draws: quality === null ? null : draws,
    entropy,
    icl: bic + 2 * entropy,
    starts: { tried: starts, refused },
    trace,
  };
}

/** Standard errors of the mean class probabilities: d pi_k / d gate_l = pi_k ([k = l] - pi_l) x. */
function weightErrors({ gates, rows, space }: EmModel, V: Float64Array): number[] {
  const { free } = space;
  const n = free.length;
  const K = gates.gates.length;
  const place = new Map(Array.from(free, (i, k) => [i, k]));
  return gates.gates.map((_, k) => {
    const slope = new Float64Array(n);
    gates.gates.forEach((gate, l) => {
      gate?.columns.forEach((c, j) => {
        const at = place.get(c);
        if (at === undefined) return;
        for (let g = 0; g < rows.groups; g++) {
          const pk = Math.exp(gates.logPrior[g * K + k]);
          const pl = Math.exp(gates.logPrior[g * K + l]);
          const x = gate.X === null ? 1 : gate.X[j * rows.groups + g];
          slope[at] += (pk * ((k === l ? 1 : 0) - pl) * x) / rows.groups;
        }
      });
    });
    let variance = 0;
    for (let c = 0; c < n; c++)
      if (slope[c] !== 0) for (let r = 0; r < n; r++) variance += slope[r] * slope[c] * V[r + c * n];
    return Math.sqrt(variance);
  });
}

/** Coefficients in the design's own columns. */
export function publicCoefficients(model: EmModel, full: Float64Array): Float64Array {
  const { joint } = model;
  return publicBeta(joint, full.subarray(joint.layout.thetas, joint.layout.thetas + joint.coefficients));
}

/** Thresholds by class, as the family's own parameters are named. */
export function thresholds(model: EmModel): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { name, work } of model.classes)
    work.cuts.forEach((c, k) => {
      found[`threshold[${k + 1}]@${name}`] = c;
    });
  return found;
}
