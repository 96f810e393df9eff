import type { Rng } from '../../kernels/rng.js';
import { symmetricEigen } from '../../kernels/symmetric-eigen.js';
import type { GroupSummaries } from './group-summaries.js';

/** Cuts the groups into K parts of equal size along the summaries' direction of greatest spread. */
export function quantileClusters({ dimension, points }: GroupSummaries, K: number): Int32Array {
  const groups = points.length / dimension;
  const mean = new Float64Array(dimension);
  for (let g = 0; g < groups; g++) for (let d = 0; d < dimension; d++) mean[d] += points[g * dimension + d] / groups;
  const S = new Float64Array(dimension * dimension);
  for (let g = 0; g < groups; g++)
    for (let c = 0; c < dimension; c++)
      for (let r = 0; r < dimension; r++)
        S[r + c * dimension] += (points[g * dimension + r] - mean[r]) * (points[g * dimension + c] - mean[c]);
  const { vectors } = symmetricEigen(S, dimension);
  const axis = vectors.subarray((dimension - 1) * dimension);
  const score = Float64Array.from({ length: groups }, (_, g) => {
    let t = 0;
    for (let d = 0; d < dimension; d++) t += axis[d] * points[g * dimension + d];
    return t;
  });
  const order = Array.from(score.keys()).sort((a, b) => score[a] - score[b] || a - b);
  const cluster = new Int32Array(groups);
  order.forEach((g, rank) => {
    cluster[g] = Math.min(K - 1, Math.floor((rank * K) / groups));
  });
  return cluster;
}

const mostRounds = 30;

/** Lloyd's algorithm from centres that are drawn far from each other (Arthur and Vassilvitskii 2007); `rounds` 0: those centres. */
export function kMeansClusters(summaries: GroupSummaries, K: number, rng: Rng, rounds = mostRounds): Int32Array {
  const { dimension, points } = summaries;
  const groups = points.length / dimension;
  const centres = new Float64Array(K * dimension);
  const nearest = new Float64Array(groups).fill(Number.POSITIVE_INFINITY);
  const distance = (g: number, k: number): number => {
    let t = 0;
    for (let d = 0; d < dimension; d++) t += (points[g * dimension + d] - centres[k * dimension + d]) ** 2;
    return t;
  };
  let chosen = rng.integer(groups);
  for (let k = 0; k < K; k++) {
    centres.set(points.subarray(chosen * dimension, (chosen + 1) * dimension), k * dimension);
    let total = 0;
    for (let g = 0; g < groups; g++) {
      nearest[g] = Math.min(nearest[g], distance(g, k));
      total += nearest[g];
    }
    let u = rng.uniform() * total;
    chosen = 0;
    while (chosen < groups - 1 && u > nearest[chosen]) u -= nearest[chosen++];
  }
  const cluster = new Int32Array(groups);
  for (let round = 0; round <= rounds; round++) {
    let changed = 0;
    for (let g = 0; g < groups; g++) {
      let best = 0;
      for (let k = 1; k < K; k++) if (distance(g, k) < distance(g, best)) best = k;
      if (best !== cluster[g]) changed++;
      cluster[g] = best;
    }
    if (round > 0 && changed === 0) break;
    const count = new Float64Array(K);
    const sum = new Float64Array(K * dimension);
    for (let g = 0; g < groups; g++) {
      count[cluster[g]]++;
      for (let d = 0; d < dimension; d++) sum[cluster[g] * dimension + d] += points[g * dimension + d];
    }
    for (let k = 0; k < K; k++)
      if (count[k] > 0)
        for (let d = 0; d < dimension; d++) centres[k * dimension + d] = sum[k * dimension + d] / count[k];
  }
  return cluster;
}
