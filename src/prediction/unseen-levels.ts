import type { Labels, NewRows } from '../data/design.js';
import type { FittedModel } from './fitted-model.js';

/** Levels of a group that a fit did not see. */
export interface Unseen {
  readonly group: string;
  readonly levels: readonly string[];
}

/** By grouping factor, each once; rows that lack the group have the level `(missing)`. */
export function unseenLevels({ graph }: FittedModel, rows: NewRows): Unseen[] {
  const found = new Map<string, Set<string>>();
  const look = (label: string, codes: Int32Array, labels: Labels | undefined) => {
    const own = found.get(label) ?? new Set<string>();
    codes.forEach((code, i) => {
      if (code >= 0) return;
      const level = labels === undefined || labels.codes[i] < 0 ? '(missing)' : labels.levels[labels.codes[i]];
      own.add(level);
    });
    if (own.size > 0) found.set(label, own);
  };
  rows.blocks.forEach(({ codes, labels }, b) => {
    look(graph.randomEffects[b].group.label, codes, labels);
  });
  if (rows.classGroup !== null && graph.mixture?.per != null)
    look(graph.mixture.per.label, rows.classGroup, rows.classLabels);
  return Array.from(found, ([group, levels]) => ({ group, levels: [...levels] }));
}
