import type { Design, RandomBlock } from '../../data/design.js';
import { ColumnSpan } from './column-span.js';

/** One random effect with how every parameter's rows load on it. */
interface Loaded {
  readonly block: RandomBlock;
  /** Columns over all parameters, one after the other by their keys; null: of ar1 and car1. */
  readonly columns: readonly Float64Array[] | null;
  readonly users: string; // keys of the parameters that use it
}

/** How many standard deviations and correlations the larger model has more, or what is not contained. */
export type RandomNesting =
  | { readonly nested: true; readonly sds: number; readonly correlations: number }
  | { readonly nested: false; readonly what: string };

/** Whether every covariance of a's random effects is one of b's [COMPARE-2]. */
export function randomNesting(a: Design, b: Design): RandomNesting {
  const mine = loadedBlocks(a);
  const theirs = loadedBlocks(b);
  const taken = new Set<string>(); // columns of structures that hold one effect each, and whole blocks
  // what has fewest places to go first: alike blocks, before a covariance matrix takes in what is left
  const ordered = [...mine].sort((x, y) => y.block.terms.length - x.block.terms.length);
  for (const own of ordered) {
    const places = theirs
      .map((other, k) => ({ other, k }))
      .filter(({ other }) => sameGroups(own.block, other.block) && own.users === other.users);
    const alike = places.find(({ other, k }) => !taken.has(`${k}`) && isAlike(own, other));
    if (alike !== undefined) {
      // a covariance matrix has room for more, every other structure is full
      if (alike.other.block.covariance !== 'us' || alike.other.columns === null) taken.add(`${alike.k}`);
      continue;
    }
    if (!places.some(({ other, k }) => takeIn(own, other, k, taken)))
      return { nested: false, what: `random effects of ${own.block.label}` };
  }
  const count = (blocks: readonly Loaded[], of: (block: RandomBlock) => number): number =>
    blocks.reduce((sum, { block }) => sum + of(block), 0);
  return {
    nested: true,
    sds: count(theirs, sdCount) - count(mine, sdCount),
    correlations: count(theirs, correlationCount) - count(mine, correlationCount),
  };
}

function sdCount({ covariance, terms }: RandomBlock): number {
  return covariance === 'us' || covariance === 'diag' || covariance === 'cs' ? terms.length : 1;
}

function correlationCount({ covariance, terms }: RandomBlock): number {
  if (covariance === 'us') return (terms.length * (terms.length - 1)) / 2;
  if (covariance === 'diag') return 0;
  return terms.length > 1 ? 1 : 0;
}

/** The same columns under the same structure, or under one that contains it. */
function isAlike(own: Loaded, other: Loaded): boolean {
  const { covariance: mine } = own.block;
  const { covariance: theirs } = other.block;
  if (own.columns === null || other.columns === null)
    return own.columns === other.columns && mine === theirs && samePositions(own.block, other.block);
  if (own.columns.length !== other.columns.length) return false;
  const single = own.columns.length === 1;
  const contains =
    single || mine === theirs || theirs === 'us' || (theirs === 'cs' && (mine === 'homcs' || mine === 'diag'));
  if (!contains) return false;
  if (theirs === 'us') return spanContains(other.columns, own.columns);
  const free = new Set(other.columns.keys());
  const factors: number[] = [];
  for (const column of own.columns) {
    const found = [...free].find((k) => multiple(column, other.columns?.[k] ?? column) !== null);
    if (found === undefined) return false;
    free.delete(found);
    factors.push(Math.abs(multiple(column, other.columns[found]) ?? 0));
  }
  // one standard deviation for all columns: they may only be rescaled together
  const common = factors.every((f) => Math.abs(f - factors[0]) <= 1e-10 * factors[0]);
  return (mine !== 'homcs' && theirs !== 'homcs') || common;
}

/** A covariance matrix takes in any effects in its columns' span, independent effects take in one for each column. */
function takeIn(own: Loaded, other: Loaded, k: number, taken: Set<string>): boolean {
  if (own.columns === null || other.columns === null || taken.has(`${k}`)) return false;
  if (other.block.covariance === 'us') return spanContains(other.columns, own.columns);
  if (other.block.covariance !== 'diag') return false;
  if (own.block.covariance !== 'diag' && own.columns.length > 1) return false;
  const places = own.columns.map((column) =>
    (other.columns ?? []).findIndex((c, at) => !taken.has(`${k} ${at}`) && multiple(column, c) !== null),
  );
  if (places.includes(-1) || new Set(places).size < places.length) return false;
  for (const at of places) taken.add(`${k} ${at}`);
  return true;
}

function spanContains(columns: readonly Float64Array[], wanted: readonly Float64Array[]): boolean {
  const span = new ColumnSpan(columns[0]?.length ?? 0);
  for (const column of columns) span.add(column);
  return wanted.every((column) => span.contains(column));
}

/** f with a = f b; null: there is none. */
function multiple(a: Float64Array, b: Float64Array): number | null {
  let ab = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    ab += a[i] * b[i];
    bb += b[i] * b[i];
  }
  const f = bb > 0 ? ab / bb : 0;
  if (f === 0) return null;
  let rest = 0;
  for (let i = 0; i < a.length; i++) rest += (a[i] - f * b[i]) ** 2;
  return rest <= 1e-14 * f * f * bb ? f : null;
}

/** Levels may have other names and another order. */
function sameGroups(a: RandomBlock, b: RandomBlock): boolean {
  if (a.constraint !== b.constraint || a.group.levels.length !== b.group.levels.length) return false;
  const to = new Map<number, number>();
  return a.group.codes.every((code, i) => {
    const known = to.get(code);
    if (known === undefined) to.set(code, b.group.codes[i]);
    return (known ?? b.group.codes[i]) === b.group.codes[i];
  });
}

function samePositions(a: RandomBlock, b: RandomBlock): boolean {
  const { positions: p } = a;
  const { positions: q } = b;
  return p !== null && q !== null && p.length === q.length && p.every((v, i) => v === q[i]);
}

function loadedBlocks(design: Design): Loaded[] {
  const { rows } = design;
  const predictors = [...design.predictors].sort((p, q) => (keyOf(p) < keyOf(q) ? -1 : 1));
  return design.blocks.flatMap((block, b): Loaded[] => {
    const users = predictors.filter((p) => p.random.some((u) => u.block === b));
    if (users.length === 0) return [];
    const key = users.map(keyOf).join(' ');
    if (block.positions !== null) return [{ block, columns: null, users: key }];
    const size = block.terms.length;
    const columns = Array.from({ length: size }, () => new Float64Array(rows * users.length));
    users.forEach((p, d) => {
      for (const { block: used, z } of p.random) {
        if (used !== b || z.kind !== 'dense') continue;
        for (let c = 0; c < size; c++)
          for (let i = 0; i < rows; i++) columns[c][d * rows + i] += z.values === null ? 1 : z.values[i * size + c];
      }
    });
    return [{ block, columns, users: key }];
  });
}

function keyOf(p: { readonly parameter: string; readonly class: string | null }): string {
  return JSON.stringify([p.parameter, p.class]);
}
