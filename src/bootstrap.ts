import { type BootstrapPiece, type BootstrapShared, bootstrapTask, type PieceResult } from './bootstrap-task.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { diagnostic } from './diagnostics/report.js';
import { type FitOutcome, fittedParts } from './fit.js';
import { type BatchOptions, inBatches } from './in-batches.js';
import { refitsAtOnce } from './refitter.js';
import {
  type BootstrapKind,
  bootstrapIntervals,
  bootstrapSummary,
  type Replicates,
} from './results/bootstrap-intervals.js';
import { type FitStatistic, fitStatistics } from './results/fit-statistics.js';
import { checksum } from './saved/checksum.js';
import { encode } from './saved/encode.js';

export { type BootstrapKind, bootstrapIntervals, bootstrapSummary, type Replicates };

/** How a bootstrap is run. */
export interface BootstrapOptions extends BatchOptions {
  readonly n?: number; // replicates, default 1000
  readonly seed?: number; // default 1
  /** Random effects (and classes) are drawn anew in each replicate, or stay as estimated. Default new. */
  readonly effects?: 'new' | 'kept';
  /** Replicates of an earlier run, which are not made again. */
  readonly known?: readonly PieceResult[];
  /** Called with every batch, to keep it somewhere. */
  readonly onBatch?: (pieces: readonly PieceResult[]) => void | Promise<void>;
  /** Called after each batch with the number of replicates that are done. */
  readonly onProgress?: (done: number, of: number) => void;
}

/** A bootstrap that has run, or part of one that can be gone on with. */
export interface BootstrapRun extends Replicates {
  readonly seed: number;
  readonly wanted: number;
  /** Replicates that were drawn: those with values and those that failed. */
  readonly done: number;
  readonly failed: number;
  readonly unconverged: number;
  readonly stopped: boolean;
}

/** What `bootstrap` gives. */
export interface BootstrapOutcome {
  readonly run: BootstrapRun;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a run is of: model, data, estimates, seed. Replicates of two runs with the same may be put together. */
export function bootstrapKey(outcome: FitOutcome, options: Pick<BootstrapOptions, 'seed' | 'effects'> = {}): string {
  const { graph, design, names } = subject(outcome);
  const y = design.likelihoods.map((l) => l.y);
  const X = design.predictors.map((p) => [p.X, p.offset]);
  const codes = design.blocks.map((b) => b.group.codes);
  return checksum(JSON.stringify(encode([graph, names, y, X, codes, options.seed ?? 1, options.effects ?? 'new'])));
}

/**
 * Parametric bootstrap of a fitted model: draws responses, fits them, and collects the estimates [BOOT-1].
 * @throws RangeError where nothing was fitted or n is no count
 */
export async function bootstrap(outcome: FitOutcome, options: BootstrapOptions = {}): Promise<BootstrapOutcome> {
  const { graph, design, fit, estimates, statistics, names } = subject(outcome);
  const { n = 1000, seed = 1, effects = 'new', signal, known = [] } = options;
  if (!(Number.isInteger(n) && n >= 1)) throw new RangeError(`n is a whole number from 1, not ${n}`);
  const shared: BootstrapShared = {
    graph,
    design,
    engine: fit.engine,
    model: { estimates: estimates(), errors: fit.errors },
    effects,
    seed,
    names,
  };
  const collected = new Map<number, { readonly values: Float64Array | null; readonly converged: boolean }>();
  let reason: string | null = null;
  const take = (piece: PieceResult) => {
    reason ??= piece.reason;
    piece.values.forEach((values, k) => {
      const index = piece.first + k;
      if (index <= n) collected.set(index, { values, converged: piece.converged[k] ?? false });
    });
  };
  known.forEach(take);
  const pieces = missingPieces(collected, n, refitsAtOnce[fit.engine]);
  try {
    for await (const results of inBatches(bootstrapTask, shared, pieces, options)) {
      results.forEach(take);
      await options.onBatch?.(results);
      options.onProgress?.(collected.size, n);
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error; // else what is done is the result
  }
  const values = Array.from({ length: n }, (_, k) => collected.get(k + 1)?.values ?? null).filter((v) => v !== null);
  const done = collected.size;
  const failed = done - values.length;
  const unconverged = [...collected.values()].filter((r) => r.values !== null && !r.converged).length;
  const stopped = done < n;
  const diagnostics: Diagnostic[] = [];
  if (failed > 0)
    diagnostics.push(diagnostic('MM586', {}, { failed, of: done, reason: reason ?? 'no reason was kept' }));
  if (unconverged > 0) diagnostics.push(diagnostic('MM587', {}, { unconverged, of: done }));
  if (stopped) diagnostics.push(diagnostic('MM590', {}, { done, of: n }));
  return { run: { statistics, values, seed, wanted: n, done, failed, unconverged, stopped }, diagnostics };
}

function missingPieces(done: ReadonlyMap<number, unknown>, n: number, length: number): BootstrapPiece[] {
  const pieces: BootstrapPiece[] = [];
  for (let first = 1; first <= n; ) {
    if (done.has(first)) {
      first++;
      continue;
    }
    let count = 0;
    while (count < length && first + count <= n && !done.has(first + count)) count++;
    pieces.push({ first, count });
    first += count;
  }
  return pieces;
}

function subject(outcome: FitOutcome) {
  const parts = fittedParts(outcome);
  const statistics: readonly FitStatistic[] = fitStatistics(parts.fit);
  return { ...parts, statistics, names: statistics.map((s) => s.name) };
}
