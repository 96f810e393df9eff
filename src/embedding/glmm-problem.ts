import { withNewResponse } from '../data/new-response.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { InternalError } from '../diagnostics/internal-error.js';
import { MmError } from '../diagnostics/mm-error.js';
import { diagnostic, Report } from '../diagnostics/report.js';
import type { EngineOptions } from '../engines/engine.js';
import { type GlmmProblem as BoundGlmm, fitGlmmProblem, glmmProblem, resultOf } from '../engines/glmm/fit-glmm.js';
import { improveStart } from '../engines/glmm/improve-start.js';
import { type Objective, objectiveOf } from '../engines/glmm/objective.js';
import { observationsOf } from '../engines/glmm/observations.js';
import {
  optimizeGlmm,
  type Preconditioner,
  pointInto,
  precondition,
  preconditioned,
} from '../engines/glmm/optimize-glmm.js';
import { isProven } from '../engines/glmm/search.js';
import { startInto } from '../engines/glmm/start.js';
import type { CertifiedMinimum } from '../optim/minimize-certified.js';
import type { Fit } from '../results/fit.js';
import { glmmParameters, internalVector, publicVector, wholeVector } from './glmm-coordinates.js';
import { penaltyTerms } from './glmm-penalty.js';
import { GlmmPoint } from './glmm-point.js';
import type { Desk } from './lmm-desk.js';
import { simplexNotes } from './lmm-numeric.js';
import { checkedPoint, type Parameter } from './parameter.js';
import type { Penalty, PenaltyFunction, PenaltyOptions } from './penalty.js';
import type { BindSource, EffectBlock, NumericOptions, OptimizeOptions } from './problem.js';
import { type SavedSearch, Search, type SearchHost } from './search.js';
import { simplexMinimum } from './simplex.js';

/**
 * A generalised linear mixed model bound to data, nothing fitted. Nothing is profiled: a point is theta, the coefficients of all
 * predictors and of the family's parameters on the scale of their links, and the thresholds; what `fix` holds is no part of it.
 */
export class GlmmProblem {
  readonly engine = 'glmm';
  readonly model: string;
  /** What the numbers of a point are. */
  readonly parameters: readonly Parameter[];
  /** Names of `GlmmMode.beta`. */
  readonly coefficients: readonly string[];
  /** Where in u and b the random effects stand. */
  readonly effects: readonly EffectBlock[];
  /** Rows that the model uses. */
  readonly rows: number;
  /** Warnings and notes about the program and the data; those of a fit are in the fit. */
  readonly diagnostics: readonly Diagnostic[];

  /** @internal problems are made by `bind`, `penalize` and `withResponse` */
  constructor(
    private readonly bound: BoundGlmm,
    private readonly source: BindSource,
    private readonly desk: Desk = { owner: null },
    private readonly penalties: readonly Penalty[] = [],
    /** Where the latest fit ended, the engine's whole vector: a refit begins there. */
    private known: Float64Array | null = null,
  ) {
    const { graph, design } = source;
    const { model } = bound.work;
    const { thetas } = model.layout;
    const all = glmmParameters(bound, design);
    this.model = graph.name;
    this.rows = observationsOf(model);
    this.diagnostics = source.diagnostics;
    this.parameters = Array.from(bound.space.free, (i) => all[i]);
    this.coefficients = all.slice(thetas, thetas + model.coefficients).map((p) => p.name);
    this.effects = model.layout.blocks.map(({ block, nodeStart, levels }) => ({
      group: block.label,
      levels: block.group.levels,
      terms: block.terms,
      start: model.layout.pattern.rowStart[nodeStart],
      columnStart: block.columnStart.slice(0, levels + 1),
    }));
  }

  /** @internal */
  static bind(source: BindSource): GlmmProblem {
    return new GlmmProblem(glmmProblem(source.graph, source.design), source);
  }

  /** A point to begin at: the model without random effects, improved by some steps. */
  start(): Float64Array {
    this.desk.owner = null;
    this.toStart(undefined);
    return this.pointAt(this.bound.space.full);
  }

  /** One point; nothing is computed yet. @throws RangeError where the length is wrong */
  at(point: ArrayLike<number>): GlmmPoint {
    const { bound, desk, parameters, penalties } = this;
    return new GlmmPoint({ bound, desk, parameters, penalties }, checkedPoint(parameters, point));
  }

  /**
   * The objective as a plain function of the point, for an optimizer of one's own: the deviance, priors and penalties added, as in
   * `Fit.objective`. +Infinity outside of the parameters' bounds.
   */
  deviance(point: ArrayLike<number>): number {
    return this.at(point).deviance();
  }

  /** Its derivatives by the numbers of the point: exact, but for penalties that come without. */
  gradient(point: ArrayLike<number>): Float64Array {
    return this.at(point).gradient();
  }

  /** The search for the optimum, step by step. @throws RangeError where a saved search is not of this model */
  optimize(options: OptimizeOptions = {}): Search {
    return new Search(this.searchHost(options), options.from ?? null);
  }

  /** The same problem with a function added to its deviance. */
  penalize(evaluate: PenaltyFunction, options: PenaltyOptions = {}): GlmmProblem {
    return new GlmmProblem(this.bound, this.source, this.desk, [...this.penalties, { ...options, evaluate }]);
  }

  /** The same fit as `fit(model, table)` and `mm fit` give. */
  fit(options: EngineOptions = {}): Fit {
    if (this.penalties.some((p) => p.smooth === false))
      return this.fitNumerically({ ...options, method: 'nelder-mead' });
    return this.fitFrom(undefined, options);
  }

  /** What `fit` does here anyway; with `method: 'nelder-mead'` by the simplex. */
  fitNumerically(options: NumericOptions = {}): Fit {
    if (options.method !== 'nelder-mead') return this.fitFrom(undefined, options);
    this.desk.owner = null;
    const objective = this.objective();
    this.toStart(undefined);
    const pre = precondition(objective);
    const found = simplexMinimum(preconditioned(objective, pre), new Float64Array(objective.dimension), 1, options);
    const { fit, notes } = simplexNotes(this.resultAt(objective, pre, found.optimum), found);
    return { ...fit, warnings: [...notes, ...fit.warnings] };
  }

  /** The same problem for another response; what does not depend on it is shared. See `refit`. */
  withResponse(y: ArrayLike<number>): GlmmProblem {
    const { bound, source, desk, penalties, known } = this;
    const report = new Report();
    const design = withNewResponse(source.graph, source.design, y, source.rows, report);
    if (design === undefined) throw new MmError(report.sorted(), source.text);
    desk.owner = null;
    const own = glmmProblem(source.graph, design, [], bound);
    return new GlmmProblem(own, { ...source, design }, desk, penalties, known);
  }

  /**
   * Fits another response, beginning where the latest fit of this problem ended.
   * @param y  one number per row of the model (or of the data): values of the expression left of `~`
   * @throws MmError where the family does not allow them, RangeError where there are not as many
   */
  refit(y: ArrayLike<number>, options: EngineOptions = {}): Fit {
    return this.withResponse(y).fitFrom(this.known ?? undefined, options);
  }

  private fitFrom(start: Float64Array | undefined, options: EngineOptions): Fit {
    const { source, bound } = this;
    this.desk.owner = null;
    this.reset();
    const problem = { ...bound, objective: this.objective() };
    const fit = fitGlmmProblem(source.graph, source.design, problem, options, start);
    this.known = bound.space.full.slice();
    const notes = this.notes();
    return notes.length === 0 ? fit : { ...fit, warnings: [...notes, ...fit.warnings] };
  }

  private notes(): Diagnostic[] {
    const differenced = this.penalties.filter((p) => p.gradient === undefined).length;
    return differenced === 0 ? [] : [diagnostic('MM571', {}, { penalties: differenced })];
  }

  /** The engine's objective with the caller's penalties, and a memory of its own. */
  private objective(): Objective {
    const { bound, parameters, penalties } = this;
    const { work, space, approximation } = bound;
    return objectiveOf(work, space, approximation, [...bound.penalties, ...penaltyTerms(bound, parameters, penalties)]);
  }

  /** As if nothing had been evaluated before: starts and counts depend on the model alone. */
  private reset(): void {
    const { work, space } = this.bound;
    for (const i of space.free) space.full[i] = 0;
    work.at.evaluations = 0;
    work.at.modeIterations = 0;
    work.u.fill(0);
  }

  private toStart(start: ArrayLike<number> | undefined): void {
    const { work, space } = this.bound;
    this.reset();
    if (start === undefined) {
      startInto(work, space);
      improveStart(work, space);
      return;
    }
    const whole = internalVector(work.model, wholeVector(this.bound, checkedPoint(this.parameters, start)));
    for (const i of space.free) space.full[i] = whole[i];
  }

  private pointAt(full: Float64Array): Float64Array {
    const whole = publicVector(this.bound.work.model, full);
    return Float64Array.from(this.bound.space.free, (i) => whole[i]);
  }

  private resultAt(objective: Objective, pre: Preconditioner, optimum: CertifiedMinimum): Fit {
    const { source, bound } = this;
    const { work, space } = bound;
    const x = new Float64Array(objective.dimension);
    pointInto(x, pre, optimum.state.x);
    objective.evaluate(x, null);
    this.known = space.full.slice();
    const { evaluations } = optimum.state;
    const proven = isProven(optimum, work, space);
    const memory = objective.memory();
    const found = { optimum, pre, x, proven, evaluations, memory };
    return resultOf(source.graph, source.design, { ...bound, objective }, found);
  }

  private searchHost({ start, maxEvaluations }: OptimizeOptions): SearchHost {
    const { bound, parameters, desk, model, rows } = this;
    const { work, space } = bound;
    const objective = this.objective();
    let pre: Preconditioner | null = null;
    const coordinates = (): Preconditioner => {
      if (pre === null) throw new InternalError('a search that has not begun');
      return pre;
    };
    const expanded = (z: Float64Array): Float64Array => {
      const x = new Float64Array(objective.dimension);
      pointInto(x, coordinates(), z);
      return objective.expand(x);
    };
    return {
      engine: 'glmm',
      model,
      rows,
      parameters,
      unit: 1,
      begin: (from) => {
        desk.owner = null;
        if (from === null) {
          this.toStart(start);
          pre = precondition(objective);
        }
        return optimizeGlmm(objective, coordinates(), {
          ...(from === null ? {} : { from }),
          ...(maxEvaluations === undefined ? {} : { maxEvaluations }),
        });
      },
      recall(memory) {
        desk.owner = null;
        pre = { start: numbers(memory, 'start'), T: numbers(memory, 'T') };
        const [lowest] = numbers(memory, 'lowest');
        objective.recall({ mode: numbers(memory, 'mode'), lowest });
      },
      memory() {
        const { mode, lowest } = objective.memory();
        const { start: from, T } = coordinates();
        return { start: [...from], T: [...T], mode: [...mode], lowest: [finiteOrNull(lowest)] };
      },
      pointOf: (z) => this.pointAt(expanded(z)),
      converged: (found) => {
        expanded(found.state.x);
        return isProven(found, work, space);
      },
      fit: (found) => {
        const fit = this.resultAt(objective, coordinates(), found);
        const notes = this.notes();
        return notes.length === 0 ? fit : { ...fit, warnings: [...notes, ...fit.warnings] };
      },
    };
  }
}

function numbers(memory: SavedSearch['memory'], name: string): Float64Array {
  const found = memory[name];
  if (found === undefined) throw new RangeError(`the saved search lacks '${name}'`);
  return Float64Array.from(found, (v) => v ?? Number.POSITIVE_INFINITY);
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
