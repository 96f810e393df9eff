import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

export interface Figure {
  readonly title: string;
  readonly svg: string;
  readonly caption: string;
  readonly legend?: readonly { readonly name: string; readonly color: string }[];
}

const { document } = parseHTML('<!doctype html><html><body></body></html>');

/** Colours are variables of the page, so that a figure follows it from light to dark and to paper. */
export const ink = {
  point: 'var(--point)',
  accent: 'var(--accent)',
  quiet: 'var(--quiet)',
  quietText: 'var(--quiet-text)',
  classes: ['var(--class1)', 'var(--class2)', 'var(--class3)', 'var(--class4)', 'var(--class5)', 'var(--class6)'],
} as const;

/** The colour of a class, by its place. */
export function classColor(place: number): string {
  return ink.classes[place % ink.classes.length] ?? ink.point;
}

/** A plot as the text of an SVG that takes the width it is given. */
export function draw(options: Plot.PlotOptions, label: string): string {
  const svg = Plot.plot({
    width: 520,
    height: 340,
    marginLeft: 56,
    marginBottom: 44,
    inset: 6,
    style: { fontSize: '12px' },
    ...options,
    className: 'figure',
    document,
  });
  svg.removeAttribute('width');
  svg.removeAttribute('height');
  svg.querySelector('style')?.remove();
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  return svg.outerHTML;
}
