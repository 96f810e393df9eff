import { type Compiled, type CompiledModel, type CompileOptions, compile as compileProgram } from './compile.js';
import { schemaOf } from './data/schema-of.js';
import type { Table } from './data/table.js';
import { InternalError } from './diagnostics/internal-error.js';
import { MmError } from './diagnostics/mm-error.js';
import { GlmmProblem } from './embedding/glmm-problem.js';
import { LmmProblem } from './embedding/lmm-problem.js';
import type { BindSource } from './embedding/problem.js';
import { type DataSource, tableOf } from './embedding/table-of.js';
import type { EngineOptions } from './engines/index.js';
import { bindData } from './fit.js';
import { type AnyModel, Model, type ReadyModel } from './model.js';
import type { ModelFit } from './model-fit.js';
import type { Program } from './syntax/ast.js';

/** A model with its data, opened at every stage; which engine it is for tells the two apart. */
export type Problem = LmmProblem | GlmmProblem;

/** What a bound model is to be. */
export interface BindOptions<E extends Problem['engine'] = Problem['engine']> {
  /** Refuses a model that another engine fits; the type of the problem is then known. */
  readonly engine?: E;
}

/** Text -> tree -> checked model -> graph -> plan, with `bind` for the rest of the way. Nothing is thrown for a wrong program. */
export function compile(source: string, options: CompileOptions = {}): CompiledProgram {
  return new CompiledProgram(source, options);
}

/** A compiled program whose models can be bound to data. */
export class CompiledProgram implements Compiled {
  readonly ast: Program;
  readonly models: readonly CompiledModel[];
  readonly diagnostics: Compiled['diagnostics'];
  readonly #source: string;
  readonly #options: CompileOptions;

  constructor(source: string, options: CompileOptions) {
    const { ast, models, diagnostics } = compileProgram(source, options);
    this.ast = ast;
    this.models = models;
    this.diagnostics = diagnostics;
    this.#source = source;
    this.#options = options;
  }

  /**
   * The program's one model with data: the model matrices and everything else that is computed once, nothing fitted.
   * @throws MmError where the program or the data are wrong; RangeError where the program has several models
   */
  bind<E extends Problem['engine']>(data: DataSource, options?: BindOptions<E>): Extract<Problem, { engine: E }>;
  bind(data: DataSource, options: BindOptions = {}): Problem {
    const table = tableOf(data);
    const { graph, engine, plan, diagnostics, text } = this.ready(table);
    if (options.engine !== undefined && options.engine !== engine)
      throw new RangeError(`the model goes to the ${engine} engine (${plan.why}), not to ${options.engine}`);
    const { design, diagnostics: found } = bindData(graph, engine, table);
    if (design === undefined) throw new MmError(found, text);
    const source: BindSource = { graph, design, rows: table.rows, text, diagnostics: [...diagnostics, ...found] };
    if (engine === 'lmm') return LmmProblem.bind(source);
    if (engine === 'glmm') return GlmmProblem.bind(source);
    throw new RangeError(
      `models of the ${engine} engine have no stages to be opened; compile(source).model().bind(data).fit() fits them`,
    );
  }

  /**
   * A model of the program, for data of any form and whichever engine can fit it: `.bind(data).fit()`.
   * @param name  which one, where the program has several
   * @throws RangeError where there is no such model, or several and no name; a wrong program is thrown as MmError when the model is used
   */
  model(name?: string): Model {
    if (!this.diagnostics.some((d) => d.severity === 'error')) this.#chosen(this.models, name);
    return new Model((table) => this.ready(table, name));
  }

  /**
   * `model().bind(data).fit(options)`, for a program of one model.
   * @throws MmError where the program or the data are wrong; RangeError where the program has several models
   */
  fit(data: DataSource, options: EngineOptions = {}): ModelFit<AnyModel> {
    return this.model().fit(data, options);
  }

  /**
   * The model as it is fitted. What is known of the data decides which names are columns, so the text is compiled again where there are some.
   * @internal
   */
  ready(table: Table | undefined, name?: string): ReadyModel {
    const known = table === undefined || this.#options.schema !== undefined;
    const { models, diagnostics } = known
      ? this
      : compileProgram(this.#source, { ...this.#options, schema: schemaOf(table) });
    if (diagnostics.some((d) => d.severity === 'error')) throw new MmError(diagnostics, this.#source);
    const { graph, plan } = this.#chosen(models, name);
    if (graph === undefined || plan === undefined || plan.engine === 'refused')
      throw new InternalError('a model that cannot be fitted, without an error', plan?.why);
    return { graph, engine: plan.engine, plan, diagnostics, text: this.#source };
  }

  #chosen(models: readonly CompiledModel[], name: string | undefined): CompiledModel {
    const [model] = name === undefined ? models : models.filter((m) => m.name === name);
    if (model === undefined && name !== undefined)
      throw new RangeError(`the program has no model '${name}', only ${models.map((m) => m.name).join(', ')}`);
    if (model?.graph === undefined) throw new RangeError('the program has no model');
    if (models.length > 1 && name === undefined)
      throw new RangeError(
        `the program has ${models.length} models: choose one, compile(source, { model: '${model.name}' })`,
      );
    return model;
  }
}
