import type { Report } from '../diagnostics/report.js';
import type { AssignStatement, Expression, Statement } from './ast.js';
import { everyExpression } from './walk.js';

/** What the grammar lets through and is plainly a slip, whatever the names in it mean. */
export function checkShape(statement: Statement, source: string, report: Report): void {
  switch (statement.kind) {
    case 'where':
      checkCondition(statement.condition, source, report);
      break;
    case 'let':
      checkCondition(statement.value, source, report);
      break;
    case 'assign':
      checkAssignment(statement, report);
      break;
  }
}

/** A condition has no random effects, so its bars are meant to say `or`. */
function checkCondition(condition: Expression, source: string, report: Report): void {
  for (const e of everyExpression(condition)) {
    if (e.kind !== 'bar') continue;
    // The bar has no place of its own in the tree: it lies between its operands.
    const start = source.indexOf(e.operator, e.left.span.end);
    report.add('MM109', { start, end: start + e.operator.length }, { bar: e.operator, logic: true });
  }
}

const methods = new Set(['reml', 'ml', 'laplace', 'agq', 'em']);

/** Families as R names them, and the likelihood each of them is here. */
const likelihoods: Readonly<Record<string, string>> = {
  gaussian: 'y ~ normal(mu, sigma); mu = 1 + x',
  normal: 'y ~ normal(mu, sigma); mu = 1 + x',
  binomial: 'y ~ bernoulli(p) or y ~ binomial(size, p), and logit(p) = 1 + x',
  bernoulli: 'y ~ bernoulli(p); logit(p) = 1 + x',
  poisson: 'y ~ poisson(lambda); log(lambda) = 1 + x',
  Gamma: 'y ~ gamma(mu, shape); log(mu) = 1 + x',
  'inverse.gaussian': 'y ~ inverse_gaussian(mu, shape); log(mu) = 1 + x',
  negbinomial: 'y ~ negative_binomial(mu, shape); log(mu) = 1 + x',
  nbinom1: 'y ~ negative_binomial1(mu, phi); log(mu) = 1 + x',
  nbinom2: 'y ~ negative_binomial(mu, shape); log(mu) = 1 + x',
  beta_family: 'y ~ beta(mu, phi); logit(mu) = 1 + x',
  cumulative: 'y ~ cumulative(eta, logit); eta = x',
  quasibinomial: 'y ~ beta_binomial(size, p, phi); logit(p) = 1 + x',
  quasipoisson: 'y ~ negative_binomial1(mu, phi); log(mu) = 1 + x',
};

/** What to write instead of `family = NAME`. */
export function likelihoodFor(family: string): string | undefined {
  return Object.hasOwn(likelihoods, family) ? `write ${likelihoods[family]}` : undefined;
}

function checkAssignment({ target, value, span }: AssignStatement, report: Report): void {
  if (target.kind !== 'name' || target.quoted) return;
  const name = value.kind === 'call' ? value.callee.name : value.kind === 'name' ? value.name : undefined;
  if (target.name === 'data' && value.kind === 'string') {
    report.add('MM125', span, { word: 'data', instead: `data "${value.value}"` });
  } else if (target.name === 'fit' && name !== undefined && methods.has(name)) {
    report.add('MM125', { start: span.start, end: value.span.start }, { word: 'fit', instead: 'fit ' });
  } else if (target.name === 'family' && name !== undefined) {
    const family = likelihoodFor(name);
    if (family !== undefined) report.add('MM112', span, { family });
  }
}
