import type { ModelRows } from '../../../src/engines/lmm/model-rows.js';
import {
  type ErrorStructure,
  errorGroups,
  type ResidualRows,
  type ScaleRows,
} from '../../../src/engines/lmm/residual/residual-rows.js';
import { type HandBlock, handRows } from './hand-rows.js';
import { random, type Shape } from './shapes.js';

/** Models with errors that differ in size or are correlated, on small unbalanced data. */
export function residualShapes(): Shape[] {
  const { normal, uniform } = random('residual shapes');
  const subjects = 14;
  const visits = 5;
  const kept: { g: number; t: number; clock: number; item: number; twin: number }[] = [];
  for (let g = 0; g < subjects; g++)
    for (let t = 0; t < visits; t++)
      if (uniform() > 0.25 || t === 0)
        kept.push({ g, t, clock: t + 0.8 * uniform(), item: Math.floor(uniform() * 6), twin: Math.floor(g / 2) });
  kept.sort(() => uniform() - 0.5); // rows of a group need not stand together
  const rows = kept.length;
  const each = (f: (r: (typeof kept)[number], i: number) => number) => kept.map(f);
  const x = each(() => normal());
  const one = each(() => 1);
  const z = each(({ g }) => g % 2);
  const subject = Array.from({ length: subjects }, () => normal());
  const items = Array.from({ length: 6 }, () => 0.7 * normal());
  const drift = Array.from({ length: subjects }, () => normal());
  const y = each(({ g, t, item }, i) => {
    drift[g] = 0.6 * drift[g] + normal();
    return 5 + 0.5 * x[i] + 0.3 * t + subject[g] + items[item] + Math.exp(0.3 * x[i]) * drift[g];
  });
  const weights = each(() => 0.3 + 2 * uniform());
  const offset = each(({ t }) => t / 5);

  const correlation = (structure: ErrorStructure, by: 'g' | 'twin' = 'g'): ResidualRows['correlation'] => {
    const position = Float64Array.from(kept, (r) =>
      structure === 'car1' ? r.clock : r.t + (by === 'g' ? 0 : 5 * (r.g % 2)),
    );
    const distinct = [...new Set(position)].sort((a, b) => a - b);
    const ranks = structure === 'car1' ? position : position.map((p) => distinct.indexOf(p));
    const levels = [...new Set(kept.map((r) => String(r[by])))];
    const codes = Int32Array.from(kept, (r) => levels.indexOf(String(r[by])));
    return errorGroups(structure, { label: by, codes, levels }, ranks, distinct.map(String));
  };
  const scale = (columns: number[][], link: ScaleRows['link'] = 'log', shift = false): ScaleRows => {
    const X = new Float64Array(rows * columns.length);
    columns.forEach((column, c) => {
      X.set(column, c * rows);
    });
    return { X, columns: columns.length, offset: shift ? Float64Array.from(x, (v) => v / 7) : null, link };
  };
  const perVisit = Array.from({ length: visits }, (_, v) => each(({ t }) => (t === v ? 1 : 0)));
  const intercept: HandBlock = { group: kept.map((r) => r.g) };
  const slope: HandBlock = { group: kept.map((r) => r.g), columns: [one, x] };
  const crossed: HandBlock = { group: kept.map((r) => r.item) };
  const serial: HandBlock = { group: kept.map((r) => r.twin), covariance: 'ar1', position: each(({ t }) => t) };
  const held: HandBlock = { group: kept.map((r) => r.item), sumToZero: true };
  const make = (name: string, residual: Partial<ResidualRows>, blocks: HandBlock[], more: object = {}): Shape => ({
    name,
    model: {
      ...handRows({ y, X: [one, x, each(({ t }) => t)], blocks, ...more }),
      residual: { scale: null, correlation: null, ...residual },
    } satisfies ModelRows,
  });
  return [
    make('sigma by a covariate', { scale: scale([one, x]) }, []),
    make('sigma by a covariate, random slope, weights', { scale: scale([one, x, z]) }, [slope], { weights }),
    make('sigma without a common factor', { scale: scale([x, z]) }, [intercept, crossed]),
    make('sigma with an offset', { scale: scale([one, z], 'log', true) }, [intercept], { offset }),
    make('sigma by the identity link', { scale: scale([one, z], 'identity') }, [crossed]),
    make('sigma by the sqrt link', { scale: scale([one, z], 'sqrt') }, [crossed]),
    make('sigma by the inverse link', { scale: scale([one, z], 'inverse') }, []),
    make('ar1', { correlation: correlation('ar1') }, []),
    make('ar1, crossed effects', { correlation: correlation('ar1') }, [crossed, intercept], { weights }),
    make('ar1 across levels, sigma by visit', { correlation: correlation('ar1', 'twin'), scale: scale(perVisit) }, [
      slope,
    ]),
    make('car1', { correlation: correlation('car1') }, [crossed], { offset }),
    make(
      'car1, sigma by the identity link',
      { correlation: correlation('car1'), scale: scale([one, z], 'identity') },
      [],
    ),
    make('cs', { correlation: correlation('cs') }, []),
    make('cs, crossed effects, weights', { correlation: correlation('cs') }, [crossed], { weights }),
    make('cs across levels', { correlation: correlation('cs', 'twin'), scale: scale([one, x]) }, [crossed, slope]),
    make('us', { correlation: correlation('us') }, []),
    make('us, sigma by visit, weights', { correlation: correlation('us'), scale: scale(perVisit) }, [], { weights }),
    make('us, crossed effects', { correlation: correlation('us'), scale: scale([one, x]) }, [crossed]),
    make('ar1, effects that sum to zero', { correlation: correlation('ar1') }, [held]),
    make('ar1, serial effects', { correlation: correlation('ar1') }, [serial]),
  ];
}
