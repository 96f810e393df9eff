import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Fit, FixedEffect } from './fit.js';
import { scaledQuantiles } from './residuals.js';
import { formatColumn, formatNumber, formatP, textTable } from './text-table.js';

/** How the summary is laid out. */
export interface SummaryOptions {
  /** Also the correlations of the estimated fixed effects. */
  readonly correlation?: boolean;
  /** Columns of the terminal; text of warnings is broken there. Default 88. */
  readonly width?: number;
}

/** A fit as text for the terminal, in the order an R user expects it; ends without a line break. */
export function summaryText(fit: Fit, options: SummaryOptions = {}): string {
  const parts = [
    header(fit),
    hasScale(fit) ? scaledResiduals(fit) : [],
    fit.mixture === null ? [] : mixture(fit),
    randomEffects(fit),
    fixedEffects(fit),
    options.correlation ? fixedCorrelations(fit) : [],
    correlatedErrors(fit),
    familyParameters(fit),
    overdispersion(fit),
    priors(fit),
    [convergence(fit)],
    warnings(fit.warnings, options.width ?? 88),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

const methods: Readonly<Record<Fit['method'], string>> = {
  reml: 'REML',
  ml: 'maximum likelihood',
  laplace: 'maximum likelihood (Laplace approximation)',
  agq: 'maximum likelihood (adaptive Gauss-Hermite quadrature)',
  em: 'maximum likelihood (EM)',
};

function header(fit: Fit): string[] {
  const mixed = fit.varcorr.length > 0;
  const kind = {
    lmm: mixed ? 'Linear mixed model' : 'Linear model',
    glmm: mixed ? 'Generalized linear mixed model' : 'Generalized linear model',
    em: 'Mixture model',
  }[fit.mixture === null ? fit.engine : 'em'];
  // without random effects there is no integral to approximate
  const method = fit.method === 'laplace' && !mixed ? methods.ml : methods[fit.method];
  const groups = Object.entries(fit.groups).map(([name, levels]) => `${name}: ${levels}`);
  const rows = `${fit.rows} rows${fit.dropped > 0 ? ` (${fit.dropped} with missing values left out)` : ''}`;
  const density = `${fit.family}${fit.link === 'identity' ? '' : `, ${fit.link} link`}`;
  const table = textTable(
    [
      ['log-likelihood', fit.method === 'reml' ? 'REML criterion' : 'deviance', 'AIC', 'BIC', 'parameters'],
      [fit.logLik, fit.deviance, fit.aic, fit.bic]
        .map((v) => (Number.isFinite(v) ? v.toFixed(2) : ''))
        .concat(String(fit.parameters)),
    ],
    ['right', 'right', 'right', 'right', 'right'],
  );
  // a difference that shows: what is left of a search is none
  const penalised = Math.abs(fit.objective - fit.deviance) >= 0.005;
  return [
    `${fit.model === '' ? '' : `${fit.model}: `}${kind} fitted by ${method}`,
    `${fit.response === undefined ? '' : `${fit.response} ~ `}${density}; ${[rows, ...groups].join('; ')}`,
    '',
    ...table,
    ...(penalised ? [`minimised with priors and penalties: ${fit.objective.toFixed(2)}`] : []),
  ];
}

/** sigma where it is a residual's standard deviation, not another family's dispersion. */
function residualSd(fit: Fit): number | null {
  return fit.engine !== 'glmm' || fit.familyParameters.sigma !== undefined ? fit.sigma : null;
}

/** Whether rows have a residual standard deviation, be it one for all or not. */
function hasScale(fit: Fit): boolean {
  return fit.normalizedResiduals !== undefined || (residualSd(fit) !== null && fit.sigma !== 0);
}

function scaledResiduals(fit: Fit): string[] {
  const found = scaledQuantiles(fit, [0, 0.25, 0.5, 0.75, 1]);
  if (!found.every(Number.isFinite)) return [];
  const right = ['right', 'right', 'right', 'right', 'right'] as const;
  return [
    'Scaled residuals:',
    ...indent(textTable([['Min', '1Q', 'Median', '3Q', 'Max'], formatColumn(found, 3)], right)),
  ];
}

function randomEffects(fit: Fit): string[] {
  if (fit.varcorr.length === 0 && (fit.sigma === null || fit.engine !== 'lmm')) return [];
  const variances: number[] = [];
  const sds: number[] = [];
  const names: [string, string, string][] = [];
  const correlations: string[][] = [];
  for (const v of fit.varcorr) {
    // a matrix of many terms is the JSON's business
    const shown = v.terms.length > 12 ? 0 : v.terms.length;
    const { serial } = v;
    const terms = serial === undefined ? v.terms : [`${serial.structure}, ${serial.positions} positions`];
    terms.forEach((term, t) => {
      const sd = v.sd[t] ?? Number.NaN;
      names.push([t === 0 ? (v.name === null ? v.group : `${v.name} (${v.group})`) : '', v.class ?? '', term]);
      variances.push(sd * sd);
      sds.push(sd);
      const row = serial === undefined ? (v.cor[t] ?? []).slice(0, Math.min(t, shown)) : [serial.correlation];
      correlations.push(row.some((c) => c !== 0) ? row.map((c) => (c === null ? '-' : c.toFixed(2))) : []);
    });
  }
  const sigma = residualSd(fit);
  if (sigma !== null) {
    names.push(['Residual', '', '']);
    variances.push(sigma * sigma);
    sds.push(sigma);
    correlations.push([]);
  }
  const widest = Math.max(0, ...correlations.map((c) => c.length));
  const classes = fit.varcorr.some((v) => v.class !== null);
  const variance = formatColumn(variances);
  const sd = formatColumn(sds);
  const row = (cells: readonly string[], c: readonly string[]): string[] => [
    ...cells.filter((_, k) => k !== 1 || classes),
    ...Array.from({ length: widest }, (_, k) => c[k] ?? ''),
  ];
  const rows = [
    row(['Group', 'Class', 'Term', 'Variance', 'Std. dev.'], widest > 0 ? ['Corr.'] : []),
    ...names.map((name, i) => row([...name, variance[i] ?? '', sd[i] ?? ''], correlations[i] ?? [])),
  ];
  const align = row(['left', 'left', 'left', 'right', 'right'], []).map((side) => (side === 'left' ? 'left' : 'right'));
  return ['Random effects:', ...indent(textTable(rows, align))];
}

function fixedEffects(fit: Fit): string[] {
  if (fit.fixef.length === 0) return ['No fixed effects'];
  const groups = new Map<string, FixedEffect[]>();
  for (const f of fit.fixef) {
    const scale = f.link === undefined || f.link === 'identity' ? f.predictor : `${f.link}(${f.predictor})`;
    const key = f.class === null ? scale : `${scale}, class ${f.class}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [f]);
    else group.push(f);
  }
  const lines: string[] = [];
  for (const [key, rows] of groups) {
    if (lines.length > 0) lines.push('');
    lines.push(groups.size === 1 ? 'Fixed effects:' : `Fixed effects of ${key}:`, ...indent(coefficientTable(rows)));
  }
  const dropped = fit.fixef.filter((f) => f.estimate === null).length;
  if (dropped > 0) lines.push(`  (${dropped} left out: the fixed effects are not of full rank)`);
  return lines;
}

function coefficientTable(rows: readonly FixedEffect[]): string[] {
  const t = rows.some((r) => r.df !== null);
  const head = ['', 'Estimate', 'Std. error', ...(t ? ['df'] : []), t ? 't value' : 'z value', 'p'];
  const estimate = formatColumn(rows.map((r) => r.estimate));
  const se = formatColumn(rows.map((r) => r.se));
  const cells = rows.map((r, i) => [
    r.name,
    r.estimate === null ? 'left out' : (estimate[i] ?? ''),
    se[i] ?? '',
    ...(t ? [r.df === null ? '' : r.df.toFixed(r.df < 1000 ? 1 : 0)] : []),
    r.statistic === null || !Number.isFinite(r.statistic) ? '' : r.statistic.toFixed(2),
    formatP(r.p),
  ]);
  return textTable([head, ...cells], ['left', ...head.slice(1).map(() => 'right' as const)]);
}

function fixedCorrelations(fit: Fit): string[] {
  const kept = fit.fixef.filter((f) => f.estimate !== null);
  const n = kept.length;
  if (n < 2 || fit.vcov.length !== n * n) return [];
  const sd = (i: number): number => Math.sqrt(fit.vcov[i * (n + 1)] ?? Number.NaN);
  const names = kept.map((f) => (f.class === null ? f.name : `${f.name} (${f.class})`));
  const rows = names.map((name, r) => [
    name,
    ...names
      .slice(0, -1)
      .map((_, c) => (c < r ? ((fit.vcov[r + c * n] ?? Number.NaN) / (sd(r) * sd(c))).toFixed(3) : '')),
  ]);
  const head = ['', ...names.slice(0, -1).map((name) => (name.length > 10 ? `${name.slice(0, 9)}.` : name))];
  return [
    'Correlation of fixed effects:',
    ...indent(
      textTable(
        [head, ...rows.slice(1)],
        head.map((_, c) => (c === 0 ? 'left' : 'right')),
      ),
    ),
  ];
}

function correlatedErrors({ errors }: Fit): string[] {
  if (errors === undefined) return [];
  const { structure, group, positions, correlation, correlations, sd } = errors;
  const value = formatNumber(correlation, 4);
  const what = {
    ar1: `${value} between neighbours (ar1)`,
    car1: `${value} over one unit of distance (car1)`,
    cs: `${value} between any two (cs)`,
    us: 'each pair its own (us)',
  }[structure];
  const title = `Correlation of errors within ${group}: ${what}`;
  if (correlations === null && sd === null) return [title];
  const sds = sd === null ? [] : formatColumn(sd);
  const rows = positions.map((position, r) => [
    position,
    ...(sd === null ? [] : [sds[r] ?? '']),
    ...(correlations?.[r]?.slice(0, r) ?? []).map((c) => c.toFixed(3)),
  ]);
  const head = ['', ...(sd === null ? [] : ['Std. dev.']), ...(correlations === null ? [] : positions.slice(0, -1))];
  return [
    title,
    ...indent(
      textTable(
        [head, ...rows],
        head.map((_, c) => (c === 0 ? 'left' : 'right')),
      ),
    ),
  ];
}

function familyParameters(fit: Fit): string[] {
  const residual = randomEffects(fit).length > 0 ? residualSd(fit) : null;
  const entries = Object.entries(fit.familyParameters).filter(
    ([name, value]) =>
      (fit.errors === undefined || !name.startsWith('cor.')) && !(name === 'sigma' && value === residual),
  );
  if (entries.length === 0) return [];
  return [
    `Parameters of the ${fit.family} family:`,
    ...indent(
      textTable(
        entries.map(([k, v]) => [k, formatNumber(v, 5)]),
        ['left', 'right'],
      ),
    ),
  ];
}

/** What `PriorReport.computation` says, in the words of `mm explain`. */
const computations: Readonly<Record<string, string>> = {
  decomposition: 'the decomposition',
  eigen: 'eigenvalues, and a search for sigma',
  theta: 'theta alone',
  sigma: 'powers of sigma',
  search: 'a search for sigma',
  joint: 'the joint optimum',
  none: 'a constant',
};

function priors(fit: Fit): string[] {
  const found = fit.priors ?? [];
  if (found.length === 0) return [];
  const rows = found.map((p) => [
    p.text,
    computations[p.computation] ?? p.computation,
    Number.isFinite(p.minus2logDensity) ? p.minus2logDensity.toFixed(3) : '',
  ]);
  const head = ['', 'computed by', '-2 log density'];
  return ['Priors and penalties:', ...indent(textTable([head, ...rows], ['left', 'left', 'right']))];
}

/** Discrete, but a row is one answer and not a count. */
const withoutCounts: ReadonlySet<string> = new Set(['bernoulli', 'cumulative']);

/** Of counts: whether their variance is what the family says. Of single answers it says nothing. */
export function overdispersionOfCounts(fit: Fit): number | null {
  if (withoutCounts.has(fit.family)) return null; // before anything of the rows is computed
  const { overdispersion: found, cdf } = fit;
  const counts = cdf?.at.some((p, i) => p !== cdf.below[i]) ?? false;
  return found === undefined || !Number.isFinite(found) || !counts ? null : found;
}

function overdispersion(fit: Fit): string[] {
  const found = overdispersionOfCounts(fit);
  if (found === null) return [];
  return [`Overdispersion (Pearson's chi-squared over residual degrees of freedom): ${formatNumber(found, 3)}`];
}

function mixture(fit: Fit): string[] {
  const m = fit.mixture;
  if (m === null) return [];
  const sizes = m.classes.map(() => 0);
  for (const row of m.posterior.probabilities) {
    let best = 0;
    row.forEach((p, k) => {
      if (p > (row[best] ?? 0)) best = k;
    });
    sizes[best] = (sizes[best] ?? 0) + 1;
  }
  const se = m.weightsSe;
  const rows = [
    ['Class', 'Probability', ...(se === undefined ? [] : ['Std. error']), 'Most probable for'],
    ...m.classes.map((c, k) => [
      c,
      formatNumber(m.weights[k] ?? Number.NaN, 4),
      ...(se === undefined ? [] : [formatNumber(se[k] ?? Number.NaN, 4)]),
      `${sizes[k]} of ${m.posterior.levels.length}`,
    ]),
  ];
  const drawn = m.draws ? ` of ${m.draws}` : '';
  const quality = [
    m.logLikMcse === null ? null : `Monte Carlo error of the log-likelihood ${formatNumber(m.logLikMcse, 2)}`,
    m.ess === null ? null : `effective draws ${Math.round(m.ess.median)}${drawn} (least ${Math.round(m.ess.min)})`,
    m.khat === null ? null : `largest Pareto k ${formatNumber(m.khat.max, 2)}`,
  ].filter((t) => t !== null);
  // nothing known of any class
  const most = m.posterior.levels.length * Math.log(m.classes.length);
  const certainty = [
    m.entropy === undefined ? null : `entropy ${formatNumber(m.entropy, 3)} (at most ${formatNumber(most, 3)})`,
    m.icl === undefined ? null : `ICL ${m.icl.toFixed(2)}`,
    m.baseline ? `log odds against ${m.baseline}` : null,
  ].filter((t) => t !== null);
  return [
    `Classes of each ${m.per ?? 'row'} (${m.name}):`,
    ...indent(textTable(rows, ['left', 'right', 'right', 'right'])),
    ...(certainty.length > 0 ? [`  ${certainty.join('; ')}`] : []),
    ...(quality.length > 0 ? [`  ${quality.join('; ')}`] : []),
  ];
}

function convergence(fit: Fit): string {
  const { gradient, decrement } = fit.certificate;
  const proof = Number.isFinite(decrement)
    ? `; the deviance could fall by ${formatNumber(decrement, 2)} at most, its gradient is ${formatNumber(gradient, 2)}`
    : '';
  return `${fit.converged ? 'Converged' : 'NOT CONVERGED'} after ${fit.evaluations} evaluation${fit.evaluations === 1 ? '' : 's'}${proof}`;
}

function warnings(found: readonly Diagnostic[], width: number): string[] {
  return found.flatMap((d) => [
    ...wrapped(`${d.severity}[${d.code}]: ${d.message}`, width, ''),
    ...(d.hint === undefined ? [] : wrapped(`hint: ${d.hint}`, width, '  ')),
  ]);
}

function wrapped(text: string, width: number, indentation: string): string[] {
  const lines: string[] = [];
  let line = indentation;
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `${indentation}  ${word}`;
    } else line = line.trim() === '' ? indentation + word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
