import type { Expr, FixNode, ModelGraph, ParameterRef } from '../../graph/model-graph.js';
import type { BlockLayout, Layout } from '../lmm/layout.js';
import type { CovarianceModel } from '../lmm/structures/covariance-model.js';
import { usChart } from '../profile/us-chart.js';
import { constant, solveFor } from './held-parameters.js';

/** A standard deviation or correlation that `fix` holds. */
interface HeldCovariance {
  readonly ref: Extract<ParameterRef, { kind: 'sd' | 'cor' }>;
  /** One, or one for each column. */
  readonly values: readonly number[];
}

function heldIn(graph: ModelGraph): HeldCovariance[] {
  return graph.fixes.flatMap((fix: FixNode): HeldCovariance[] => {
    const items: readonly Expr[] = fix.value.kind === 'list' ? fix.value.items : [fix.value];
    const solved = items.map((item) => solveFor(fix.left, constant(item), fix));
    const ref = solved[0]?.ref;
    if (ref === undefined || (ref.kind !== 'sd' && ref.kind !== 'cor')) return [];
    return [{ ref, values: solved.map((s) => s.value) }];
  });
}

/**
 * The layout with unstructured blocks of which something is held seen through a chart in which standard deviations, and the
 * correlation of two terms, are parameters by themselves [PROF-3]; every other structure has them as parameters already.
 */
export function holdable(graph: ModelGraph, layout: Layout): Layout {
  const held = heldIn(graph).map((h) => h.ref);
  const effects = new Set(held.map((ref) => ref.effect));
  const charted = (block: BlockLayout): CovarianceModel => {
    if (!effects.has(block.block.id) || block.model.name !== 'us' || block.size === 1) return block.model;
    const order = Array.from({ length: block.size }, (_, c) => c);
    return usChart(order, block.rebase, sdPower(held, block));
  };
  return { ...layout, blocks: layout.blocks.map((b) => ({ ...b, model: charted(b) })) };
}

/** With the correlation held, a standard deviation that changes its sign would turn it round [PROF-3]. */
function sdPower(held: readonly HeldCovariance['ref'][], { block }: BlockLayout): 1 | 2 {
  return held.some((ref) => ref.kind === 'cor' && ref.effect === block.id) ? 2 : 1;
}

/** The entries of theta that are held, with their values; standard deviations are those of the columns' own units. */
export function heldThetas(graph: ModelGraph, layout: Layout): Map<number, number> {
  const held = new Map<number, number>();
  const all = heldIn(graph);
  for (const { ref, values } of all) {
    const block = layout.blocks.find((b) => b.block.id === ref.effect);
    // a diagonal block has no correlations that could move
    if (block === undefined || (ref.kind === 'cor' && block.model.name === 'diag')) continue;
    const { model, thetaStart, thetaCount, size, rebase, unit } = block;
    const { R, inverse, scale } = rebase;
    const isChart = model.name === 'us' && size > 1;
    const sds = model.name === 'homcs' || block.block.positions !== null ? 1 : size;
    // structures take the value at its place among what they report
    const reported = new Float64Array(thetaCount);
    const places = ref.kind === 'cor' ? [sds] : sdPlaces(block, ref, sds);
    places.forEach((place, k) => {
      reported[place] = values.length === 1 ? values[0] : values[k];
    });
    const own = new Float64Array(thetaCount);
    const power = sdPower(
      all.map((h) => h.ref),
      block,
    );
    if (isChart) own.set(reported.map((v, k) => (k < size ? v ** (1 / power) : Math.asin(v))));
    else model.adoptInto(own, 0, size, reported, { R, inverse, scale, unit });
    for (const place of places) held.set(thetaStart + place, own[place]);
  }
  return held;
}

/** The columns whose standard deviations are meant. */
function sdPlaces({ block }: BlockLayout, ref: Extract<ParameterRef, { kind: 'sd' }>, sds: number): number[] {
  if (sds === 1) return [0];
  const except = new Set(ref.except ?? []);
  const isMeant = (term: string, c: number): boolean => {
    if (ref.column === null) return !except.has(term) && !except.has(block.termOf?.[c] ?? term);
    if (ref.column === 'intercept') return term === '(Intercept)' || term === 'intercept';
    return term === ref.column || block.termOf?.[c] === ref.column;
  };
  return block.terms.flatMap((term, c) => (isMeant(term, c) ? [c] : []));
}
