import {
  type Comparison,
  type CompiledModel,
  type ConfintOptions,
  type ConfintOutcome,
  type Contender,
  compareModels,
  confint,
  type FitOutcome,
  fit,
  type Progress,
  type Table,
} from '../../index.js';
import { type PredictOptions, type PredictOutcome, predict } from '../../predict.js';
import { fittedModel, type LoadOutcome } from '../../saved-fit.js';

/** A fit with all that is needed to go on from it. */
export type FittedModel = NonNullable<LoadOutcome['fitted']>;

/** What takes long: plain values, so that it can be handed to another thread. */
export type Job =
  | { readonly kind: 'fit'; readonly model: CompiledModel; readonly table: Table }
  | {
      readonly kind: 'confint';
      readonly model: CompiledModel;
      readonly table: Table;
      readonly options: Pick<ConfintOptions, 'method' | 'level' | 'only' | 'between'>;
    }
  | { readonly kind: 'compare'; readonly contenders: readonly Contender[] }
  | {
      readonly kind: 'predict';
      readonly fitted: FittedModel;
      /** Null: the rows of the fit. */
      readonly table: Table | null;
      readonly options: PredictOptions;
    };

export type JobResult =
  | {
      readonly kind: 'fit';
      readonly outcome: Pick<FitOutcome, 'diagnostics'> & { readonly fitted?: FittedModel };
    }
  | { readonly kind: 'confint'; readonly outcome: ConfintOutcome }
  | { readonly kind: 'compare'; readonly comparison: Comparison }
  | { readonly kind: 'predict'; readonly outcome: PredictOutcome };

export function runJob(job: Job, onProgress: (progress: Progress) => void): JobResult {
  switch (job.kind) {
    case 'fit': {
      const outcome = fit(job.model, job.table, { onProgress });
      const { diagnostics } = outcome;
      if (outcome.fit === undefined) return { kind: 'fit', outcome: { diagnostics } };
      return { kind: 'fit', outcome: { diagnostics, fitted: fittedModel(outcome) } };
    }
    case 'confint':
      return { kind: 'confint', outcome: confint(job.model, job.table, { ...job.options, onProgress }) };
    case 'compare':
      return { kind: 'compare', comparison: compareModels(job.contenders, { onProgress }) };
    case 'predict':
      return { kind: 'predict', outcome: predict(job.fitted, job.table, job.options) };
  }
}
