import { sampleMoments } from '../../families/moments.js';
import { links } from '../../links/index.js';
import type { EStep } from './e-step.js';
import type { EmClass } from './em-model.js';

export interface DegenerateClass {
  readonly class: string;
  readonly what: string;
}

/** A residual standard deviation this small against the response's is on its way to zero. */
const vanished = 1e-5;

/**
 * A class on its way to a likelihood without bound: its sigma vanishes, or its rows are so few that its coefficients fit them
 * exactly. Judged at the parameters and class probabilities that stand.
 */
export function degenerateClass(eStep: EStep): DegenerateClass | null {
  const { model, p } = eStep;
  const { rows, classes } = model;
  const K = classes.length;
  for (const [k, owner] of classes.entries()) {
    const { work } = owner;
    if (work.model.density.discrete) continue;
    let share = 0;
    for (let g = 0; g < rows.groups; g++) share += p[g * K + k] * (rows.start[g + 1] - rows.start[g]);
    const own = ownCoefficients(owner);
    if (K > 1 && own > 0 && share > empty && share <= own)
      return { class: owner.name, what: `its ${own} coefficients fit the ${share.toFixed(1)} rows it has exactly` };
    const sigma = smallestSigma(owner);
    if (sigma !== null && sigma < vanished * Math.sqrt(sampleMoments(work.model.y).variance))
      return { class: owner.name, what: 'its sigma goes to zero' };
  }
  return null;
}

/** A class with fewer rows than this is empty, which is another matter. */
const empty = 1e-3;

function ownCoefficients({ name, work }: EmClass): number {
  const own = new Set<number>();
  for (const { fixed, class: of } of work.model.predictors)
    if (fixed.kind === 'columns' && of === name) for (const c of fixed.columns) own.add(c);
  return own.size;
}

function smallestSigma({ work }: EmClass): number | null {
  const d = work.model.predictors.findIndex((p) => p.parameter === 'sigma');
  if (d < 0) return null;
  const { rows } = work.model;
  const link = links[work.model.predictors[d].link];
  let least = Number.POSITIVE_INFINITY;
  for (let i = d * rows; i < (d + 1) * rows; i++) least = Math.min(least, link.inverse(work.fixedEta[i]));
  return least;
}
