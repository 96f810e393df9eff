/** Fewer numbers than this are copied and searched. */
const few = 1 << 12;
const bins = 1 << 12;

/**
 * The numbers that stand at these ranks (from 0) once sorted; none where NaN does, which sorts behind all numbers. Numbers are
 * counted in bins between the least and the largest, and only bins with a wanted rank are looked into, in the same way.
 */
export function orderStatistics(values: Float64Array, ranks: readonly number[]): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  search(values, 0, ranks, found);
  return found;
}

/** @param before  how many smaller numbers are left out of `values` */
function search(values: Float64Array, before: number, ranks: readonly number[], found: Map<number, number>): void {
  const { low, high, count } = rangeOf(values);
  const wanted = ranks.filter((rank) => rank >= before && rank < before + count);
  for (const rank of wanted) {
    if (rank === before) found.set(rank, low);
    else if (rank === before + count - 1) found.set(rank, high);
  }
  const inside = wanted.filter((rank) => !found.has(rank));
  if (inside.length === 0) return;
  const width = (high - low) / bins;
  if (count <= few || !(width > 0 && width < Number.POSITIVE_INFINITY)) {
    selectRanks(numbersOf(values, count), before, inside, found);
    return;
  }
  const counts = new Int32Array(bins);
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (v <= high) counts[Math.min(bins - 1, Math.floor((v - low) / width))]++;
  }
  let start = before;
  for (let bin = 0; bin < bins; start += counts[bin++]) {
    const own = inside.filter((rank) => rank >= start && rank < start + counts[bin]);
    if (own.length === 0) continue;
    const some = new Float64Array(counts[bin]);
    for (let i = 0, k = 0; i < values.length; i++) {
      const v = values[i];
      if (v <= high && Math.min(bins - 1, Math.floor((v - low) / width)) === bin) some[k++] = v;
    }
    // nearly all of them in one bin: another round of counting would find them there again
    if (2 * counts[bin] > count) selectRanks(some, start, own, found);
    else search(some, start, own, found);
  }
}

function rangeOf(values: Float64Array): { low: number; high: number; count: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (Number.isNaN(v)) continue;
    count++;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return { low, high, count };
}

function numbersOf(values: Float64Array, count: number): Float64Array {
  const out = new Float64Array(count);
  for (let i = 0, k = 0; i < values.length; i++) if (!Number.isNaN(values[i])) out[k++] = values[i];
  return out;
}

function selectRanks(values: Float64Array, before: number, ranks: readonly number[], found: Map<number, number>): void {
  let from = 0;
  for (const rank of [...ranks].sort((a, b) => a - b)) {
    selectRank(values, rank - before, from, values.length - 1);
    from = rank - before; // what comes before is no larger
    found.set(rank, values[from]);
  }
}

/**
 * Puts the number of this rank at its place in values[from .. to], as sorting would, with smaller ones before it and larger ones
 * behind it (Hoare's selection, the middle one of three as pivot).
 */
function selectRank(values: Float64Array, rank: number, from: number, to: number): void {
  let low = from;
  let high = to;
  while (low < high) {
    const pivot = middleOf(values[low], values[(low + high) >> 1], values[high]);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const t = values[i];
      values[i++] = values[j];
      values[j--] = t;
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else return;
  }
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
