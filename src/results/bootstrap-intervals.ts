import { normalCdf, normalQuantile } from '../kernels/special/normal.js';
import type { FitStatistic } from './fit-statistics.js';
import type { ConfidenceIntervals } from './profile.js';

export const bootstrapKinds = ['percentile', 'basic', 'bc'] as const;
/** How limits are taken from the refits. */
export type BootstrapKind = (typeof bootstrapKinds)[number];

/** Replicates of a fit's statistics. */
export interface Replicates {
  /** Of the fit itself. */
  readonly statistics: readonly FitStatistic[];
  /** Replicate after replicate, statistics.length numbers each; NaN where a refit has none. */
  readonly values: readonly Float64Array[];
}

/** Fewer replicates than this say nothing of a tail. */
const leastReplicates = 10;

/** Intervals from the replicates of each statistic [BOOT-1]; 'failed' where too few of them are numbers. */
export function bootstrapIntervals(
  { statistics, values }: Replicates,
  options: { readonly level?: number; readonly kind?: BootstrapKind; readonly deviance?: number } = {},
): ConfidenceIntervals {
  const level = options.level ?? 0.95;
  const kind = options.kind ?? 'percentile';
  const tail = (1 - level) / 2;
  return {
    method: 'bootstrap',
    level,
    criterion: kind,
    penalised: false,
    deviance: options.deviance ?? Number.NaN,
    intervals: statistics.map((s, k) => {
      const sorted = Float64Array.from(values.map((v) => v[k]).filter((v) => !Number.isNaN(v))).sort();
      const few = sorted.length < leastReplicates || Number.isNaN(s.estimate);
      const [lower, upper] = few ? [Number.NaN, Number.NaN] : limits(sorted, s.estimate, tail, kind);
      const status = few ? ('failed' as const) : ('found' as const);
      return { ...s, lower, upper, lowerStatus: status, upperStatus: status, points: [] };
    }),
    evaluations: 0,
    shortfall: 0,
  };
}

function limits(sorted: Float64Array, estimate: number, tail: number, kind: BootstrapKind): [number, number] {
  if (kind === 'percentile') return [quantile(sorted, tail), quantile(sorted, 1 - tail)];
  if (kind === 'basic') return [2 * estimate - quantile(sorted, 1 - tail), 2 * estimate - quantile(sorted, tail)];
  let below = 0;
  for (const v of sorted) below += v < estimate ? 1 : v === estimate ? 0.5 : 0;
  const z0 = normalQuantile(Math.min(Math.max(below / sorted.length, 0.5 / sorted.length), 1 - 0.5 / sorted.length));
  const z = normalQuantile(1 - tail);
  return [quantile(sorted, normalCdf(2 * z0 - z)), quantile(sorted, normalCdf(2 * z0 + z))];
}

/** Type 7, as R's default. */
function quantile(sorted: Float64Array, p: number): number {
  const at = (sorted.length - 1) * p;
  const low = Math.floor(at);
  const part = at - low;
  return part > 0 ? (1 - part) * sorted[low] + part * sorted[low + 1] : sorted[low];
}

/** Mean, standard deviation and bias of each statistic over its replicates. */
export function bootstrapSummary({ statistics, values }: Replicates): {
  readonly name: string;
  readonly estimate: number;
  readonly se: number;
  readonly bias: number;
  readonly replicates: number;
}[] {
  return statistics.map(({ name, estimate }, k) => {
    const own = values.map((v) => v[k]).filter((v) => !Number.isNaN(v));
    const n = own.length;
    const mean = own.reduce((a, b) => a + b, 0) / n;
    const se = Math.sqrt(own.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1));
    return { name, estimate, se, bias: mean - estimate, replicates: n };
  });
}
