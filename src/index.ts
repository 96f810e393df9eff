export {
  type BootstrapKind,
  type BootstrapOptions,
  type BootstrapOutcome,
  type BootstrapRun,
  bootstrap,
  bootstrapIntervals,
  bootstrapSummary,
} from './bootstrap.js';
export { type CompareOptions, type Comparison, type Contender, compareModels } from './compare.js';
export { type Compiled, type CompiledModel, type CompileOptions, type DataRequest, dataFiles } from './compile.js';
export { type ConfintOptions, type ConfintOutcome, confint } from './confint.js';
export { type ArrowColumnLike, type ArrowLike, tableFromArrow } from './data/arrow-table.js';
export { type ParsedTable, type ParseOptions, parseTable } from './data/parse-table.js';
export { schemaOf } from './data/schema-of.js';
export type { Column, ColumnSchema, DataSchema, Table } from './data/table.js';
export { type CellValue, type ColumnValues, tableFromColumns, tableFromRows } from './data/table-from.js';
export { tableFromText } from './data/table-from-text.js';
export type { DataPlace, Diagnostic, Severity } from './diagnostics/diagnostic.js';
export { InternalError } from './diagnostics/internal-error.js';
export { MmError } from './diagnostics/mm-error.js';
export { type Position, positionAt, type Span } from './diagnostics/span.js';
export { type BindOptions, CompiledProgram, compile, type Problem } from './embed.js';
export { type GlmmMode, type GlmmParts, GlmmPoint } from './embedding/glmm-point.js';
export { GlmmProblem } from './embedding/glmm-problem.js';
export { type LmmMode, type LmmParts, LmmPoint } from './embedding/lmm-point.js';
export { LmmProblem } from './embedding/lmm-problem.js';
export { DenseMatrix, SparseFactor } from './embedding/matrix.js';
export type { Parameter } from './embedding/parameter.js';
export type { PenaltyFunction, PenaltyOptions, PenaltyPoint } from './embedding/penalty.js';
export type { EffectBlock, NumericOptions, OptimizeOptions } from './embedding/problem.js';
export { type Optimum, type SavedSearch, Search, type Step } from './embedding/search.js';
export type { DataSource } from './embedding/table-of.js';
export type {
  EngineOptions,
  Helping,
  Parallel,
  ParallelOptions,
  Progress,
  Task,
  ThreadTeam,
  Workplace,
} from './engines/index.js';
export { explain } from './explain.js';
export { type FitOutcome, fit, fitAsync } from './fit.js';
export type { ModelGraph } from './graph/model-graph.js';
export { type AnyModel, BoundModel, type ColumnsOf, type DataOf, Model, modelFrom } from './model.js';
export type { ClassResult, ModelFit, ModelTypes } from './model-fit.js';
export type { EngineName, EnginePlan } from './plan/engine-plan.js';
export {
  type PredictedQuantity,
  type Prediction,
  type PredictionType,
  type PredictOptions,
  type PredictOutcome,
  predict,
} from './predict.js';
export type { FittedModel } from './prediction/fitted-model.js';
export { type Refit, type RefitOptions, refitResponses, type SmallFit } from './refit-responses.js';
export type { ComparedModel, RatioTest } from './results/comparison.js';
export { type ComparedJson, comparisonToJson } from './results/comparison-json.js';
export { comparisonText } from './results/comparison-text.js';
export type { Fit, FixedEffect, RandomEffects, VarCorr } from './results/fit.js';
export { type FitJson, type FitJsonOptions, fitToJson } from './results/fit-json.js';
export { type FitTableName, fitTable, fitTableNames } from './results/fit-tables.js';
export { type IntervalsJson, intervalsToJson } from './results/intervals-json.js';
export { intervalsText } from './results/intervals-text.js';
export type {
  ConfidenceInterval,
  ConfidenceIntervals,
  IntervalMethod,
  LimitStatus,
  ProfilePoint,
} from './results/profile.js';
export { type AnyResidualKind, residualsOf } from './results/residuals-of.js';
export { type ResultTable, type TableCell, tableCsv, tableRows } from './results/result-table.js';
export { type SummaryOptions, summaryText } from './results/summary-text.js';
export { type Fitted, type LoadOutcome, loadFit, type SavedFit, type SaveOptions, saveFit } from './saved-fit.js';
export { type SimulateOptions, type SimulateOutcome, simulate } from './simulate.js';
export type { Program } from './syntax/ast.js';
export { formatSource } from './syntax/format.js';
export { mm } from './tag.js';
