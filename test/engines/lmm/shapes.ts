import seedrandom from 'seedrandom';
import type { ModelRows } from '../../../src/engines/lmm/model-rows.js';
import { type HandBlock, handRows } from './hand-rows.js';

/** Standard normal numbers and uniform ones from one seed. */
export function random(seed: string): { normal: () => number; uniform: () => number } {
  const uniform = seedrandom(seed);
  return {
    uniform: () => uniform(),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}

export interface Shape {
  readonly name: string;
  readonly model: ModelRows;
}

/** Models of every kind the engine knows, on small simulated data. */
export function shapes(): Shape[] {
  const { normal, uniform } = random('shapes');
  const rows = 96;
  const index = Array.from({ length: rows }, (_, i) => i);
  const one = index.map(() => 1);
  const x = index.map(() => normal());
  const t = index.map((i) => i % 8);
  const g = index.map((i) => `g${Math.floor(i / 8)}`);
  const sub = index.map((i) => `g${Math.floor(i / 8)}:${i % 2}`);
  const h = index.map(() => `h${Math.floor(uniform() * 7)}`);
  const f = [0, 1, 2].map((k) => index.map((i) => (i % 3 === k ? 1 : 0)));
  const effect = new Map<string, number>();
  const of = (name: string, sd: number): number => {
    if (!effect.has(name)) effect.set(name, sd * normal());
    return effect.get(name) ?? 0;
  };
  const y = index.map(
    (i) =>
      3 +
      0.7 * x[i] +
      0.2 * t[i] +
      of(g[i], 1) +
      of(`${g[i]}x`, 0.6) * x[i] +
      of(sub[i], 0.5) +
      of(h[i], 0.8) +
      normal(),
  );
  const weights = index.map(() => 0.2 + 3 * uniform());
  const offset = index.map((i) => i / 10);
  const squares = t.map((v) => v * v);
  const late = index.filter((i) => uniform() > 0.3 || i % 8 === 0); // unequal levels for the serial structures
  const pick = <T>(v: readonly T[]): T[] => late.map((i) => v[i]);
  const clock = t.map((v, i) => v + 0.3 * Math.sin(i));
  const make = (name: string, blocks: HandBlock[], more: object = {}): Shape => ({
    name,
    model: handRows({ y, X: [one, x, t], blocks, ...more }),
  });
  const picked = (name: string, block: HandBlock): Shape => ({
    name,
    model: handRows({ y: pick(y), X: [pick(one), pick(x)], blocks: [block, { group: pick(h) }] }),
  });
  return [
    make('random intercept', [{ group: g }]),
    make('correlated slope', [{ group: g, columns: [one, x] }]),
    make('correlated polynomial', [{ group: g, columns: [one, t, squares] }]),
    make('slope without intercept', [{ group: g, columns: [x] }]),
    make('independent columns', [{ group: g, columns: [one, x], covariance: 'diag' }]),
    make('crossed, with a slope', [{ group: h }, { group: g, columns: [one, x] }]),
    make('nested', [{ group: g }, { group: sub }]),
    make('two blocks of one factor', [{ group: g }, { group: g, columns: [x] }, { group: h }]),
    make('factor slopes', [{ group: g, columns: f }]),
    make('compound symmetry', [{ group: g, columns: f, covariance: 'cs' }]),
    make('homogeneous compound symmetry', [{ group: g, columns: f, covariance: 'homcs' }, { group: h }]),
    picked('ar1', { group: pick(g), covariance: 'ar1', position: pick(t) }),
    picked('car1', { group: pick(g), covariance: 'car1', position: pick(clock) }),
    make('weights and offset', [{ group: g, columns: [one, x] }, { group: h }], { weights, offset }),
    make('sum to zero, crossed', [
      { group: h, sumToZero: true },
      { group: g, columns: [one, x] },
    ]),
    make('sum to zero, slopes', [{ group: g, columns: [one, x], sumToZero: true }], { weights }),
    make('two sums to zero', [
      { group: h, sumToZero: true },
      { group: g, sumToZero: true },
    ]),
    make('no fixed effects', [{ group: g, columns: [one, x] }], { X: [] }),
    make('no constant in the span', [{ group: g }], { X: [x] }),
  ];
}
