import type { RandomBlock } from '../../data/design.js';
import type { BlockPattern } from '../../kernels/block-cholesky.js';
import type { BlockEstimates, EffectEstimates } from '../../results/estimates.js';
import { blockCovariance, type CovarianceState } from './block-covariance.js';
import { factorInUnits } from './estimates.js';
import type { Layout } from './layout.js';

/** Where a layout's effects stand among those of `Estimates`. */
export function effectFrame(
  layout: Layout,
  lambda: Float64Array,
  blocks: readonly RandomBlock[],
  sigma: number,
): Pick<EffectEstimates, 'blocks' | 'nodeStart' | 'rowStart' | 'factorStart' | 'factors'> {
  const nodeStart = new Int32Array(layout.blocks.length + 1);
  const factorStart = new Int32Array(layout.pattern.nodes);
  const factors: number[] = [];
  layout.blocks.forEach((block, b) => {
    nodeStart[b + 1] = nodeStart[b] + block.levels;
    const starts = block.templates.map((t) => {
      const start = factors.length;
      for (const v of factorInUnits(block, lambda, t.start, t.size)) factors.push(v * sigma);
      return start;
    });
    for (let l = 0; l < block.levels; l++) factorStart[block.nodeStart + l] = starts[block.templateOf[l]];
  });
  return {
    blocks: layout.blocks.map(({ block }) => blocks.findIndex((b) => b.id === block.id)),
    nodeStart,
    rowStart: layout.pattern.rowStart.slice(),
    factorStart,
    factors: Float64Array.from(factors),
  };
}

/** Distribution of the effects of unseen levels, for all blocks of a design; a block that no predictor uses has none. */
export function blockEstimates(
  state: CovarianceState,
  blocks: readonly RandomBlock[],
  sigma: number,
): BlockEstimates[] {
  return blocks.map((block): BlockEstimates => {
    const found = state.layout.blocks.find((b) => b.block.id === block.id);
    const common = { class: block.class, correlation: null };
    if (found === undefined) return { ...common, size: 0, covariance: new Float64Array(0) };
    const { sd, cor, serial } = blockCovariance(state, found, sigma);
    if (serial !== undefined)
      return { ...common, size: 1, covariance: Float64Array.of(sd[0] ** 2), correlation: serial.correlation ?? 0 };
    const k = found.size;
    const covariance = Float64Array.from(
      { length: k * k },
      (_, e) => (cor[e % k][Math.floor(e / k)] ?? 0) * sd[e % k] * sd[Math.floor(e / k)],
    );
    return { ...common, size: k, covariance };
  });
}

/** The blocks of a symmetric matrix as a list of pairs. @param values  in the pattern's layout */
export function precisionOf(pattern: BlockPattern, values: Float64Array): EffectEstimates['precision'] {
  const columns = new Int32Array(pattern.row.length);
  for (let j = 0; j < pattern.nodes; j++) columns.fill(j, pattern.columnStart[j], pattern.columnStart[j + 1]);
  return { rows: pattern.row.slice(), columns, values: values.slice(0, pattern.blockStart[pattern.row.length]) };
}
