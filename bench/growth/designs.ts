import { createRng } from '../../src/kernels/rng.js';

/** Columns of a design: numbers of 8 bytes and codes of levels of 4. */
export interface Shape {
  readonly numbers: number;
  readonly factors: number;
}

export interface GrowthDesign {
  readonly name: string;
  readonly about: string;
  readonly model: string;
  readonly shape: Shape;
  readonly sizes: readonly number[]; // rows
  /** Rows that are read from a file, too. */
  readonly files: readonly number[];
  /** Rows that are fitted with threads that share large factorizations, too. */
  readonly threads: readonly number[];
  /** The power of the rows with which the operations of a factorization grow, where levels grow as the design says. */
  readonly power: number;
  columns(rows: number): Record<string, Float64Array | { codes: Int32Array; levels: string[] }>;
}

const slopes = Array.from({ length: 7 }, (_, k) => `x${k + 1}`);

/** Random designs whose rows grow and whose shape stays. Effects and errors are normal; the truth matters to nobody here. */
export const growthDesigns: readonly GrowthDesign[] = [
  {
    name: 'nested, random slope',
    about: 'groups of ten rows, each with a line of its own',
    shape: { numbers: 2, factors: 1 },
    files: [1e6, 1e7],
    threads: [],
    power: 1,
    model: 'y ~ normal(mu, sigma)\nmu = 1 + x + (1 + x | g)',
    sizes: [1e4, 1e5, 1e6, 1e7],
    columns(rows) {
      const draw = normals('nested');
      const levels = Math.round(rows / 10);
      const g = Int32Array.from({ length: rows }, (_, i) => Math.floor(i / 10));
      const x = draw(rows);
      const [b0, b1, e] = [draw(levels), draw(levels), draw(rows)];
      const y = x.map((v, i) => 1 + 0.5 * v + 0.8 * b0[g[i]] + 0.4 * v * b1[g[i]] + e[i]);
      return { y, x, g: factor(g, levels) };
    },
  },
  {
    name: 'crossed, sparse',
    about: 'students of twenty rows each meet a few lecturers of their own year',
    shape: { numbers: 2, factors: 2 },
    files: [],
    threads: [],
    power: 1,
    model: 'y ~ normal(mu, sigma)\nmu = 1 + x + (1 | s) + (1 | d)',
    sizes: [1e4, 1e5, 1e6, 1e7],
    columns(rows) {
      const students = Math.round(rows / 20);
      const lecturers = Math.round(rows / 400);
      return crossed('sparse', rows, students, lecturers, (s, u) =>
        Math.min(lecturers - 1, Math.floor((s * lecturers) / students) + Math.floor(4 * u)),
      );
    },
  },
  {
    name: 'crossed, dense',
    about: 'any student may meet any lecturer: 6,000 x 4,000 at 1e6 rows, as the square root of the rows elsewhere',
    shape: { numbers: 2, factors: 2 },
    files: [],
    threads: [1e6],
    power: 1.5,
    model: 'y ~ normal(mu, sigma)\nmu = 1 + x + (1 | s) + (1 | d)',
    sizes: [1e4, 1e5, 1e6],
    columns(rows) {
      const size = Math.sqrt(rows / 1e6);
      const lecturers = Math.round(4000 * size);
      return crossed('dense', rows, Math.round(6000 * size), lecturers, (_, u) => Math.floor(lecturers * u));
    },
  },
  {
    name: 'many theta (36)',
    about: 'groups of a hundred rows with an intercept and seven slopes, all correlated',
    shape: { numbers: 8, factors: 1 },
    files: [],
    threads: [],
    power: 1,
    model: `y ~ normal(mu, sigma)\nmu = 1 + ${slopes.join(' + ')} + (1 + ${slopes.join(' + ')} | g)`,
    sizes: [1e4, 1e5, 1e6],
    columns(rows) {
      const draw = normals('theta');
      const levels = Math.round(rows / 100);
      const g = Int32Array.from({ length: rows }, (_, i) => i % levels);
      const out: Record<string, Float64Array> = {};
      const b = draw(levels);
      const y = draw(rows).map((e, i) => e + b[g[i]]);
      for (const name of slopes) {
        const x = draw(rows);
        const own = draw(levels);
        for (let i = 0; i < rows; i++) y[i] += x[i] * (0.3 + 0.5 * own[g[i]]);
        out[name] = x;
      }
      return { y, ...out, g: factor(g, levels) };
    },
  },
];

export function bytesOf({ numbers, factors }: Shape, rows: number): number {
  return rows * (8 * numbers + 4 * factors);
}

function crossed(
  key: string,
  rows: number,
  students: number,
  lecturers: number,
  meets: (s: number, u: number) => number,
) {
  const draw = normals(key);
  const { uniform } = createRng(`${key} pairs`);
  const s = Int32Array.from({ length: rows }, () => Math.floor(students * uniform()));
  const d = Int32Array.from(s, (student) => meets(student, uniform()));
  const x = draw(rows);
  const [bs, bd, e] = [draw(students), draw(lecturers), draw(rows)];
  const y = x.map((v, i) => 3 + 0.2 * v + 0.4 * bs[s[i]] + 0.5 * bd[d[i]] + e[i]);
  return { y, x, s: factor(s, students), d: factor(d, lecturers) };
}

function factor(codes: Int32Array, levels: number) {
  return { codes, levels: Array.from({ length: levels }, (_, i) => `${i + 1}`) };
}

function normals(key: string): (n: number) => Float64Array {
  const rng = createRng(key);
  return (n) => Float64Array.from({ length: n }, () => rng.normal());
}
