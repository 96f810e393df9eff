import { shiftedCholesky, solveLowerInPlace, solveLowerTransposedInPlace } from '../../optim/cholesky-solve.js';
import { fixedInformation } from '../glmm/fixed-information.js';
import { applyWhole, type EmModel } from './em-model.js';
import { weightedFit } from './weighted-fit.js';

/** Each group as a point: how its rows would move the coefficients of a model with one class [EM-9]. */
export interface GroupSummaries {
  readonly dimension: number;
  readonly points: Float64Array; // groups x dimension, row-major; distances are in units of a group's information
}

/**
 * One Newton step per group from the fit of one class, drawn towards zero by a group's share of the information, for the
 * class with the most coefficients; whitened.
 * @param full  the whole vector, filled with rough values; overwritten by the fit of one class
 */
export function groupSummaries(model: EmModel, full: Float64Array): GroupSummaries {
  const { rows, classes } = model;
  const K = classes.length;
  const owns = classes.map(({ work }) => new Set(work.model.predictors.flatMap(columnsOf)).size);
  const widest = owns.indexOf(Math.max(...owns));
  const { work } = classes[widest];
  const { model: own, eta, fixedEta, derivatives } = work;
  const p = new Float64Array(rows.groups * K);
  for (let g = 0; g < rows.groups; g++) p[g * K + widest] = 1;
  weightedFit(model, p, full);
  applyWhole(model, full);
  eta.set(fixedEta);
  own.batch(0, own.rows, eta, 2, derivatives);

  const used = [...new Set(own.predictors.flatMap(columnsOf))];
  const P = used.length;
  if (P === 0) return responseMeans(model, widest);
  const whole = own.coefficients + own.cuts;
  const information = fixedInformation(work, false);
  const average = new Float64Array(P * P);
  used.forEach((c, j) => {
    used.forEach((r, i) => {
      average[i + j * P] = information[r + c * whole] / rows.groups;
    });
  });
  const root = positiveFactor(average, P);
  const points = new Float64Array(rows.groups * P);
  const beta = new Float64Array(own.coefficients);
  const delta = new Float64Array(P);
  const own2 = new Float64Array(P * P);
  const L = new Float64Array(P * P);
  for (let g = 0; g < rows.groups; g++) {
    const from = rows.start[g];
    const to = rows.start[g + 1];
    // the group's score and information, by sums over its rows alone
    beta.fill(0);
    own2.fill(0);
    own.predictors.forEach(({ fixed }, d) => {
      addGroupGradient(beta, fixed, derivatives.first, d, own.rows, from, to);
    });
    addGroupInformation(work, used, from, to, own2);
    for (let j = 0; j < P; j++) {
      delta[j] = beta[used[j]];
      for (let i = 0; i < P; i++) own2[i + j * P] += average[i + j * P] * pull;
    }
    if (!shiftedCholesky(own2, P, 1e-10, L)) L.set(root);
    solveLowerInPlace(L, P, delta);
    solveLowerTransposedInPlace(L, P, delta);
    // root' delta: Euclidean distances are then those of the average group's information
    for (let j = 0; j < P; j++) {
      let t = 0;
      for (let i = j; i < P; i++) t += root[i + j * P] * delta[i];
      points[g * P + j] = t;
    }
  }
  return { dimension: P, points };
}

/** Weight of the average group's information that draws each group's step towards zero. */
const pull = 0.2;

function columnsOf({ fixed }: EmModel['joint']['predictors'][number]): number[] {
  return fixed.kind === 'columns' ? [...fixed.columns] : [];
}

function responseMeans({ rows, classes }: EmModel, at: number): GroupSummaries {
  const { y } = classes[at].work.model;
  const points = new Float64Array(rows.groups);
  for (let g = 0; g < rows.groups; g++) {
    for (let i = rows.start[g]; i < rows.start[g + 1]; i++) points[g] += y[i];
    points[g] /= Math.max(rows.start[g + 1] - rows.start[g], 1);
  }
  return { dimension: 1, points };
}

function positiveFactor(A: Float64Array, n: number): Float64Array {
  const L = new Float64Array(n * n);
  let largest = 0;
  for (let c = 0; c < n; c++) largest = Math.max(largest, Math.abs(A[c * (n + 1)]));
  for (let shift = 1e-8 * largest; shift < 10 * largest; shift *= 10) if (shiftedCholesky(A, n, shift, L)) return L;
  L.fill(0);
  for (let c = 0; c < n; c++) L[c * (n + 1)] = 1;
  return L;
}

type Fixed = EmModel['joint']['predictors'][number]['fixed'];

function addGroupGradient(
  beta: Float64Array,
  fixed: Fixed,
  first: Float64Array,
  d: number,
  rows: number,
  from: number,
  to: number,
): void {
  if (fixed.kind === 'threshold') return;
  fixed.columns.forEach((c, j) => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += first[d * rows + i] * (fixed.X === null ? 1 : fixed.X[j * rows + i]);
    beta[c] += sum;
  });
}

function addGroupInformation(
  { model, derivatives, pairAt, D }: EmModel['classes'][number]['work'],
  used: readonly number[],
  from: number,
  to: number,
  into: Float64Array,
): void {
  const { rows, predictors } = model;
  const P = used.length;
  for (let d = 0; d < D; d++)
    for (let e = 0; e < D; e++) {
      const a = predictors[d].fixed;
      const b = predictors[e].fixed;
      if (a.kind === 'threshold' || b.kind === 'threshold') continue;
      const w = pairAt[d * D + e] * rows;
      a.columns.forEach((r, j) => {
        b.columns.forEach((c, k) => {
          let sum = 0;
          for (let i = from; i < to; i++)
            sum -=
              derivatives.second[w + i] *
              (a.X === null ? 1 : a.X[j * rows + i]) *
              (b.X === null ? 1 : b.X[k * rows + i]);
          into[used.indexOf(r) + used.indexOf(c) * P] += sum;
        });
      });
    }
}
