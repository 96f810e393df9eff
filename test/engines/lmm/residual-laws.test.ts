import { describe, expect, test } from 'vitest';
import type { Fit } from '../../../src/results/fit.js';
import { residuals } from '../../../src/results/residuals.js';
import { fitColumns, fitFile } from './residual-fit.js';
import { random } from './shapes.js';

/** Two searches of one surface: what each leaves is below 1e-12 of deviance. */
const sameDeviance = 1e-8;
/** Estimates of the two, relative. */
const same = 1e-5;

const orthodont = 'data "Orthodont.csv" { Sex: factor("Male", "Female") }';
const growth = (errors: string, rest = '') => `${orthodont}\ndistance ~ normal(mu, sigma${errors})\n${rest}`;

const row = (fit: Fit, name: string, predictor = 'mu') => {
  const found = fit.fixef.find((f) => f.name === name && f.predictor === predictor);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};
const close = (a: number | null | undefined, b: number | null | undefined) =>
  expect(Math.abs((a ?? Number.NaN) - (b ?? Number.NaN))).toBeLessThan(same * Math.max(1, Math.abs(b ?? 0)));

function agree(a: Fit, b: Fit, predictors = ['mu']): void {
  expect(a.converged && b.converged).toBe(true);
  expect(Math.abs(a.deviance - b.deviance)).toBeLessThan(sameDeviance);
  for (const f of a.fixef.filter((r) => predictors.includes(r.predictor))) {
    close(f.estimate, row(b, f.name, f.predictor).estimate);
    close(f.se, row(b, f.name, f.predictor).se);
  }
}

describe.each(['reml', 'ml'])('the same model in two ways, %s', (method) => {
  test('compound symmetry is a random intercept', async () => {
    const errors = await fitFile(growth(', cor = cs(age | Subject)', `mu = age * Sex\nfit ${method}`));
    const effects = await fitFile(growth('', `mu = age * Sex + (1 | Subject)\nfit ${method}`));
    agree(errors, effects);
    const between = effects.varcorr[0].sd[0] ** 2;
    close(errors.familyParameters['cor.cs'], between / (between + (effects.sigma ?? 0) ** 2));
    for (const name of ['(Intercept)', 'age', 'age:SexFemale']) close(row(errors, name).df, row(effects, name).df);
  });

  test('two positions: us is cs, ar1 and car1', async () => {
    const two = (errors: string) =>
      fitFile(
        `${orthodont}\nwhere age < 11\ndistance ~ normal(mu, sigma, cor = ${errors}(age | Subject))\nmu = age\nfit ${method}`,
      );
    const us = await two('us');
    for (const structure of ['cs', 'ar1', 'car1']) {
      const other = await two(structure);
      agree(us, other);
      const power = structure === 'car1' ? 2 : 1; // two years apart
      close(us.familyParameters['cor.us[8,10]'], other.familyParameters[`cor.${structure}`] ** power);
    }
  });

  test('ar1 over whole distances is car1', async () => {
    const of = (structure: string) =>
      fitFile(
        `data "sleepstudy.csv"\nReaction ~ normal(mu, sigma, cor = ${structure}(Days | Subject))\nmu = Days\nfit ${method}`,
      );
    const [ar1, car1] = [await of('ar1'), await of('car1')];
    agree(ar1, car1);
    close(ar1.familyParameters['cor.ar1'], car1.familyParameters['cor.car1']);
  });

  test('weights are an offset of log sigma', async () => {
    const of = (more: string) =>
      fitFile(
        `data "sleepstudy_wt.csv"\nReaction ~ normal(mu, sigma, cor = ar1(Days | Subject))\nmu = Days + (1 | Subject)\n${more}\nfit ${method}`,
      );
    agree(await of('weights w\nlog(sigma) = 1'), await of('log(sigma) = 1 + offset(-log(w) / 2)'), ['mu', 'sigma']);
  });

  test('codings of sigma', async () => {
    const of = (sigma: string) =>
      fitFile(growth(', cor = us(age | Subject)', `mu = age * Sex\nlog(sigma) = ${sigma}\nfit ${method}`));
    const [cells, treatment] = [await of('0 + factor(age)'), await of('factor(age)')];
    agree(cells, treatment);
    const base = row(cells, 'factor(age)8', 'sigma').estimate ?? Number.NaN;
    close(row(treatment, '(Intercept)', 'sigma').estimate, base);
    close(row(treatment, '(Intercept)', 'sigma').se, row(cells, 'factor(age)8', 'sigma').se);
    close(
      row(treatment, 'factor(age)12', 'sigma').estimate,
      (row(cells, 'factor(age)12', 'sigma').estimate ?? Number.NaN) - base,
    );
  });

  test('the order of rows, names and units', () => {
    const { normal, uniform } = random('order');
    const kept = Array.from({ length: 60 }, (_, i) => ({ g: Math.floor(i / 5), t: i % 5 })).filter(
      () => uniform() > 0.2,
    );
    const y = kept.map(({ t }) => 3 + 0.4 * t + normal());
    const source = (unit: number) =>
      `y ~ normal(mu, sigma, cor = ar1(t | g))\nmu = t\nlog(sigma) = I(t * ${unit})\nfit ${method}`;
    const first = fitColumns(source(1), { y, t: kept.map((r) => r.t), g: kept.map((r) => `g${r.g}`) });
    const order = [...kept.keys()].sort(() => uniform() - 0.5);
    const other = fitColumns(source(1000), {
      y: order.map((i) => 100 * y[i]),
      t: order.map((i) => kept[i].t),
      g: order.map((i) => `h${(kept[i].g * 7) % 13}`),
    });
    close(first.familyParameters['cor.ar1'], other.familyParameters['cor.ar1']);
    close(row(first, 't').estimate, (row(other, 't').estimate ?? Number.NaN) / 100);
    close(row(first, 't').df, row(other, 't').df);
    close(row(first, 'I(t * 1)', 'sigma').statistic, row(other, 'I(t * 1000)', 'sigma').statistic);
  });
});

describe('closed forms', () => {
  test('complete data, every cell a mean: the covariance is that of the residuals', async () => {
    const found = await fitFile(
      growth(', cor = us(age | Subject)', 'mu = 0 + factor(age):Sex\nlog(sigma) = 0 + factor(age)\nfit reml'),
    );
    const visits = ['8', '10', '12', '14'];
    // residuals from the cells' means, subject by subject
    const errors = new Map<string, number[]>();
    const subjectOf = Array.from({ length: 108 }, (_, i) => Math.floor(i / 4));
    found.residuals.forEach((r, i) => {
      const key = String(subjectOf[i]);
      errors.set(key, [...(errors.get(key) ?? []), r]);
    });
    const S = visits.map((_, a) =>
      visits.map((__, b) => [...errors.values()].reduce((t, e) => t + e[a] * e[b], 0) / (27 - 2)),
    );
    visits.forEach((v, a) => {
      close(Math.exp(row(found, `factor(age)${v}`, 'sigma').estimate ?? Number.NaN), Math.sqrt(S[a][a]));
      for (let b = 0; b < a; b++)
        close(found.familyParameters[`cor.us[${visits[b]},${v}]`], S[b][a] / Math.sqrt(S[a][a] * S[b][b]));
    });
    // a cell's mean has the degrees of freedom of its variance: subjects less groups
    for (const f of found.fixef.filter((r) => r.predictor === 'mu')) close(f.df, 25);
  });

  test('without random effects the normalised residuals of an ML fit have sum of squares N', async () => {
    for (const structure of ['ar1', 'car1', 'cs', 'us']) {
      const found = await fitFile(
        growth(`, cor = ${structure}(age | Subject)`, 'mu = age * Sex\nlog(sigma) = Sex\nfit ml'),
      );
      const e = residuals(found, 'normalized');
      expect(Math.abs(e.reduce((t, v) => t + v * v, 0) / 108 - 1)).toBeLessThan(1e-6);
      const scaled = residuals(found, 'scaled');
      expect(
        Math.max(...scaled.map((v, i) => Math.abs(v ** 2 * (found.variance?.[i] ?? 0) - found.residuals[i] ** 2))),
      ).toBeLessThan(1e-9);
    }
  });
});

test('the engine for generalised models has the same likelihood and standard errors where sigma has a predictor', async () => {
  const source = (method: string) =>
    `data "sim_disp.csv"\ny ~ normal(mu, sigma)\nmu = x + (1 | g)\nlog(sigma) = x + z\nfit ${method}`;
  const [lmm, glmm] = [await fitFile(source('ml')), await fitFile(source('laplace'))];
  expect([lmm.engine, glmm.engine]).toEqual(['lmm', 'glmm']);
  agree(lmm, glmm, ['mu', 'sigma']);
  close(lmm.varcorr[0].sd[0], glmm.varcorr[0].sd[0]);
});

test('Kenward and Roger have the degrees of freedom of Satterthwaite for one coefficient, and larger standard errors', async () => {
  for (const [errors, sigma] of [
    ['us(age | Subject)', '0 + factor(age)'],
    ['us(age | Subject)', 'Sex'],
    ['cs(age | Subject)', '1'],
    ['ar1(age | Subject)', 'Sex'],
  ]) {
    const source = `${orthodont}\nwhere row() != 3 and row() != 17 and row() != 18 and row() != 60\ndistance ~ normal(mu, sigma, cor = ${errors})\nmu = age * Sex\nlog(sigma) = ${sigma}`;
    const plain = await fitFile(source);
    const adjusted = await fitFile(source, { degreesOfFreedom: 'kenward-roger' });
    expect(adjusted.warnings.map((w) => w.code)).not.toContain('MM507');
    for (const f of plain.fixef.filter((r) => r.predictor === 'mu')) {
      close(row(adjusted, f.name).df, f.df);
      expect(row(adjusted, f.name).se ?? 0).toBeGreaterThan(0.99 * (f.se ?? Number.NaN));
      expect(Math.abs((row(adjusted, f.name).se ?? 0) / (f.se ?? Number.NaN) - 1)).toBeGreaterThan(1e-6);
    }
  }
});

describe('what cannot be told is said', () => {
  const codes = (fit: Fit) => fit.warnings.map((w) => w.code);

  test('a random intercept next to compound symmetry', async () => {
    const found = await fitFile(growth(', cor = cs(age | Subject)', 'mu = age + (1 | Subject)'));
    expect(codes(found)).toContain('MM514');
  });

  test('a sigma for a row that has its own mean', async () => {
    const own = 'let odd = row() == 5\n';
    const model = (method: string) =>
      `${orthodont}\n${own}distance ~ normal(mu, sigma)\nmu = age + odd\nlog(sigma) = odd\nfit ${method}`;
    expect(codes(await fitFile(model('reml')))).toContain('MM514');
    const ml = await fitFile(model('ml'));
    expect(ml.converged).toBe(false);
    expect(codes(ml)).toContain('MM513');
  });

  test('more positions than groups', async () => {
    const found = await fitFile(
      `${orthodont}\nwhere Subject == "M01" or Subject == "M02" or Subject == "M03"\ndistance ~ normal(mu, sigma, cor = us(age | Subject))\nmu = age\nlog(sigma) = 0 + factor(age)`,
      { maxEvaluations: 400 },
    );
    expect(found.converged).toBe(false);
    expect(codes(found)).toContain('MM513');
  });

  test('neighbours that are negatively correlated, under car1', () => {
    const { normal } = random('negative');
    const t = Array.from({ length: 100 }, (_, i) => i % 5);
    let e = 0;
    const y = t.map((v) => {
      e = (v === 0 ? 0 : -0.7 * e) + normal();
      return e;
    });
    const found = fitColumns('y ~ normal(mu, sigma, cor = car1(t | g))\nmu = 1', {
      y,
      t,
      g: t.map((_, i) => `g${Math.floor(i / 5)}`),
    });
    expect(found.singular).toBe(true);
    expect(found.converged).toBe(true);
    expect(codes(found)).toContain('MM512');
    expect(found.familyParameters['cor.car1']).toBeLessThan(1e-6);
  });
});
