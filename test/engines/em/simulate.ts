import { createRng } from '../../../src/kernels/rng.js';

/** Columns of a mixture per group: a class per group, an effect per group, one per unit nested in it, and covariates. */
export interface SimulatedColumns {
  readonly [name: string]: number[] | string[];
}

export interface SimulationOptions {
  readonly groups: number;
  readonly rows: number; // per group
  readonly seed?: number;
}

/**
 * Rows with columns id (group), unit (two nested in each), time (within the group), x, w (the same within a group), class (1 or
 * 2), and responses by the same linear predictor: y normal, c count, k binary, t trials of ten, pos positive, o one of three
 * ordered categories, zc a count with more zeros.
 */
export function simulate({ groups, rows, seed = 1 }: SimulationOptions): SimulatedColumns {
  const rng = createRng(`mixture ${seed}`);
  const out: Record<string, number[] & string[]> = {};
  const put = (name: string, value: number | string) => {
    out[name] ??= [] as unknown as number[] & string[];
    (out[name] as (number | string)[]).push(value);
  };
  for (let g = 0; g < groups; g++) {
    const second = rng.uniform() < 0.5;
    const w = rng.normal();
    const v = 0.5 * rng.normal();
    const units = [0.3 * rng.normal(), 0.3 * rng.normal()];
    for (let j = 0; j < rows; j++) {
      const x = rng.normal();
      const unit = j % 2;
      const eta = (second ? 1.2 - 0.5 * x : -0.4 + 0.6 * x) + v + units[unit];
      const p = 1 / (1 + Math.exp(-eta));
      put('id', `g${g}`);
      put('unit', `g${g}u${unit}`);
      put('time', j);
      put('x', x);
      put('w', w);
      put('class', second ? 2 : 1);
      put('y', eta + 0.7 * rng.normal());
      put('c', poisson(Math.exp(eta), rng.uniform()));
      put('zc', rng.uniform() < 0.2 ? 0 : poisson(Math.exp(eta), rng.uniform()));
      put('k', rng.uniform() < p ? 1 : 0);
      let t = 0;
      for (let n = 0; n < 10; n++) if (rng.uniform() < p) t++;
      put('t', t);
      put('ten', 10);
      put('pos', Math.exp(eta + 0.5 * rng.normal()));
      const latent = eta + Math.log(rng.uniform()) * -1 - 1;
      put('o', latent < -0.3 ? 'a' : latent < 0.9 ? 'b' : 'c');
      put('b', 1 / (1 + Math.exp(-eta - 0.5 * rng.normal())));
      put('weight', 0.5 + rng.uniform());
    }
  }
  return out;
}

function poisson(mean: number, u: number): number {
  let y = 0;
  for (let p = Math.exp(-mean), rest = u; rest > p && y < 500; p *= mean / y) {
    rest -= p;
    y++;
  }
  return y;
}
