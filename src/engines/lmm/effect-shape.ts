import type { RandomBlock } from '../../data/design.js';

/** More cells than this of a table of levels by positions, most of them empty, would not fit into memory or on a page. */
const mostCells = 1e6;

/** How the effects of a block stand in a result: a row per level, a column per term. */
export interface EffectShape {
  readonly levels: readonly string[];
  readonly terms: readonly string[];
  /** @param values  of all effects, level by level as `columnStart` has them; NaN where a level lacks a position */
  rows(values: ArrayLike<number>): number[][];
}

/** ar1, car1: a column per position; very many of them: a row for each effect, named `level:position`. */
export function effectShape(block: RandomBlock): EffectShape {
  const { columnStart, positions, terms, covariance } = block;
  const { levels } = block.group;
  const each = Array.from(levels.keys());
  const own = (values: ArrayLike<number>, l: number): number[] => {
    const row: number[] = [];
    for (let e = columnStart[l]; e < columnStart[l + 1]; e++) row.push(values[e]);
    return row;
  };
  if (positions === null) return { levels, terms, rows: (values) => each.map((l) => own(values, l)) };
  const all = Float64Array.from(new Set(positions)).sort();
  if (levels.length * all.length > mostCells)
    return {
      levels: each.flatMap((l) => own(positions, l).map((position) => `${levels[l]}:${position}`)),
      terms: [covariance],
      rows: (values) => Array.from(values, (v) => [v]),
    };
  const place = new Map(Array.from(all, (position, k) => [position, k]));
  return {
    levels,
    terms: terms.length === all.length ? terms : Array.from(all, String),
    rows: (values) =>
      each.map((l) => {
        const row = new Array<number>(all.length).fill(Number.NaN);
        for (let e = columnStart[l]; e < columnStart[l + 1]; e++) row[place.get(positions[e]) ?? 0] = values[e];
        return row;
      }),
  };
}
