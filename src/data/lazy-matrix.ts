import { type ColumnSource, fillColumn, writtenOut } from '../kernels/column-source.js';
import type { PredictorDesign, RandomUse } from './design.js';

/** A model matrix by its columns, written out once somebody asks for it; engines that read rows in passes never do. */
export function lazyMatrix(
  sources: readonly ColumnSource[],
  rows: number,
): Required<Pick<PredictorDesign, 'X' | 'sources'>> {
  let known: Float64Array | undefined;
  return {
    sources,
    get X() {
      known ??= writtenOut(sources, rows);
      return known;
    },
  };
}

/** Likewise what rows load on a random effect by, row-major. */
export function lazyLoads(sources: readonly ColumnSource[], rows: number): RandomUse['z'] & { readonly kind: 'dense' } {
  let known: Float64Array | undefined;
  return {
    kind: 'dense',
    sources,
    get values() {
      if (known === undefined) {
        known = new Float64Array(rows * sources.length);
        for (let c = 0; c < sources.length; c++) fillColumn(sources[c], 0, rows, known, c, sources.length);
      }
      return known;
    },
  };
}
