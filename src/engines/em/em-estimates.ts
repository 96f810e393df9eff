import type { EffectEstimates, Estimates } from '../../results/estimates.js';
import { freeCovariance } from '../glmm/parameter-covariance.js';
import { blockEstimates, effectFrame } from '../lmm/effect-estimates.js';
import { factorInUnits } from '../lmm/estimates.js';
import { parameterAxes } from '../parameter-axes.js';
import { applyWhole, type EmClass, type EmModel } from './em-model.js';
import { constrainedModes, publicCoefficients } from './em-results.js';
import { GroupModes } from './group-modes.js';
import type { Solution } from './solve.js';

/**
 * Estimates of a mixture per group [PRED-4]: modes and their precision in each class, the groups' class probabilities, and how
 * all of these follow the parameters. The integrals' points stay where the fit left them.
 */
export function emEstimates(model: EmModel, solution: Solution): Estimates {
  const { design, joint, classes, rows, space, mixture } = model;
  const { eStep, found } = solution;
  const { layout, coefficients: P, gateConstants } = joint;
  const n = space.free.length;
  const K = classes.length;
  const best = space.full.slice();
  const modes = classes.map((owner) => new GroupModes(owner, rows.start));
  const stand = (offset: Float64Array | null) => {
    const full = best.slice();
    if (offset !== null)
      space.free.forEach((i, k) => {
        full[i] += offset[k];
      });
    applyWhole(model, full);
    eStep.run(0);
    for (const own of modes) for (let g = 0; g < rows.groups; g++) own.find(g);
    return full;
  };
  const effectsAt = () => classes.flatMap((owner, k) => [...ownEffects(owner, constrainedModes(eStep, k, modes[k]))]);
  const V = freeCovariance(found.optimum.certificate.hessian, found.pre, n);
  const all = parameterAxes(V, n, (offset) => {
    const full = stand(offset);
    const cuts = classes.flatMap(({ work }) => [...work.cuts]);
    return Float64Array.from([...publicCoefficients(model, full), ...cuts, ...eStep.p, ...effectsAt()]);
  });
  const full = stand(null);
  const beta = publicCoefficients(model, full);
  const own = P - gateConstants;
  let at = 0;
  const next = (count: number) => {
    at += count;
    return all.slice((at - count) * n, at * n);
  };
  const coefficientAxes = next(own);
  const constants = next(gateConstants);
  const cutAxes = classes.map(({ work }) => (work.cuts.length === 0 ? null : next(work.cuts.length)));
  const posterior = { probabilities: eStep.p.slice(), axes: next(rows.groups * K) };
  const theta = full.slice(0, layout.thetas);
  const lambda = new Float64Array(layout.lambdas);
  for (const { model: structure, templates, thetaStart } of layout.blocks)
    for (const t of templates) structure.factorInto(lambda, t.start, t.size, theta, thetaStart, t.positions);
  const isFree = mixture.gating.kind === 'free';
  return {
    coefficients: beta.slice(0, own),
    cuts: classes.map(({ work }) => (work.cuts.length === 0 ? null : work.cuts.slice())),
    gates: isFree ? Float64Array.from({ length: K }, (_, k) => (k < gateConstants ? beta[own + k] : 0)) : null,
    axes: n,
    coefficientAxes,
    cutAxes,
    gateAxes: isFree ? Float64Array.from({ length: K * n }, (_, e) => constants[e] ?? 0) : null,
    blocks: blockEstimates({ layout, lambda, theta }, design.blocks, 1),
    effects: classes.map((owner, k): EffectEstimates => {
      const { work } = owner;
      const constraint = eStep.constraints[k];
      return {
        class: owner.name,
        ...effectFrame(work.model.layout, work.lambda, design.blocks, 1),
        mode: ownEffects(owner, constrainedModes(eStep, k, modes[k])),
        modeAxes: next(work.q),
        precision: groupPrecision(owner, modes[k], rows.groups),
        constraints: constraint?.count ?? 0,
        normals: constraint === null ? new Float64Array(0) : columnsFirst(constraint.weights, work.q, constraint.count),
      };
    }),
    posterior,
  };
}

/** b = F u of a class's effects, in the columns' own units. */
function ownEffects({ work }: EmClass, u: Float64Array): Float64Array {
  const { layout } = work.model;
  const { size, rowStart } = layout.pattern;
  const b = new Float64Array(work.q);
  for (const block of layout.blocks)
    for (let node = block.nodeStart; node < block.nodeStart + block.levels; node++) {
      const s = size[node];
      const F = factorInUnits(block, work.lambda, layout.nodeLambda[node], s);
      for (let r = 0; r < s; r++)
        for (let c = 0; c < s; c++) b[rowStart[node] + r] += F[r + c * s] * u[rowStart[node] + c];
    }
  return b;
}

/** H of every group, as pairs of nodes, from L^-T. */
function groupPrecision({ work, effects }: EmClass, modes: GroupModes, groups: number): EffectEstimates['precision'] {
  const { size, rowStart } = work.model.layout.pattern;
  const rows: number[] = [];
  const columns: number[] = [];
  const values: number[] = [];
  for (let g = 0; g < groups; g++) {
    const n = modes.size(g);
    const H = precisionFrom(modes.factor.subarray(modes.factorStart[g], modes.factorStart[g] + n * n), n);
    const nodes = effects.nodes.slice(effects.nodeStart[g], effects.nodeStart[g + 1]).sort();
    nodes.forEach((i, a) => {
      for (const j of nodes.subarray(0, a + 1)) {
        rows.push(i);
        columns.push(j);
        const [r0, c0] = [effects.local[rowStart[i]], effects.local[rowStart[j]]];
        for (let c = 0; c < size[j]; c++) for (let r = 0; r < size[i]; r++) values.push(H[r0 + r + (c0 + c) * n]);
      }
    });
  }
  return { rows: Int32Array.from(rows), columns: Int32Array.from(columns), values: Float64Array.from(values) };
}

/** (U U')^-1 = U^-T U^-1 for an upper triangular U, n x n, column-major. */
function precisionFrom(U: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let c = 0; c < n; c++)
    for (let r = c; r >= 0; r--) {
      let t = r === c ? 1 : 0;
      for (let k = r + 1; k <= c; k++) t -= U[r + k * n] * inverse[k + c * n];
      inverse[r + c * n] = t / U[r + r * n];
    }
  const H = new Float64Array(n * n);
  for (let c = 0; c < n; c++)
    for (let r = 0; r < n; r++)
      for (let k = 0; k <= Math.min(r, c); k++) H[r + c * n] += inverse[k + r * n] * inverse[k + c * n];
  return H;
}

/** m x q, row-major, to q x m. */
function columnsFirst(weights: Float64Array, q: number, m: number): Float64Array {
  return Float64Array.from({ length: q * m }, (_, e) => weights[(e % m) * q + Math.floor(e / m)]);
}
