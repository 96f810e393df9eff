import { expect, test } from 'vitest';
import { fitToJson } from '../../src/results/fit-json.js';
import { aFit } from './a-fit.js';

/** The fields that `mm fit --json` has promised, in its order. */
const promised = [
  'schema',
  'model',
  'engine',
  'method',
  'family',
  'link',
  'rows',
  'dropped',
  'groups',
  'converged',
  'singular',
  'certificate',
  'warnings',
  'logLik',
  'deviance',
  'objective',
  'aic',
  'bic',
  'parameters',
  'fixef',
  'varcorr',
  'sigma',
  'theta',
  'family_parameters',
  'mixture',
  'overdispersion',
  'seconds',
  'evaluations',
  'seed',
];

test('every promised field is there, and those asked for', () => {
  expect(Object.keys(fitToJson(aFit))).toEqual(promised);
  const all = Object.keys(fitToJson(aFit, { ranef: true, fitted: true }));
  expect(all.filter((key) => !promised.includes(key))).toEqual(['ranef', 'fitted']);
});

test('it survives JSON unchanged and unrounded', () => {
  const json = fitToJson(aFit, { ranef: true, fitted: true, seconds: { read: 0.01, fit: 0.004 } });
  expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  expect(json.theta).toEqual([0.9667329, 0.0151691, 0.2309096]);
  expect(json.seconds).toEqual({ read: 0.01, fit: 0.004 });
  expect(json.warnings).toEqual([
    { code: 'MM503', message: 'coefficient late is left out', hint: 'look at the design' },
  ]);
});

test('what does not exist is null', () => {
  const json = fitToJson({ ...aFit, sigma: null, logLik: Number.NaN, deviance: Number.POSITIVE_INFINITY });
  expect(json).toMatchObject({ sigma: null, logLik: null, deviance: null, mixture: null, seed: null, seconds: null });
  expect(json.fixef[2]).toEqual({ ...aFit.fixef[2] });
});

test('blocks of one factor stand side by side, of different classes apart', () => {
  const { ranef } = fitToJson(aFit, { ranef: true });
  expect(ranef).toEqual({
    Subject: {
      levels: ['308', '309'],
      terms: ['(Intercept)', 'Days'],
      mode: [
        [2.26, 9.2],
        [-40.4, null],
      ],
      sd: [
        [12.07, 2.3],
        [12.07, 2.3],
      ],
    },
  });
  const [first] = aFit.ranef;
  const classes = fitToJson(
    {
      ...aFit,
      ranef: [
        { ...first, class: 'low' },
        { ...first, class: 'high' },
      ],
    },
    { ranef: true },
  );
  expect(Object.keys(classes.ranef ?? {})).toEqual(['Subject@low', 'Subject@high']);
});
