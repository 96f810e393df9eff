import seedrandom from 'seedrandom';
import type { Table } from '../../src/data/table.js';
import { type ColumnValues, tableFromColumns } from '../../src/data/table-from.js';
import { bindFamily } from '../../src/families/bind-family.js';
import type { FamilyName } from '../../src/families/family.js';
import type { LinkName } from '../../src/links/link.js';

/** A simulated data set with a generalised linear mixed model for it. */
export interface RandomGlmm {
  readonly label: string; // the family, for the table of figures
  readonly source: string; // the .mm text
  readonly table: Table;
}

interface Parameter {
  readonly name: string;
  readonly link: LinkName;
  readonly level: number; // of the linear predictor
}

/** One row of the study's families; `data` names columns that the family takes. */
interface Kind {
  readonly label: string;
  readonly chain: readonly FamilyName[]; // outermost first
  readonly response: string; // `poisson(lambda)`
  /** The location first; the others are constants unless `spread` says that they have a predictor. */
  readonly parameters: readonly Parameter[];
  readonly spread?: boolean;
  readonly data?: readonly string[];
}

const at = (name: string, link: LinkName, level: number): Parameter => ({ name, link, level });

const kinds: readonly Kind[] = [
  { label: 'poisson', chain: ['poisson'], response: 'poisson(lambda)', parameters: [at('lambda', 'log', 0.8)] },
  { label: 'bernoulli', chain: ['bernoulli'], response: 'bernoulli(p)', parameters: [at('p', 'logit', 0.3)] },
  {
    label: 'binomial, cloglog',
    chain: ['binomial'],
    response: 'binomial(size, p)',
    parameters: [at('p', 'cloglog', -0.5)],
    data: ['size'],
  },
  {
    label: 'binomial, probit',
    chain: ['binomial'],
    response: 'binomial(size, p)',
    parameters: [at('p', 'probit', 0.2)],
    data: ['size'],
  },
  {
    label: 'beta-binomial',
    chain: ['beta_binomial'],
    response: 'beta_binomial(size, p, phi)',
    parameters: [at('p', 'logit', -0.5), at('phi', 'log', 1.5)],
    data: ['size'],
  },
  {
    label: 'negative binomial',
    chain: ['negative_binomial'],
    response: 'negative_binomial(mu, shape)',
    parameters: [at('mu', 'log', 1), at('shape', 'log', 0.7)],
  },
  {
    label: 'negative binomial 1',
    chain: ['negative_binomial1'],
    response: 'negative_binomial1(mu, phi)',
    parameters: [at('mu', 'log', 1), at('phi', 'log', 0)],
  },
  {
    label: 'gamma',
    chain: ['gamma'],
    response: 'gamma(mu, shape)',
    parameters: [at('mu', 'log', 0.5), at('shape', 'log', 1)],
  },
  {
    label: 'inverse Gaussian',
    chain: ['inverse_gaussian'],
    response: 'inverse_gaussian(mu, shape)',
    parameters: [at('mu', 'log', 0.3), at('shape', 'log', 1.2)],
  },
  {
    label: 'Weibull',
    chain: ['weibull'],
    response: 'weibull(mu, shape)',
    parameters: [at('mu', 'log', 0.5), at('shape', 'log', 0.6)],
  },
  { label: 'exponential', chain: ['exponential'], response: 'exponential(mu)', parameters: [at('mu', 'log', 0.5)] },
  {
    label: 'lognormal',
    chain: ['lognormal'],
    response: 'lognormal(mu, sigma)',
    parameters: [at('mu', 'identity', 0.5), at('sigma', 'log', -0.5)],
  },
  {
    label: 'beta',
    chain: ['beta'],
    response: 'beta(mu, phi)',
    parameters: [at('mu', 'logit', 0.2), at('phi', 'log', 2)],
  },
  {
    label: 'student t',
    chain: ['student_t'],
    response: 'student_t(df, mu, sigma)',
    parameters: [at('mu', 'identity', 0.5), at('df', 'log', 1.4), at('sigma', 'log', -0.3)],
  },
  {
    label: 'normal, dispersion model',
    chain: ['normal'],
    response: 'normal(mu, sigma)',
    parameters: [at('mu', 'identity', 0.5), at('sigma', 'log', -0.3)],
    spread: true,
  },
  {
    label: 'zero-inflated Poisson',
    chain: ['zero_inflated', 'poisson'],
    response: 'zero_inflated(poisson(lambda), zi)',
    parameters: [at('lambda', 'log', 1.2), at('zi', 'logit', -0.8)],
  },
  {
    label: 'zero-inflated, with a predictor',
    chain: ['zero_inflated', 'poisson'],
    response: 'zero_inflated(poisson(lambda), zi)',
    parameters: [at('lambda', 'log', 1.2), at('zi', 'logit', -0.8)],
    spread: true,
  },
  {
    label: 'hurdle negative binomial',
    chain: ['hurdle', 'negative_binomial'],
    response: 'hurdle(negative_binomial(mu, shape), hu)',
    parameters: [at('mu', 'log', 1.3), at('hu', 'logit', -0.7), at('shape', 'log', 0.8)],
  },
  {
    label: 'truncated Poisson',
    chain: ['truncated', 'poisson'],
    response: 'truncated(poisson(lambda), lower = 1)',
    parameters: [at('lambda', 'log', 0.7)],
  },
  { label: 'cumulative', chain: ['cumulative'], response: 'cumulative(eta)', parameters: [at('eta', 'identity', 0)] },
];

export const glmmLabels: readonly string[] = kinds.map((k) => k.label);

interface Grouping {
  readonly name: string;
  readonly codes: Int32Array;
  readonly columns: number; // 1, or 2 with x
  readonly doubleBar: boolean;
}

/**
 * The design of a number: its family goes round the table, everything else is drawn: one grouping factor or two crossed ones,
 * random intercepts with or without slopes, effects from none at all to standard deviations of one.
 */
export function randomGlmm(seed: number): RandomGlmm {
  const kind = kinds[seed % kinds.length];
  const uniform = seedrandom(`glmm ${seed}`);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const whole = (from: number, to: number): number => from + Math.floor(uniform() * (to - from + 1));
  const groupings = drawGroupings(whole, uniform);
  const rows = groupings[0].codes.length;
  const x = Float64Array.from({ length: rows }, normal);
  const z = Array.from({ length: rows }, () => ['a', 'b', 'c'][whole(0, 2)]);
  const size = Array.from({ length: rows }, () => whole(2, 12));
  const slope = 0.6 * normal();
  const steps: Readonly<Record<string, number>> = { a: 0, b: 0.4 * normal(), c: 0.4 * normal() };
  const location = Float64Array.from({ length: rows }, (_, i) => kind.parameters[0].level + slope * x[i] + steps[z[i]]);
  for (const { codes, columns } of groupings) {
    // a fifth of the effects does not exist, and their estimates are mostly zero
    const sds = Array.from({ length: columns }, () => (uniform() < 0.2 ? 0 : 0.1 + 0.9 * uniform()));
    const tilt = 2 * uniform() - 1;
    const effects = Array.from({ length: Math.max(...codes) + 1 }, () => {
      const [a, b] = [normal(), normal()];
      return [sds[0] * a, (sds[1] ?? 0) * (tilt * a + Math.sqrt(1 - tilt * tilt) * b)];
    });
    for (let i = 0; i < rows; i++) location[i] += effects[codes[i]][0] + effects[codes[i]][1] * x[i];
  }
  const y = drawResponse(kind, location, x, size, uniform);
  const columns: Record<string, ColumnValues> = { y, x, z, size };
  for (const { name, codes } of groupings) columns[name] = Array.from(codes, (c) => `${name}${c}`);
  return { label: kind.label, source: sourceOf(kind, groupings), table: tableFromColumns(columns) };
}

function drawGroupings(whole: (from: number, to: number) => number, uniform: () => number): Grouping[] {
  const columns = (): number => (uniform() < 0.4 ? 2 : 1);
  if (uniform() < 0.3) {
    const rows = whole(100, 240);
    return ['g', 'h'].map((name) => {
      const levels = whole(6, 20);
      const codes = Int32Array.from({ length: rows }, (_, i) => (i < levels ? i : whole(0, levels - 1)));
      return { name, codes, columns: name === 'g' ? columns() : 1, doubleBar: uniform() < 0.3 };
    });
  }
  const levels = whole(8, 30);
  const codes = Int32Array.from(
    Array.from({ length: levels }, (_, g) => new Array<number>(whole(3, 12)).fill(g)).flat(),
  );
  return [{ name: 'g', codes, columns: columns(), doubleBar: uniform() < 0.3 }];
}

/** How far x moves the second parameter where that has a predictor. */
const spreadSlope = 0.4;

function drawResponse(
  kind: Kind,
  location: Float64Array,
  x: Float64Array,
  size: readonly number[],
  uniform: () => number,
): ColumnValues {
  const rows = location.length;
  if (kind.label === 'cumulative') {
    const cuts = [-1, 0.4, 1.6];
    return Array.from(location, (eta) => {
      const u = uniform();
      const latent = eta + Math.log(u / (1 - u));
      return ['low', 'mid', 'high', 'top'][cuts.filter((c) => latent > c).length];
    });
  }
  const links = new Map(kind.parameters.map((p) => [p.name, p.link]));
  const data = new Map<string, Float64Array>();
  if (kind.data?.includes('size')) data.set('size', Float64Array.from(size));
  if (kind.chain[0] === 'truncated') data.set('lower', new Float64Array(rows).fill(1));
  const y = new Float64Array(rows);
  const bound = bindFamily(kind.chain, { rows, y, data, links, weights: null, link: null, categories: 0 });
  const levels = new Map(kind.parameters.map((p) => [p.name, p.level]));
  const [main, second] = kind.parameters;
  return Array.from(y, (_, i) => {
    const eta = Float64Array.from(bound.predictors, (name) => {
      if (name === main.name) return location[i];
      return (levels.get(name) ?? 0) + (kind.spread && name === second.name ? spreadSlope * x[i] : 0);
    });
    // a beta within rounding of an end would be no response of its family
    for (;;) {
      const drawn = bound.random(i, eta, uniform);
      if (kind.label !== 'beta' || (drawn > 0 && drawn < 1)) return drawn;
    }
  });
}

function sourceOf(kind: Kind, groupings: readonly Grouping[]): string {
  const [main, second] = kind.parameters;
  const random = groupings.map(
    (g) => `(${g.columns === 2 ? '1 + x' : '1'} ${g.columns === 2 && g.doubleBar ? '||' : '|'} ${g.name})`,
  );
  const left = (p: Parameter): string => (p.link === 'identity' ? p.name : `${p.link}(${p.name})`);
  const ordered = kind.label === 'cumulative' ? 'data { y: ordered("low", "mid", "high", "top") }\n' : '';
  return `${ordered}y ~ ${kind.response}
${left(main)} = x + z + ${random.join(' + ')}
${kind.spread ? `${left(second)} = x\n` : ''}fit laplace
`;
}
