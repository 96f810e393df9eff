import { usedRows } from './data/new-response.js';
import { type FitOutcome, fittedParts } from './fit.js';
import { type BatchOptions, inBatches } from './in-batches.js';
import { type Refit, refitTask } from './refit-task.js';
import { type RefitterOptions, refitsAtOnce } from './refitter.js';

export type { Refit, SmallFit } from './refit-task.js';

/** How many responses are fitted. */
export interface RefitOptions extends BatchOptions, RefitterOptions {
  /** Called after each batch with the number of responses that are done. */
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Fits many responses to a model that was fitted to one: what does not depend on the response is done once (in each thread), and linear
 * and generalized models begin where the fit ended. What a response comes to depends neither on the others nor on the threads.
 * Degrees of freedom are left out unless `degreesOfFreedom` asks for them.
 * @param responses  one number per row of the model (or of the data) each: values of the expression left of `~`
 * @returns for each response, in their order, its fit without rows and levels, or the diagnostics of why the family does not allow it
 * @throws RangeError where nothing was fitted or a response has another length; what the signal was aborted with
 */
export async function refitResponses(
  outcome: FitOutcome,
  responses: readonly ArrayLike<number>[],
  { parallel, signal, onProgress, ...options }: RefitOptions = {},
): Promise<readonly Refit[]> {
  const { fit, graph, design, table } = fittedParts(outcome);
  const { engine } = fit;
  const own = responses.map((y) => usedRows(design, y, table?.rows ?? design.rows));
  const length = refitsAtOnce[engine];
  const pieces = Array.from({ length: Math.ceil(own.length / length) }, (_, k) =>
    own.slice(k * length, (k + 1) * length),
  );
  const seed = options.seed ?? fit.seed;
  const shared = { graph, design, engine, options: seed === null ? options : { ...options, seed } };
  const batch = { ...(parallel === undefined ? {} : { parallel }), ...(signal === undefined ? {} : { signal }) };
  const found: Refit[] = [];
  for await (const results of inBatches(refitTask, shared, pieces, batch)) {
    found.push(...results.flat());
    onProgress?.(found.length, own.length);
  }
  signal?.throwIfAborted();
  return found;
}
