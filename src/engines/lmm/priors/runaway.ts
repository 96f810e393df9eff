import { blockCovariance, typicalSizes } from '../block-covariance.js';
import type { LmmWork } from '../lmm-work.js';

/** A standard deviation this many times sigma, its column being of typical size one, is on its way to infinity. */
const tooLarge = 1e5;

/** In words which parameter a search that found no optimum ran away with; null where none did. */
export function runaway(work: LmmWork): string | null {
  const { sigma } = work.at;
  if (!(sigma > 0 && sigma < Number.POSITIVE_INFINITY)) return 'sigma goes to zero or grows without bound';
  for (const block of work.layout.blocks) {
    const typical = typicalSizes(block);
    const { sd, terms } = blockCovariance(work, block, 1);
    const at = sd.findIndex((s, c) => s * (typical[c] ?? 1) > tooLarge);
    if (at >= 0) return `the standard deviation of ${terms[at]} per ${block.block.label} grows without bound`;
  }
  return null;
}
