import type { Design } from '../../data/design.js';
import type { FamilyNode, LikelihoodNode, ModelGraph } from '../../graph/model-graph.js';
import { familiesIn } from '../../graph/walk-graph.js';

/** A model with its rows, as two are compared. */
export interface BoundModel {
  readonly graph: ModelGraph;
  readonly design: Design;
}

/** Likelihoods of the same rows of the same response: only these have a common scale. */
export function sameData(a: Design, b: Design): boolean {
  const [ya] = a.likelihoods;
  const [yb] = b.likelihoods;
  if (ya === undefined || yb === undefined || a.rows !== b.rows) return false;
  const ordered = ya.categories?.join('\n') === yb.categories?.join('\n');
  return ordered && sameNumbers(ya.y, yb.y);
}

export function sameNumbers(a: Float64Array | null, b: Float64Array | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((v, i) => v === b[i]);
}

/** The families agree but for what their parameters' predictors say; else what differs, in words. */
export function familyDifference(a: BoundModel, b: BoundModel): string | null {
  if (a.graph.likelihoods.length !== b.graph.likelihoods.length)
    return 'they have different numbers of classes, and then the ratio of likelihoods has no known distribution';
  if (JSON.stringify(a.graph.mixture?.classes) !== JSON.stringify(b.graph.mixture?.classes))
    return 'their classes differ';
  if (a.graph.mixture?.per?.label !== b.graph.mixture?.per?.label) return 'their classes belong to different groups';
  for (const [k, la] of a.graph.likelihoods.entries()) {
    const lb = b.graph.likelihoods[k];
    const found = lb === undefined ? 'their classes differ' : likelihoodDifference(la, lb);
    if (found !== null) return found;
    const da = a.design.likelihoods[k];
    const db = b.design.likelihoods[k];
    if (!sameNumbers(da.weights, db.weights)) return 'their weights differ';
    for (const [name, values] of da.data)
      if (!sameNumbers(values, db.data.get(name) ?? null)) return `their ${name} differs`;
    if (da.data.size !== db.data.size) return 'their data arguments differ';
  }
  return null;
}

function likelihoodDifference(a: LikelihoodNode, b: LikelihoodNode): string | null {
  const names = (node: LikelihoodNode): string =>
    familiesIn(node.family)
      .map((f) => f.name)
      .join(' ');
  if (names(a) !== names(b)) return `their families differ (${names(a)} and ${names(b)})`;
  const shape = (f: FamilyNode): string =>
    f.arguments
      .filter((x) => x.kind === 'link' || (x.kind === 'number' && !isParameter(x.name, a, b)))
      .map((x) => JSON.stringify(x))
      .join();
  const chainA = familiesIn(a.family);
  const chainB = familiesIn(b.family);
  for (const [i, f] of chainA.entries()) if (shape(f) !== shape(chainB[i])) return `the arguments of ${f.name} differ`;
  return null;
}

/** A number that takes the place of a parameter which the other model estimates. */
function isParameter(name: string, a: LikelihoodNode, b: LikelihoodNode): boolean {
  return [a, b].some((node) =>
    familiesIn(node.family).some((f) => f.arguments.some((x) => x.kind === 'predictor' && x.name === name)),
  );
}

/** Whether the errors of a are a case of those of b: independent ones are of every structure. */
export function errorsNested(a: Design, b: Design): boolean {
  return a.likelihoods.every(({ correlation: ca }, k) => {
    const cb = b.likelihoods[k].correlation;
    if (ca === null) return true;
    if (cb === null || ca.structure !== cb.structure || !sameNumbers(ca.position, cb.position)) return false;
    return ca.group.codes.every((code, i) => code === cb.group.codes[i]);
  });
}
