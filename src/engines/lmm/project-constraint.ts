import { shiftedCholesky } from '../../optim/cholesky-solve.js';
import type { LmmWork } from './lmm-work.js';

/**
 * Holds the spherical effects in their hyperplanes [LMM-8]. With C_N = L^-1 N the last columns of `work.C`, and Q an orthonormal
 * basis of their span: replaces C_N by Q and takes the part along Q out of the other columns. Then u from the joint mode satisfies
 * N'u = 0, and the determinant of the effects that are still free is |L|^2 |N'Omega^-1 N|.
 * @returns log|N'Omega^-1 N|; NaN where the constraints are dependent
 */
export function projectOutConstraint(work: LmmWork): number {
  const { q, P, m, C, scratch } = work;
  const wide = P + 1 + m;
  const G = scratch.small;
  G.fill(0, 0, m * m);
  for (let i = 0; i < q; i++) {
    const at = i * wide + P + 1;
    for (let c = 0; c < m; c++) for (let r = c; r < m; r++) G[r + c * m] += C[at + c] * C[at + r];
  }
  if (!shiftedCholesky(G, m, 0, G)) return Number.NaN;
  let logDet = 0;
  for (let c = 0; c < m; c++) logDet += 2 * Math.log(G[c + c * m]);
  // Q = C_N G^-T row by row: each row solves a triangular system
  for (let i = 0; i < q; i++) {
    const at = i * wide + P + 1;
    for (let c = 0; c < m; c++) {
      let t = C[at + c];
      for (let k = 0; k < c; k++) t -= G[c + k * m] * C[at + k];
      C[at + c] = t / G[c + c * m];
    }
  }
  const along = m * m; // Q'[C_X c_u], m x (P + 1), after G
  G.fill(0, along, along + m * (P + 1));
  for (let i = 0; i < q; i++) {
    const at = i * wide;
    for (let c = 0; c <= P; c++) for (let k = 0; k < m; k++) G[along + k + c * m] += C[at + P + 1 + k] * C[at + c];
  }
  for (let i = 0; i < q; i++) {
    const at = i * wide;
    for (let c = 0; c <= P; c++) {
      let t = C[at + c];
      for (let k = 0; k < m; k++) t -= C[at + P + 1 + k] * G[along + k + c * m];
      C[at + c] = t;
    }
  }
  return logDet;
}
