import type { DenseParts } from './kenward-roger.js';
import type { Layout } from './layout.js';

/** dV/dgamma for one variance parameter, V linear in all of them: I for the residual's, Z E Z' with a sparse symmetric E otherwise. */
export type Derivative =
  | { readonly kind: 'residual' }
  /** E = sum over the listed entries of value e_row e_column'; symmetric entries are both listed. */
  | { readonly kind: 'effects'; readonly rows: Int32Array; readonly columns: Int32Array };

/** Null where a block's covariance is not linear in its parameters. */
export function derivativesOf(layout: Layout, residual: boolean): Derivative[] | null {
  const found: Derivative[] = residual ? [{ kind: 'residual' }] : [];
  const { rowStart } = layout.pattern;
  for (const { model, size: k, levels, nodeStart } of layout.blocks) {
    const patterns: (readonly (readonly [number, number])[])[] = [];
    const diagonal = Array.from({ length: k }, (_, c) => [c, c] as const);
    if (model.name === 'us') {
      for (let c = 0; c < k; c++)
        for (let r = c; r < k; r++)
          patterns.push(
            r === c
              ? [[r, c]]
              : [
                  [r, c],
                  [c, r],
                ],
          );
    } else if (model.name === 'diag') for (const d of diagonal) patterns.push([d]);
    else if (model.name === 'homcs') {
      patterns.push(diagonal);
      if (k > 1)
        patterns.push(diagonal.flatMap(([r]) => diagonal.filter(([c]) => c !== r).map(([c]) => [r, c] as const)));
    } else return null;
    for (const pattern of patterns) {
      const rows = new Int32Array(levels * pattern.length);
      const columns = new Int32Array(levels * pattern.length);
      for (let l = 0, at = 0; l < levels; l++)
        for (const [r, c] of pattern) {
          rows[at] = rowStart[nodeStart + l] + r;
          columns[at++] = rowStart[nodeStart + l] + c;
        }
      found.push({ kind: 'effects', rows, columns });
    }
  }
  return found;
}

/** E K, q x P column-major. */
export function timesDerivative(
  d: Extract<Derivative, { kind: 'effects' }>,
  K: Float64Array,
  q: number,
  P: number,
): Float64Array {
  const result = new Float64Array(q * P);
  for (let c = 0; c < P; c++)
    for (let k = 0; k < d.rows.length; k++) result[d.rows[k] + c * q] += K[d.columns[k] + c * q];
  return result;
}

/** tr(V^-1 G_i V^-1 G_j). */
export function sandwichedTrace(a: Derivative, b: Derivative, dense: DenseParts, q: number): number {
  if (a.kind === 'residual') return b.kind === 'residual' ? dense.trace2 : against(b, dense.M2, q);
  if (b.kind === 'residual') return against(a, dense.M2, q);
  const { M } = dense;
  let t = 0;
  for (let i = 0; i < a.rows.length; i++)
    for (let j = 0; j < b.rows.length; j++) t += M[b.columns[j] + a.rows[i] * q] * M[a.columns[i] + b.rows[j] * q];
  return t;
}

/** tr(E M2) */
function against(d: Extract<Derivative, { kind: 'effects' }>, M2: Float64Array, q: number): number {
  let t = 0;
  for (let k = 0; k < d.rows.length; k++) t += M2[d.columns[k] + d.rows[k] * q];
  return t;
}
