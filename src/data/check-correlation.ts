import type { CorrelationNode } from '../graph/model-graph.js';
import type { BoundValues } from './bound-values.js';
import { DataProblem } from './data-problem.js';
import type { Factor } from './design.js';
import type { Positions } from './positions.js';

/** Whether the data can tell the correlation of errors; what they cannot tell is reported. */
export function checkCorrelation(
  { structure, origin }: CorrelationNode,
  group: Factor,
  { labels, places }: Positions,
  bound: BoundValues,
): boolean {
  const repeated = firstRepeat(group.codes, places, labels.length);
  // Under compound symmetry rows of a group are alike; the others have correlation 1 at the same position.
  if (repeated !== undefined && structure !== 'cs') {
    bound.complain('MM458', origin, repeated.row, {
      structure,
      position: labels[places[repeated.row]],
      group: `${group.label} ${group.levels[group.codes[repeated.row]]}`,
      rows: [bound.rowNumber(repeated.before), bound.rowNumber(repeated.row)],
    });
    return false;
  }
  const complaint = complaintOf(structure, group, labels, places);
  if (complaint === undefined) return true;
  bound.attempt(origin, () => {
    throw complaint;
  });
  return false;
}

function complaintOf(
  structure: CorrelationNode['structure'],
  group: Factor,
  labels: readonly string[],
  places: Int32Array,
): DataProblem | undefined {
  const members = group.levels.map((): number[] => []);
  group.codes.forEach((g, i) => {
    members[g].push(places[i]);
  });
  if (members.every((m) => m.length < 2)) return DataProblem.of('MM464', { group: group.label });
  if (structure !== 'us') return undefined;
  const positions = labels.length;
  const correlations = (positions * (positions - 1)) / 2;
  if (correlations > places.length) return DataProblem.of('MM465', { positions, correlations, rows: places.length });
  const together = new Uint8Array(positions * positions);
  for (const own of members) for (const a of own) for (const b of own) together[a * positions + b] = 1;
  for (let a = 0; a < positions; a++)
    for (let b = a + 1; b < positions; b++)
      if (together[a * positions + b] === 0)
        return DataProblem.of('MM466', { group: group.label, first: labels[a], second: labels[b] });
  return undefined;
}

function firstRepeat(
  codes: Int32Array,
  places: Int32Array,
  width: number,
): { before: number; row: number } | undefined {
  const seen = new Map<number, number>();
  for (let i = 0; i < codes.length; i++) {
    const key = codes[i] * width + places[i];
    const before = seen.get(key);
    if (before !== undefined) return { before, row: i };
    seen.set(key, i);
  }
  return undefined;
}
