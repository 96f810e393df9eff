import type { Design } from '../../../src/data/design.js';
import { noSpan } from '../../../src/diagnostics/span.js';
import type { EngineOptions } from '../../../src/engines/engine.js';
import { fitLmm } from '../../../src/engines/lmm/fit-lmm.js';
import type { ModelRows } from '../../../src/engines/lmm/model-rows.js';
import type { ModelGraph } from '../../../src/graph/model-graph.js';
import type { Fit } from '../../../src/results/fit.js';

/** Fits rows written by hand through the engine's own door, with the smallest graph and design that hold them. */
export function handFit(
  model: ModelRows,
  method: 'reml' | 'ml' = 'reml',
  options: EngineOptions = {},
  dropped: readonly string[] = [],
): Fit {
  const { graph, design } = handDesign(model, method, dropped);
  return fitLmm(graph, design, options);
}

export function handDesign(
  model: ModelRows,
  method: 'reml' | 'ml' = 'reml',
  dropped: readonly string[] = [],
): { graph: ModelGraph; design: Design } {
  const origin = noSpan;
  const predictor = { class: null, intercept: true, terms: [], offsets: [], parts: [], origin };
  const graph: ModelGraph = {
    kind: 'model',
    version: 1,
    name: 'hand',
    data: { file: null, columns: [], where: [], derived: [], contrasts: [] },
    likelihoods: [
      {
        id: 'y',
        class: null,
        response: { kind: 'column', name: 'y' },
        responseText: 'y',
        family: {
          name: 'normal',
          base: null,
          arguments: [
            { kind: 'predictor', name: 'mu', predictor: 'mu' },
            { kind: 'predictor', name: 'sigma', predictor: 'sigma' },
          ],
          origin,
        },
        weights: null,
        correlation: null,
        origin,
      },
    ],
    predictors: [
      {
        ...predictor,
        id: 'mu',
        parameter: 'mu',
        link: 'identity',
        constant: false,
        randomEffects: model.blocks.map((b) => b.id),
      },
      { ...predictor, id: 'sigma', parameter: 'sigma', link: 'log', constant: true, randomEffects: [] },
    ],
    parts: [],
    randomEffects: model.blocks.map((b) => ({
      id: b.id,
      name: null,
      class: null,
      group: { label: b.label, columns: [] },
      covariance: b.covariance,
      intercept: true,
      terms: [],
      position: null,
      constraint: b.constraint,
      origin,
    })),
    mixture: null,
    priors: [],
    fixes: [],
    penalties: [],
    method: { name: method, options: {}, origin: null },
    origin,
  };
  const P = model.fixed;
  const design: Design = {
    rows: model.rows,
    rowNumbers: Int32Array.from({ length: model.rows }, (_, i) => i + 1),
    dropped: 0,
    likelihoods: [
      {
        id: 'y',
        class: null,
        y: model.y,
        categories: null,
        data: new Map(),
        weights: model.weights,
        correlation: null,
      },
    ],
    predictors: [
      {
        id: 'mu',
        parameter: 'mu',
        class: null,
        link: 'identity',
        constant: false,
        X: model.X,
        columns: Int32Array.from({ length: P }, (_, c) => c),
        offset: model.offset,
        random: model.loads.map((load, block) =>
          load.kind === 'dense'
            ? { block, z: { kind: 'dense', values: load.values } }
            : { block, z: { kind: 'indicator', column: load.column } },
        ),
        dropped: dropped.map((name) => ({ name, term: name })),
      },
    ],
    coefficients: Array.from({ length: P }, (_, c) => ({
      name: c === 0 ? '(Intercept)' : `x${c}`,
      term: model.termOf[c],
      parameter: 'mu',
      class: null,
      part: null,
    })),
    blocks: model.blocks,
    classGroup: null,
    knownClass: null,
    memory: { version: 1, json: null },
  };
  return { graph, design };
}
