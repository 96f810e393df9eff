import { createRng } from '../../src/kernels/rng.js';

export const responses = 100;

/** Responses like those of sleepstudy (18 subjects on ten days), one in each column, rows in the order of the data. */
export function responsesCsv(): string {
  const rng = createRng('responses of sleepstudy');
  const columns = Array.from({ length: responses }, () => {
    const y: number[] = [];
    for (let subject = 0; subject < 18; subject++) {
      const [a, b] = [rng.normal(), rng.normal()];
      const [intercept, slope] = [251.4 + 24.7 * a, 10.5 + 5.9 * (0.07 * a + b)];
      for (let day = 0; day < 10; day++) y.push(intercept + slope * day + 25.6 * rng.normal());
    }
    return y;
  });
  const rows = columns[0].map((_, i) => columns.map((y) => y[i].toFixed(6)).join(','));
  return `${columns.map((_, k) => `y${k + 1}`).join(',')}\n${rows.join('\n')}\n`;
}
