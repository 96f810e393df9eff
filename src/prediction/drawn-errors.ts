import type { Labels } from '../data/design.js';
import { choleskyInPlace } from '../kernels/dense-cholesky.js';
import type { Rng } from '../kernels/rng.js';
import type { ErrorsResult } from '../results/fit.js';
import { serialPower } from './drawn-effects.js';

/** Errors of variance one that are correlated within groups [PRED-7]. */
export class DrawnErrors {
  private readonly groups: readonly { readonly rows: readonly number[]; readonly L: Float64Array }[];

  /** @returns a sampler; groups whose correlation is not positive definite, or unknown, give NaN */
  constructor(errors: ErrorsResult, group: Labels, position: Float64Array) {
    const rowsOf = new Map<number, number[]>();
    group.codes.forEach((code, i) => {
      const key = code < 0 ? -1 - i : code; // a row without a group stands alone
      const own = rowsOf.get(key) ?? [];
      own.push(i);
      rowsOf.set(key, own);
    });
    this.groups = Array.from(rowsOf.values(), (rows) => {
      const n = rows.length;
      const L = new Float64Array(n * n);
      for (let c = 0; c < n; c++)
        for (let r = c; r < n; r++) L[r + c * n] = correlationOf(errors, position[rows[r]], position[rows[c]], r === c);
      if (choleskyInPlace(L, n, n, 0) !== 0) L.fill(Number.NaN);
      return { rows, L };
    });
  }

  drawInto(into: Float64Array, rng: Rng): void {
    for (const { rows, L } of this.groups) {
      const n = rows.length;
      for (const i of rows) into[i] = 0;
      for (let c = 0; c < n; c++) {
        const z = rng.normal();
        for (let r = c; r < n; r++) into[rows[r]] += L[r + c * n] * z;
      }
    }
  }
}

function correlationOf(errors: ErrorsResult, a: number, b: number, same: boolean): number {
  if (same) return 1;
  switch (errors.structure) {
    case 'cs':
      return errors.correlation;
    case 'us':
      return errors.correlations?.[a]?.[b] ?? Number.NaN;
    default:
      return serialPower(errors.correlation, Math.abs(a - b));
  }
}
