import { fixed, markdownTable, number, text, three } from '../table.js';
import type { KernelResults, Rate } from './worker.js';

const share = (value: number): string => (Number.isFinite(value) ? `${(100 * value).toFixed(0)} %` : fixed(value, 0));

/** @param mark  tells the run of a result, where there are several */
export function kernelsReport(results: KernelResults | null, mark: string): string[] {
  const title = ['## Kernels against their operations', ''];
  if (results === null) return [...title, 'Not measured: `npm run bench -- kernels`.'];
  const rate = (r: Rate) => [three(r.perSecond / 1e9), share(r.share)];
  return [
    ...title,
    `One thread${mark}; each kernel at its best of several times, in processor time. The peak is the best that a bare loop of WebAssembly SIMD does (multiplications and additions of two numbers at a time that stay in registers: \`bench/kernels/peak.ts\`), measured before every repetition, since the clock of the processor changes: the share is the median of the repetitions'. The median of the peaks here is ${three(results.peak / 1e9)} GFLOP/s.`,
    '',
    ...markdownTable(
      [
        text('dense, n'),
        number('ms'),
        number('WASM GFLOP/s'),
        number('of the peak'),
        number('TypeScript GFLOP/s'),
        number('of the peak'),
      ],
      results.dense.map((d) => [d.name, three(1000 * d.wasm.seconds), ...rate(d.wasm), ...rate(d.typescript)]),
    ),
    '',
    'The block Cholesky and its selected inverse; operations are those that the ordering and the supernodes ask for (the zeros within supernodes included).',
    '',
    ...markdownTable(
      [
        text('sparse'),
        number('scalars'),
        number('numbers in L'),
        number('widest supernode'),
        number('factor GFLOP'),
        number('ms'),
        number('GFLOP/s'),
        number('of the peak'),
        number('inverse GFLOP'),
        number('ms'),
        number('GFLOP/s'),
        number('of the peak'),
      ],
      results.sparse.map((s) => [
        s.name,
        `${s.scalars}`,
        `${s.numbers}`,
        `${s.widest}`,
        ...[s.factor, s.inverse].flatMap((r) => [three(r.operations / 1e9), three(1000 * r.seconds), ...rate(r)]),
      ]),
    ),
  ];
}
