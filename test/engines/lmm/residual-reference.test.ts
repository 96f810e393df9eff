import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fitFile } from './residual-fit.js';

/** What `test/reference/residual/residual.R` writes: nlme's optimum, polished on a dense likelihood. */
interface ResidualReference {
  readonly id: string;
  readonly logLik: number;
  readonly nlme: { readonly logLik: number };
  readonly names: readonly string[];
  readonly estimate: readonly number[];
  readonly se: readonly number[];
  readonly residual: Readonly<Record<string, number | readonly number[] | Readonly<Record<string, number>>>>;
  readonly satterthwaite: readonly number[];
  readonly kenward_roger?: { readonly se: readonly number[]; readonly df: readonly number[] };
}

const folder = join(import.meta.dirname, '..', '..');
const { cases }: { cases: readonly ResidualReference[] } = JSON.parse(
  readFileSync(join(folder, 'reference', 'residual', 'residual.json'), 'utf8'),
);

const orthodont = 'data "Orthodont.csv" { Sex: factor("Male", "Female") }';
const gaps = `${orthodont}\nwhere ${[3, 10, 17, 18, 29, 44, 58, 59, 60, 77, 90, 101].map((r) => `row() != ${r}`).join(' and ')}`;
const sleep = 'data "sleepstudy.csv"\nlet when = Days + Days^2 / 5';
const growth = (rows: string, errors: string, sigma: string | null, method: string) =>
  `${rows}\ndistance ~ normal(mu, sigma, cor = ${errors})\nmu = age * Sex\n${sigma === null ? '' : `log(sigma) = ${sigma}\n`}fit ${method}`;
const weighted = (method: string) =>
  `data "sleepstudy_wt.csv"\nReaction ~ normal(mu, sigma, cor = ar1(Days | Subject))\nmu = Days + (Days | Subject)\nweights w\nfit ${method}`;
const reaction = (method: string) =>
  `${sleep}\nReaction ~ normal(mu, sigma, cor = car1(when | Subject))\nmu = Days\nfit ${method}`;

const sources: Readonly<Record<string, string>> = {
  mmrm: growth(orthodont, 'us(age | Subject)', '0 + factor(age)', 'reml'),
  'mmrm-gaps': growth(gaps, 'us(age | Subject)', '0 + factor(age)', 'reml'),
  'mmrm-gaps-ml': growth(gaps, 'us(age | Subject)', '0 + factor(age)', 'ml'),
  'us-one-sigma': growth(gaps, 'us(age | Subject)', null, 'reml'),
  'ar1-gaps': growth(gaps, 'ar1(age | Subject)', null, 'reml'),
  'ar1-gaps-sex': growth(gaps, 'ar1(age | Subject)', 'Sex', 'reml'),
  'cs-gaps': growth(gaps, 'cs(age | Subject)', null, 'reml'),
  car1: reaction('reml'),
  'car1-ml': reaction('ml'),
  varexp: 'data "sleepstudy.csv"\nReaction ~ normal(mu, sigma)\nmu = Days + (1 | Subject)\nlog(sigma) = Days\nfit reml',
  'ar1-slope-weights': weighted('reml'),
  'ar1-slope-weights-ml': weighted('ml'),
};

const logLikTolerance = 1e-6;
/** Estimates move with the square root of what is left of the likelihood: 1e-4 of a standard error. */
const estimateTolerance = 1e-4;
/** Variance parameters, relative; the references' optimum is polished by numerical derivatives. */
const varianceTolerance = 2e-4;
/** Degrees of freedom of the references are by numerical derivatives. */
const degreesTolerance = 1e-3;

const relative = (ours: number | null | undefined, theirs: number) => Math.abs((ours ?? Number.NaN) / theirs - 1);

test('every reference has its model', () => {
  expect(cases.map((c) => c.id).sort()).toEqual(Object.keys(sources).sort());
});

describe.each(cases)('$id', (reference) => {
  test('likelihood, coefficients, variance parameters, Satterthwaite', async () => {
    const found = await fitFile(sources[reference.id]);
    expect(found.engine).toBe('lmm');
    expect(found.converged).toBe(true);
    expect(found.logLik).toBeGreaterThan(reference.logLik - logLikTolerance);
    expect(found.logLik).toBeGreaterThan(reference.nlme.logLik - logLikTolerance);
    expect(Math.abs(found.logLik - reference.logLik)).toBeLessThan(1e-5);
    // with a predictor of sigma alone the standard errors hold more than nlme's: see below
    const spread = found.fixef.some((f) => f.predictor === 'sigma') && Object.keys(found.familyParameters).length === 0;
    reference.names.forEach((name, i) => {
      const row = found.fixef.find((f) => f.name === name && f.predictor === 'mu');
      expect(Math.abs((row?.estimate ?? Number.NaN) - reference.estimate[i]) / reference.se[i], name).toBeLessThan(
        estimateTolerance,
      );
      if (!spread) expect(relative(row?.se, reference.se[i]), `se ${name}`).toBeLessThan(varianceTolerance);
      expect(relative(row?.df, reference.satterthwaite[i]), `df ${name}`).toBeLessThan(degreesTolerance);
    });
    for (const [name, value] of Object.entries(reference.residual)) {
      if (name === 'sd') expect(relative(found.sigma, Number(value))).toBeLessThan(varianceTolerance);
      else if (name === 'sigma') {
        for (const [term, estimate] of Object.entries(value)) {
          const row = found.fixef.find((f) => f.name === term && f.predictor === 'sigma');
          expect(Math.abs((row?.estimate ?? Number.NaN) - estimate), term).toBeLessThan(varianceTolerance);
        }
        expect(found.sigma).toBeNull();
      } else if (name.startsWith('cor.'))
        expect(Math.abs(found.familyParameters[name] - Number(value)), name).toBeLessThan(varianceTolerance);
      else {
        const sds = [value].flat();
        sds.forEach((sd, k) => {
          expect(relative(found.varcorr[0].sd[k], Number(sd)), name).toBeLessThan(varianceTolerance);
        });
      }
    }
  });

  test.runIf(reference.kenward_roger !== undefined)('Kenward and Roger', async () => {
    const found = await fitFile(sources[reference.id], { degreesOfFreedom: 'kenward-roger' });
    expect(found.warnings.map((w) => w.code)).not.toContain('MM507');
    const theirs = reference.kenward_roger;
    reference.names.forEach((name, i) => {
      const row = found.fixef.find((f) => f.name === name && f.predictor === 'mu');
      expect(relative(row?.se, theirs?.se[i] ?? Number.NaN), `se ${name}`).toBeLessThan(degreesTolerance);
      expect(relative(row?.df, theirs?.df[i] ?? Number.NaN), `df ${name}`).toBeLessThan(degreesTolerance);
    });
  });
});
