/** Runs of consecutive positions that share one panel. */
export interface Supernodes {
  readonly supernodes: number;
  readonly firstNode: Int32Array; // supernodes + 1: first position
  readonly nodesBelow: Int32Array; // supernodes: block rows below
}

/**
 * Supernodes of a postordered elimination tree [KERNEL-3]: first columns whose rows are exactly their parent's (no extra zeros), then
 * relaxed amalgamation with the parent that follows, as long as the explicit zeros are few for the width reached (the rule of
 * Ashcraft and Grimes 1989, ACM Trans. Math. Softw. 15, 291-309, with thresholds that grow tighter as panels grow wide).
 * @param parent  of each position, -1 for a root
 * @param blocks  block rows of each column, its own included
 * @param rows    scalar rows of each column, its own included
 * @param size    scalar columns of each position
 */
export function findSupernodes(parent: Int32Array, blocks: Int32Array, rows: Int32Array, size: Int32Array): Supernodes {
  const n = parent.length;
  const starts = new Uint8Array(n + 1); // 1 where a supernode starts
  for (let j = 0; j < n; j++) {
    starts[j] = j > 0 && parent[j - 1] === j && blocks[j - 1] === blocks[j] + 1 ? 0 : 1;
  }
  // From the last supernode down: `s` tries to join the (already merged) one that follows it.
  let from = n; // first position of the following supernode
  let width = 0;
  let height = 0; // scalar rows of the following supernode's first column
  let zeros = 0;
  for (let end = n; end > 0; ) {
    let begin = end - 1;
    while (starts[begin] === 0) begin--;
    let w = 0;
    for (let j = begin; j < end; j++) w += size[j];
    const h = rows[begin];
    const extra = w * (w + height - h);
    if (end < n && parent[end - 1] === end && end === from && mayMerge(w, width, height, zeros + extra)) {
      starts[end] = 0;
      zeros += extra;
      width += w;
      height += w;
    } else {
      zeros = 0;
      width = w;
      height = h;
    }
    from = begin;
    end = begin;
  }
  let supernodes = 0;
  for (let j = 0; j < n; j++) supernodes += starts[j];
  const firstNode = new Int32Array(supernodes + 1);
  const nodesBelow = new Int32Array(supernodes);
  firstNode[supernodes] = n;
  for (let j = 0, s = 0; j < n; j++) if (starts[j] === 1) firstNode[s++] = j;
  for (let s = 0; s < supernodes; s++) nodesBelow[s] = blocks[firstNode[s + 1] - 1] - 1;
  return { supernodes, firstNode, nodesBelow };
}

/** Widths before the merge, rows of the parent, explicit zeros after it. */
function mayMerge(width: number, parentWidth: number, parentHeight: number, zeros: number): boolean {
  const total = width + parentWidth;
  const entries = (total * (total + 1)) / 2 + total * (parentHeight - parentWidth);
  const share = zeros / entries;
  if (total <= 4) return share < 0.3;
  if (total <= 16) return share < 0.2;
  if (total <= 48) return share < 0.1;
  return share < 0.05;
}
