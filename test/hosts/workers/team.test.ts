import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { NodeTeam } from '../../../src/hosts/workers/node-team.js';
import { WorkerPool } from '../../../src/hosts/workers/pool.js';
import type { ThreadTeam, Workplace } from '../../../src/index.js';
import { compile, fit, fitAsync, schemaOf } from '../../../src/index.js';
import {
  analyze,
  type BlockCholesky,
  type BlockPattern,
  factorize,
  selectedInverse,
} from '../../../src/kernels/block-cholesky.js';
import { definiteValues } from '../../kernels/block-problem.js';
import { bundleWorker } from './bundle-worker.js';
import { crossedModel, crossedTable, densePattern, denseValues, scatteredPattern } from './large-models.js';

let helper: Awaited<ReturnType<typeof bundleWorker>>;
const teams: NodeTeam[] = [];

beforeAll(async () => {
  helper = await bundleWorker('src/hosts/workers/helper.ts');
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await Promise.all(teams.splice(0).map((team) => team.close()));
});
afterAll(() => helper.remove());

function teamOf(threads: number, file = helper.file): NodeTeam {
  const team = new NodeTeam(file, threads);
  teams.push(team);
  return team;
}

/** A team in which the one that asks waits at each job until a helper has done some of it. */
function withHelp(inner: ThreadTeam): { readonly team: ThreadTeam; readonly helped: () => boolean } {
  let helped = true;
  const wake = (place: Workplace) => {
    inner.wake(place);
    const words = new Int32Array(place.memory.buffer);
    const done = 64 / 4; // where assembly/team.ts counts the chunks that are finished
    helped &&= Atomics.wait(words, done, 0, 10000) !== 'timed-out';
  };
  return { team: { threads: inner.threads, wake, rest: () => inner.rest() }, helped: () => helped };
}

/** Holds a factor with its inverse against those of one thread, bit by bit. */
function sameAs(pattern: BlockPattern, values: Float64Array): (chol: BlockCholesky) => void {
  const alone = analyze(pattern, { ordering: 'given' });
  const inverse = new Float64Array(values.length);
  expect(factorize(alone, values)).toBe(0);
  selectedInverse(alone, inverse);
  const factor = ({ kernels, inverseStart }: BlockCholesky) =>
    Buffer.from(kernels.memory.slice(0, inverseStart).buffer);
  return (chol) => {
    const into = new Float64Array(values.length);
    expect(factorize(chol, values)).toBe(0);
    selectedInverse(chol, into);
    expect(factor(chol).equals(factor(alone))).toBe(true);
    expect(Buffer.from(into.buffer).equals(Buffer.from(inverse.buffer))).toBe(true);
  };
}

const isShared = (chol: BlockCholesky) => !(chol.kernels.memory.buffer instanceof ArrayBuffer);

describe('a factorization', () => {
  const order = 601; // no multiple of any block length
  const pattern = densePattern(order);
  const values = denseValues(order);
  const expectSame = sameAs(pattern, values);

  test.each([2, 3, 5])('is the same, bit by bit, on %i threads', (threads) => {
    const { team, helped } = withHelp(teamOf(threads));
    const chol = analyze(pattern, { team });
    expect(isShared(chol)).toBe(true);
    expectSame(chol);
    expect(helped()).toBe(true);
    // another factor, then the first again: helpers move
    const other = analyze(pattern, { team });
    expectSame(other);
    expectSame(chol);
    team.rest();
    expectSame(chol);
    expect(helped()).toBe(true);
  });

  test('is the same where rows and columns of an update lie apart', () => {
    const apart = scatteredPattern();
    const numbers = definiteValues(apart, 1);
    const { team, helped } = withHelp(teamOf(2));
    sameAs(apart, numbers)(analyze(apart, { team, ordering: 'given' }));
    expect(helped()).toBe(true);
  });

  test('is helped by new helpers where the old ones may hold too much memory', () => {
    const inner = teamOf(2);
    const close = vi.spyOn(inner, 'close');
    const { team, helped } = withHelp(inner);
    const two = [analyze(pattern, { team }), analyze(pattern, { team })];
    for (const chol of two) expectSame(chol);
    team.rest();
    expect(close).not.toHaveBeenCalled();
    for (let k = 0; k < 40; k++) expect(factorize(two[k % 2], values)).toBe(0);
    team.rest();
    expect(close).toHaveBeenCalledTimes(1);
    for (const chol of two) expectSame(chol);
    expect(helped()).toBe(true);
  });

  test('names the same column where there is none', () => {
    const { team, helped } = withHelp(teamOf(2));
    const bad = values.slice();
    bad[500 * order + 500] = -1;
    expect(factorize(analyze(pattern), bad)).toBe(501);
    expect(factorize(analyze(pattern, { team }), bad)).toBe(501);
    expect(helped()).toBe(true);
  });

  test('needs no helpers: they may be late, or never come', () => {
    const chol = analyze(pattern, { team: teamOf(2, '/nowhere.cjs') });
    expect(isShared(chol)).toBe(true);
    expectSame(chol);
    expectSame(analyze(pattern, { team: teamOf(1) }));
  });

  test('is made on own memory where threads cannot share any', () => {
    vi.stubGlobal('SharedArrayBuffer', undefined);
    const team: ThreadTeam = { threads: 2, wake: () => expect.fail('nobody can help'), rest: () => {} };
    const chol = analyze(pattern, { team });
    expect(isShared(chol)).toBe(false);
    expectSame(chol);
  });

  test('too small for help takes none', () => {
    const team: ThreadTeam = { threads: 2, wake: () => expect.fail('too small'), rest: () => {} };
    const chol = analyze(densePattern(300), { team });
    expect(isShared(chol)).toBe(false);
    expect(factorize(chol, denseValues(300))).toBe(0);
  });
});

describe('a fit', () => {
  const table = crossedTable();
  const [model] = compile(crossedModel, { schema: schemaOf(table) }).models;

  test('is the same, bit by bit, with a team; several in one process', () => {
    const alone = fit(model, table);
    expect(alone.fit?.converged).toBe(true);
    const team = teamOf(2);
    const wake = vi.spyOn(team, 'wake');
    const rest = vi.spyOn(team, 'rest');
    for (const runs of [1, 2]) {
      const found = fit(model, table, { parallel: { threads: 2, team, run: () => expect.fail('no pieces') } });
      expect(found.fit).toEqual(alone.fit);
      expect(wake.mock.calls.length).toBeGreaterThan(0);
      expect(rest).toHaveBeenCalledTimes(runs);
      wake.mockClear();
    }
  });

  test('that is given up leaves the team as it was', () => {
    const team = teamOf(2);
    const parallel = { threads: 2, team, run: () => expect.fail('no pieces') };
    const onProgress = () => {
      throw new Error('enough');
    };
    expect(() => fit(model, table, { parallel, onProgress })).toThrow('enough');
    expect(fit(model, table, { parallel }).fit?.converged).toBe(true);
  });

  test('in a thread of a pool asks for no further threads', async () => {
    const bundle = await bundleWorker('src/hosts/workers/worker.ts');
    const pool = new WorkerPool(bundle.file, 2, helper.file);
    if (pool.team === undefined) throw new Error('a pool with helpers');
    const wake = vi.spyOn(pool.team, 'wake');
    try {
      const found = await compile(crossedModel).model().bind(table).fitAsync({ parallel: pool });
      expect(found.result.converged).toBe(true);
      expect(wake).not.toHaveBeenCalled();
      // here it is asked
      expect((await fitAsync(model, table, { parallel: pool })).fit?.converged).toBe(true);
      expect(wake).toHaveBeenCalled();
    } finally {
      await pool.close();
      await bundle.remove();
    }
  });
});

test('a process with a team that nobody closes ends by itself, and says nothing', async () => {
  const program = await bundleWorker(join(import.meta.dirname, 'team-process.ts'));
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program.file, helper.file], {
      timeout: 30000,
    });
    expect({ stdout, stderr }).toEqual({ stdout: 'done\n', stderr: '' });
  } finally {
    await program.remove();
  }
});
