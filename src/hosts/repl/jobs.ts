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

/** What takes long: plain values, so that it can be handed to another thread. */
export type Job =
  | { readonly kind: 'fit'; readonly model: CompiledModel; readonly table: Table }
  | {
      readonly kind: 'confint';
      readonly model: CompiledModel;
      readonly table: Table;
      readonly options: Pick<ConfintOptions, 'method' | 'level' | 'only' | 'between'>;
    }
  | { readonly kind: 'compare'; readonly contenders: readonly Contender[] };

export type JobResult =
  | { readonly kind: 'fit'; readonly outcome: Pick<FitOutcome, 'fit' | 'diagnostics'> }
  | { readonly kind: 'confint'; readonly outcome: ConfintOutcome }
  | { readonly kind: 'compare'; readonly comparison: Comparison };

export function runJob(job: Job, onProgress: (progress: Progress) => void): JobResult {
  switch (job.kind) {
    case 'fit': {
      const { fit: found, diagnostics } = fit(job.model, job.table, { onProgress });
      return { kind: 'fit', outcome: { ...(found === undefined ? {} : { fit: found }), diagnostics } };
    }
    case 'confint':
      return { kind: 'confint', outcome: confint(job.model, job.table, { ...job.options, onProgress }) };
    case 'compare':
      return { kind: 'compare', comparison: compareModels(job.contenders, { onProgress }) };
  }
}
