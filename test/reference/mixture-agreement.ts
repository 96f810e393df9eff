import type { Fit, FixedEffect, MixtureResult } from '../../src/results/fit.js';
import type { MixtureReference, ReferenceCase } from './reference-case.js';

const defaults = { fixefInSe: 1e-3, se: 5e-3, posterior: 1e-4 };
/** Of a log-likelihood by simulation the estimates carry its error. */
const sampled = { fixefInSe: 0.05, se: 0.05, posterior: 0.01 };

/** Classes in the reference's order, which is by increasing first coefficient. */
function orderedClasses(mixture: MixtureResult, fit: Fit, first: string): number[] {
  const value = (k: number) => coefficient(fit, mixture.classes[k], first)?.estimate ?? 0;
  return mixture.classes.map((_, k) => k).sort((a, b) => value(a) - value(b));
}

/** A class's own coefficient, or the one that all classes share. */
function coefficient(fit: Fit, className: string, name: string): FixedEffect | undefined {
  const rows = fit.fixef.filter((row) => row.name === name);
  return rows.find((row) => row.class === className) ?? rows.find((row) => row.class === null);
}

/** In what the classes of a fit differ from those of its reference. */
export function mixtureDisagreements(reference: ReferenceCase, theirs: MixtureReference, fit: Fit): string[] {
  const { mixture } = fit;
  if (mixture === null) return ['no mixture in the result'];
  const isSampled = mixture.logLikMcse !== null && mixture.logLikMcse > 0;
  const slack = isSampled ? sampled.fixefInSe : (reference.tolerance.fixef_in_se ?? defaults.fixefInSe);
  const seSlack = isSampled ? sampled.se : (reference.tolerance.se_rel ?? defaults.se);
  const order = orderedClasses(mixture, fit, theirs.beta.names[0]);
  if (order.length !== theirs.pi.estimate.length) return [`${order.length} classes for ${theirs.pi.estimate.length}`];
  const out: string[] = [];
  const check = (what: string, ours: number | null | undefined, value: number, tolerance: number) => {
    if (!(typeof ours === 'number' && Math.abs(ours - value) <= tolerance)) out.push(`${what}: ${ours} for ${value}`);
  };
  order.forEach((k, theirK) => {
    const className = mixture.classes[k];
    const weightSe = theirs.pi.se?.[theirK] ?? 0.05;
    check(`weight of ${className}`, mixture.weights[k], theirs.pi.estimate[theirK], Math.max(slack * weightSe, 1e-6));
    theirs.beta.names.forEach((name, j) => {
      const se = theirs.beta.se_per_class[theirK][j];
      const row = coefficient(fit, className, name);
      check(`${className}.${name}`, row?.estimate, theirs.beta.estimate_per_class[theirK][j], slack * se + 1e-8);
      check(`se of ${className}.${name}`, row?.se, se, seSlack * se);
    });
  });
  out.push(...posteriorProblems(mixture, order, theirs, isSampled ? sampled.posterior : defaults.posterior));
  return out;
}

function posteriorProblems(
  { posterior }: MixtureResult,
  order: readonly number[],
  theirs: MixtureReference,
  tolerance: number,
): string[] {
  const { groups, prob } = theirs.posterior;
  const rowOf = new Map(posterior.levels.map((level, i) => [level, i]));
  return prob.flatMap((expected, i) => {
    const name = groups === null ? i : groups[i];
    const row = groups === null ? i : rowOf.get(String(name)); // one class per row: in the order of the rows
    if (row === undefined) return [`no posterior of ${name}`];
    const ours = posterior.probabilities[row];
    const far = order.some((k, theirK) => !(Math.abs(ours?.[k] - expected[theirK]) <= tolerance));
    return far ? [`posterior of ${name}: ${ours?.join(', ')} for ${expected.join(', ')}`] : [];
  });
}
