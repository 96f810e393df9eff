import type { ConfidenceIntervals, LimitStatus, ProfiledKind } from './profile.js';

/** What `mm confint --json` prints of one model; a limit that does not exist is null, and its status tells why. */
export interface IntervalsJson {
  readonly schema: 'mm.confint/1';
  readonly model: string;
  readonly method: string;
  readonly level: number;
  readonly criterion: string;
  readonly penalised: boolean;
  readonly deviance: number | null;
  readonly intervals: readonly {
    readonly name: string;
    readonly kind: ProfiledKind;
    readonly group: string | null;
    readonly terms: readonly string[];
    readonly predictor: string | null;
    readonly class: string | null;
    readonly estimate: number | null;
    readonly lower: number | null;
    readonly upper: number | null;
    readonly lowerStatus: LimitStatus;
    readonly upperStatus: LimitStatus;
    readonly points?: readonly { readonly value: number | null; readonly zeta: number }[];
  }[];
  readonly warnings: readonly { readonly code: string; readonly message: string; readonly hint?: string }[];
  readonly converged: boolean;
  readonly seconds: { readonly fit: number } | null;
  readonly evaluations: number;
}

export interface IntervalsJsonOptions {
  readonly model: string;
  readonly converged: boolean;
  readonly warnings: IntervalsJson['warnings'];
  readonly points?: boolean;
  readonly seconds?: number;
}

/** The JSON of confidence intervals, as `mm confint --json` prints it. */
export function intervalsToJson(found: ConfidenceIntervals, options: IntervalsJsonOptions): IntervalsJson {
  return {
    schema: 'mm.confint/1',
    model: options.model,
    method: found.method,
    level: found.level,
    criterion: found.criterion,
    penalised: found.penalised,
    deviance: finite(found.deviance),
    intervals: found.intervals.map(({ points, ...i }) => ({
      ...i,
      estimate: finite(i.estimate),
      lower: finite(i.lower),
      upper: finite(i.upper),
      ...(options.points ? { points: points.map(({ value, zeta }) => ({ value: finite(value), zeta })) } : {}),
    })),
    warnings: options.warnings,
    converged: options.converged,
    seconds: options.seconds === undefined ? null : { fit: options.seconds },
    evaluations: found.evaluations,
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
