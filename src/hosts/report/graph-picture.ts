import * as Plot from '@observablehq/plot';
import type { LikelihoodNode, ModelGraph, PredictorNode, RandomEffectNode } from '../../graph/model-graph.js';
import { draw, type Figure, ink } from './draw.js';

interface Box {
  readonly id: string;
  readonly column: number; // what predictors are made of, predictors, likelihoods, classes
  readonly title: string;
  readonly text: string;
}

interface Placed extends Box {
  readonly row: number;
}

/** The model graph as a picture, from what predictors are made of to the response. */
export function graphPicture(graph: ModelGraph): Figure {
  const boxes: Box[] = [];
  const arrows: [string, string][] = [];
  for (const p of graph.predictors) {
    const fixed = fixedText(p);
    if (!p.constant && fixed !== '') {
      boxes.push({ id: `fixed ${p.id}`, column: 0, title: `fixed effects of ${p.id}`, text: fixed });
      arrows.push([`fixed ${p.id}`, p.id]);
    }
    boxes.push({
      id: p.id,
      column: 1,
      title: predictorTitle(p),
      text: p.constant ? 'unknown constant' : 'linear predictor',
    });
    for (const part of p.parts) arrows.push([`part ${part}`, p.id]);
    for (const effect of p.randomEffects) arrows.push([`random ${effect}`, p.id]);
  }
  for (const part of graph.parts)
    boxes.push({
      id: `part ${part.id}`,
      column: 0,
      title: `part ${part.name}`,
      text: part.terms.map((t) => t.label).join(' + '),
    });
  for (const effect of graph.randomEffects)
    boxes.push({
      id: `random ${effect.id}`,
      column: 0,
      title: `random, per ${effect.group.label}`,
      text: effectText(effect),
    });
  for (const likelihood of graph.likelihoods) {
    const id = `likelihood ${likelihood.id}`;
    boxes.push({ id, column: 2, title: likelihood.responseText, text: `${familyText(likelihood)}` });
    for (const used of predictorsOf(likelihood.family)) arrows.push([used, id]);
  }
  if (graph.mixture !== null) {
    const { name, per, classes, gating } = graph.mixture;
    boxes.push({
      id: 'mixture',
      column: 3,
      title: `class ${name} per ${per?.label ?? 'row'}`,
      text: classes.join(' | '),
    });
    for (const likelihood of graph.likelihoods) arrows.push([`likelihood ${likelihood.id}`, 'mixture']);
    if (gating.kind === 'softmax') for (const id of gating.predictors) arrows.push([id, 'mixture']);
  }
  return {
    title: 'Structure',
    svg: picture(boxes, arrows),
    caption: 'From what predictors are made of, on the left, to the response.',
  };
}

const boxWidth = 210;
const boxHeight = 46;
const columnStep = 260;
const rowStep = 62;

function picture(boxes: readonly Box[], arrows: readonly (readonly [string, string])[]): string {
  const columns = [...new Set(boxes.map((b) => b.column))].sort();
  const tallest = Math.max(...columns.map((c) => boxes.filter((b) => b.column === c).length));
  const placed = columns.flatMap((column) => {
    const own = boxes.filter((b) => b.column === column);
    return own.map(
      (box, i): Placed => ({ ...box, column: columns.indexOf(column), row: i + (tallest - own.length) / 2 }),
    );
  });
  const byId = new Map(placed.map((p) => [p.id, p]));
  const x = (b: Placed) => b.column * columnStep;
  const y = (b: Placed) => b.row * rowStep;
  const links = arrows.flatMap(([from, to]) => {
    const [a, b] = [byId.get(from), byId.get(to)];
    return a === undefined || b === undefined
      ? []
      : [{ x1: x(a) + boxWidth, y1: y(a) + boxHeight / 2, x2: x(b) - 4, y2: y(b) + boxHeight / 2 }];
  });
  const width = (columns.length - 1) * columnStep + boxWidth;
  const height = (tallest - 1) * rowStep + boxHeight;
  return draw(
    {
      width: width + 20,
      height: height + 20,
      marginTop: 10,
      marginRight: 10,
      marginBottom: 10,
      marginLeft: 10,
      inset: 0,
      x: { axis: null, domain: [0, width] },
      y: { axis: null, domain: [height, 0] },
      marks: [
        Plot.link(links, {
          x1: 'x1',
          y1: 'y1',
          x2: 'x2',
          y2: 'y2',
          curve: 'bump-x',
          stroke: ink.quiet,
          markerEnd: 'arrow',
        }),
        Plot.rect(placed, {
          x1: x,
          x2: (b: Placed) => x(b) + boxWidth,
          y1: y,
          y2: (b: Placed) => y(b) + boxHeight,
          rx: 8,
          fill: 'var(--box)',
          stroke: ink.point,
        }),
        Plot.text(placed, { ...inside(x, y, 17), text: (b: Placed) => shortened(b.title, 29), fontWeight: 600 }),
        Plot.text(placed, { ...inside(x, y, 34), text: (b: Placed) => shortened(b.text, 31), fill: ink.quietText }),
      ],
    },
    'The structure of the model',
  );
}

function inside(x: (b: Placed) => number, y: (b: Placed) => number, down: number) {
  return { x: (b: Placed) => x(b) + 10, y: (b: Placed) => y(b) + down, textAnchor: 'start', fontSize: 11.5 } as const;
}

function fixedText(p: PredictorNode): string {
  const terms = [
    ...(p.intercept ? ['1'] : []),
    ...p.terms.map((t) => t.label),
    ...(p.offsets.length > 0 ? ['offset'] : []),
  ];
  return terms.join(' + ');
}

function predictorTitle(p: PredictorNode): string {
  return p.link === 'identity' ? p.id : `${p.link}(${p.id})`;
}

function effectText(e: RandomEffectNode): string {
  const terms = [...(e.intercept ? ['1'] : []), ...e.terms.map((t) => t.label)].join(', ');
  return `${e.name === null ? '' : `${e.name}: `}${terms || 'positions'}${e.covariance === 'us' ? '' : `, ${e.covariance}`}${
    e.constraint === null ? '' : ', sum to zero'
  }`;
}

function familyText({ family, class: of }: LikelihoodNode): string {
  const name = family.base === null ? family.name : `${family.name}(${family.base.name})`;
  return of === null ? name : `${name}, in class ${of}`;
}

function predictorsOf(family: LikelihoodNode['family']): string[] {
  const own = family.arguments.flatMap((a) => (a.kind === 'predictor' ? [a.predictor] : []));
  return family.base === null ? own : [...predictorsOf(family.base), ...own];
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
