import { expect, test } from 'vitest';
import { layOut } from '../../../src/engines/lmm/layout.js';
import { findEntry } from '../../../src/kernels/block-cholesky.js';
import { createRng } from '../../../src/kernels/rng.js';
import { handRows } from './hand-rows.js';

test.each(['a', 'b', 'c', 'd'])('rows add to the block of the levels that meet in them: %s', (seed) => {
  const { uniform, normal } = createRng(seed);
  const rows = 200;
  const codes = (levels: number) => Array.from({ length: rows }, () => Math.floor(levels * uniform()));
  const x = Array.from({ length: rows }, () => normal());
  const one = x.map(() => 1);
  const model = handRows({
    y: x,
    X: [one],
    blocks: [{ group: codes(40) }, { group: codes(7), columns: [one, x] }, { group: codes(90) }],
  });
  const { blocks, pairs, pattern } = layOut(model);
  expect(pairs.map(({ u, v }) => [u, v])).toEqual([
    [0, 1],
    [0, 2],
    [1, 2],
  ]);
  for (const { u, v, entry } of pairs) {
    const node = (b: number, row: number) => blocks[b].nodeStart + blocks[b].block.group.codes[row];
    expect([...entry]).toEqual(x.map((_, i) => findEntry(pattern, node(v, i), node(u, i))));
  }
});
