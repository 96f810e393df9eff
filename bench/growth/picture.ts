import * as Plot from '@observablehq/plot';
import { draw } from '../../src/hosts/report/draw.js';

export interface GrowthPoint {
  readonly name: string;
  readonly rows: number;
  readonly seconds: number;
}

/** Seconds against rows, both on log scales, as SVG. */
export function growthPicture(points: readonly GrowthPoint[]): string {
  const svg = draw(
    {
      width: 640,
      height: 400,
      marginRight: 150,
      x: { type: 'log', label: 'rows', grid: true },
      y: { type: 'log', label: 'processor seconds of a fit', grid: true },
      marks: [
        Plot.line(points, { x: 'rows', y: 'seconds', stroke: 'name' }),
        Plot.dot(points, { x: 'rows', y: 'seconds', fill: 'name', r: 3 }),
        Plot.text(
          points,
          Plot.selectLast({ x: 'rows', y: 'seconds', z: 'name', text: 'name', textAnchor: 'start', dx: 8 }),
        ),
      ],
    },
    'Processor seconds against rows, both on log scales',
  );
  return svg.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ');
}
