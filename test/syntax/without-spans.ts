import { isPlainName } from '../../grammar/tokens.js';

/**
 * A tree as plain data, without what printing may change: places, comments, and the way a text was quoted.
 * Names that need backticks count as quoted however the tree was made.
 */
export function withoutSpans(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutSpans);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).filter(([key]) => key !== 'span' && key !== 'comments');
  const plain = Object.fromEntries(entries.map(([key, value]) => [key, withoutSpans(value)]));
  if (plain.kind === 'name' && typeof plain.name === 'string' && !isPlainName(plain.name)) plain.quoted = true;
  return plain;
}
