import type { Fit } from './fit.js';

/**
 * Posterior class probabilities as CSV: a line for each group (or row) with the probability of each class, its Monte Carlo error
 * where it was sampled, and the most probable class; with the model's name first where there are several.
 * @returns undefined where none of the fits is a mixture
 */
export function posteriorCsv(fits: readonly Fit[]): string | undefined {
  const mixtures = fits.flatMap(({ model, mixture }) => (mixture === null ? [] : [{ model, mixture }]));
  const [only] = mixtures;
  if (only === undefined) return undefined;
  if (mixtures.length > 1) return severalModels(mixtures);
  const { per, classes, posterior } = only.mixture;
  const sampled = posterior.mcse !== undefined;
  const lines = [
    [per ?? 'row', ...classes, ...(sampled ? classes.map((c) => `${c}_mcse`) : []), 'class'],
    ...posterior.levels.map((level, i) => {
      const p = posterior.probabilities[i] ?? [];
      return [level, ...p.map(String), ...(posterior.mcse?.[i] ?? []).map(String), likeliest(classes, p)];
    }),
  ];
  return textOf(lines);
}

/** Models may have other classes, so that each probability has a line of its own. */
function severalModels(mixtures: readonly { model: string; mixture: NonNullable<Fit['mixture']> }[]): string {
  const lines = [['model', 'group', 'class', 'probability', 'mcse']];
  for (const { model, mixture } of mixtures) {
    const { classes, posterior } = mixture;
    posterior.levels.forEach((level, i) => {
      classes.forEach((name, k) => {
        const p = posterior.probabilities[i]?.[k];
        lines.push([model, level, name, String(p), String(posterior.mcse?.[i]?.[k] ?? '')]);
      });
    });
  }
  return textOf(lines);
}

function likeliest(classes: readonly string[], p: readonly number[]): string {
  let best = 0;
  p.forEach((v, k) => {
    if (v > (p[best] ?? 0)) best = k;
  });
  return classes[best] ?? '';
}

function textOf(lines: readonly (readonly string[])[]): string {
  return lines.map((cells) => `${cells.map(quoted).join(',')}\n`).join('');
}

function quoted(cell: string): string {
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
