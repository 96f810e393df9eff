import { createRng } from '../../src/kernels/rng.js';

/** 1934 women in 60 districts of very different sizes, as CSV; the same numbers every time. */
export function contraceptionCsv(): string {
  const rng = createRng('contraception');
  const districts = 60;
  const women = 1934;
  const share = Array.from({ length: districts }, () => Math.exp(0.8 * rng.normal()));
  const total = share.reduce((s, v) => s + v, 0);
  const effects = share.map(() => {
    const [a, b] = [rng.normal(), rng.normal()];
    return [0.6 * a, 0.8 * (-0.8 * a + 0.6 * b)];
  });
  const children = ['none', 'one', 'three', 'two'];
  const byChildren = [0, 0.8, 0.9, 0.95];
  const lines = ['use,age,urban,livch,district'];
  for (let i = 0; i < women; i++) {
    let left = rng.uniform() * total;
    let d = 0;
    while (d < districts - 1 && left > share[d]) left -= share[d++];
    if (i < districts) d = i;
    const age = Math.round(10 * (33 * rng.uniform() - 14)) / 10;
    const urban = rng.uniform() < 0.3 ? 1 : 0;
    const k = rng.integer(4);
    const eta =
      -1.1 + 0.004 * age - 0.0046 * age * age + 0.7 * urban + byChildren[k] + effects[d][0] + effects[d][1] * urban;
    const use = rng.uniform() < 1 / (1 + Math.exp(-eta)) ? 1 : 0;
    lines.push([use, age, urban, children[k], d + 1].join(','));
  }
  return `${lines.join('\n')}\n`;
}
