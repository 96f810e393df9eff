import type { LmmWork } from '../lmm-work.js';
import { gather } from './mixed-products.js';
import type { ResidualWork } from './residual-work.js';

/**
 * Adds the derivatives of the profiled deviance by the residual's parameters [LMM-RES-7]. With S the derivative of the deviance by the
 * cross-products of [Z X y],
 *   v'S v = z'(B - Lambda V V'Lambda') z + |g|^2 (REML) + e^2 / sigma^2,   B = Lambda Omega^-1 Lambda',
 *   g = RX'^-1 x - H'z,   e = y - x'beta - z'b,   H = Lambda W RX^-1,
 * the mixed row v = sum_k coefficient_k v_k has adjoint 2 weight S v. Taken after `templateDerivatives`, whose selected inverse
 * and columns it uses.
 */
export function addResidualGradient(work: LmmWork, residual: ResidualWork, gradient: Float64Array): void {
  const { P, q, m, layout, beta, at, settings, RX, scratch: outer } = work;
  const { rows, plan, table, scratch } = residual;
  const { supports, offset } = plan;
  const { z, x, halfX, back, backX } = scratch;
  const { rowStart } = layout.pattern;
  const fixed = settings.reml ? P : 0;
  const columns = 1 + fixed + m;
  const H = outer.scaled; // q x columns: b, H, Lambda V
  const inverseVariance = 1 / (at.sigma * at.sigma);
  const g = new Float64Array(columns);
  if (q > 0) covarianceInto(work, scratch.covariance);
  scratch.tableAdjoint.fill(0);
  scratch.scaleAdjoint.fill(0);
  for (let p = 0; p + 1 < rows.start.length; p++) {
    const y = gather(residual, layout, p);
    const s = supports.of[p];
    for (let c = 0; c < columns; c++) g[c] = 0;
    for (let a = supports.start[s]; a < supports.start[s + 1]; a++) {
      const first = rowStart[supports.node[a]];
      const count = rowStart[supports.node[a] + 1] - first;
      for (let r = 0; r < count; r++) {
        const v = z[offset[a] + r];
        if (v === 0) continue;
        const from = (first + r) * columns;
        for (let c = 0; c < columns; c++) g[c] -= v * H[from + c];
      }
    }
    let e = y + g[0];
    for (let c = 0; c < P; c++) e -= x[c] * beta[c];
    const scaled = e * inverseVariance;
    g[0] = scaled;
    let square = y * scaled; // v'S v
    for (let c = 0; c < P; c++) backX[c] = -scaled * beta[c];
    if (fixed > 0) {
      for (let c = 0; c < P; c++) {
        let t = x[c];
        for (let k = 0; k < c; k++) t -= RX[c + k * P] * halfX[k];
        halfX[c] = t / RX[c + c * P];
        g[1 + c] += halfX[c];
      }
      for (let c = P - 1; c >= 0; c--) {
        let t = g[1 + c];
        for (let k = c + 1; k < P; k++) t -= RX[k + c * P] * halfX[k];
        halfX[c] = t / RX[c + c * P];
        backX[c] += halfX[c];
      }
    }
    for (let c = 1 + fixed; c < columns; c++) g[c] = -g[c];
    for (let c = 0; c < P; c++) square += x[c] * backX[c];
    multiplyOnSupport(work, residual, s);
    for (let a = supports.start[s]; a < supports.start[s + 1]; a++) {
      const first = rowStart[supports.node[a]];
      const count = rowStart[supports.node[a] + 1] - first;
      for (let r = 0; r < count; r++) {
        let t = back[offset[a] + r];
        const from = (first + r) * columns;
        for (let c = 0; c < columns; c++) t -= g[c] * H[from + c];
        back[offset[a] + r] = t;
        square += t * z[offset[a] + r];
      }
    }
    spread(residual, layout.blocks, p, scaled, table[rows.weight[p]]);
    if (rows.weight[p] > 0) scratch.tableAdjoint[rows.weight[p]] += square;
  }
  finish(residual, work.theta, 1, gradient);
}

/** back = B z on the nodes of a support. */
function multiplyOnSupport(work: LmmWork, { plan, scratch }: ResidualWork, s: number): void {
  const { supports, offset, entry, entryStart, width } = plan;
  const { size, blockStart } = work.layout.pattern;
  const { z, back, covariance } = scratch;
  for (let k = 0; k < width[s]; k++) back[k] = 0;
  let k = entryStart[s];
  for (let a = supports.start[s]; a < supports.start[s + 1]; a++) {
    const height = size[supports.node[a]];
    const za = offset[a];
    for (let b = supports.start[s]; b <= a; b++, k++) {
      const at = blockStart[entry[k]];
      const zb = offset[b];
      const many = size[supports.node[b]];
      for (let c = 0; c < many; c++)
        for (let r = 0; r < height; r++) {
          const v = covariance[at + c * height + r];
          back[za + r] += v * z[zb + c];
          if (a !== b) back[zb + c] += v * z[za + r];
        }
    }
  }
}

/** Hands the adjoint of a mixed row (back, backX, ybar) on to the coefficients it was made with. */
function spread(
  residual: ResidualWork,
  blocks: LmmWork['layout']['blocks'],
  p: number,
  ybar: number,
  weight: number,
): void {
  const { rows, plan, table, inverseScale, scratch, x, z, y } = residual;
  const { back, backX, tableAdjoint, scaleAdjoint } = scratch;
  const P = backX.length;
  const many = blocks.length;
  for (let e = rows.start[p]; e < rows.start[p + 1]; e++) {
    const i = rows.row[e];
    let t = ybar * y[i];
    for (let c = 0; c < P; c++) t += backX[c] * x[i * P + c];
    for (let b = 0; b < many; b++) {
      const { load, size } = blocks[b];
      const from = plan.slot[e * many + b];
      const own = z[b];
      if (load.kind === 'indicator') t += back[from + load.column[i]] * own[i];
      else for (let c = 0; c < size; c++) t += back[from + c] * own[i * size + c];
    }
    const adjoint = 2 * weight * t * inverseScale[i];
    const index = rows.coefficient[e];
    tableAdjoint[index] += adjoint;
    scaleAdjoint[i] -= adjoint * table[index];
  }
}

/** From adjoints of the table and of log s to the parameters; `share` of log|R| comes on top. */
function finish(residual: ResidualWork, parameters: Float64Array, share: number, gradient: Float64Array): void {
  const { correlation, sigma, at, table, slope, scratch } = residual;
  const { tableAdjoint, scaleAdjoint } = scratch;
  correlation?.gradientInto(gradient, at.correlation, tableAdjoint, share, table, parameters);
  if (sigma === null) return;
  const { B, count, rows, unit } = sigma;
  for (let k = 0; k < count; k++) {
    let t = 0;
    for (let i = 0; i < rows; i++) t += (2 * share + scaleAdjoint[i]) * slope[i] * B[i + k * rows];
    gradient[at.sigma + k] += unit * t;
  }
}

/** Lambda Omega^-1 Lambda' on the pattern, from the selected inverse in the scratch. */
function covarianceInto(work: LmmWork, into: Float64Array): void {
  const { layout, lambda, scratch } = work;
  const { nodes, size, columnStart, row, blockStart } = layout.pattern;
  const { nodeLambda } = layout;
  const { inverse, block: half } = scratch;
  for (let j = 0; j < nodes; j++) {
    const sj = size[j];
    const lj = nodeLambda[j];
    for (let e = columnStart[j]; e < columnStart[j + 1]; e++) {
      const i = row[e];
      const si = size[i];
      const li = nodeLambda[i];
      const at = blockStart[e];
      for (let c = 0; c < sj; c++)
        for (let r = 0; r < si; r++) {
          let t = 0; // (inverse Lambda_j')_rc
          for (let k = 0; k < sj; k++) t += inverse[at + k * si + r] * lambda[lj + c + k * sj];
          half[r + c * si] = t;
        }
      for (let c = 0; c < sj; c++)
        for (let r = 0; r < si; r++) {
          let t = 0;
          for (let k = 0; k < si; k++) t += lambda[li + r + k * si] * half[k + c * si];
          into[at + c * si + r] = t;
        }
    }
  }
}

/**
 * Derivatives of f'R^-1 f by the residual's parameters, for f given by the rows (weighted and scaled as y is).
 * @param gradient  length of the search's vector; the residual's part is added to
 */
export function addQuadraticGradient(
  residual: ResidualWork,
  parameters: Float64Array,
  f: Float64Array,
  gradient: Float64Array,
  factor: number,
): void {
  const { rows, table, inverseScale, scratch } = residual;
  const { tableAdjoint, scaleAdjoint } = scratch;
  tableAdjoint.fill(0);
  scaleAdjoint.fill(0);
  for (let p = 0; p + 1 < rows.start.length; p++) {
    let mixed = 0;
    for (let e = rows.start[p]; e < rows.start[p + 1]; e++)
      mixed += table[rows.coefficient[e]] * inverseScale[rows.row[e]] * f[rows.row[e]];
    const weight = table[rows.weight[p]];
    for (let e = rows.start[p]; e < rows.start[p + 1]; e++) {
      const i = rows.row[e];
      const adjoint = 2 * factor * weight * mixed * inverseScale[i] * f[i];
      tableAdjoint[rows.coefficient[e]] += adjoint;
      scaleAdjoint[i] -= adjoint * table[rows.coefficient[e]];
    }
    if (rows.weight[p] > 0) tableAdjoint[rows.weight[p]] += factor * mixed * mixed;
  }
  finish(residual, parameters, 0, gradient);
}
