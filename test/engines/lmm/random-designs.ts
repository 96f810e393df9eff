import type { ModelRows } from '../../../src/engines/lmm/model-rows.js';
import { type HandBlock, handRows } from './hand-rows.js';
import { random } from './shapes.js';

/** Designs that lme4 would refuse (one level, as many effects as rows) are drawn again. */
export function randomDesign(seed: string): ModelRows {
  for (let attempt = 0; ; attempt++) {
    const model = draw(`${seed} ${attempt}`);
    const sound = model.blocks.every((b) => {
      const levels = b.group.levels.length;
      return levels > 1 && b.columnStart[levels] < model.rows;
    });
    if (sound) return model;
  }
}

/**
 * A random design with data simulated from it: balanced or not, tiny groups, crossed or nested, slopes, true variances of
 * zero among them.
 */
function draw(seed: string): ModelRows {
  const { normal, uniform } = random(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(uniform() * from.length)];
  const rows = pick([12, 20, 40, 80, 150, 300]);
  const index = Array.from({ length: rows }, (_, i) => i);
  const one = index.map(() => 1);
  const x = index.map(() => normal());
  const t = index.map((i) => i % 5);
  const groups = (): string[] => {
    const levels = Math.max(2, Math.floor(rows / pick([2, 3, 5, 10])));
    const skewed = uniform() < 0.4;
    const balanced = uniform() < 0.4;
    return index.map((i) => {
      if (balanced) return `a${i % levels}`;
      const u = uniform();
      return `a${Math.floor((skewed ? u * u : u) * levels)}`;
    });
  };
  const blocks: HandBlock[] = [];
  const y = index.map((i) => 2 + 0.5 * x[i] + normal());
  const add = (group: readonly string[], columns: readonly (readonly number[])[], diagonal: boolean): void => {
    const sd = columns.map(() => pick([0, 0.2, 0.6, 1.5, 4]));
    const together = uniform() < 0.2; // a singular covariance
    const effects = new Map<string, number[]>();
    group.forEach((g, i) => {
      let b = effects.get(g);
      if (b === undefined) {
        const common = normal();
        b = sd.map((s) => s * (together ? common : normal()));
        effects.set(g, b);
      }
      columns.forEach((column, c) => {
        y[i] += column[i] * (b?.[c] ?? 0);
      });
    });
    blocks.push({ group, columns, covariance: diagonal ? 'diag' : 'us' });
  };
  const g = groups();
  const shape = Math.floor(uniform() * 6);
  if (shape === 0) add(g, [one], false);
  else if (shape === 1) add(g, [one, x], false);
  else if (shape === 2) add(g, [one, x], true);
  else if (shape === 3) {
    add(g, [one], false);
    add(groups(), [one], false);
  } else if (shape === 4) {
    add(g, [one], false);
    add(
      g.map((name, i) => `${name}:${i % 2}`),
      [one],
      false,
    );
  } else {
    add(g, [one, x, t], false);
    add(groups(), [one], false);
  }
  return handRows({ y, X: uniform() < 0.7 ? [one, x] : [one], blocks });
}
