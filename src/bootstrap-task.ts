import type { Design } from './data/design.js';
import { withNewResponse } from './data/new-response.js';
import { MmError } from './diagnostics/mm-error.js';
import { Report } from './diagnostics/report.js';
import { GlmmProblem } from './embedding/glmm-problem.js';
import { LmmProblem } from './embedding/lmm-problem.js';
import {
  emEngine,
  type Replicate,
  type ReplicateFit,
  replicateOf,
  smallLmmRefitter,
  type Task,
} from './engines/index.js';
import type { ModelGraph } from './graph/model-graph.js';
import type { EngineName } from './plan/engine-plan.js';
import { alignedClasses } from './prediction/align-classes.js';
import { designRows } from './prediction/design-rows.js';
import { type SimulatedModel, Simulator } from './prediction/simulator.js';

/** What every thread needs to draw and fit replicates. */
export interface BootstrapShared {
  readonly graph: ModelGraph;
  readonly design: Design;
  readonly engine: EngineName;
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
    const refit = refitter(shared);
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

/** Fits responses one after the other; linear and generalised models begin where the model's own fit ended. */
function refitter(shared: BootstrapShared): (y: Float64Array, classes: Int32Array | null) => Replicate {
  const { graph, design, engine, names } = shared;
  const own = (y: Float64Array): Design => {
    const report = new Report();
    const found = withNewResponse(graph, design, y, design.rows, report);
    if (found === undefined) throw new MmError(report.sorted(), '');
    return found;
  };
  const small = engine === 'lmm' ? smallLmmRefitter(graph, design, names, own) : null;
  if (small !== null) return small;
  const align = alignedClasses(graph);
  const fit = whole(shared, own);
  return (y, classes) => {
    const found = fit(y);
    return replicateOf(classes === null ? found : align(found, classes, design), names);
  };
}

/** Refits with everything a fit has. */
function whole(
  { graph, design, engine, seed }: BootstrapShared,
  own: (y: Float64Array) => Design,
): (y: Float64Array) => ReplicateFit {
  if (engine === 'em') return (y) => emEngine.fit(graph, own(y), { seed });
  const source = { graph, design, rows: design.rows, text: '', diagnostics: [] };
  const problem = engine === 'lmm' ? LmmProblem.bind(source) : GlmmProblem.bind(source);
  problem.fit({ degreesOfFreedom: 'none' });
  return (y) => problem.refit(y, { degreesOfFreedom: 'none' });
}
