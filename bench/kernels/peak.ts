// What one thread can do at most in WebAssembly: multiplications and additions of two numbers at a time that stay in registers. The
// instruction set has no fused multiply-add, so that a step is two instructions and four operations.
import asc from 'assemblyscript/asc';

/** What the types of Node leave out. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: object,
  ): Promise<{ readonly instance: { readonly exports: Readonly<Record<string, unknown>> } }>;
};

/** Repetitions of the steps in the body of a loop, so that its counting costs nothing. */
const unrolled = 4;

const lines = (n: number, of: (k: number) => string): string => Array.from({ length: n }, (_, k) => of(k)).join('\n');

/** A function that holds `n` pairs of numbers and does the steps many times. */
function loop(name: string, n: number, before: string, steps: string): string {
  return `
export function ${name}(times: i32, x: f64): f64 {
  const scale = f64x2.splat(x);
${before}
${lines(n, (k) => `  let s${k} = f64x2.splat(<f64>${k});`)}
  for (let i = 0; i < times; i++) {
${lines(unrolled, () => steps)}
  }
  let total = s0;
${lines(n - 1, (k) => `  total = f64x2.add(total, s${k + 1});`)}
  return f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
}`;
}

interface Kind {
  readonly name: string;
  readonly operations: number; // of one round of the loop
  readonly source: string;
}

/** Ways to keep the units busy, as many values side by side as there are registers for; which one is best depends on the processor. */
const kinds: readonly Kind[] = [
  {
    name: 'scaled', // a product to which something is added
    operations: unrolled * 13 * 4,
    source: loop(
      'scaled',
      13,
      'const v = f64x2.splat(x * 0.5);',
      lines(13, (k) => `s${k} = f64x2.add(f64x2.mul(s${k}, scale), v);`),
    ),
  },
  {
    name: 'tile', // as in a product of matrices, nothing loaded: 3 x 3 sums of products, and 3 additions that change the factors
    operations: unrolled * (9 * 4 + 3 * 2),
    source: loop(
      'tile',
      9,
      lines(3, (k) => `let a${k} = f64x2.splat(x * 0.${k + 1}); const b${k} = f64x2.splat(x * 0.${k + 2});`),
      `${lines(9, (k) => `s${k} = f64x2.add(s${k}, f64x2.mul(a${Math.floor(k / 3)}, b${k % 3}));`)}
${lines(3, (k) => `a${k} = f64x2.mul(a${k}, scale);`)}`,
    ),
  },
  {
    name: 'apart', // as many multiplications as additions, none waiting for another
    operations: unrolled * 7 * 4,
    source: loop(
      'apart',
      14,
      '',
      lines(7, (k) => `s${k} = f64x2.mul(s${k}, scale); s${k + 7} = f64x2.add(s${k + 7}, scale);`),
    ),
  },
];

export interface Peak {
  /** Runs all loops and gives the greatest rate, in operations for each second of processor time. */
  measure(): number;
}

export async function peak(): Promise<Peak> {
  const { error, binary, stderr } = await asc.compileString(kinds.map((k) => k.source).join('\n'), {
    optimizeLevel: 3,
    enable: ['simd'],
    runtime: 'stub',
    noAssert: true,
  });
  if (error !== null || binary === null) throw new Error(`the loops do not compile: ${stderr.toString()}`);
  const { instance } = await WebAssembly.instantiate(binary, {});
  const loops = kinds.map(({ name, operations }) => {
    const run = instance.exports[name];
    if (typeof run !== 'function') throw new Error(`no loop ${name}`);
    return { operations, run };
  });
  const times = 1e5; // some milliseconds
  const rate = ({ operations, run }: (typeof loops)[number]): number => {
    const from = processorSeconds();
    if (!Number.isFinite(run(times, 0.999))) throw new Error('the sums are not finite');
    return (operations * times) / (processorSeconds() - from);
  };
  for (const one of loops) for (let k = 0; k < 50; k++) rate(one); // compiled by then
  return { measure: () => Math.max(...loops.map(rate)) };
}

/** Of this process; the sum is exact where the parts are estimates. */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
