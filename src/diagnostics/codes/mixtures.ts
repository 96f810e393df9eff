import { define } from '../define.js';

/** MM393, MM47x and MM56x: the sampler, and what the data and the fit say of mixtures with classes per group. */
export const mixtureCodes = {
  MM393: define<{ value: string; near: string | undefined; known: string }>({
    severity: 'error',
    message: (p) => `'sampler' is ${p.known}, not ${p.value}`,
    hint: (p) => (p.near === undefined ? undefined : `did you mean '${p.near}'?`),
  }),
  MM470: define<{ effect: string; level: string; group: string; groups: readonly string[] }>({
    severity: 'error',
    message: (p) =>
      `the random effects of ${p.effect} are not inside ${p.group}: ${p.effect} ${p.level} has rows in ${p.groups.join(' and ')}`,
    hint: (p) =>
      `classes are drawn per ${p.group}, and effects that several of them share would tie them together; nest the factor (\`${p.group}:${p.effect}\`) or make it a fixed effect`,
  }),
  MM471: define<{ column: string; group: string; level: string; rows: readonly number[] }>({
    severity: 'error',
    message: (p) =>
      `${p.column} changes within ${p.group} ${p.level} (rows ${p.rows.join(' and ')}), but a class is drawn once per ${p.group}`,
    hint: () => 'class probabilities can depend on what is the same in all rows of a group, such as its mean',
  }),
  MM561: define<{ class: string; share: string; mixture: string }>({
    severity: 'warning',
    message: (p) => `class ${p.class} is all but empty: ${p.share}`,
    hint: (p) =>
      `the data support fewer classes, or a prior on their probabilities is wanted: \`prob(${p.mixture}) ~ dirichlet(...)\``,
  }),
  MM562: define<{ classes: readonly string[] }>({
    severity: 'warning',
    message: (p) => `classes ${p.classes.join(' and ')} cannot be told apart: their parameters are the same`,
    hint: () => 'the data support fewer classes',
  }),
  MM563: define<{ class: string; what: string }>({
    severity: 'warning',
    message: (p) => `class ${p.class} is degenerate: ${p.what}, and the likelihood has no maximum there`,
    hint: () => 'give sigma a prior, or one sigma to all classes: `log(sigma) = 1` outside of them',
  }),
  MM564: define<{ refused: number; starts: number }>({
    severity: 'warning',
    message: (p) => `${p.refused} of ${p.starts} starts ended in a degenerate class and were left out`,
    hint: () => 'a prior on sigma, or one sigma for all classes, takes such solutions away',
  }),
  MM565: define<{ classes: readonly string[]; labels: boolean }>({
    severity: 'warning',
    message: (p) => `classes ${p.classes.join(' and ')} stand against the order that was asked for`,
    hint: (p) =>
      p.labels
        ? 'known labels say which class is which: leave the order out'
        : 'their bodies differ, so they cannot change places: name them the other way round',
  }),
  MM566: define<{ shape: number; ess: number; draws: number }>({
    severity: 'warning',
    message: (p) =>
      `${p.draws} draws are too few for some groups: the least effective number of draws is ${p.ess.toFixed(0)}, the largest Pareto k ${p.shape.toFixed(2)} (0.7 is the limit)`,
    hint: (p) =>
      `raise the number of draws, \`fit em(draws = ${4 * p.draws})\`, or use quadrature where a group has few effects`,
  }),
  MM567: define<{ error: number; draws: number }>({
    severity: 'warning',
    message: (p) => `the log-likelihood has a Monte Carlo error of ${p.error.toPrecision(2)}`,
    hint: (p) => `raise the number of draws: \`fit em(draws = ${4 * p.draws})\``,
  }),
  MM568: define<{ points: number; effects: number; nodes: number; group: string }>({
    severity: 'warning',
    message: (p) =>
      `integrated by draws, not by quadrature: ${p.effects} random effects in one ${p.group} would need ${p.nodes} points of em(quadrature = ${p.points})`,
    hint: () => 'quadrature is for groups with few random effects',
  }),
  MM472: define<{ group: string; level: string; effects: number; most: number }>({
    severity: 'error',
    message: (p) =>
      `${p.group} ${p.level} has ${p.effects} random effects, which are integrated together; more than ${p.most} are too many`,
    hint: () => 'give nested factors fewer levels within a group, or leave one of them out',
  }),
};
