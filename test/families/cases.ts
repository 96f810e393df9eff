import { bindFamily, type FamilyChain } from '../../src/families/bind-family.js';
import type { BoundFamily, FamilyBinding } from '../../src/families/density.js';
import type { LinkName } from '../../src/links/link.js';

/** A bound family at one row, with points at which its laws are tried. */
export interface FamilyCase {
  readonly label: string;
  readonly chain: FamilyChain;
  readonly bound: BoundFamily;
  /** Values of the linear predictors. */
  readonly etas: readonly (readonly number[])[];
  /** The predictors of a row whose response is y: thresholds depend on it. */
  predictorsAt(y: number, eta: readonly number[]): readonly number[];
  /** Responses at which derivatives are tried. */
  readonly responses: readonly number[];
  /** Highest existing moment that simulation can check: 0 none, 1 mean, 2 variance. */
  readonly moments: 0 | 1 | 2;
}

interface Description {
  readonly chain: FamilyChain;
  readonly links: Readonly<Record<string, LinkName>>;
  readonly etas: readonly (readonly number[])[];
  readonly responses: readonly number[];
  readonly data?: Readonly<Record<string, number>>;
  readonly weight?: number;
  readonly link?: LinkName;
  readonly categories?: number;
  readonly thresholds?: readonly number[];
  readonly moments?: 0 | 1 | 2;
}

export function familyCase(d: Description): FamilyCase {
  const binding: FamilyBinding = {
    rows: 1,
    y: Float64Array.of(d.responses[0] ?? 0),
    data: new Map(Object.entries(d.data ?? {}).map(([name, v]) => [name, Float64Array.of(v)])),
    links: new Map(Object.entries(d.links)),
    weights: d.weight === undefined ? null : Float64Array.of(d.weight),
    link: d.link ?? null,
    categories: d.categories ?? 0,
  };
  const bound = bindFamily(d.chain, binding);
  if (d.thresholds) bound.thresholds?.use(Float64Array.from(d.thresholds));
  const links = Object.values(d.links).join(' ') + (d.link ? ` ${d.link}` : '');
  const data = [...Object.keys(d.data ?? {}), ...(d.weight === undefined ? [] : ['weight'])].join(' ');
  return {
    label: `${d.chain.join('(')}, ${links}${data ? `, known ${data}` : ''}`,
    chain: d.chain,
    bound,
    etas: d.etas,
    predictorsAt(y, eta) {
      const cuts = d.thresholds;
      if (cuts === undefined) return eta;
      return [eta[0] ?? 0, cuts[y - 1] ?? Number.POSITIVE_INFINITY, cuts[y - 2] ?? Number.NEGATIVE_INFINITY];
    },
    responses: d.responses,
    moments: d.moments ?? 2,
  };
}

const positiveEta: Record<string, number[]> = {
  log: [-1.2, 0.4, 1.9],
  identity: [0.4, 1.3, 6.2],
  inverse: [0.2, 0.9, 2.1],
  sqrt: [0.5, -1.2, 2.4],
};
const unitEta: Record<string, number[]> = {
  logit: [-2.3, 0.1, 1.7],
  probit: [-1.6, 0.2, 1.3],
  cloglog: [-2, -0.3, 0.6],
  cauchit: [-3, 0.2, 2.5],
  log: [-2.1, -0.6, -0.1],
  identity: [0.1, 0.45, 0.9],
};
const realEta: Record<string, number[]> = {
  identity: [-1.4, 0.3, 2],
  log: [-0.6, 0.2, 0.9],
  inverse: [-0.6, 0.4, 1.2],
  sqrt: [-1.1, 0.6, 1.3],
};
const reals = [-2.1, 0.3, 1.7];
const positives = [0.13, 0.9, 3.8];
const counts = [0, 1, 2, 7];
const link = (name: string) => name as LinkName;

/** Every family with every link of its location, the others' parameters by their default link, and special forms. */
export const familyCases: readonly FamilyCase[] = [
  ...Object.entries(realEta).flatMap(([name, etas]) => [
    familyCase({
      chain: ['normal'],
      links: { mu: link(name), sigma: 'log' },
      etas: etas.map((e, k) => [e, [-0.7, 0.2, 0.9][k] ?? 0]),
      responses: reals,
    }),
    familyCase({
      chain: ['student_t'],
      links: { df: 'log', mu: link(name), sigma: 'log' },
      etas: etas.map((e, k) => [[1.3, 2.2, 3][k] ?? 0, e, [-0.7, 0.2, 0.9][k] ?? 0]),
      responses: reals,
      moments: 1,
    }),
  ]),
  ...Object.entries(positiveEta).flatMap(([name, etas]) => [
    ...(['gamma', 'inverse_gaussian', 'weibull'] as const).map((family) =>
      familyCase({
        chain: [family],
        links: { mu: link(name), shape: 'log' },
        etas: etas.map((e, k) => [e, [0.3, 0.9, 1.6][k] ?? 0]),
        responses: positives,
      }),
    ),
    familyCase({ chain: ['exponential'], links: { mu: link(name) }, etas: etas.map((e) => [e]), responses: positives }),
    familyCase({ chain: ['poisson'], links: { lambda: link(name) }, etas: etas.map((e) => [e]), responses: counts }),
    familyCase({
      chain: ['negative_binomial'],
      links: { mu: link(name), shape: 'log' },
      etas: etas.map((e, k) => [e, [-0.4, 0.7, 3][k] ?? 0]),
      responses: counts,
    }),
    familyCase({
      chain: ['negative_binomial1'],
      links: { mu: link(name), phi: 'log' },
      etas: etas.map((e, k) => [e, [-3, -0.4, 0.7][k] ?? 0]),
      responses: counts,
    }),
    familyCase({
      chain: ['normal'],
      links: { mu: 'identity', sigma: link(name) },
      etas: etas.map((e) => [0.3, e]),
      responses: reals,
    }),
  ]),
  ...Object.entries(unitEta).flatMap(([name, etas]) => [
    familyCase({ chain: ['bernoulli'], links: { p: link(name) }, etas: etas.map((e) => [e]), responses: [0, 1] }),
    familyCase({
      chain: ['binomial'],
      links: { p: link(name) },
      etas: etas.map((e) => [e]),
      responses: [0, 3, 9],
      data: { size: 9 },
    }),
    familyCase({
      chain: ['beta'],
      links: { mu: link(name), phi: 'log' },
      etas: etas.map((e, k) => [e, [3.2, 2.5, 4][k] ?? 0]),
      responses: [0.04, 0.4, 0.93],
    }),
    familyCase({
      chain: ['beta_binomial'],
      links: { p: link(name), phi: 'log' },
      etas: etas.map((e, k) => [e, [0.2, 1.5, 4][k] ?? 0]),
      responses: [0, 3, 9],
      data: { size: 9 },
    }),
    familyCase({
      chain: ['zero_inflated', 'poisson'],
      links: { lambda: 'log', zi: link(name) },
      etas: etas.map((e, k) => [[-1, 0.5, 1.5][k] ?? 0, e]),
      responses: [0, 1, 5],
    }),
    familyCase({
      chain: ['hurdle', 'poisson'],
      links: { lambda: 'log', hu: link(name) },
      etas: etas.map((e, k) => [[-4, 0.5, 1.5][k] ?? 0, e]),
      responses: [0, 1, 5],
    }),
  ]),
  ...(['logit', 'probit', 'cloglog', 'cauchit'] as const).map((name) =>
    familyCase({
      chain: ['cumulative'],
      links: { eta: 'identity' },
      etas: [-1.3, 0.2, 2.1].map((e) => [e, 1.1, -0.4]),
      responses: [1, 2, 3],
      link: name,
      categories: 3,
      thresholds: [-0.4, 1.1],
    }),
  ),
  familyCase({
    chain: ['lognormal'],
    links: { mu: 'identity', sigma: 'log' },
    etas: [
      [-0.4, -1],
      [0.5, -0.2],
    ],
    responses: positives,
  }),
  familyCase({
    chain: ['zero_inflated', 'negative_binomial'],
    links: { mu: 'log', shape: 'log', zi: 'logit' },
    etas: [
      [0.4, 0.7, -1],
      [1.8, -0.3, 0.6],
    ],
    responses: [0, 1, 6],
  }),
  familyCase({
    chain: ['hurdle', 'negative_binomial1'],
    links: { mu: 'log', phi: 'log', hu: 'logit' },
    etas: [
      [0.4, 0.7, -1],
      [1.8, -0.3, 0.6],
    ],
    responses: [0, 1, 6],
  }),
  familyCase({
    chain: ['hurdle', 'gamma'],
    links: { mu: 'log', shape: 'log', hu: 'logit' },
    etas: [[0.4, 0.7, -1]],
    responses: [0, 0.3, 2],
  }),
  familyCase({
    chain: ['zero_inflated', 'binomial'],
    links: { p: 'logit', zi: 'logit' },
    etas: [[-0.5, -1]],
    responses: [0, 2, 6],
    data: { size: 6 },
  }),
  familyCase({
    chain: ['truncated', 'poisson'],
    links: { lambda: 'log' },
    etas: [[-2], [0.7], [2.5]],
    responses: [1, 2, 6],
    data: { lower: 1 },
  }),
  familyCase({
    chain: ['truncated', 'negative_binomial'],
    links: { mu: 'log', shape: 'log' },
    etas: [
      [0.2, 0.4],
      [2.5, 1],
    ],
    responses: [2, 4, 12],
    data: { lower: 2, upper: 12 },
  }),
  familyCase({
    chain: ['truncated', 'normal'],
    links: { mu: 'identity', sigma: 'log' },
    etas: [
      [-1, -0.3],
      [1.2, 0.4],
      [-6, 0],
    ],
    responses: [0.1, 0.8, 2],
    data: { lower: 0 },
  }),
  familyCase({
    chain: ['truncated', 'lognormal'],
    links: { mu: 'identity', sigma: 'log' },
    etas: [[0.2, -0.3]],
    responses: [0.6, 2],
    data: { lower: 0.5, upper: 4 },
  }),
  ...(['weibull', 'gamma', 'inverse_gaussian'] as const).map((family) =>
    familyCase({
      chain: ['truncated', family],
      links: { mu: 'log', shape: 'log' },
      etas: [
        [0.2, 0.5],
        [1.3, 1.2],
      ],
      responses: [0.6, 2],
      data: { lower: 0.5, upper: 4 },
    }),
  ),
  familyCase({
    chain: ['truncated', 'exponential'],
    links: { mu: 'log' },
    etas: [[0.2], [3]],
    responses: [0.6, 2],
    data: { lower: 0.5 },
  }),
  familyCase({
    chain: ['truncated', 'student_t'],
    links: { df: 'log', mu: 'identity', sigma: 'log' },
    etas: [[1.6, 0.3, -0.2]],
    responses: [-0.5, 2],
    data: { lower: -1 },
  }),
  familyCase({
    chain: ['truncated', 'beta'],
    links: { mu: 'logit', phi: 'log' },
    etas: [[0.3, 1.4]],
    responses: [0.3, 0.8],
    data: { lower: 0.2 },
  }),
  familyCase({
    chain: ['normal'],
    links: { mu: 'log' },
    etas: [[0.2], [0.9]],
    responses: reals,
    data: { sigma: 0.7 },
    weight: 2.5,
  }),
  familyCase({
    chain: ['student_t'],
    links: { mu: 'identity', sigma: 'log' },
    etas: [[0.2, 0.4]],
    responses: reals,
    data: { df: 6 },
    weight: 0.4,
  }),
  familyCase({
    chain: ['gamma'],
    links: { mu: 'log', shape: 'identity' },
    etas: [[0.2, 1.4]],
    responses: positives,
    weight: 3,
  }),
  familyCase({
    chain: ['zero_inflated', 'poisson'],
    links: { lambda: 'log' },
    etas: [[0.4]],
    responses: [0, 2],
    data: { zi: 0.3 },
  }),
];
