import { withNewResponse } from '../data/new-response.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { MmError } from '../diagnostics/mm-error.js';
import { diagnostic, Report } from '../diagnostics/report.js';
import type { EngineOptions } from '../engines/engine.js';
import { type BoundLmm, bindLmm, rebindLmm } from '../engines/lmm/bound-lmm.js';
import { isConverged } from '../engines/lmm/find-optimum.js';
import { resultOf, solveProblem } from '../engines/lmm/fit-lmm.js';
import { certifyLmm, optimizeLmm } from '../engines/lmm/optimize-lmm.js';
import { foldRows } from '../engines/lmm/priors/absolute-rows.js';
import type { JointSpace } from '../engines/lmm/priors/joint-problem.js';
import { profiledDeviance } from '../engines/lmm/profiled-deviance.js';
import { refitOptimum } from '../engines/lmm/refit.js';
import { type RefitBase, refitBase, warmStart } from '../engines/lmm/refit-base.js';
import { startTheta } from '../engines/lmm/start-theta.js';
import type { CertifiedMinimum } from '../optim/minimize-certified.js';
import type { Fit } from '../results/fit.js';
import { type Desk, internalPoint, lmmParameters, publicPoint, valueAt } from './lmm-desk.js';
import {
  jointParameters,
  jointPointOf,
  jointStart,
  loadSpace,
  penalisedJoint,
  penalisedJointValue,
  saveSpace,
  searchJoint,
  spaceAt,
  startingSpace,
} from './lmm-joint.js';
import { fitLmmNumerically } from './lmm-numeric.js';
import { addPenalties, penaltyTerm, profiledAt } from './lmm-penalty.js';
import { LmmPoint } from './lmm-point.js';
import { checkedPoint, type Parameter } from './parameter.js';
import { type Penalty, type PenaltyFunction, type PenaltyOptions, PenaltyView, sumOf } from './penalty.js';
import type { BindSource, EffectBlock, NumericOptions, OptimizeOptions } from './problem.js';
import { Search, type SearchHost } from './search.js';

/** A fit that refits begin from. */
interface KnownOptimum {
  readonly bound: BoundLmm;
  readonly theta: Float64Array; // transformed coordinates
  readonly hessian: Float64Array; // of the deviance
  /** Made at the first refit; null: refits take the ordinary search. */
  base: RefitBase | null | undefined;
}

/**
 * A linear mixed model bound to data: the cross-products are formed, nothing is fitted. beta and sigma are profiled, so a point is
 * theta alone (and the parameters of correlated errors or of a predictor of sigma, where there are any). Where a prior needs the
 * coefficients in the optimizer (student_t, laplace, horseshoe, a penalty of them), and after `joint()`, beta and log(sigma) are part of
 * the point.
 */
export class LmmProblem {
  readonly engine = 'lmm';
  readonly model: string;
  /** What the numbers of a point are. */
  readonly parameters: readonly Parameter[];
  /** Names of beta, the columns of X. */
  readonly coefficients: readonly string[];
  /** Where in u and b the random effects stand. */
  readonly effects: readonly EffectBlock[];
  /** Rows that the model uses. */
  readonly rows: number;
  /** Warnings and notes about the program and the data; those of a fit are in the fit. */
  readonly diagnostics: readonly Diagnostic[];
  private readonly thetas: readonly Parameter[];

  /** @internal problems are made by `bind`, `penalize` and `withResponse` */
  constructor(
    private readonly bound: BoundLmm,
    private readonly source: BindSource,
    private readonly desk: Desk = { owner: null },
    private readonly penalties: readonly Penalty[] = [],
    /** Where the latest fit ended: a refit begins there. */
    private known: KnownOptimum | null = null,
    /** Whether beta and sigma are part of the point. */
    private readonly unprofiled = (bound.work.priors?.joint.length ?? 0) > 0,
  ) {
    const { graph, design, input, work } = bound;
    this.model = graph.name;
    this.rows = work.model.rows;
    this.diagnostics = source.diagnostics;
    this.coefficients = Array.from(input.location.columns, (c) => design.coefficients[c].name);
    this.thetas = lmmParameters(bound);
    const more = unprofiled ? jointParameters(work, this.coefficients, input.location.parameter) : [];
    this.parameters = [...this.thetas, ...more];
    this.effects = work.layout.blocks.map(({ block, nodeStart, levels }) => ({
      group: block.label,
      levels: block.group.levels,
      terms: block.terms,
      start: work.layout.pattern.rowStart[nodeStart],
      columnStart: block.columnStart.slice(0, levels + 1),
    }));
  }

  /** @internal */
  static bind(source: BindSource): LmmProblem {
    return new LmmProblem(bindLmm(source.graph, source.design), source);
  }

  /** A point to begin at, from moments of the response. */
  start(): Float64Array {
    const { work } = this.bound;
    this.desk.owner = null;
    const theta = this.known?.theta ?? startTheta(work);
    if (!this.unprofiled) return publicPoint(work, theta);
    profiledDeviance(work, theta);
    return jointPointOf(work);
  }

  /** The same model with nothing profiled: beta (unless REML integrates it out) and log(sigma) are part of the point. */
  joint(): LmmProblem {
    const { bound, source, desk, penalties, known } = this;
    return new LmmProblem(bound, source, desk, penalties, known, true);
  }

  /** One point; nothing is computed yet. @throws RangeError where the length is wrong */
  at(point: ArrayLike<number>): LmmPoint {
    const { bound, desk, parameters, thetas, penalties } = this;
    const { work } = bound;
    const whole = checkedPoint(parameters, point);
    return new LmmPoint(
      {
        work,
        desk,
        parameters: thetas,
        addPenalties(at, gradient) {
          if (gradient !== null && penalties.length > 0) desk.owner = null;
          return addPenalties(work, thetas, penalties, at, gradient);
        },
        ...(this.unprofiled ? { joint: (gradient) => this.jointAt(whole, gradient) } : {}),
      },
      whole.subarray(0, thetas.length),
      whole,
    );
  }

  /**
   * The objective as a plain function of the point, for an optimizer of one's own: deviance or REML criterion, priors and penalties
   * added, as in `Fit.objective`. +Infinity outside of the parameters' bounds.
   */
  deviance(point: ArrayLike<number>): number {
    const at = checkedPoint(this.parameters, point);
    if (this.unprofiled) return this.jointAt(at, null);
    const { work } = this.bound;
    this.desk.owner = null;
    const value = valueAt(work, this.parameters, at);
    return Number.isFinite(value) ? value + addPenalties(work, this.parameters, this.penalties, at, null) : value;
  }

  /** Its derivatives by the numbers of the point: exact, but for penalties that come without. */
  gradient(point: ArrayLike<number>): Float64Array {
    return this.at(point).gradient();
  }

  /** The search for the optimum, step by step. @throws RangeError where a saved search is not of this model */
  optimize(options: OptimizeOptions = {}): Search {
    return new Search(this.searchHost(options), options.from ?? null);
  }

  /**
   * The same problem with a function added to its deviance. The function sees beta and sigma as the model without it has them at a
   * theta; `fitNumerically` makes them part of the search instead.
   */
  penalize(evaluate: PenaltyFunction, options: PenaltyOptions = {}): LmmProblem {
    const penalties = [...this.penalties, { ...options, evaluate }];
    return new LmmProblem(this.bound, this.source, this.desk, penalties, null, this.unprofiled);
  }

  /** The same fit as `fit(model, table)` and `mm fit` give. */
  fit(options: EngineOptions = {}): Fit {
    const over = this.unprofiled ? 'all' : 'theta';
    if (this.penalties.some((p) => p.smooth === false))
      return this.fitNumerically({ ...options, method: 'nelder-mead', over });
    if (this.unprofiled && this.penalties.length > 0) return this.fitNumerically(options);
    return this.fitFrom(undefined, options);
  }

  /** Nothing in closed form: theta, log sigma and, by maximum likelihood, beta all go through the numeric optimizer. */
  fitNumerically(options: NumericOptions = {}): Fit {
    this.desk.owner = null;
    const found = fitLmmNumerically(this.bound, this.thetas, this.penalties, options);
    return this.finish(found.fit, [...this.notes(options), ...found.notes]);
  }

  /** The same problem for another response; what does not depend on it is shared. See `refit`. */
  withResponse(y: ArrayLike<number>): LmmProblem {
    const { bound, source, desk, penalties, known, unprofiled } = this;
    const report = new Report();
    const design = withNewResponse(bound.graph, bound.design, y, source.rows, report);
    if (design === undefined) throw new MmError(report.sorted(), source.text);
    desk.owner = null;
    return new LmmProblem(rebindLmm(bound, design), { ...source, design }, desk, penalties, known, unprofiled);
  }

  /**
   * Fits another response: only Z'y, X'y and y'y are formed anew, and the search begins where the latest fit of this problem ended (or
   * the first refit, without one). The first refit also makes what those after it share. Degrees of freedom are left out unless
   * `degreesOfFreedom` asks for them; where all parameters are standard deviations they then have about four digits, else they need
   * the exact Hessian, which costs as many evaluations as there are parameters.
   * @param y  one number per row of the model (or of the data): values of the expression left of `~`
   * @throws MmError where the family does not allow them, RangeError where there are not as many
   */
  refit(y: ArrayLike<number>, options: EngineOptions = {}): Fit {
    const problem = this.withResponse(y);
    const { known } = this;
    const fit = known === null ? problem.fitFrom(undefined, options) : problem.refitFrom(known, options);
    this.known ??= problem.known;
    return fit;
  }

  private fitFrom(start: Float64Array | undefined, options: EngineOptions): Fit {
    const { bound, penalties, thetas } = this;
    this.desk.owner = null;
    const term = penalties.length > 0 ? penaltyTerm(thetas, penalties) : undefined;
    const search = {
      exactHessian: true,
      ...(start === undefined ? {} : { start }),
      ...(term === undefined ? {} : { term }),
    };
    const { fit, optimum } = solveProblem(bound, options, search);
    const { rows } = this;
    const hessian = optimum.certificate.hessian.map((v) => v * rows);
    this.known = { bound, theta: optimum.state.x.slice(), hessian, base: undefined };
    return this.finish(fit, this.notes({}));
  }

  private refitFrom(known: KnownOptimum, options: EngineOptions): Fit {
    const { bound, penalties, desk } = this;
    const { graph, design, input, work } = bound;
    desk.owner = null;
    const own: EngineOptions = { degreesOfFreedom: 'none', ...options };
    if (known.base === undefined)
      known.base =
        penalties.length > 0 || this.unprofiled ? null : refitBase(known.bound.work, known.theta, known.hessian);
    if (known.base === null) return this.fitFrom(this.startFrom(known.theta), own);
    const { theta, optimum } = refitOptimum(work, known.base, (evaluations, objective) => {
      options.signal?.throwIfAborted();
      options.onProgress?.({ stage: 'optimize', evaluations, objective });
    });
    if (optimum === null) return this.fitFrom(this.startFrom(theta), own);
    if (own.degreesOfFreedom === 'none') return resultOf(graph, design, input, work, optimum, own);
    if (known.base.nearby !== null) return resultOf(graph, design, input, work, optimum, own);
    const certificate = certifyLmm(work, theta);
    const evaluations = optimum.state.evaluations + certificate.evaluations;
    const state = { ...optimum.state, hessian: certificate.hessian, evaluations };
    return resultOf(graph, design, input, work, { state, certificate }, own);
  }

  private startFrom(theta: Float64Array): Float64Array {
    const { work } = this.bound;
    return work.priors === null && work.residual === null ? warmStart(work, theta) : theta;
  }

  /** What penalties add to a result of the engine's. */
  private finish(fit: Fit, notes: readonly Diagnostic[]): Fit {
    const { penalties, thetas, bound } = this;
    if (penalties.length === 0 && notes.length === 0) return fit;
    const { work } = bound;
    const view = new PenaltyView(thetas, publicPoint(work, work.theta), profiledAt(work));
    return { ...fit, objective: fit.objective + sumOf(penalties, view), warnings: [...notes, ...fit.warnings] };
  }

  private notes(options: NumericOptions): Diagnostic[] {
    const differenced = this.penalties.filter((p) => p.gradient === undefined).length;
    if (differenced === 0 || options.method === 'nelder-mead') return [];
    return [diagnostic('MM571', {}, { penalties: differenced })];
  }

  private jointAt(point: Float64Array, gradient: Float64Array | null): number {
    const { bound, parameters, thetas, penalties, desk } = this;
    desk.owner = null;
    return penalisedJointValue(bound.work, parameters, thetas, penalties, point, gradient);
  }

  private searchHost(options: OptimizeOptions): SearchHost {
    return this.unprofiled ? this.jointHost(options) : this.profiledHost(options);
  }

  private profiledHost({ start, maxEvaluations }: OptimizeOptions): SearchHost {
    const { bound, parameters, penalties, desk, model, rows } = this;
    const { work } = bound;
    const term = penalties.length > 0 ? { term: penaltyTerm(parameters, penalties) } : {};
    return {
      engine: 'lmm',
      model,
      rows,
      parameters,
      unit: rows,
      begin: (from) => {
        const first = start === undefined ? startTheta(work) : internalPoint(work, checkedPoint(parameters, start));
        return optimizeLmm(work, from ?? first, {
          ...term,
          ...(maxEvaluations === undefined ? {} : { maxEvaluations }),
        });
      },
      recall: () => {
        desk.owner = null;
      },
      memory: () => ({}),
      pointOf: (x) => publicPoint(work, x),
      converged: (found) => isConverged(found, work),
      fit: (found: CertifiedMinimum, options) => {
        profiledDeviance(work, found.state.x);
        const hessian = found.certificate.hessian.map((v) => v * rows);
        this.known = { bound, theta: found.state.x.slice(), hessian, base: undefined };
        const { graph, design, input } = bound;
        return this.finish(resultOf(graph, design, input, work, found, options), this.notes({}));
      },
    };
  }

  private jointHost({ start, maxEvaluations }: OptimizeOptions): SearchHost {
    const { bound, parameters, thetas, penalties, desk, model, rows } = this;
    const { work } = bound;
    let space: JointSpace | null = null;
    const axes = (): JointSpace => {
      space ??= startingSpace(work);
      return space;
    };
    const stand = (z: Float64Array) => penalisedJoint(work, thetas, [], axes()).evaluate(z, new Float64Array(z.length));
    return {
      engine: 'lmm-joint',
      model,
      rows,
      parameters,
      unit: rows,
      begin: (from) => {
        desk.owner = null;
        const fresh = start === undefined ? startingSpace(work) : spaceAt(work, checkedPoint(parameters, start));
        const first = jointStart(work, fresh);
        if (from === null) space = fresh;
        return searchJoint(work, penalisedJoint(work, thetas, penalties, axes()), from ?? first, maxEvaluations);
      },
      recall(memory) {
        desk.owner = null;
        space = loadSpace(work, memory);
      },
      memory: () => saveSpace(axes()),
      pointOf: (z) => {
        stand(z);
        return jointPointOf(work);
      },
      converged: (found) => isConverged(found, work),
      fit: (found, options) => {
        stand(found.state.x);
        const { graph, design, input } = bound;
        const joint = { optimum: found, space: axes() };
        const absolute = work.priors?.absolute ?? null;
        if (absolute !== null && !work.settings.reml) foldRows(work, absolute, work.at.sigma);
        return this.finish(resultOf(graph, design, input, work, found, options, joint), this.notes({}));
      },
    };
  }
}
