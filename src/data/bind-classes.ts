import type { Report } from '../diagnostics/report.js';
import type { MixtureNode } from '../graph/model-graph.js';
import type { BoundValues } from './bound-values.js';
import type { Factor } from './design.js';
import type { GroupPlan } from './design-plan.js';
import { groupFactor } from './group-values.js';
import { nearestName } from './nearest-name.js';

export interface BoundClasses {
  readonly group: Factor | null;
  readonly known: Int32Array | null;
  readonly plan: GroupPlan | null;
}

/** The groups of a mixture, and the classes known beforehand. */
export function bindClasses(
  mixture: MixtureNode | null,
  bound: BoundValues,
  report: Report,
  file: string,
): BoundClasses | undefined {
  if (mixture === null) return { group: null, known: null, plan: null };
  const group = mixture.per === null ? null : groupFactor(mixture.per, bound, mixture.origin);
  const known = mixture.labels === null ? null : knownClasses(mixture, mixture.labels, bound, report, file);
  if (group === undefined || known === undefined) return undefined;
  if (group !== null && known !== null && !sameWithinGroups(mixture, group, known, bound)) return undefined;
  const plan =
    group === null || mixture.per === null
      ? null
      : { label: group.label, factors: mixture.per.columns, levels: group.levels };
  return { group, known: group === null || known === null ? known : spreadOverGroups(group, known), plan };
}

/** Labels are class names, or numbers 1, 2, ... in the order of the classes; missing where unknown. */
function knownClasses(
  mixture: MixtureNode,
  column: string,
  bound: BoundValues,
  report: Report,
  file: string,
): Int32Array | undefined {
  const labels = bound.factor({ kind: 'column', name: column }, mixture.origin);
  if (labels === undefined) return undefined;
  const byNumber = !labels.levels.some((level) => mixture.classes.includes(level));
  const classOf = labels.levels.map((level) => {
    if (!byNumber) return mixture.classes.indexOf(level);
    return /^[1-9]\d*$/.test(level) && Number(level) <= mixture.classes.length ? Number(level) - 1 : -1;
  });
  const strange = classOf.indexOf(-1);
  if (strange >= 0) {
    const row = labels.codes.indexOf(strange);
    report.addData(
      'MM459',
      mixture.origin,
      { file, row: bound.rowNumber(row), column },
      {
        column,
        value: labels.levels[strange],
        row: bound.rowNumber(row),
        classes: mixture.classes,
        near: nearestName(labels.levels[strange], mixture.classes),
      },
    );
    return undefined;
  }
  return labels.codes.map((code) => (code < 0 ? -1 : classOf[code]));
}

function sameWithinGroups(mixture: MixtureNode, group: Factor, known: Int32Array, bound: BoundValues): boolean {
  const classOf = new Int32Array(group.levels.length).fill(-1);
  const rowOf = new Int32Array(group.levels.length);
  for (let i = 0; i < known.length; i++) {
    const g = group.codes[i];
    if (known[i] < 0) continue;
    if (classOf[g] >= 0 && classOf[g] !== known[i]) {
      bound.complain('MM460', mixture.origin, i, {
        group: `${group.label} ${group.levels[g]}`,
        classes: [mixture.classes[classOf[g]], mixture.classes[known[i]]],
        rows: [bound.rowNumber(rowOf[g]), bound.rowNumber(i)],
      });
      return false;
    }
    classOf[g] = known[i];
    rowOf[g] = i;
  }
  return true;
}

/** A class known for one row of a group is known for all of them. */
function spreadOverGroups(group: Factor, known: Int32Array): Int32Array {
  const classOf = new Int32Array(group.levels.length).fill(-1);
  for (let i = 0; i < known.length; i++) if (known[i] >= 0) classOf[group.codes[i]] = known[i];
  return Int32Array.from(group.codes, (g) => classOf[g]);
}
