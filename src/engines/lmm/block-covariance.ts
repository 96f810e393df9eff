import type { VarCorr } from '../../results/fit.js';
import { factorInUnits } from './estimates.js';
import type { BlockLayout } from './layout.js';
import type { LmmWork } from './lmm-work.js';
import { publicTheta } from './public-theta.js';

/** Standard deviations and correlations of one block, sigma included. */
export interface BlockCovariance {
  readonly terms: readonly string[];
  readonly sd: readonly number[];
  readonly cor: readonly (readonly (number | null)[])[];
  readonly serial?: NonNullable<VarCorr['serial']>;
}

/** What the covariances of a fit are read from; a part of every engine's work. */
export type CovarianceState = Pick<LmmWork, 'layout' | 'lambda' | 'theta'>;

/** An sd below this, in units of sigma for a column of typical size one, is zero to every digit that is printed. */
const zeroSd = 1e-7;
/** A serial block over more positions than this reports its sd once: its matrix would fill pages. */
const mostPositions = 200;

export function blockCovariance(work: CovarianceState, block: BlockLayout, sigma: number): BlockCovariance {
  const { terms, positions } = block.block;
  if (positions !== null) return serialCovariance(work, block, sigma, positions);
  const k = block.size;
  const F = factorInUnits(block, work.lambda, block.templates[0].start, k);
  const S = new Float64Array(k * k);
  for (let c = 0; c < k; c++)
    for (let r = 0; r < k; r++) for (let m = 0; m < k; m++) S[r + c * k] += F[r + m * k] * F[c + m * k];
  const typical = typicalSizes(block);
  const relative = Float64Array.from({ length: k }, (_, c) => {
    const sd = Math.sqrt(S[c + c * k]);
    return sd * typical[c] < zeroSd ? 0 : sd;
  });
  return {
    terms,
    sd: Array.from(relative, (sd) => sd * sigma),
    cor: Array.from(relative, (_, r) =>
      Array.from(relative, (__, c) => {
        if (relative[r] === 0 || relative[c] === 0) return null;
        return r === c ? 1 : Math.min(1, Math.max(-1, S[r + c * k] / (relative[r] * relative[c])));
      }),
    ),
  };
}

/** Root mean square of the columns of Z as they came, for telling a zero sd from a small unit. */
export function typicalSizes(block: BlockLayout): Float64Array {
  const { scale, shift, constant } = block.rebase;
  return scale.map((s, c) => (constant < 0 || c === constant ? s : Math.hypot(s, shift[c] * scale[constant])));
}

function serialCovariance(
  work: CovarianceState,
  block: BlockLayout,
  sigma: number,
  positions: Float64Array,
): BlockCovariance {
  const reported = publicTheta(work.layout, work.theta);
  const relative = reported[block.thetaStart];
  const phi = reported[block.thetaStart + 1];
  const sd = relative < zeroSd ? 0 : relative * sigma;
  const all = Float64Array.from(new Set(positions)).sort();
  const structure = block.block.covariance === 'car1' ? 'car1' : 'ar1';
  const serial = { structure, positions: all.length, correlation: sd === 0 ? null : phi } as const;
  if (all.length > mostPositions) return { terms: [block.block.label], sd: [sd], cor: [[sd === 0 ? null : 1]], serial };
  const terms = block.block.terms.length === all.length ? block.block.terms : Array.from(all, String);
  return {
    terms,
    sd: terms.map(() => sd),
    cor: Array.from(all, (p) => Array.from(all, (r) => (sd === 0 ? null : p === r ? 1 : phi ** Math.abs(p - r)))),
    serial,
  };
}

/**
 * One entry per block. A label that comes again is numbered, `g`, `g.1`, as lme4 does; blocks written with `||` have an
 * entry per column.
 * @param doubleBar  ids of the blocks written with `||`
 */
export function varCorrOf(work: CovarianceState, sigma: number, doubleBar: ReadonlySet<string>): VarCorr[] {
  const seen = new Map<string, number>();
  // the blocks of a class are told apart by the class
  const labelled = (label: string, className: string | null): string => {
    const key = className === null ? label : `${label} in ${className}`;
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return before === 0 ? label : `${label}.${before}`;
  };
  return work.layout.blocks.flatMap((block) => {
    const { id, label, name } = block.block;
    const found = blockCovariance(work, block, sigma);
    const common = { name, class: block.block.class };
    if (!doubleBar.has(id)) return [{ group: labelled(label, common.class), ...common, ...found }];
    return found.terms.map((term, c) => ({
      group: labelled(label, common.class),
      ...common,
      terms: [term],
      sd: [found.sd[c]],
      cor: [[found.cor[c][c]]],
    }));
  });
}
