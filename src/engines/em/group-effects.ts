import type { GlmmModel } from '../glmm/glmm-model.js';
import type { GroupRows } from './group-rows.js';

/** Where the random effects of each group stand among all q of a class. */
export interface GroupEffects {
  /** groups + 1, into `nodes`: levels of the class's blocks that lie in each group. */
  readonly nodeStart: Int32Array;
  readonly nodes: Int32Array;
  /** groups + 1: effect `slot - slotStart[g]` of group g; a node's effects follow each other. */
  readonly slotStart: Int32Array;
  /** Effect among all q that a slot stands for. */
  readonly slots: Int32Array;
  /** Number, within its group, of each of the q effects. */
  readonly local: Int32Array;
  readonly largest: number; // effects of one group
}

/** A level whose rows lie in two of the mixture's groups. */
export interface CrossedLevel {
  readonly block: number; // of the layout
  readonly level: number;
  readonly groups: readonly [number, number];
}

/** @returns the first level that is not inside one group, or where everything stands */
export function groupEffects(model: GlmmModel, rows: GroupRows): GroupEffects | CrossedLevel {
  const { blocks, pattern } = model.layout;
  const groupOf = new Int32Array(pattern.nodes).fill(-1);
  for (let g = 0; g < rows.groups; g++)
    for (let i = rows.start[g]; i < rows.start[g + 1]; i++)
      for (let b = 0; b < blocks.length; b++) {
        const level = blocks[b].block.group.codes[i];
        const node = blocks[b].nodeStart + level;
        if (groupOf[node] >= 0 && groupOf[node] !== g) return { block: b, level, groups: [groupOf[node], g] };
        groupOf[node] = g;
      }
  const nodeStart = new Int32Array(rows.groups + 1);
  for (let v = 0; v < groupOf.length; v++) if (groupOf[v] >= 0) nodeStart[groupOf[v] + 1]++;
  for (let g = 0; g < rows.groups; g++) nodeStart[g + 1] += nodeStart[g];
  const next = nodeStart.slice();
  const nodes = new Int32Array(nodeStart[rows.groups]);
  for (let v = 0; v < groupOf.length; v++) if (groupOf[v] >= 0) nodes[next[groupOf[v]]++] = v;

  const q = pattern.rowStart[pattern.nodes];
  const slotStart = new Int32Array(rows.groups + 1);
  const slots = new Int32Array(q);
  const local = new Int32Array(q);
  let slot = 0;
  let largest = 0;
  for (let g = 0; g < rows.groups; g++) {
    const first = slot;
    for (let e = nodeStart[g]; e < nodeStart[g + 1]; e++) {
      const v = nodes[e];
      for (let r = 0; r < pattern.size[v]; r++, slot++) {
        slots[slot] = pattern.rowStart[v] + r;
        local[slots[slot]] = slot - first;
      }
    }
    slotStart[g + 1] = slot;
    largest = Math.max(largest, slot - first);
  }
  return { nodeStart, nodes, slotStart, slots, local, largest };
}
