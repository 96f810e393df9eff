import type { Fit, VarCorr } from './fit.js';
import type { ProfiledKind } from './profile.js';

/** A number of a fit, named as `mm confint` names it. */
export interface FitStatistic {
  readonly name: string;
  readonly kind: ProfiledKind;
  readonly group: string | null;
  readonly terms: readonly string[];
  readonly predictor: string | null;
  readonly class: string | null;
  readonly estimate: number; // NaN where there is none, as a correlation with something that does not vary
}

/** Standard deviations and correlations of random effects, sigma and the family's parameters, class probabilities, coefficients. */
export function fitStatistics(
  fit: Pick<Fit, 'engine' | 'varcorr' | 'sigma' | 'familyParameters' | 'mixture' | 'fixef'>,
): FitStatistic[] {
  const none = { group: null, terms: [], predictor: null, class: null };
  const found: FitStatistic[] = fit.varcorr.flatMap(varianceStatistics);
  if (fit.engine === 'lmm' && fit.sigma !== null)
    found.push({ ...none, name: 'sigma', kind: 'sigma', estimate: fit.sigma });
  for (const [name, estimate] of Object.entries(fit.familyParameters)) {
    const at = name.lastIndexOf('@');
    const kind = name.startsWith('threshold[') ? 'threshold' : name === 'sigma' ? 'sigma' : 'family';
    found.push({ ...none, class: at < 0 ? null : name.slice(at + 1), name, kind, estimate });
  }
  if (fit.mixture !== null)
    fit.mixture.classes.forEach((name, k) => {
      const estimate = fit.mixture?.weights[k] ?? Number.NaN;
      found.push({ ...none, name: `prob@${name}`, kind: 'probability', class: name, estimate });
    });
  const main = fit.fixef[0]?.predictor;
  for (const { name, predictor, class: of, estimate } of fit.fixef) {
    if (estimate === null) continue;
    const shown = predictor === main ? name : `${predictor}[${name}]`;
    found.push({
      ...none,
      name: of === null ? shown : `${shown}@${of}`,
      kind: 'coefficient',
      predictor,
      class: of,
      estimate,
    });
  }
  return found;
}

function varianceStatistics(v: VarCorr): FitStatistic[] {
  const of = v.class === null ? '' : `@${v.class}`;
  const common = { group: v.group, predictor: null, class: v.class };
  if (v.serial !== undefined)
    return [
      { ...common, name: `sd|${v.group}${of}`, kind: 'sd', terms: [], estimate: v.sd[0] ?? Number.NaN },
      {
        ...common,
        name: `cor|${v.group}${of}`,
        kind: 'cor',
        terms: [],
        estimate: v.serial.correlation ?? Number.NaN,
      },
    ];
  const found: FitStatistic[] = [];
  v.sd.forEach((estimate, i) => {
    const term = v.terms[i] ?? '';
    for (let j = 0; j < i; j++) {
      const pair = [v.terms[j] ?? '', term];
      const name = `cor_${pair[1]}.${pair[0]}|${v.group}${of}`;
      found.push({ ...common, name, kind: 'cor', terms: pair, estimate: v.cor[i]?.[j] ?? Number.NaN });
    }
    found.push({ ...common, name: `sd_${term}|${v.group}${of}`, kind: 'sd', terms: [term], estimate });
  });
  return found;
}
