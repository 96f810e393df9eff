import type { Design, Factor } from '../../data/design.js';
import type { Report } from '../../diagnostics/report.js';
import { hasClosedForm } from '../../graph/closed-form.js';
import type { LikelihoodNode, MixtureNode, ModelGraph } from '../../graph/model-graph.js';
import { predictorsOf } from '../../graph/walk-graph.js';
import { varyingGate } from './gates.js';
import { groupRows } from './group-rows.js';

/** More effects of one group than this are not integrated together by draws: too few of them would count. */
const mostSampled = 30;
/** ... nor in closed form: the matrices of a group are dense. */
const mostClosed = 2000;

/**
 * What keeps data from a mixture with classes per group: effects across groups, too many of them in one, class probabilities
 * that change within a group.
 */
export function checkEm(graph: ModelGraph, design: Design, report: Report): void {
  const { mixture } = graph;
  const { classGroup, rowNumbers } = design;
  if (mixture === null || classGroup === null) return;
  const nested = checkNesting(graph, design, mixture, classGroup, report);
  if (nested) for (const likelihood of graph.likelihoods) checkSize(graph, design, likelihood, classGroup, report);
  const { label, levels, codes } = classGroup;
  const varying = varyingGate(design, groupRows(classGroup));
  if (varying === null) return;
  const [first, second] = varying.rows.map((i) => rowNumbers[i]);
  report.addData(
    'MM471',
    graph.predictors.find((p) => p.id === varying.predictor)?.origin ?? mixture.origin,
    { row: second },
    { column: varying.column, group: label, level: levels[codes[varying.rows[0]]], rows: [first, second] },
  );
}

function checkNesting(
  graph: ModelGraph,
  design: Design,
  mixture: MixtureNode,
  { label, levels, codes }: Factor,
  report: Report,
): boolean {
  let nested = true;
  for (const block of design.blocks) {
    const groupOf = new Int32Array(block.group.levels.length).fill(-1);
    const crossed = block.group.codes.findIndex((level, i) => {
      if (groupOf[level] < 0) groupOf[level] = codes[i];
      return groupOf[level] !== codes[i];
    });
    if (crossed < 0) continue;
    nested = false;
    const level = block.group.codes[crossed];
    const node = graph.randomEffects.find((r) => r.id === block.id);
    report.addData(
      'MM470',
      node?.origin ?? mixture.origin,
      { row: design.rowNumbers[crossed] },
      {
        effect: block.label,
        level: block.group.levels[level],
        group: label,
        groups: [levels[groupOf[level]], levels[codes[crossed]]],
      },
    );
  }
  return nested;
}

/** The effects of one group under one class are integrated together. */
function checkSize(
  graph: ModelGraph,
  design: Design,
  likelihood: LikelihoodNode,
  { label, levels, codes }: Factor,
  report: Report,
): void {
  const predictors = predictorsOf(graph, likelihood);
  const used = new Set(predictors.flatMap((p) => [...p.randomEffects]));
  const effects = new Int32Array(levels.length);
  for (const block of design.blocks) {
    if (!used.has(block.id)) continue;
    const seen = new Uint8Array(block.group.levels.length);
    block.group.codes.forEach((level, i) => {
      if (seen[level] === 1) return;
      seen[level] = 1;
      effects[codes[i]] += block.columnStart[level + 1] - block.columnStart[level];
    });
  }
  const most = hasClosedForm(graph, likelihood) ? mostClosed : mostSampled;
  const largest = effects.indexOf(Math.max(...effects));
  if (!(effects[largest] > most)) return;
  const node = graph.randomEffects.find((r) => used.has(r.id));
  report.addData(
    'MM472',
    node?.origin ?? likelihood.origin,
    {},
    { group: label, level: levels[largest], effects: effects[largest], most },
  );
}
