import type { Fit, FixedEffect, RandomEffects, VarCorr } from '../../src/results/fit.js';
import { mixtureDisagreements } from './mixture-agreement.js';
import { isMixture, type ReferenceCase, readReferenceCase, type Vector } from './reference-case.js';

/**
 * Tolerances come with each reference case (`tolerance`: how far its own optimum is converged). Those that a case does
 * not state are here.
 */
const defaults = { logLik: 1e-5, fixefInSe: 1e-3, se: 1e-3, sd: 1e-3, zeroSd: 1e-3, ranefInSd: 1e-3 };
/** lmerTest and pbkrtest differentiate numerically: their degrees of freedom hold to about 1e-3, relative. */
const degreesOfFreedomTolerance = 1e-3;
const correlationTolerance = 1e-3;
/**
 * Conditional standard deviations move with theta, where the surface is flat. Those of glmmTMB are another quantity (they
 * have the uncertainty of the fixed effects and of theta in them) and are not compared.
 */
const conditionalSdTolerance = 5e-3;

function near(ours: number | null | undefined, theirs: number, tolerance: number): boolean {
  return typeof ours === 'number' && Number.isFinite(ours) && Math.abs(ours - theirs) <= tolerance;
}

function nearRelative(ours: number | null | undefined, theirs: number, tolerance: number): boolean {
  return near(ours, theirs, tolerance * Math.max(Math.abs(theirs), 1e-12));
}

/** Everything in which a fit and its reference disagree, in words; empty where they agree. */
export function disagreements(reference: ReferenceCase, fit: Fit): string[] {
  const general = [...(fit.converged ? [] : ['converged is not true']), ...objectiveProblems(reference, fit)];
  if (isMixture(reference)) return [...general, ...mixtureDisagreements(reference, reference, fit)];
  return [
    ...general,
    ...sizeProblems(reference, fit),
    ...fixefProblems(reference, fit),
    ...degreesOfFreedomProblems(reference, fit),
    // glmmTMB has correlated errors as effects that leave no residual: `residual-reference.test.ts` compares their covariance
    ...(hasCorrelatedErrors(fit) ? [] : varCorrProblems(reference, fit)),
    ...(hasCorrelatedErrors(fit) || ofAnotherBeta(reference)
      ? []
      : [...ranefProblems(reference, fit), ...fittedProblems(reference, fit)]),
  ];
}

function hasCorrelatedErrors(fit: Fit): boolean {
  return Object.keys(fit.familyParameters).some((name) => name.startsWith('cor.'));
}

/**
 * blme 1.0-5 leaves the random effects and fitted values of a fit with a t prior at the likelihood's own mode of beta, not at the
 * estimates that it reports: its fitted values are not X fixef + Z ranef. `priors-reference.test.ts` has them at that beta.
 */
function ofAnotherBeta(reference: ReferenceCase): boolean {
  return reference.kind === 'blme-lmm' && reference.prior?.resolved?.fixef?.dist === 't';
}

/** Never worse than the reference; a better optimum than a converged one would be another definition. */
function objectiveProblems(reference: ReferenceCase, fit: Fit): string[] {
  const penalised = reference.penalised_deviance;
  const tolerance =
    penalised === undefined
      ? (reference.tolerance.logLik_abs ?? defaults.logLik)
      : (reference.tolerance.penalised_deviance_abs ?? defaults.logLik);
  const ours = penalised === undefined ? fit.logLik : -fit.objective;
  const theirs =
    penalised === undefined ? (reference.logLik_full ?? reference.logLik) : -penalised + saturated(reference);
  const gap = ours - theirs;
  const what = penalised === undefined ? 'logLik' : '-objective';
  if (!(gap >= -tolerance)) return [`${what} is worse: ${ours} for ${theirs}`];
  return gap > Math.max(10 * tolerance, 1e-5) ? [`${what} is another one: ${ours} for ${theirs}`] : [];
}

/**
 * lme4's deviance of a quadrature fit, and with it blme's, lacks twice the saturated log-likelihood, which depends on the data
 * only: a fit of the same data without a prior has it both ways.
 */
function saturated(reference: ReferenceCase): number {
  if ((reference.nAGQ ?? 1) === 1) return 0;
  const twin = readReferenceCase('cbpp-logit-agq11');
  if (reference.data?.file !== twin.data?.file) throw new Error('no twin without a prior');
  return 2 * ((twin.logLik_full ?? Number.NaN) - twin.logLik);
}

function sizeProblems(reference: ReferenceCase, fit: Fit): string[] {
  const out: string[] = [];
  const tolerance = 2 * (reference.tolerance.logLik_abs ?? defaults.logLik);
  if (reference.n !== undefined && fit.rows !== reference.n) out.push(`rows: ${fit.rows} for ${reference.n}`);
  if (reference.df !== undefined && fit.parameters !== reference.df)
    out.push(`parameters: ${fit.parameters} for ${reference.df}`);
  const isWhole = reference.logLik_full === undefined; // lme4's AIC of a quadrature fit lacks the saturated likelihood
  if (isWhole && reference.AIC !== undefined && !near(fit.aic, reference.AIC, tolerance))
    out.push(`AIC: ${fit.aic} for ${reference.AIC}`);
  if (isWhole && reference.BIC !== undefined && !near(fit.bic, reference.BIC, tolerance))
    out.push(`BIC: ${fit.bic} for ${reference.BIC}`);
  for (const name of reference.dropped_columns ?? [])
    if (fit.fixef.find((row) => row.name === name)?.estimate !== null) out.push(`${name} is not reported as dropped`);
  return out;
}

function rowsOfLocation(fit: Fit, name: string): FixedEffect | undefined {
  return fit.fixef.find((row) => row.name === name);
}

function fixefProblems(reference: ReferenceCase, fit: Fit): string[] {
  const { fixef, tolerance } = reference;
  if (fixef === undefined) return [];
  return fixef.names.flatMap((name, i) => {
    const theirs = fixef.estimate[i];
    const theirSe = fixef.se[i];
    if (typeof theirs !== 'number') return [];
    const row = rowsOfLocation(fit, name);
    if (row === undefined) return [`no coefficient ${name}`];
    const unit = theirSe || Math.max(1e-8, Math.abs(theirs));
    const out: string[] = [];
    if (!near(row.estimate, theirs, (tolerance.fixef_in_se ?? defaults.fixefInSe) * unit))
      out.push(`${name}: ${row.estimate} for ${theirs}`);
    if (theirSe && !nearRelative(row.se, theirSe, tolerance.se_rel ?? defaults.se))
      out.push(`se(${name}): ${row.se} for ${theirSe}`);
    return out;
  });
}

function degreesOfFreedomProblems(reference: ReferenceCase, fit: Fit): string[] {
  const theirs = reference.satterthwaite;
  if (theirs === undefined) return [];
  return theirs.names.flatMap((name, i) => {
    const df = theirs.df[i];
    const row = rowsOfLocation(fit, name);
    if (typeof df !== 'number') return [];
    return nearRelative(row?.df, df, degreesOfFreedomTolerance) ? [] : [`df(${name}): ${row?.df} for ${df}`];
  });
}

interface Column {
  readonly block: VarCorr;
  readonly index: number;
}

function columnsOf(reference: ReferenceCase, fit: Fit, group: string, term: string): Column[] {
  return fit.varcorr
    .filter((block) => block.group === group)
    .map((block) => ({ block, index: indexOfTerm(reference, block.terms, term) }))
    .filter((column) => column.index >= 0);
}

/** R puts a factor's name before its level, `ftime3`; a position of ours is `3`. */
function indexOfTerm(reference: ReferenceCase, terms: readonly string[], term: string): number {
  const exact = terms.indexOf(term);
  if (exact >= 0) return exact;
  const factor = Object.keys(reference.factors ?? {}).find((name) => term.startsWith(name));
  return factor === undefined ? -1 : terms.indexOf(term.slice(factor.length));
}

function varCorrProblems(reference: ReferenceCase, fit: Fit): string[] {
  const { tolerance } = reference;
  const sdTolerance = tolerance.sd_rel ?? defaults.sd;
  const scale = reference.sigma || 1;
  const out: string[] = [];
  for (const theirs of reference.varcorr ?? []) {
    theirs.names.forEach((term, i) => {
      const sd = theirs.sd[i];
      if (typeof sd !== 'number') return;
      const columns = columnsOf(reference, fit, theirs.group, term);
      const tiny = sd < 1e-4 * scale;
      const agrees = columns.some(({ block, index }) =>
        tiny
          ? block.sd[index] <= (tolerance.sd_zero_abs ?? defaults.zeroSd) * scale
          : nearRelative(block.sd[index], sd, sdTolerance),
      );
      const ours = columns.map(({ block, index }) => block.sd[index]).join(' / ');
      if (!agrees) out.push(`sd(${theirs.group}|${term}): ${ours || 'none'} for ${sd}`);
    });
    const hasAll = (v: VarCorr) => theirs.names.every((name) => indexOfTerm(reference, v.terms, name) >= 0);
    const block = fit.varcorr.find((v) => v.group === theirs.group && hasAll(v));
    if (block !== undefined && !theirs.sd.some((sd) => sd === null || sd < 1e-3 * scale))
      out.push(...correlationProblems(reference, theirs.names, theirs.corr ?? [], block));
  }
  // Of other families the field holds 1 or a dispersion, each package in its own convention.
  const sigma = reference.family === 'gaussian' ? reference.sigma : undefined;
  if (sigma !== undefined && sigma > 0 && !nearRelative(fit.sigma, sigma, sdTolerance))
    out.push(`sigma: ${fit.sigma} for ${sigma}`);
  return out;
}

function correlationProblems(
  reference: ReferenceCase,
  names: readonly string[],
  correlations: readonly Vector[],
  ours: VarCorr,
): string[] {
  const at = (name: string) => indexOfTerm(reference, ours.terms, name);
  return names.flatMap((a, i) =>
    names.slice(0, i).flatMap((b, j) => {
      const theirs = correlations[i]?.[j];
      if (typeof theirs !== 'number') return [];
      const mine = ours.cor[at(a)]?.[at(b)];
      return near(mine, theirs, correlationTolerance) ? [] : [`cor(${ours.group}: ${a}, ${b}): ${mine} for ${theirs}`];
    }),
  );
}

function ranefProblems(reference: ReferenceCase, fit: Fit): string[] {
  const out: string[] = [];
  for (const theirs of reference.ranef ?? []) {
    const ours = fit.ranef.filter((r) => r.group === theirs.group);
    theirs.levels.forEach((level, l) => {
      theirs.columns.forEach((term, c) => {
        const value = theirs.values?.[l]?.[c];
        if (typeof value !== 'number') return;
        const place = `${theirs.group}[${level}].${term}`;
        const found = findMode(ours, level, term);
        const sd = referenceSd(reference, theirs.group, term);
        const slack = Math.max(
          (reference.tolerance.ranef_in_sd ?? defaults.ranefInSd) * sd,
          1e-5 * (reference.sigma || 1),
        );
        if (!near(found?.mode, value, 10 * slack)) out.push(`ranef ${place}: ${found?.mode} for ${value}`);
        const theirSd = theirs.cond_sd?.[l]?.[c];
        if (
          reference.package !== 'glmmTMB' &&
          typeof theirSd === 'number' &&
          theirSd > 0 &&
          !nearRelative(found?.sd, theirSd, conditionalSdTolerance)
        )
          out.push(`ranef sd ${place}: ${found?.sd} for ${theirSd}`);
      });
    });
  }
  return out;
}

function findMode(blocks: readonly RandomEffects[], level: string, term: string) {
  for (const block of blocks) {
    const l = block.levels.indexOf(level);
    const c = block.terms.indexOf(term);
    if (l >= 0 && c >= 0) return { mode: block.mode[l]?.[c], sd: block.sd[l]?.[c] };
  }
  return undefined;
}

function referenceSd(reference: ReferenceCase, group: string, term: string): number {
  for (const block of reference.varcorr ?? []) {
    const sd = block.group === group ? block.sd[block.names.indexOf(term)] : undefined;
    if (typeof sd === 'number') return sd;
  }
  return 1;
}

function fittedProblems(reference: ReferenceCase, fit: Fit): string[] {
  if (/binomial/.test(fit.family) && /cbind|weights/.test(reference.call ?? '')) return []; // proportions, where ours are counts
  const slack = 10 * (reference.tolerance.ranef_in_sd ?? defaults.ranefInSd) * (reference.sigma || 1);
  return (reference.fitted_head ?? []).flatMap((theirs, i) =>
    typeof theirs !== 'number' || near(fit.fitted[i], theirs, slack)
      ? []
      : [`fitted[${i}]: ${fit.fitted[i]} for ${theirs}`],
  );
}
