import { createRng } from '../../src/kernels/rng.js';

/** y = 1 + 0.5 x + u + b x + e in 1e5 groups of ten rows, as pieces of CSV; the same numbers every time. */
export function* millionCsv(): Generator<string> {
  const rng = createRng('million');
  yield 'g,x,y\n';
  let lines: string[] = [];
  for (let g = 1; g <= 1e5; g++) {
    const u = 0.8 * rng.normal();
    const b = 0.3 * u + 0.4 * rng.normal();
    for (let i = 0; i < 10; i++) {
      const x = rng.normal();
      const y = 1 + 0.5 * x + u + b * x + rng.normal();
      lines.push(`${g},${x.toFixed(6)},${y.toFixed(6)}`);
    }
    if (lines.length >= 1e4) {
      yield `${lines.join('\n')}\n`;
      lines = [];
    }
  }
}
