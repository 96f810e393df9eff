import { MmError } from './diagnostics/mm-error.js';
import { type Replicate, replicateOf, smallLmmRefitter, type Task } from './engines/index.js';
import { alignedClasses } from './prediction/align-classes.js';
import { designRows } from './prediction/design-rows.js';
import { type SimulatedModel, Simulator } from './prediction/simulator.js';
import { designWith, type RefitSubject, refitter } from './refitter.js';

/** What every thread needs to draw and fit replicates. */
export interface BootstrapShared extends RefitSubject {
  readonly model: Omit<SimulatedModel, 'graph'>;
  readonly effects: 'new' | 'kept';
  readonly seed: number;
  /** Names of the statistics, in the order of the values. */
  readonly names: readonly string[];
}

/** Replicates first .. first + count - 1. */
export interface BootstrapPiece {
  readonly first: number;
  readonly count: number;
}

export interface PieceResult {
  readonly first: number;
  /** A row of statistics for each replicate; null where the refit came to nothing. */
  readonly values: readonly (Float64Array | null)[];
  readonly converged: readonly boolean[];
  /** Why the first of those without values has none. */
  readonly reason: string | null;
}

/** Draws and fits replicates of a parametric bootstrap [BOOT-1]: what a replicate comes to depends on its number alone. */
export const bootstrapTask: Task<BootstrapShared, BootstrapPiece, PieceResult> = {
  name: 'replicates of a bootstrap',
  prepare(shared) {
    const { graph, design, seed } = shared;
    const simulator = new Simulator({ ...shared.model, graph }, designRows(design), shared.effects === 'kept');
    const refit = replicateFitter(shared);
    return ({ first, count }) => {
      const values: (Float64Array | null)[] = [];
      const converged: boolean[] = [];
      let reason: string | null = null;
      for (let r = first; r < first + count; r++) {
        const { y, classes } = simulator.replicate(seed, r);
        try {
          const found = refit(y, classes);
          values.push(found.values);
          converged.push(found.converged);
        } catch (error) {
          if (!(error instanceof MmError)) throw error;
          values.push(null);
          converged.push(false);
          reason ??= error.diagnostics[0]?.message ?? error.message;
        }
      }
      return { first, values, converged, reason };
    };
  },
};

/** Fits the drawn responses one after the other; for small linear models by what is made for them. */
function replicateFitter(shared: BootstrapShared): (y: Float64Array, classes: Int32Array | null) => Replicate {
  const { graph, design, engine, names, seed } = shared;
  const small = engine === 'lmm' ? smallLmmRefitter(graph, design, names, (y) => designWith(shared, y)) : null;
  if (small !== null) return small;
  const align = alignedClasses(graph);
  const refit = refitter(shared, { seed });
  return (y, classes) => {
    const found = refit(y);
    return replicateOf(classes === null ? found : align(found, classes, design), names);
  };
}
