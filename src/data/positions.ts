import type { RowValue } from './bound-values.js';
import { rankDistinct } from './group-factor.js';
import { dropUnusedLevels } from './levels.js';
import { numberText } from './number-text.js';

/** Where the rows stand in time (or whatever orders them): distinct positions, ascending, and each row's place in them. */
export interface Positions {
  readonly labels: readonly string[];
  readonly values: readonly number[]; // as measured; of a factor: its levels' numbers, or their ranks where they are none
  readonly places: Int32Array; // rows
}

export function positionsOf(value: Exclude<RowValue, { kind: 'matrix' }>): Positions {
  if (value.kind === 'label') {
    const { codes, levels } = dropUnusedLevels(value);
    const numbers = levels.map(Number);
    const ascending = numbers.every((v, i) => Number.isFinite(v) && (i === 0 || v > numbers[i - 1]));
    return { labels: levels, values: ascending ? numbers : levels.map((_, i) => i), places: codes };
  }
  const values = Float64Array.from(new Set(value.values)).sort();
  const place = new Map(Array.from(values, (v, i) => [v, i]));
  return {
    labels: Array.from(values, numberText),
    values: [...values],
    places: Int32Array.from(value.values, (v) => place.get(v) ?? -1),
  };
}

/** The positions that occur in each group: columns of a block whose levels differ in size. */
export interface GroupPositions {
  readonly columnStart: Int32Array; // levels + 1
  readonly places: Int32Array; // per column: index into the positions, ascending within a level
  readonly column: Int32Array; // rows: the row's column within its level
}

export function groupPositions(
  codes: Int32Array,
  levels: number,
  places: Int32Array,
  positions: number,
): GroupPositions {
  const pairs = new Float64Array(codes.length);
  for (let i = 0; i < pairs.length; i++) pairs[i] = codes[i] * positions + places[i];
  const { codes: columnOf, values } = rankDistinct(pairs, levels * positions);
  const columnStart = new Int32Array(levels + 1);
  const placeOf = new Int32Array(values.length);
  for (let k = 0; k < values.length; k++) {
    columnStart[Math.floor(values[k] / positions) + 1]++;
    placeOf[k] = values[k] % positions;
  }
  for (let g = 0; g < levels; g++) columnStart[g + 1] += columnStart[g];
  const column = new Int32Array(codes.length);
  for (let i = 0; i < column.length; i++) column[i] = columnOf[i] - columnStart[codes[i]];
  return { columnStart, places: placeOf, column };
}
