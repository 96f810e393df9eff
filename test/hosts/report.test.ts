import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, describe, expect, test } from 'vitest';
import { classBars, evenly, normalQuantiles, rankedEffects } from '../../src/results/plot-data.js';
import { runMm } from './run-mm.js';

const folder = mkdtempSync(join(tmpdir(), 'mm-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The page that `mm report` writes, as a document. */
async function report(name: string, args: string[], stdin?: string) {
  const output = join(folder, `${name}.html`);
  const run = await runMm(['report', ...args, '--output', output], stdin === undefined ? {} : { input: stdin });
  const html = readFileSync(output, 'utf8');
  return { run, html, document: parseHTML(html).document };
}

const titles = (document: ReturnType<typeof parseHTML>['document']) =>
  [...document.querySelectorAll('h4')].map((h) => h.textContent);

describe('mm report', () => {
  test('a linear mixed model: tables, effects, residuals and profiles', async () => {
    const { run, html, document } = await report('sleepstudy', ['examples/sleepstudy.mm']);
    expect(run.status).toBe(0);
    expect(run.stderr).toContain('wrote ');
    expect(titles(document)).toEqual([
      'Structure',
      'Coefficients',
      'Random effects: Subject, (Intercept)',
      'Random effects: Subject, Days',
      'Residuals against fitted values',
      'Normal quantiles of the residuals',
      ...[
        'sd_(Intercept)|Subject',
        'cor_Days.(Intercept)|Subject',
        'sd_Days|Subject',
        'sigma',
        '(Intercept)',
        'Days',
      ].map((name) => `Profile: ${name}`),
    ]);
    expect(document.querySelector('.source')?.textContent).toBe(
      readFileSync('examples/sleepstudy.mm', 'utf8').trimEnd(),
    );
    // lme4's estimates, as the tables show them
    for (const figure of ['251.41', '10.47', '24.740', '5.922', '25.59', '-871.81']) expect(html).toContain(figure);
    const effects = document.querySelectorAll('figure')[2];
    expect(effects.querySelectorAll('circle')).toHaveLength(18);
    expect(html).not.toMatch(/NaN|undefined|\[object/);
  });

  test('it stands alone', async () => {
    const { html, document } = await report('alone', ['examples/penicillin.mm']);
    expect(html.replaceAll('http://www.w3.org/', '')).not.toMatch(/https?:|src=|@import|url\((?!#)/);
    expect(document.querySelectorAll('script, link, img, iframe')).toHaveLength(0);
    for (const word of ['prefers-color-scheme: dark', '@media print', 'width=device-width'])
      expect(html).toContain(word);
    expect(document.querySelectorAll('svg:not([aria-label])')).toHaveLength(0);
  });

  test('a mixture: probabilities of the classes and the trace', async () => {
    const { document } = await report('classes', [
      'test/models/mix-pois-two50.mm',
      '--fit',
      'em(quadrature = 9, starts = 2)',
    ]);
    expect(titles(document)).toEqual(expect.arrayContaining(['Class probabilities', 'Trace of EM']));
    expect(document.querySelectorAll('.key')).toHaveLength(2);
  });

  test('what a program says cannot become markup', async () => {
    const data = 'y,x,"<b>g</b>"\n1,1,<i>\n2,2,<i>\n2.5,3,&\n4,4,&\n3,5,c\n7,6,c\n';
    const path = join(folder, 'd.csv');
    writeFileSync(path, data);
    const { html, document } = await report('escaped', ['-', '--data', path], 'y ~ x + (1 | `<b>g</b>`) # <script>');
    expect(document.querySelectorAll('script, main b, main i')).toHaveLength(0);
    expect(html).toContain('&#60;script&#62;');
  });

  test('nothing is written where nothing could be fitted', async () => {
    const run = await runMm(['report', '-', '--output', join(folder, 'none.html')], { input: 'y ~' });
    expect(run.status).toBe(1);
    expect(() => readFileSync(join(folder, 'none.html'))).toThrow();
    const nowhere = await runMm([
      'report',
      'examples/pastes.mm',
      '--no-profile',
      '--output',
      join(folder, 'no', 'p.html'),
    ]);
    expect(nowhere.status).toBe(1);
    expect(nowhere.stderr).toContain('MM490');
  });
});

describe('what plots are made of', () => {
  test('evenly spaced places, the ends included', () => {
    expect(evenly(3, 5)).toEqual([0, 1, 2]);
    expect(evenly(101, 5)).toEqual([0, 25, 50, 75, 100]);
  });

  test('normal quantiles', () => {
    const points = normalQuantiles(Float64Array.of(3, 1, 2), 10);
    expect(points.map((p) => p.sample)).toEqual([1, 2, 3]);
    expect(points[1].theoretical).toBeCloseTo(0, 12);
    expect(points[2].theoretical).toBeCloseTo(0.967421566, 8); // qnorm(5/6)
  });

  test('effects in the order of their size', () => {
    const effects = { group: 'g', class: null, levels: ['a', 'b'], terms: ['t'], mode: [[2], [-1]], sd: [[1], [0.5]] };
    expect(rankedEffects(effects, 0, 2, 9)).toEqual([
      { level: 'b', mode: -1, lower: -2, upper: 0 },
      { level: 'a', mode: 2, lower: 0, upper: 4 },
    ]);
  });

  test('bars of classes: the surest groups of each class first', () => {
    const probabilities = [
      [0.6, 0.4],
      [0.1, 0.9],
      [0.8, 0.2],
    ];
    const mixture = {
      name: 'z',
      per: 'g',
      classes: ['p', 'q'],
      weights: [0.5, 0.5],
      posterior: { levels: ['1', '2', '3'], probabilities },
      logLikMcse: null,
      ess: null,
      khat: null,
    };
    const { bars, shown } = classBars(mixture, 10);
    expect(shown).toBe(3);
    expect(bars.filter((b) => b.class === 'p').map((b) => b.probability)).toEqual([0.8, 0.6, 0.1]);
  });
});
