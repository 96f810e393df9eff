import { minimize, runToEnd } from '../../optim/quasi-newton.js';
import { looseCurvature, roughStart, startTheta } from '../glmm/start.js';
import { type ClassSums, classSums } from './class-integral.js';
import { addCompleteInformation, addScore } from './complete-data.js';
import { applyWhole, type EmModel } from './em-model.js';

const mostEvaluations = 40;

/** Rough values of the whole vector, the same in every class: where a weighted fit begins. */
export function roughValues(model: EmModel): Float64Array {
  const { space, joint, classes } = model;
  const whole = space.full.slice();
  const { thetas } = joint.layout;
  const free = new Set(space.free);
  for (const { work, thetaAt, cutsAt } of classes) {
    const own = work.model;
    const start = new Float64Array(own.layout.thetas + own.coefficients + own.cuts).fill(Number.NaN);
    const at = (i: number) =>
      i < own.layout.thetas
        ? thetaAt[i]
        : i < own.layout.thetas + own.coefficients
          ? thetas + i - own.layout.thetas
          : cutsAt + i - own.layout.thetas - own.coefficients;
    roughStart(work, start);
    start.forEach((v, i) => {
      if (free.has(at(i)) && Number.isFinite(v)) whole[at(i)] = v;
    });
  }
  return whole;
}

/** Standard deviations of the random effects of about the size of a row's own uncertainty, times `factor`. */
export function startThetas(model: EmModel, full: Float64Array, factor: number): void {
  applyWhole(model, full);
  const free = new Set(model.space.free);
  for (const { work, thetaAt } of model.classes) {
    const { thetas } = work.model.layout;
    const own = new Float64Array(thetas);
    startTheta(work, { free: Int32Array.from({ length: thetas }, (_, i) => i), full: own });
    for (const { model: structure, thetaStart, thetaCount, size, block } of work.model.layout.blocks) {
      const sd = new Float64Array(size);
      if (block.positions !== null) sd.fill(own[thetaStart] * factor);
      else {
        const lambda = new Float64Array(size * size);
        structure.factorInto(lambda, 0, size, own, thetaStart, null);
        for (let r = 0; r < size; r++) {
          let t = 0;
          for (let c = 0; c < size; c++) t += lambda[r + c * size] ** 2;
          sd[r] = Math.sqrt(t) * factor;
        }
      }
      structure.scaleInto(own, thetaStart, size, sd);
      for (let k = thetaStart; k < thetaStart + thetaCount; k++) if (free.has(thetaAt[k])) full[thetaAt[k]] = own[k];
    }
  }
}

/**
 * Fixed effects, thresholds and family parameters of all classes for given class probabilities of the groups, without random
 * effects: weighted maximum likelihood by trust-region Newton steps. theta and the gates keep their values.
 * @param p     groups x K
 * @param full  the whole vector: the start, overwritten
 */
export function weightedFit(model: EmModel, p: Float64Array, full: Float64Array): void {
  const { space, joint, classes, rows } = model;
  const { thetas } = joint.layout;
  const { size } = space;
  const firstGate = thetas + joint.coefficients - joint.gateConstants;
  const gated = new Set(model.gates.gates.flatMap((gate) => (gate === null ? [] : [...gate.columns])));
  const free = space.free.filter(
    (i) => i >= thetas && !gated.has(i) && !(i >= firstGate && i < firstGate + joint.gateConstants),
  );
  const sums: ClassSums[] = classes.map((c) => classSums(c));
  const loose = new Float64Array(size);
  for (const { work, cutsAt } of classes) {
    const { coefficients } = work.model;
    looseCurvature(work).forEach((v, j) => {
      const at = j < coefficients ? thetas + j : cutsAt + j - coefficients;
      loose[at] = Math.max(loose[at], v);
    });
  }
  const about = full.slice();
  const gradientOfAll = new Float64Array(size);
  const K = classes.length;
  const state = runToEnd(
    minimize(
      {
        dimension: free.length,
        evaluate(x, gradient) {
          free.forEach((i, k) => {
            full[i] = x[k];
          });
          applyWhole(model, full);
          let value = 0;
          classes.forEach(({ work }, k) => {
            const { eta, fixedEta, derivatives, D } = work;
            const { pairs } = work.model.density.layout;
            eta.set(fixedEta);
            work.model.batch(0, work.model.rows, eta, 2, derivatives);
            for (let g = 0; g < rows.groups; g++) {
              const w = p[g * K + k];
              for (let i = rows.start[g]; i < rows.start[g + 1]; i++) {
                if (w > 0) value -= 2 * w * derivatives.value[i];
                for (let d = 0; d < D; d++)
                  sums[k].first[d * work.model.rows + i] = w * derivatives.first[d * work.model.rows + i];
                for (let d = 0; d < pairs; d++)
                  sums[k].second[d * work.model.rows + i] = w * derivatives.second[d * work.model.rows + i];
              }
            }
          });
          for (const i of free) value += (loose[i] * (full[i] - about[i]) ** 2) / 2;
          if (gradient !== null) {
            gradientOfAll.fill(0);
            addScore(model, sums, full, -2, gradientOfAll);
            free.forEach((i, k) => {
              gradient[k] = gradientOfAll[i] + loose[i] * (full[i] - about[i]);
            });
          }
          return value;
        },
        hessian(_x, into) {
          const A = new Float64Array(size * size);
          addCompleteInformation(model, sums, full, 2, A);
          free.forEach((j, c) => {
            free.forEach((i, r) => {
              into[r + c * free.length] = A[i + j * size] + (i === j ? loose[i] : 0);
            });
          });
        },
      },
      Float64Array.from(free, (i) => full[i]),
      { maxEvaluations: mostEvaluations, tolerance: 1e-4, initialRadius: 10 },
    ),
  );
  free.forEach((i, k) => {
    full[i] = Number.isFinite(state.value) ? state.x[k] : about[i];
  });
}
