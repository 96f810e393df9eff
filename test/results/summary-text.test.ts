import { describe, expect, test } from 'vitest';
import { summaryText } from '../../src/results/summary-text.js';
import { formatColumn, formatNumber, formatP, textTable } from '../../src/results/text-table.js';
import { aFit } from './a-fit.js';

describe('summary of a fit', () => {
  test('reads like that of lme4', () => {
    expect(summaryText(aFit, { correlation: true })).toBe(
      [
        'sleepstudy: Linear mixed model fitted by REML',
        'Reaction ~ normal; 4 rows (2 with missing values left out); Subject: 2',
        '',
        'log-likelihood  REML criterion      AIC      BIC  parameters',
        '       -871.81         1743.63  1755.63  1774.79           6',
        '',
        'Scaled residuals:',
        '      Min       1Q   Median      3Q     Max',
        '  -0.5705  -0.2628  -0.0410  0.1563  0.3907',
        '',
        'Random effects:',
        '  Group     Term         Variance  Std. dev.  Corr.',
        '  Subject   (Intercept)    612.09     24.740',
        '            Days            35.07      5.922   0.07',
        '  Residual                 654.94     25.592',
        '',
        'Fixed effects:',
        '               Estimate  Std. error    df  t value          p',
        '  (Intercept)    251.41       6.825  17.0    36.84  < 2.2e-16',
        '  Days            10.47       1.546  17.0     6.77    3.26e-6',
        '  late         left out',
        '  (1 left out: the fixed effects are not of full rank)',
        '',
        'Correlation of fixed effects:',
        '        (Intercep.',
        '  Days      -0.138',
        '',
        'Converged after 19 evaluations; the deviance could fall by 2e-21 at most, its gradient is 3e-10',
        '',
        'warning[MM503]: coefficient late is left out',
        '  hint: look at the design',
      ].join('\n'),
    );
  });

  test('a serial block takes one line, whatever its positions, and shows its correlation', () => {
    const positions = ['1', '2', '3'];
    const text = summaryText({
      ...aFit,
      varcorr: [
        {
          group: 'Subject',
          name: null,
          class: null,
          terms: positions,
          sd: positions.map(() => 24.74),
          cor: positions.map((_, r) => positions.map((__, c) => 0.8 ** Math.abs(r - c))),
          serial: { structure: 'ar1', positions: 3, correlation: 0.8 },
        },
      ],
    });
    expect(text).toMatch(/\n {2}Subject {3}ar1, 3 positions +612\.1 +24\.74 +0\.80\n {2}Residual /);
  });

  test('a fit that did not converge says so, in capitals', () => {
    expect(summaryText({ ...aFit, converged: false })).toContain('NOT CONVERGED after 19 evaluations');
  });

  test('without degrees of freedom the statistic is called z', () => {
    const text = summaryText({ ...aFit, fixef: aFit.fixef.map((f) => ({ ...f, df: null })) });
    expect(text).toContain('z value');
    expect(text).not.toContain('df');
  });

  test('predictors and classes have tables of their own; classes, family parameters and priors are shown', () => {
    const [first, second] = aFit.fixef;
    const text = summaryText({
      ...aFit,
      engine: 'em',
      method: 'em',
      family: 'negative_binomial',
      link: 'log',
      sigma: null,
      objective: aFit.objective + 3,
      fixef: [
        { ...first, class: 'low' },
        { ...second, class: 'high' },
      ],
      familyParameters: { shape: 2.3456789 },
      mixture: {
        name: 'z',
        per: 'Subject',
        classes: ['low', 'high'],
        weights: [0.6, 0.4],
        posterior: {
          levels: ['308', '309'],
          probabilities: [
            [0.99, 0.01],
            [0.2, 0.8],
          ],
        },
        logLikMcse: 0.012,
        ess: { min: 210, median: 480 },
        draws: 512,
        khat: { max: 0.41 },
      },
    });
    expect(text).toContain('Mixture model fitted by maximum likelihood (EM)');
    expect(text).toContain('negative_binomial, log link');
    expect(text).toContain('Fixed effects of mu, class low:');
    expect(text).toContain('Fixed effects of mu, class high:');
    expect(text).toContain('shape  2.3457');
    expect(text).toContain('Classes of each Subject (z):');
    expect(text).toMatch(/low +0\.6 +1 of 2\n/);
    expect(text).toContain('effective draws 480 of 512 (least 210)');
    expect(text).toContain('minimised with priors and penalties: 1746.63');
  });

  test('long warnings are broken between words', () => {
    const message = 'word '.repeat(40).trim();
    const lines = summaryText(
      { ...aFit, warnings: [{ code: 'MM501', severity: 'warning', message }] },
      { width: 60 },
    ).split('\n');
    const last = lines.slice(lines.findIndex((line) => line.startsWith('warning[')));
    expect(last.length).toBeGreaterThan(3);
    expect(Math.max(...last.map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  test('a singular block shows dashes for correlations that do not exist', () => {
    const varcorr = aFit.varcorr.map((v) => ({
      ...v,
      sd: [3, 0],
      cor: [
        [1, null],
        [null, null],
      ],
    }));
    expect(summaryText({ ...aFit, varcorr })).toMatch(/Days +0\.0+ +0\.0+ +-\n/);
  });
});

describe('numbers as text', () => {
  test('a column shows as many decimals as its smallest number needs', () => {
    expect(formatColumn([251.405, 10.4673])).toEqual(['251.41', '10.47']);
    expect(formatColumn([1234567, 2])).toEqual(['1234567', '2']);
    expect(formatColumn([0.5, null, Number.NaN])).toEqual(['0.5', '', '']);
    expect(formatColumn([1e-12, 3])).toEqual(['1e-12', '3']);
    expect(formatColumn([Number.POSITIVE_INFINITY, 1])).toEqual(['Inf', '1']);
    expect(formatColumn([])).toEqual([]);
  });

  test('single numbers', () => {
    expect(['0', '1.235', '123.5', '1.2e-7', '-Inf']).toEqual(
      [0, 1.23456, 123.456, 1.2e-7, Number.NEGATIVE_INFINITY].map((v) => formatNumber(v)),
    );
  });

  test('p values claim no more than they know', () => {
    expect([1e-20, 3.26379e-6, 0.0123456, 0.5, null].map(formatP)).toEqual([
      '< 2.2e-16',
      '3.26e-6',
      '0.0123',
      '0.500',
      '',
    ]);
  });

  test('columns are aligned by what a terminal shows', () => {
    expect(
      textTable(
        [
          ['a', 'b'],
          ['漢字', '1'],
          ['xyz', '10'],
        ],
        ['left', 'right'],
      ),
    ).toEqual(['a      b', '漢字   1', 'xyz   10']);
  });
});

test('overdispersion is told of counts only', () => {
  const counts = { below: Float64Array.of(0, 0.2), at: Float64Array.of(0.4, 0.7) };
  const glmm = { ...aFit, engine: 'glmm' as const, family: 'poisson', overdispersion: 1.2345 };
  expect(summaryText({ ...glmm, cdf: counts })).toContain('residual degrees of freedom): 1.23');
  expect(summaryText({ ...glmm, cdf: { below: counts.at, at: counts.at } })).not.toContain('Overdispersion');
  expect(summaryText({ ...glmm, cdf: counts, family: 'bernoulli' })).not.toContain('Overdispersion');
  expect(summaryText(aFit)).not.toContain('Overdispersion');
});
