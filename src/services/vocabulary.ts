import { statementWords } from '../../grammar/tokens.js';
import { type FamilyName, familyNames } from '../families/family.js';
import { linkNames } from '../links/link.js';
import { priorSignatures } from '../priors/index.js';
import { priorNames } from '../priors/prior.js';
import { usage } from '../semantics/check-family.js';
import { methods } from '../semantics/check-method.js';
import { columnFunctions } from '../semantics/column-functions.js';
import { errorStructureNames, structureNames } from '../semantics/structures.js';

/** A word of the language, and what it is in a few words. */
export interface Term {
  readonly name: string;
  readonly detail: string;
}

const forms: Readonly<Record<string, string>> = {
  model: 'model NAME { ... }',
  data: 'data "file.csv" { column: type }',
  where: 'where CONDITION: the rows to keep',
  let: 'let NAME = EXPRESSION: a derived column',
  contrasts: 'contrasts COLUMN = coding',
  fix: 'fix PARAMETER = VALUE',
  penalize: 'penalize EXPRESSION: added to the deviance',
  mixture: 'mixture NAME per GROUP { class ... }',
  class: 'class NAME { ... }',
  labels: 'labels COLUMN: known classes',
  order: 'order MIXTURE by PARAMETER',
  weights: 'weights COLUMN',
  fit: 'fit METHOD',
};

export const keywords: readonly Term[] = [...statementWords.keys()].map((name) => ({
  name,
  detail: forms[name] ?? '',
}));

export const families: readonly (Term & { readonly name: FamilyName })[] = familyNames.map((name) => ({
  name,
  detail: usage(name),
}));

export const priors: readonly Term[] = priorNames.map((name) => ({
  name,
  detail: `${name}(${priorSignatures[name].parameters.map((p) => p.name).join(', ')})`,
}));

export const links: readonly Term[] = linkNames.map((name) => ({ name, detail: 'link' }));

export const functions: readonly (Term & { readonly predictorOnly: boolean })[] = Object.entries(columnFunctions).map(
  ([name, f]) => ({ name, detail: 'function', predictorOnly: f.predictorOnly === true }),
);

export const structures: readonly Term[] = structureNames.map((name) => ({ name, detail: 'of random effects' }));
export const errorStructures: readonly Term[] = errorStructureNames.map((name) => ({ name, detail: 'of errors' }));

export const estimationMethods: readonly Term[] = Object.entries(methods).map(([name, { options }]) => ({
  name,
  detail: options.length === 0 ? 'method' : `${name}(${options.map((o) => `${o} = `).join(', ')})`,
}));

export function methodOptions(method: string): readonly string[] {
  return Object.entries(methods).find(([name]) => name === method)?.[1].options ?? [];
}

export const columnTypes: readonly Term[] = [
  { name: 'real', detail: 'a number' },
  { name: 'int', detail: 'a whole number' },
  { name: 'count', detail: 'a whole number, not negative' },
  { name: 'bool', detail: 'true or false' },
  { name: 'factor', detail: 'factor("level", ...)' },
  { name: 'ordered', detail: 'ordered("lowest", ...)' },
  { name: 'text', detail: 'text' },
];

export const codings: readonly Term[] = [
  { name: 'treatment', detail: 'treatment(ref = "level")' },
  { name: 'sum', detail: 'deviations from the mean' },
  { name: 'helmert', detail: 'each level and the mean of those before' },
  { name: 'poly', detail: 'orthogonal polynomials' },
];

/** What a prior can speak of, besides coefficients by name. */
export const parameterWords: readonly Term[] = [
  { name: 'beta', detail: 'the coefficients but the intercept; beta[NAME] one of them' },
  { name: 'intercept', detail: 'the intercept' },
  { name: 'sd', detail: 'sd(GROUP)' },
  { name: 'cor', detail: 'cor(GROUP)' },
  { name: 'cov', detail: 'cov(GROUP)' },
  { name: 'prob', detail: 'prob(MIXTURE)' },
  { name: 'threshold', detail: 'the thresholds of cumulative' },
];
