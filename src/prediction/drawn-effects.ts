import type { Labels, NewRows } from '../data/design.js';
import type { Rng } from '../kernels/rng.js';
import { squareRootOf } from '../kernels/square-root.js';
import type { BlockEstimates, Estimates } from '../results/estimates.js';

/** Which level of a group a row is in, as a key: levels of new rows by their label, a row without one by itself. */
export function levelKey(labels: Labels | undefined, row: number): string {
  const code = labels?.codes[row] ?? -1;
  return code < 0 || labels === undefined ? `row ${row}` : `level ${labels.levels[code]}`;
}

/**
 * Random effects drawn from their distribution, each level with a stream of its own, so that a level's effects do not depend on
 * which others there are.
 */
export class DrawnEffects {
  private readonly roots: readonly Float64Array[];
  private readonly known = new Map<string, Float64Array>();
  /** ar1, car1: the positions of each level, ascending. */
  private readonly positions = new Map<string, readonly number[]>();

  constructor(
    private readonly estimates: Estimates,
    private readonly rows: NewRows,
    private readonly rng: Rng,
  ) {
    this.roots = estimates.blocks.map(({ covariance, size }) => squareRootOf(covariance, size));
  }

  /** The effects of a row's level; of ar1 and car1 the one at the row's position. */
  of(block: number, row: number): Float64Array {
    const { labels, position } = this.rows.blocks[block];
    const key = `${block} ${levelKey(labels, row)}`;
    const own = this.estimates.blocks[block];
    const { correlation } = own;
    if (correlation === null || position === null) {
      return this.remember(key, () => this.draw(block, key, own));
    }
    if (!Number.isFinite(position[row])) return Float64Array.of(Number.NaN);
    const places = this.placesOf(block, key, labels, position, row);
    const effects = this.remember(key, () => this.drawSerial(own, correlation, places, this.rng.stream(key)));
    return effects.subarray(places.indexOf(position[row]), places.indexOf(position[row]) + 1);
  }

  private remember(key: string, make: () => Float64Array): Float64Array {
    const known = this.known.get(key) ?? make();
    this.known.set(key, known);
    return known;
  }

  private draw(block: number, key: string, { size }: BlockEstimates): Float64Array {
    const stream = this.rng.stream(key);
    const b = new Float64Array(size);
    for (let c = 0; c < size; c++) {
      const z = stream.normal();
      for (let r = 0; r < size; r++) b[r] += this.roots[block][r + c * size] * z;
    }
    return b;
  }

  private placesOf(
    block: number,
    key: string,
    labels: Labels | undefined,
    position: Float64Array,
    row: number,
  ): readonly number[] {
    const known = this.positions.get(key);
    if (known !== undefined) return known;
    const code = labels?.codes[row] ?? -1;
    const own = new Set<number>([position[row]]);
    if (code >= 0)
      labels?.codes.forEach((c, i) => {
        if (c === code && Number.isFinite(position[i])) own.add(position[i]);
      });
    const places = [...own].sort((a, b) => a - b);
    this.positions.set(`${block} ${levelKey(labels, row)}`, places);
    return places;
  }

  /** A stationary series: b_1 ~ N(0, sd^2), b_t = r b_(t-1) + sqrt(1 - r^2) sd z, r the correlation over the gap. */
  private drawSerial(
    { covariance }: BlockEstimates,
    correlation: number,
    places: readonly number[],
    stream: Rng,
  ): Float64Array {
    const sd = Math.sqrt(covariance[0]);
    const b = new Float64Array(places.length);
    places.forEach((place, k) => {
      const r = k === 0 ? 0 : serialPower(correlation, place - places[k - 1]);
      b[k] = (k === 0 ? 0 : r * b[k - 1]) + Math.sqrt(1 - r * r) * sd * stream.normal();
    });
    return b;
  }
}

/** Correlation over a gap; of a negative one only whole gaps have any. */
export function serialPower(correlation: number, gap: number): number {
  return correlation < 0 ? (Number.isInteger(gap) ? correlation ** gap : Number.NaN) : correlation ** gap;
}
