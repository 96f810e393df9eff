import { createRng, type Rng } from '../../kernels/rng.js';
import { kMeansClusters, quantileClusters } from './clusters.js';
import { applyWhole, type EmModel } from './em-model.js';
import type { GroupSummaries } from './group-summaries.js';

/** Share of a group's probability that a start leaves to the classes it was not put into. */
const doubt = 0.1;

/**
 * Class probabilities of the groups that starts are made of: the first cuts the data's main direction into parts of equal size,
 * every second one after it comes from k-means, the others are random centres and random probabilities [EM-9].
 * @param index  of the start; each has a stream of its own, whatever the others do
 * @returns groups x K
 */
export function startProbabilities(
  model: EmModel,
  summaries: GroupSummaries,
  index: number,
  seed: number,
): Float64Array {
  const { rows, classes, known } = model;
  const K = classes.length;
  const rng = createRng(`start/${seed}/${index}`);
  const p = index > 0 && index % 4 === 0 ? randomProbabilities(rows.groups, K, rng) : new Float64Array(rows.groups * K);
  if (index === 0 || index % 4 !== 0) {
    const clusters =
      index === 0 ? quantileClusters(summaries, K) : kMeansClusters(summaries, K, rng, index % 2 === 1 ? undefined : 0);
    // classes may differ: which cluster goes to which is drawn, too
    const classOf = index === 0 ? null : permutation(K, rng);
    clusters.forEach((cluster, g) => {
      const own = classOf === null ? cluster : classOf[cluster];
      for (let k = 0; k < K; k++) p[g * K + k] = K === 1 ? 1 : k === own ? 1 - doubt : doubt / (K - 1);
    });
  }
  if (known !== null)
    known.forEach((own, g) => {
      if (own >= 0) for (let k = 0; k < K; k++) p[g * K + k] = k === own ? 1 : 0;
    });
  return p;
}

function randomProbabilities(groups: number, K: number, rng: Rng): Float64Array {
  const p = new Float64Array(groups * K);
  for (let g = 0; g < groups; g++) {
    let sum = 0;
    for (let k = 0; k < K; k++) {
      p[g * K + k] = -Math.log(rng.uniform());
      sum += p[g * K + k];
    }
    for (let k = 0; k < K; k++) p[g * K + k] /= sum;
  }
  return p;
}

function permutation(K: number, rng: Rng): Int32Array {
  const order = Int32Array.from({ length: K }, (_, k) => k);
  for (let k = K - 1; k > 0; k--) {
    const j = rng.integer(k + 1);
    const t = order[k];
    order[k] = order[j];
    order[j] = t;
  }
  return order;
}

/**
 * Takes from a start the classes that a group cannot be in at all, judged at the whole vector without random effects: a count
 * above zero is in no class of structural zeros.
 */
export function withoutImpossible(model: EmModel, full: Float64Array, p: Float64Array): void {
  const { rows, classes } = model;
  const K = classes.length;
  applyWhole(model, full);
  const possible = new Uint8Array(rows.groups * K);
  classes.forEach(({ work }, k) => {
    work.eta.set(work.fixedEta);
    for (let g = 0; g < rows.groups; g++) {
      const value = work.model.batch(rows.start[g], rows.start[g + 1], work.eta, 0, work.derivatives);
      possible[g * K + k] = value > Number.NEGATIVE_INFINITY ? 1 : 0;
    }
  });
  for (let g = 0; g < rows.groups; g++) {
    let sum = 0;
    for (let k = 0; k < K; k++) sum += p[g * K + k] * possible[g * K + k];
    if (!(sum > 0)) {
      let count = 0;
      for (let k = 0; k < K; k++) count += possible[g * K + k];
      for (let k = 0; k < K; k++) p[g * K + k] = count > 0 ? possible[g * K + k] / count : 1 / K;
    } else for (let k = 0; k < K; k++) p[g * K + k] = (p[g * K + k] * possible[g * K + k]) / sum;
  }
}
