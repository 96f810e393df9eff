import { expect, test } from 'vitest';
import { bindFamily } from '../../src/families/bind-family.js';
import type { FamilyName } from '../../src/families/family.js';
import type { LinkName } from '../../src/links/link.js';
import type { Component } from '../../src/prediction/components.js';
import { PredictiveRules, predictiveQuantiles } from '../../src/prediction/predictive.js';

function component(family: FamilyName, links: readonly (readonly [string, LinkName])[], isCount: boolean): Component {
  const bound = bindFamily([family], {
    rows: 1,
    y: new Float64Array(1),
    data: new Map(),
    links: new Map(links),
    weights: null,
    link: null,
    categories: 0,
  });
  return {
    class: null,
    likelihood: 0,
    bound,
    places: links.map((_, k) => k),
    links: links.map(([, link]) => link),
    location: 0,
    cuts: null,
    missing: [],
    isCount,
    isNormal: false, // so that the rule does it
  };
}

const rules = new PredictiveRules();

test('without uncertainty the limits are quantiles of the family', () => {
  // R: qpois(c(.025, .5, .975), 7.3), qgamma(c(.025, .975), shape = 3, rate = 3 / 2)
  const poisson = {
    component: component('poisson', [['lambda', 'log']], true),
    probability: 1,
    x: Float64Array.of(Math.log(7.3)),
    covariance: new Float64Array(1),
  };
  expect(predictiveQuantiles([poisson], 0, [0.025, 0.5, 0.975], rules)).toEqual([3, 7, 13]);
  const gamma = {
    component: component(
      'gamma',
      [
        ['mu', 'log'],
        ['shape', 'log'],
      ],
      false,
    ),
    probability: 1,
    x: Float64Array.of(Math.log(2), Math.log(3)),
    covariance: new Float64Array(4),
  };
  const [low = 0, high = 0] = predictiveQuantiles([gamma], 0, [0.025, 0.975], rules);
  expect(low).toBeCloseTo(qgamma[0], 8);
  expect(high).toBeCloseTo(qgamma[1], 8);
});

/** R: qgamma(c(.025, .975), shape = 3, rate = 1.5) */
const qgamma = [0.412448081930401, 4.81645844514931] as const;

test('a normal linear predictor widens them: normal in normal is normal, of one direction and of two', () => {
  const normal = component(
    'normal',
    [
      ['mu', 'identity'],
      ['sigma', 'log'],
    ],
    false,
  );
  const one = {
    component: normal,
    probability: 1,
    x: Float64Array.of(1, Math.log(3)),
    covariance: Float64Array.of(16, 0, 0, 0),
  };
  const [low = 0, high = 0] = predictiveQuantiles([one], 0, [0.025, 0.975], rules);
  expect(low).toBeCloseTo(1 - 1.959963984540054 * 5, 3);
  expect(high).toBeCloseTo(1 + 1.959963984540054 * 5, 3);
  // sigma uncertain, too, by a hundredth: next to nothing, but another rule
  const two = { ...one, covariance: Float64Array.of(16, 0, 0, 1e-4) };
  const [, wide = 0] = predictiveQuantiles([two], 0, [0.025, 0.975], rules);
  expect(Math.abs(wide - high)).toBeLessThan(0.1);
});

test('two classes: quantiles of the mixture', () => {
  const normal = component(
    'normal',
    [
      ['mu', 'identity'],
      ['sigma', 'log'],
    ],
    false,
  );
  const at = (mu: number, probability: number) => ({
    component: normal,
    probability,
    x: Float64Array.of(mu, 0),
    covariance: new Float64Array(4),
  });
  // a quarter lies about -10: the quantile at 0.25 of N(-10, 1) is the quantile at a sixteenth of the whole
  const [low = 0] = predictiveQuantiles([at(-10, 0.25), at(10, 0.75)], 0, [0.0625], rules);
  expect(low).toBeCloseTo(-10 - 0.6744897501960817, 8);
});
