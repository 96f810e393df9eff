import type { EngineOptions } from '../engines/engine.js';
import type { CertifiedMinimum } from '../optim/minimize-certified.js';
import { loadOptimizerState, type SavedOptimizerState, saveOptimizerState } from '../optim/optimizer-state.js';
import type { OptimizerState, OptimizerStatus } from '../optim/problem.js';
import type { Fit } from '../results/fit.js';

/** One step of a search, at the best point so far. */
export interface Step {
  readonly iteration: number;
  readonly evaluations: number;
  /** As the problem's `parameters` name it. */
  readonly point: Float64Array;
  /** The objective there. */
  readonly deviance: number;
  /** What a step of the optimizer's model promises still to gain; NaN before the first. */
  readonly promised: number;
  readonly status: OptimizerStatus;
}

/** The end of a search. */
export interface Optimum {
  readonly point: Float64Array;
  readonly deviance: number;
  readonly evaluations: number;
  /** g'H^-1 g / 2 with the Hessian at the end: what a Newton step would still gain. */
  readonly decrement: number;
  readonly converged: boolean;
}

/** A search as JSON; numbers survive exactly. */
export interface SavedSearch {
  readonly format: 'mm.search/1';
  readonly engine: string;
  readonly model: string;
  readonly rows: number;
  readonly parameters: readonly string[];
  readonly optimizer: SavedOptimizerState;
  /** What else the engine needs to go on exactly as it would have. */
  readonly memory: Readonly<Record<string, readonly (number | null)[]>>;
}

/** What a search is of; the problems make these. */
export interface SearchHost {
  readonly engine: string;
  readonly model: string;
  readonly rows: number;
  readonly parameters: readonly { readonly name: string }[];
  /** Units of the optimizer's values in deviance. */
  readonly unit: number;
  begin(from: OptimizerState | null): Generator<OptimizerState, CertifiedMinimum>;
  /** Brings the engine's memory back before a step, and reads it after one. */
  recall(memory: SavedSearch['memory']): void;
  memory(): SavedSearch['memory'];
  pointOf(x: Float64Array): Float64Array;
  converged(found: CertifiedMinimum): boolean;
  fit(found: CertifiedMinimum, options: EngineOptions): Fit;
}

/**
 * An optimizer that is asked for one step at a time. `for (const step of search)` can be left with `break` and gone on with; `save` can
 * be called between any two steps, and the search that is made from it ends in the same numbers, in another process too. What is
 * done with the problem between two steps changes nothing.
 */
export class Search implements Iterable<Step> {
  private readonly iteration: Generator<OptimizerState, CertifiedMinimum>;
  private state: OptimizerState | null;
  private kept: SavedSearch['memory'];
  /** The memory at the end; what is saved then is still the step before, from which the end is found again. */
  private last: SavedSearch['memory'];
  private found: CertifiedMinimum | null = null;

  /** @param saved  as `save` gave it, for the same model and data; null: from the start */
  constructor(
    private readonly host: SearchHost,
    saved: SavedSearch | null,
  ) {
    if (saved !== null) checkSaved(host, saved);
    this.state = saved === null ? null : loadOptimizerState(saved.optimizer);
    if (saved !== null) host.recall(saved.memory);
    this.iteration = host.begin(this.state);
    this.kept = host.memory();
    this.last = this.kept;
  }

  /** The next step; `done` with the optimum as value at the end. One evaluation, but for the last, which makes the certificate. */
  next(): IteratorResult<Step, Optimum> {
    if (this.found !== null) return { done: true, value: this.optimumOf(this.found) };
    this.host.recall(this.kept);
    const next = this.iteration.next();
    this.last = this.host.memory();
    if (next.done) {
      this.found = next.value;
      return { done: true, value: this.optimumOf(next.value) };
    }
    this.kept = this.last;
    this.state = next.value;
    return { done: false, value: this.stepOf(next.value) };
  }

  /** Has no `return`, so that leaving a loop leaves the search as it is. */
  [Symbol.iterator](): Iterator<Step, Optimum> {
    return { next: () => this.next() };
  }

  /** Goes on to the end. */
  run(options: Pick<EngineOptions, 'onProgress' | 'signal'> = {}): Optimum {
    for (;;) {
      const next = this.next();
      if (next.done) return next.value;
      options.signal?.throwIfAborted();
      const { evaluations, deviance } = next.value;
      options.onProgress?.({ stage: 'optimize', evaluations, objective: deviance });
    }
  }

  /** Goes on to the end, and tells what a fit would tell there. */
  fit(options: EngineOptions = {}): Fit {
    this.run(options);
    if (this.found === null) throw new RangeError('the search has no end');
    this.host.recall(this.last);
    return this.host.fit(this.found, options);
  }

  /** The state between two steps, for `JSON.stringify`. @throws RangeError before the first step */
  save(): SavedSearch {
    const { engine, model, rows, parameters } = this.host;
    if (this.state === null) throw new RangeError('nothing to save before the first step');
    return {
      format: 'mm.search/1',
      engine,
      model,
      rows,
      parameters: parameters.map((p) => p.name),
      optimizer: saveOptimizerState(this.state),
      memory: this.kept,
    };
  }

  private stepOf({ iteration, evaluations, x, value, predicted, status }: OptimizerState): Step {
    const { unit } = this.host;
    const point = this.host.pointOf(x);
    return { iteration, evaluations, point, deviance: value * unit, promised: predicted * unit, status };
  }

  private optimumOf(found: CertifiedMinimum): Optimum {
    const { state, certificate } = found;
    const { unit } = this.host;
    return {
      point: this.host.pointOf(state.x),
      deviance: state.value * unit,
      evaluations: state.evaluations,
      decrement: certificate.decrement * unit,
      converged: this.host.converged(found),
    };
  }
}

function checkSaved(host: SearchHost, saved: SavedSearch): void {
  const names = host.parameters.map((p) => p.name);
  if (saved.format !== 'mm.search/1') throw new RangeError(`not a saved search of this version: ${saved.format}`);
  const same =
    saved.engine === host.engine &&
    saved.model === host.model &&
    saved.rows === host.rows &&
    saved.parameters.length === names.length &&
    saved.parameters.every((name, i) => name === names[i]);
  if (!same)
    throw new RangeError(
      `the search was saved for another model: ${saved.model}, ${saved.rows} rows, parameters ${saved.parameters.join(', ')}; this one is ${host.model}, ${host.rows} rows, ${names.join(', ')}`,
    );
}
