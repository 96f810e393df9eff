import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minimumDegree } from '../../src/kernels/minimum-degree.js';
import type { Graph } from '../../src/kernels/quotient-graph.js';
import { uniform } from './dense-reference.js';

function graphOf(nodes: number, edges: [number, number][], weight: number[] = new Array<number>(nodes).fill(1)): Graph {
  const sets = Array.from({ length: nodes }, () => new Set<number>());
  for (const [i, j] of edges) {
    if (i === j) continue;
    sets[i].add(j);
    sets[j].add(i);
  }
  const start = new Int32Array(nodes + 1);
  const neighbour: number[] = [];
  sets.forEach((set, i) => {
    neighbour.push(...[...set].sort((a, b) => a - b));
    start[i + 1] = neighbour.length;
  });
  return { nodes, start, neighbour: Int32Array.from(neighbour), weight: Int32Array.from(weight) };
}

/** New edges when the graph is eliminated in this order, by playing the game. */
function fillOf(graph: Graph, order: Int32Array): number {
  const sets = Array.from(
    { length: graph.nodes },
    (_, i) => new Set(graph.neighbour.subarray(graph.start[i], graph.start[i + 1])),
  );
  let fill = 0;
  for (const i of order) {
    const around = [...sets[i]];
    for (const a of around) {
      sets[a].delete(i);
      for (const b of around) {
        if (a < b && !sets[a].has(b)) {
          fill++;
          sets[a].add(b);
          sets[b].add(a);
        }
      }
    }
  }
  return fill;
}

/** The textbook algorithm: always a node of least degree. */
function plainMinimumDegree(graph: Graph): Int32Array {
  const sets = Array.from(
    { length: graph.nodes },
    (_, i) => new Set(graph.neighbour.subarray(graph.start[i], graph.start[i + 1])),
  );
  const left = new Set(sets.keys());
  const order: number[] = [];
  while (left.size > 0) {
    let best = -1;
    for (const i of left) if (best === -1 || sets[i].size < sets[best].size) best = i;
    left.delete(best);
    order.push(best);
    for (const a of sets[best]) {
      sets[a].delete(best);
      for (const b of sets[best]) if (a !== b) sets[a].add(b);
    }
  }
  return Int32Array.from(order);
}

const randomGraph = fc.integer({ min: 1, max: 40 }).chain((n) =>
  fc.record({
    n: fc.constant(n),
    edges: fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 4 * n }),
    weight: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: n, maxLength: n }),
  }),
);

describe('minimum degree', () => {
  it('orders every node once, and equal graphs equally', () => {
    fc.assert(
      fc.property(randomGraph, ({ n, edges, weight }) => {
        const graph = graphOf(n, edges, weight);
        const order = minimumDegree(graph);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
        expect(minimumDegree(graphOf(n, edges, weight))).toEqual(order);
      }),
      { numRuns: 300 },
    );
  });

  it('eliminates forests without fill', () => {
    const forest = fc.array(fc.nat(), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(forest, fc.boolean(), (parents, star) => {
        const edges = parents
          .slice(1)
          .map((p, k) => [k + 1, star ? p % Math.min(k + 1, 4) : p % (k + 1)] as [number, number]);
        const graph = graphOf(parents.length, edges);
        expect(fillOf(graph, minimumDegree(graph))).toBe(0);
      }),
    );
  });

  it('eliminates nested designs without fill', () => {
    // 600 levels in 30 in 5, each level connected with all that it is nested in.
    const edges: [number, number][] = [];
    for (let i = 0; i < 600; i++) edges.push([i, 600 + (i % 30)], [i, 630 + (i % 5)]);
    for (let i = 0; i < 30; i++) edges.push([600 + i, 630 + (i % 5)]);
    const graph = graphOf(635, edges);
    expect(fillOf(graph, minimumDegree(graph))).toBe(0);
  });

  it('fills about as little as the textbook algorithm', () => {
    // The approximation may lose here and win there: within a tenth over many graphs.
    let ours = 0;
    let textbook = 0;
    for (let seed = 0; seed < 60; seed++) {
      const random = uniform(seed);
      const edges = Array.from({ length: 30 + 3 * seed }, () => {
        return [Math.floor(25 * (1 + random())), Math.floor(25 * (1 + random()))] as [number, number];
      });
      const graph = graphOf(50, edges);
      ours += fillOf(graph, minimumDegree(graph));
      textbook += fillOf(graph, plainMinimumDegree(graph));
    }
    // A crossed design: 120 levels, each with 3 of 30.
    const edges: [number, number][] = [];
    for (let i = 0; i < 120; i++) for (let k = 0; k < 3; k++) edges.push([i, 120 + ((i * 7 + k * (i % 11) + k) % 30)]);
    const crossed = graphOf(150, edges);
    ours += fillOf(crossed, minimumDegree(crossed));
    textbook += fillOf(crossed, plainMinimumDegree(crossed));
    expect(textbook).toBeGreaterThan(1000);
    expect(ours).toBeLessThan(1.1 * textbook);
  });

  it('fills little on larger graphs, too, where its lists run full', () => {
    const side = 60;
    const grid: [number, number][] = [];
    for (let r = 0; r < side; r++) {
      for (let c = 0; c < side; c++) {
        if (r > 0) grid.push([r * side + c, (r - 1) * side + c]);
        if (c > 0) grid.push([r * side + c, r * side + c - 1]);
      }
    }
    const graph = graphOf(side * side, grid);
    // Row by row about side^3 edges fill in; any sensible order does with less than half.
    expect(fillOf(graph, minimumDegree(graph))).toBeLessThan(0.45 * side ** 3);

    const random = uniform(7);
    const n = 600;
    const edges = Array.from({ length: 4 * n }, () => {
      return [Math.floor((n / 2) * (1 + random())), Math.floor((n / 2) * (1 + random()))] as [number, number];
    });
    const expander = graphOf(n, edges);
    const order = minimumDegree(expander);
    expect(new Set(order).size).toBe(n);
    expect(fillOf(expander, order)).toBeLessThan(1.1 * fillOf(expander, plainMinimumDegree(expander)));
  });
});
