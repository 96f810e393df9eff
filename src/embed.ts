import { type Compiled, type CompiledModel, type CompileOptions, compile as compileProgram } from './compile.js';
import { schemaOf } from './data/schema-of.js';
import { InternalError } from './diagnostics/internal-error.js';
import { MmError } from './diagnostics/mm-error.js';
import { GlmmProblem } from './embedding/glmm-problem.js';
import { LmmProblem } from './embedding/lmm-problem.js';
import type { BindSource } from './embedding/problem.js';
import { type DataSource, tableOf } from './embedding/table-of.js';
import { bindData } from './fit.js';
import type { Program } from './syntax/ast.js';

/** A model with its data, opened at every stage; which engine it is for tells the two apart. */
export type Problem = LmmProblem | GlmmProblem;

export interface BindOptions<E extends Problem['engine'] = Problem['engine']> {
  /** Refuses a model that another engine fits; the type of the problem is then known. */
  readonly engine?: E;
}

/** Text -> tree -> checked model -> graph -> plan, with `bind` for the rest of the way. Nothing is thrown for a wrong program. */
export function compile(source: string, options: CompileOptions = {}): CompiledProgram {
  return new CompiledProgram(source, options);
}

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
    const known = this.#options.schema !== undefined;
    const { models, diagnostics } = known
      ? this
      : compileProgram(this.#source, { ...this.#options, schema: schemaOf(table) });
    const wrong = diagnostics.some((d) => d.severity === 'error');
    if (wrong) throw new MmError(diagnostics, this.#source);
    const [model] = models;
    if (models.length > 1)
      throw new RangeError(
        `the program has ${models.length} models: choose one, compile(source, { model: '${model?.name}' })`,
      );
    if (model?.graph === undefined || model.plan === undefined) throw new RangeError('the program has no model');
    const { engine, why } = model.plan;
    if (engine === 'refused') throw new InternalError('a refused model without an error', why);
    if (options.engine !== undefined && options.engine !== engine)
      throw new RangeError(`the model goes to the ${engine} engine (${why}), not to ${options.engine}`);
    const { design, diagnostics: found } = bindData(model.graph, engine, table);
    if (design === undefined) throw new MmError(found, this.#source);
    const source: BindSource = {
      graph: model.graph,
      design,
      rows: table.rows,
      text: this.#source,
      diagnostics: [...diagnostics, ...found],
    };
    if (engine === 'lmm') return LmmProblem.bind(source);
    if (engine === 'glmm') return GlmmProblem.bind(source);
    throw new RangeError(`models of the ${engine} engine have no stages to be opened; fit() fits them`);
  }
}
