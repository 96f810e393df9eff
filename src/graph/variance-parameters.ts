import type { CovarianceStructure } from './model-graph.js';

/** Number of variance parameters of one block with `columns` columns per level. */
export function varianceParameters(structure: CovarianceStructure, columns: number): number {
  switch (structure) {
    case 'us':
      return (columns * (columns + 1)) / 2;
    case 'diag':
      return columns;
    case 'cs':
      return columns > 1 ? columns + 1 : columns;
    case 'homcs':
      return columns > 1 ? 2 : 1;
    case 'ar1':
    case 'car1':
      return 2;
  }
}
