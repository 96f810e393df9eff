import type { Design } from '../../data/design.js';
import type { Report } from '../../diagnostics/report.js';
import type { ModelGraph } from '../../graph/model-graph.js';
import { varyingGate } from './gates.js';
import { groupRows } from './group-rows.js';

/** What keeps data from a mixture with classes per group: effects across groups, class probabilities that change within one. */
export function checkEm(graph: ModelGraph, design: Design, report: Report): void {
  const { mixture } = graph;
  const { classGroup, rowNumbers } = design;
  if (mixture === null || classGroup === null) return;
  const { label, levels, codes } = classGroup;
  for (const block of design.blocks) {
    const groupOf = new Int32Array(block.group.levels.length).fill(-1);
    const crossed = block.group.codes.findIndex((level, i) => {
      if (groupOf[level] < 0) groupOf[level] = codes[i];
      return groupOf[level] !== codes[i];
    });
    if (crossed < 0) continue;
    const level = block.group.codes[crossed];
    const node = graph.randomEffects.find((r) => r.id === block.id);
    report.addData(
      'MM470',
      node?.origin ?? mixture.origin,
      { row: rowNumbers[crossed] },
      {
        effect: block.label,
        level: block.group.levels[level],
        group: label,
        groups: [levels[groupOf[level]], levels[codes[crossed]]],
      },
    );
  }
  const rows = groupRows(classGroup);
  const varying = varyingGate(design, rows);
  if (varying === null) return;
  const [first, second] = varying.rows.map((i) => rowNumbers[i]);
  report.addData(
    'MM471',
    graph.predictors.find((p) => p.id === varying.predictor)?.origin ?? mixture.origin,
    { row: second },
    { column: varying.column, group: label, level: levels[codes[varying.rows[0]]], rows: [first, second] },
  );
}
