import { CholeskyDecomposition, Matrix, solve } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import type { ModelRows } from '../../../src/engines/lmm/model-rows.js';
import type { Fit } from '../../../src/results/fit.js';
import { handFit } from './hand-fit.js';
import { shapes } from './shapes.js';

const tolerance = 1e-7;

/** Prior covariance of all effects of a block and its incidence, N x q, from what the fit reports. */
function blockOf(model: ModelRows, fit: Fit, b: number): { S: Matrix; Z: Matrix } {
  const block = model.blocks[b];
  const load = model.loads[b];
  const { codes, levels } = block.group;
  const q = block.columnStart[levels.length];
  const { sd, cor } = fit.varcorr[b];
  const all = block.positions === null ? null : [...new Set(block.positions)].sort((p, r) => p - r);
  const termOf = (column: number, level: number): number =>
    all === null || block.positions === null ? column - block.columnStart[level] : all.indexOf(block.positions[column]);
  const counts = levels.map((_, l) => codes.reduce((n, c) => n + (c === l ? 1 : 0), 0));
  const square = counts.reduce((s, w) => s + w * w, 0);
  const S = Matrix.zeros(q, q);
  for (let l = 0; l < levels.length; l++)
    for (let m = 0; m < levels.length; m++) {
      const share = (l === m ? 1 : 0) - (block.constraint === 'sumToZero' ? (counts[l] * counts[m]) / square : 0);
      if (share === 0) continue;
      for (let r = block.columnStart[l]; r < block.columnStart[l + 1]; r++)
        for (let c = block.columnStart[m]; c < block.columnStart[m + 1]; c++) {
          const [i, j] = [termOf(r, l), termOf(c, m)];
          S.set(r, c, share * sd[i] * sd[j] * (i === j ? 1 : (cor[i][j] ?? 0)));
        }
    }
  const Z = Matrix.zeros(model.rows, q);
  for (let i = 0; i < model.rows; i++) {
    const at = block.columnStart[codes[i]];
    if (load.kind === 'indicator') Z.set(i, at + load.column[i], 1);
    else for (let c = 0; c < load.size; c++) Z.set(i, at + c, load.values?.[i * load.size + c] ?? 1);
  }
  return { S, Z };
}

describe("modes S Z'V^-1 (y - X beta), their covariance S - S Z'V^-1 Z S, and fitted values", () => {
  test.each(shapes())('$name', ({ model }) => {
    const fit = handFit(model);
    const sigma = fit.sigma ?? Number.NaN;
    const parts = model.blocks.map((_, b) => blockOf(model, fit, b));
    let V = Matrix.diag(Array.from({ length: model.rows }, (_, i) => sigma ** 2 / (model.weights?.[i] ?? 1)));
    for (const { S, Z } of parts) V = V.add(Z.mmul(S).mmul(Z.transpose()));
    const chol = new CholeskyDecomposition(V.clone().add(V.transpose()).div(2));
    const mean = Array.from({ length: model.rows }, (_, i) => {
      let t = model.offset?.[i] ?? 0;
      for (let c = 0; c < model.fixed; c++) t += model.X[c * model.rows + i] * (fit.fixef[c].estimate ?? Number.NaN);
      return t;
    });
    const e = Matrix.columnVector(mean.map((m, i) => model.y[i] - m));
    const X = new Matrix(model.rows, model.fixed);
    for (let c = 0; c < model.fixed; c++) for (let i = 0; i < model.rows; i++) X.set(i, c, model.X[c * model.rows + i]);
    const fitted = [...mean];
    parts.forEach(({ S, Z }, b) => {
      const SZ = S.mmul(Z.transpose());
      const mode = SZ.mmul(chol.solve(e));
      const variance = Matrix.sub(S, SZ.mmul(chol.solve(SZ.transpose())));
      const ours = fit.ranef[b];
      const flat = (rows: readonly (readonly number[])[]): number[] => rows.flat().filter((v) => !Number.isNaN(v));
      flat(ours.mode).forEach((v, k) => {
        expect(Math.abs(v - mode.get(k, 0))).toBeLessThan(tolerance);
      });
      // Covariances that lme4 lacks: the uncertainty of beta is in it, and that of theta on top [MODE-1].
      const withParameters = model.blocks.some((block) => block.covariance !== 'us');
      const slope = SZ.mmul(chol.solve(X));
      const ofBeta = slope.mmul(solve(X.transpose().mmul(chol.solve(X)), slope.transpose()));
      flat(ours.sd).forEach((v, k) => {
        if (withParameters) expect(v * v).toBeGreaterThan(variance.get(k, k) + ofBeta.get(k, k) - tolerance);
        else expect(Math.abs(v * v - variance.get(k, k))).toBeLessThan(tolerance);
      });
      const effect = Z.mmul(mode);
      for (let i = 0; i < model.rows; i++) fitted[i] += effect.get(i, 0);
      if (model.blocks[b].constraint === 'sumToZero') {
        const { codes } = model.blocks[b].group;
        ours.terms.forEach((_, c) => {
          const sum = codes.reduce((t, l) => t + ours.mode[l][c], 0);
          expect(Math.abs(sum)).toBeLessThan(1e-9);
        });
      }
    });
    fit.fitted.forEach((v, i) => {
      expect(Math.abs(v - fitted[i])).toBeLessThan(tolerance);
    });
  });
});
