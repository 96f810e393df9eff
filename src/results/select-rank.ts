/**
 * Puts the number of this rank at its place in values[from .. to], as sorting would, with smaller ones before it and larger ones
 * behind it (Hoare's selection, the middle one of three as pivot). None may be NaN.
 */
export function selectRank(values: Float64Array, rank: number, from: number, to: number): void {
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
