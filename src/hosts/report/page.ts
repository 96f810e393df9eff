import type { ModelGraph } from '../../graph/model-graph.js';
import type { Fit } from '../../results/fit.js';
import type { ConfidenceIntervals } from '../../results/profile.js';
import type { Figure } from './draw.js';
import { figuresOf } from './figures.js';
import { graphPicture } from './graph-picture.js';
import { escaped } from './html.js';
import { style } from './style.js';
import { classTable, fixedEffectsTable, intervalTable, overviewTable, priorTable, varianceTable } from './tables.js';

/** A fitted model as a report shows it. */
export interface ReportedModel {
  readonly name: string;
  readonly graph: ModelGraph;
  readonly fit: Fit;
  readonly intervals: ConfidenceIntervals | null;
}

export interface ReportOptions {
  readonly title: string;
  readonly source: string; // the program's text
  readonly version: string; // of mmlang
}

/** One page that needs nothing else: no script, no font, no picture from elsewhere. */
export function reportPage(models: readonly ReportedModel[], { title, source, version }: ReportOptions): string {
  const contents =
    models.length < 2
      ? ''
      : `<nav>${models.map((m, i) => `<a href="#model${i}">${escaped(m.name)}</a>`).join(' ')}</nav>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="mmlang ${escaped(version)}">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<header><h1>${escaped(title)}</h1>${contents}</header>
<main>
<section>
<h2>Program</h2>
<pre class="source">${escaped(source.trimEnd())}</pre>
</section>
${models.map(modelSection).join('\n')}
</main>
<footer>mmlang ${escaped(version)}</footer>
</body>
</html>
`;
}

function modelSection({ name, graph, fit, intervals }: ReportedModel, index: number): string {
  return `<section id="model${index}">
<h2>${escaped(name)}</h2>
<p class="lead">${escaped(describe(fit))}</p>
${warnings(fit)}
${figure(graphPicture(graph), 'broad')}
<h3>Fit</h3>
${overviewTable(fit)}
${part('Classes', classTable(fit))}
${part('Fixed effects', fixedEffectsTable(fit))}
${part('Random effects and scale', varianceTable(fit))}
${part('Priors', priorTable(fit))}
${intervals === null ? '' : part('Intervals', intervalTable(intervals))}
<h3>Figures</h3>
<div class="figures">
${figuresOf(fit, intervals)
  .map((f) => figure(f))
  .join('\n')}
</div>
</section>`;
}

function part(title: string, content: string): string {
  return content === '' ? '' : `<h3>${title}</h3>\n${content}`;
}

function figure({ title, svg, caption, legend = [] }: Figure, kind = ''): string {
  const key = legend
    .map(({ name, color }) => `<span class="key"><i style="background:${color}"></i>${escaped(name)}</span>`)
    .join(' ');
  return `<figure${kind === '' ? '' : ` class="${kind}"`}><h4>${escaped(title)}</h4>${svg}<figcaption>${key}${key === '' ? '' : ' '}${escaped(caption)}</figcaption></figure>`;
}

const engineText = {
  lmm: 'Linear mixed model',
  glmm: 'Generalized linear mixed model',
  em: 'Mixture of mixed models',
} as const;
const methodText = { reml: 'REML', ml: 'ML', laplace: 'Laplace', agq: 'adaptive quadrature', em: 'EM' } as const;

function describe({ engine, method, family, link, response }: Fit): string {
  const of = link === 'identity' ? family : `${family} (${link})`;
  return `${engineText[engine]} by ${methodText[method]}: ${response ?? 'the response'} ~ ${of}`;
}

function warnings(fit: Fit): string {
  if (fit.warnings.length === 0) return '';
  const items = fit.warnings.map(
    ({ message, hint }) => `<li>${escaped(message)}${hint === undefined ? '' : ` <em>${escaped(hint)}</em>`}</li>`,
  );
  return `<ul class="warnings">${items.join('')}</ul>`;
}
