import type { ArrowLike } from './data/arrow-table.js';
import type { Design } from './data/design.js';
import type { Table } from './data/table.js';
import type { CellValue, ColumnValues } from './data/table-from.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { InternalError } from './diagnostics/internal-error.js';
import { MmError } from './diagnostics/mm-error.js';
import { Report } from './diagnostics/report.js';
import { GlmmProblem } from './embedding/glmm-problem.js';
import { LmmProblem } from './embedding/lmm-problem.js';
import { type DataSource, tableOf } from './embedding/table-of.js';
import type { EngineOptions, Solved } from './engines/index.js';
import { bindData } from './fit.js';
import { engines, fitTask } from './fit-task.js';
import type { ModelGraph } from './graph/model-graph.js';
import { graphProblems } from './graph/validate-graph.js';
import { type ModelFit, type ModelTypes, modelFit } from './model-fit.js';
import { chooseEngine, reportChoices, reportRefusal } from './plan/choose-engine.js';
import type { EngineName, EnginePlan } from './plan/engine-plan.js';

export type { ArrowColumnLike, ArrowLike } from './data/arrow-table.js';
export type { Column, LabelColumn, NumberColumn, Table } from './data/table.js';
export { type CellValue, type ColumnValues, tableFromColumns, tableFromRows } from './data/table-from.js';
export { tableFromText } from './data/table-from-text.js';
export { MmError } from './diagnostics/mm-error.js';
export type { DataSource } from './embedding/table-of.js';
export type { EngineOptions, Progress } from './engines/index.js';
export type { ModelGraph } from './graph/model-graph.js';
export type { ClassResult, ModelFit, ModelTypes } from './model-fit.js';
export type { Fit, FixedEffect, RandomEffects, VarCorr } from './results/fit.js';

/** A model of which nothing is known before it is compiled: every name may occur. */
export interface AnyModel extends ModelTypes {
  readonly row: Readonly<Record<string, CellValue>>;
}

/** The columns of a row type, each as an array, a typed array or a coded factor. */
export type ColumnsOf<Row> = { readonly [Name in keyof Row]: ColumnValues };

/** Data of a typed model: rows, columns, an Arrow table, or a table that was read from a file (whose columns are checked when bound). */
export type DataOf<T extends ModelTypes> = readonly T['row'][] | ColumnsOf<T['row']> | Table | ArrowLike;

/** A model that can be bound: its graph, and which engine fits it. */
export interface ReadyModel {
  readonly graph: ModelGraph;
  readonly engine: EngineName;
  readonly plan: EnginePlan;
  /** Warnings and notes of the compiler. */
  readonly diagnostics: readonly Diagnostic[];
  /** The program, for excerpts in messages; empty where the model comes from its graph. */
  readonly text: string;
}

/** Makes a model ready, with what the data tell about names where they are there. @throws MmError where the program is wrong */
export type MakeReady = (table: Table | undefined) => ReadyModel;

/**
 * A compiled model: what `compile(source).model()`, the template mm`...`, a module made by `mm build` and an imported `.mm` file give.
 * It holds no data, and may be bound to as many as there are.
 */
export class Model<T extends ModelTypes = AnyModel> {
  readonly #make: MakeReady;
  #ready: ReadyModel | undefined;

  /** @internal models are made by `compile(source).model()`, mm`...` and `modelFrom` */
  constructor(make: MakeReady) {
    this.#make = make;
  }

  /** The model graph, plain JSON. @throws MmError where the program is wrong */
  get graph(): ModelGraph {
    return this.#own().graph;
  }

  get name(): string {
    return this.#own().graph.name;
  }

  /** Which engine fits the model, how, and why. @throws MmError where the program is wrong */
  get plan(): EnginePlan {
    return this.#own().plan;
  }

  /** Warnings and notes of the compiler. @throws MmError where the program is wrong */
  get diagnostics(): readonly Diagnostic[] {
    return this.#own().diagnostics;
  }

  /**
   * Puts data to the model: rows as objects, columns as arrays or typed arrays, an Arrow table, or a `Table`. Model matrices are made and
   * everything is checked; nothing is fitted.
   * @throws MmError where the program or the data are wrong; RangeError, TypeError where the data are no table
   */
  bind(data: DataOf<T>): BoundModel<T> {
    const table = tableOf(data as DataSource);
    const ready = this.#make(table);
    const { design, diagnostics } = bindData(ready.graph, ready.engine, table);
    if (design === undefined) throw new MmError(diagnostics, ready.text);
    return new BoundModel<T>(ready, design, table, [...ready.diagnostics, ...diagnostics]);
  }

  /** `bind(data).fit(options)`. @throws as `bind` and `BoundModel.fit` do */
  fit(data: DataOf<T>, options: EngineOptions = {}): ModelFit<T> {
    return this.bind(data).fit(options);
  }

  #own(): ReadyModel {
    this.#ready ??= this.#make(undefined);
    return this.#ready;
  }
}

/** A model with its data. */
export class BoundModel<T extends ModelTypes = AnyModel> {
  readonly #ready: ReadyModel;
  readonly #table: Table;

  /** @internal made by `Model.bind` */
  constructor(
    ready: ReadyModel,
    /** The rows as the engine sees them: model matrices, groups, responses. */
    readonly design: Design,
    table: Table,
    /** Warnings and notes about the program and the data; those of a fit are in the fit. */
    readonly diagnostics: readonly Diagnostic[],
  ) {
    this.#ready = ready;
    this.#table = table;
  }

  get graph(): ModelGraph {
    return this.#ready.graph;
  }

  get engine(): EngineName {
    return this.#ready.engine;
  }

  /** Rows that the model uses: those with a missing value, or left out by `where`, are not among them. */
  get rows(): number {
    return this.design.rows;
  }

  /**
   * Estimates the model. It runs to its end in this thread: `signal` is looked at between evaluations, so it is for `onProgress`, which may
   * abort it, and for fits in a worker. A fit that ends badly is a result with `converged: false` and warnings, not an exception.
   * @throws what the signal was aborted with
   */
  fit(options: EngineOptions = {}): ModelFit<T> {
    const { graph, engine } = this.#ready;
    try {
      return this.#named(engines[engine].solve(graph, this.design, options));
    } finally {
      options.parallel?.team?.rest();
    }
  }

  /**
   * As `fit`, in the threads of `options.parallel` (`mmlang/node` and `mmlang/web` open some), so that the thread that asks stays free: the
   * signal then ends the fit at any time. Searches from several starts are made side by side. The result is the same for any number of
   * threads. Without `parallel` it is `fit`.
   * @throws what the signal was aborted with
   */
  async fitAsync(options: EngineOptions = {}): Promise<ModelFit<T>> {
    const { graph, engine } = this.#ready;
    const { parallel, signal, onProgress, ...rest } = options;
    if (parallel === undefined) return this.fit(options);
    const { design } = this;
    const { solveAsync } = engines[engine];
    if (solveAsync !== undefined) return this.#named(await solveAsync(graph, design, options));
    const [made] = await parallel.run(fitTask, { graph, engine, design }, [rest], {
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress: (progress) => onProgress(progress) }),
    });
    if (made === undefined) throw new InternalError('a thread that gave no fit back', engine);
    const { fit, estimates } = made;
    return this.#named({ fit, estimates: () => estimates });
  }

  #named({ fit, estimates }: Solved): ModelFit<T> {
    const { design, diagnostics } = this;
    return modelFit<T>(fit, { fit, design, graph: this.#ready.graph, table: this.#table, estimates, diagnostics });
  }

  /**
   * The same model opened at every stage: decompositions, deviances, gradients, penalties, searches that can be paused.
   * @throws RangeError where the model has latent classes per group, which the em engine fits as a whole
   */
  problem(): LmmProblem | GlmmProblem {
    const { graph, engine, text } = this.#ready;
    const source = { graph, design: this.design, rows: this.#table.rows, text, diagnostics: this.diagnostics };
    if (engine === 'lmm') return LmmProblem.bind(source);
    if (engine === 'glmm') return GlmmProblem.bind(source);
    throw new RangeError(`models of the ${engine} engine have no stages to be opened; fit() fits them`);
  }
}

/**
 * A model from its graph, as `mm build` writes it or `Model.graph` gives it. The text of the program is not needed, nor is the compiler.
 * @throws RangeError where it is no sound graph of this version; MmError where no engine can fit it
 */
export function modelFrom<T extends ModelTypes = AnyModel>(graph: ModelGraph): Model<T> {
  const problems = graphProblems(graph);
  if (problems.length > 0) throw new RangeError(`no sound model graph: ${problems.join('; ')}`);
  const ready = readyFrom(graph, [], '');
  return new Model<T>(() => ready);
}

/** @throws MmError where no engine can fit the model */
export function readyFrom(graph: ModelGraph, before: readonly Diagnostic[], text: string): ReadyModel {
  const plan = chooseEngine(graph);
  const report = new Report();
  reportRefusal(plan, graph, report);
  reportChoices(plan, graph, report);
  const diagnostics = [...before, ...report.sorted()];
  if (plan.engine === 'refused') throw new MmError(diagnostics, text);
  return { graph, engine: plan.engine, plan, diagnostics, text };
}
