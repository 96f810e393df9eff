import { define } from '../define.js';

/** MM5xx: the fit. */
export const fittingCodes = {
  MM501: define<{ group: string; what: string }>({
    severity: 'warning',
    message: (p) => `singular fit: in the random effects of ${p.group}, ${p.what}`,
    hint: () =>
      'this is the optimum, but the data do not support so many variance parameters: a simpler block, `||` or a prior on its sd would suit them',
  }),
  MM502: define<{ left: string; evaluations: number }>({
    severity: 'warning',
    message: (p) => `not converged after ${p.evaluations} evaluations: ${p.left}`,
    hint: () =>
      'look for a variance parameter that the data say nothing about, and simplify its block or give it a prior',
  }),
  MM503: define<{ names: readonly string[] }>({
    severity: 'warning',
    message: (p) =>
      p.names.length === 1
        ? `coefficient ${p.names[0]} is left out: the others already say what it would`
        : `coefficients ${p.names.join(', ')} are left out: the others already say what they would`,
    hint: () =>
      'the fixed effects are not of full rank; fits and tests of the rest do not depend on which are left out',
  }),
  MM504: define<{ group: string; effects: number; rows: number }>({
    severity: 'warning',
    message: (p) =>
      `the random effects of ${p.group} are as many as the rows (${p.effects} and ${p.rows}): their variance cannot be told from the residual's`,
    hint: () => 'use a coarser grouping factor or fewer random slopes',
  }),
  MM505: define<{ group: string }>({
    severity: 'warning',
    message: (p) => `${p.group} has one level: its variance cannot be estimated`,
    hint: () => 'leave the random effect out; with one level it is part of the intercept',
  }),
  MM506: define<{ response: string }>({
    severity: 'warning',
    message: (p) =>
      `the fixed effects fit ${p.response} exactly: no residual is left, and no variance can be estimated`,
    hint: () => 'is the response constant, or one of the predictors?',
  }),
  MM509: define<{ response: string }>({
    severity: 'warning',
    message: (p) =>
      `the random effects fit ${p.response} exactly, or leave less than 1e-4 of its spread: the likelihood grows as sigma goes to zero, and rounding hides a maximum if there is one`,
    hint: () =>
      'where there are too many random effects for these rows, use a simpler block, or a prior on sigma; where the groups really are so far apart, analyse deviations from their means',
  }),
  MM507: define<{ reason: string }>({
    severity: 'warning',
    message: (p) => `degrees of freedom are Satterthwaite's, not Kenward and Roger's: ${p.reason}`,
  }),
  MM521: define<{ points: number; reason: string }>({
    severity: 'warning',
    message: (p) => `fitted by Laplace's approximation, not by agq(${p.points}): ${p.reason}`,
    hint: () => 'quadrature is for one grouping factor with few random effects per level',
  }),
  MM522: define<{
    name: string;
    parameter: string;
    direction: string;
    names: readonly string[];
    terms: readonly string[];
  }>({
    severity: 'warning',
    message: (p) =>
      p.names.length === 1
        ? `coefficient ${p.name} of ${p.parameter} has no finite estimate: the likelihood still grows as it goes to ${p.direction}infinity`
        : `coefficients ${p.names.join(', ')} of ${p.parameter} have no finite estimates: the likelihood still grows as they go to infinity together`,
    hint(p) {
      const slopes = p.terms.filter((term) => term !== 'intercept');
      const [term] = slopes.length > 0 ? slopes : p.terms;
      const cause =
        p.names.length === 1
          ? 'the data are separated by it, or hold no event on one side; a prior keeps it finite'
          : 'the data are separated by them, or a level (the one the others are compared with, too) holds no event; a prior keeps them finite';
      return `${cause}: \`${p.parameter}[${term}] ~ normal(0, 2.5)\``;
    },
  }),
  MM523: define<{ parameter: string; end: string }>({
    severity: 'warning',
    message: (p) => `${p.parameter} goes to ${p.end}: the family's limit there fits the data as well`,
    hint: (p) => `use the simpler family, or give ${p.parameter} a prior`,
  }),
  MM524: define<{ what: string }>({
    severity: 'warning',
    message: (p) => `no likelihood could be computed where the search begins: ${p.what}`,
    hint: () => 'without a finite likelihood there nothing can be estimated',
  }),
  MM525: define<{ response: string; parameter: string; end: string }>({
    severity: 'warning',
    message: (p) =>
      `the likelihood has no maximum: ${p.response} can be fitted exactly, and it grows as ${p.parameter} goes to ${p.end}`,
    hint: (p) =>
      `is the response made from the predictors? A simpler model, or a prior on ${p.parameter}, has an estimate`,
  }),
  MM571: define<{ penalties: number }>({
    severity: 'note',
    message: (p) =>
      p.penalties === 1
        ? 'the penalty came without its gradient: its derivatives are differences'
        : `${p.penalties} penalties came without their gradients: their derivatives are differences`,
    hint: () => 'give `gradient` with it, or `smooth: false` where it has corners',
  }),
  MM572: define<{ evaluations: number; certified: boolean; left: number }>({
    severity: 'note',
    message: (p) =>
      p.certified
        ? `found by the simplex of Nelder and Mead (${p.evaluations} evaluations); the curvature there says it is the minimum`
        : `found by the simplex of Nelder and Mead (${p.evaluations} evaluations), without a certificate: the objective has a corner there, or the simplex stopped short (Newton decrement ${p.left.toPrecision(2)})`,
  }),
  MM508: define<{ group: string; parameters: number }>({
    severity: 'warning',
    message: (p) => `some of the ${p.parameters} variance parameters of ${p.group} do not change the likelihood`,
    hint: () => 'the estimates of the rest are right; those of this block are one choice among equals',
  }),
  MM510: define<{ text: string }>({
    severity: 'warning',
    message: (p) => `'${p.text}' counts for nothing: the coefficient it is about is left out`,
    hint: () => 'the fixed effects are not of full rank; name a coefficient that is in the model',
  }),
  MM511: define<{ what: string }>({
    severity: 'warning',
    message: (p) => `the posterior has no maximum: ${p.what}`,
    hint: () => 'an improper prior outweighs the data there; give it a finite scale',
  }),
  MM512: define<{ group: string }>({
    severity: 'warning',
    message: (p) => `singular fit: the errors within ${p.group} are uncorrelated, the least that car1 allows`,
    hint: () => 'leave `cor =` out; ar1 allows neighbours a negative correlation',
  }),
  MM513: define<{ what: string }>({
    severity: 'warning',
    message: (p) => `the likelihood has no maximum: ${p.what}`,
    hint: () =>
      'there are too few rows or groups for these variances and correlations: use a simpler predictor or structure',
  }),
  MM514: define<object>({
    severity: 'warning',
    message: () => 'some combination of the variances and correlations of the errors leaves the likelihood as it is',
    hint: () =>
      'the rest of the fit is right; a random intercept next to cs errors of the same group, or a sigma for rows that are fitted exactly, does this',
  }),
  MM515: define<{ group: string }>({
    severity: 'warning',
    message: (p) =>
      `the likelihood is the same however much ${p.group} varies: its standard deviations are where the search began, and mean nothing`,
    hint: () =>
      'there are too few rows beside the fixed effects: leave effects out, fix a standard deviation or give it a prior',
  }),
};
