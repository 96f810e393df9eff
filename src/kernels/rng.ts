import seedrandom from 'seedrandom';
import { normalQuantile } from './special/normal.js';

/**
 * Random numbers from a key. A stream of its own for each group, class, start or replicate makes results independent of
 * the order of work and of the number of threads.
 */
export interface Rng {
  readonly key: string;
  /** Uniform on the open interval (0, 1). */
  uniform(): number;
  /** Standard normal by inversion: one uniform each, so that streams stay aligned when a model changes. */
  normal(): number;
  /** One of 0 .. n - 1. */
  integer(n: number): number;
  /** A stream that does not overlap this one in practice; asking for it draws nothing from this one. */
  stream(index: number | string): Rng;
  /** Plain JSON from which `restoreRng` goes on. */
  save(): RngState;
}

export interface RngState {
  readonly key: string;
  readonly i: number;
  readonly j: number;
  readonly S: readonly number[];
}

export function createRng(seed: number | string): Rng {
  return rngOf(String(seed), seedrandom(String(seed), { state: true }));
}

export function restoreRng(state: RngState): Rng {
  return rngOf(state.key, seedrandom('', { state: { i: state.i, j: state.j, S: [...state.S] } }));
}

function rngOf(key: string, next: seedrandom.StatefulPRNG<seedrandom.State.Arc4>): Rng {
  const uniform = (): number => {
    for (;;) {
      const u = next();
      if (u > 0) return u;
    }
  };
  return {
    key,
    uniform,
    normal: () => normalQuantile(uniform()),
    integer: (n) => Math.floor(next() * n),
    stream: (index) => createRng(`${key}/${index}`),
    save() {
      const { i, j, S } = next.state();
      return { key, i, j, S };
    },
  };
}

/** Fisher and Yates's shuffle, in place. */
export function shuffleInPlace(values: Int32Array | Float64Array, rng: Rng): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = rng.integer(i + 1);
    const kept = values[i];
    values[i] = values[j];
    values[j] = kept;
  }
}
