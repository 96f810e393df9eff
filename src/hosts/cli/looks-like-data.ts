/** How many lines must agree; more would let a ragged file through. */
const linesSeen = 3;

/**
 * Whether a text given as a model is a data file: JSON records, or lines that all have as many separators. No model is
 * without a '~', so that a text with one is never taken for data.
 */
export function looksLikeData(text: string): boolean {
  if (text.includes('~')) return false;
  if (/^\s*(\[\s*[[{"]|\{\s*")/.test(text)) return true;
  const lines = text.split(/\r\n?|\n/, 100).filter((line) => line.trim() !== '');
  const first = lines.slice(0, linesSeen).map((line) => line.replace(/"[^"]*"/g, '""'));
  if (first.length < 2 || first.some((line) => /[{=]/.test(line))) return false;
  return [',', ';', '\t'].some((separator) => {
    const counts = first.map((line) => line.split(separator).length - 1);
    return counts.every((count) => count > 0 && count === counts[0]);
  });
}
