/**
 * Lines of a table whose columns are aligned: text to the left, numbers to the right.
 * @param rows   all of the same length; the first is the head
 * @param align  per column
 */
export function textTable(rows: readonly (readonly string[])[], align: readonly ('left' | 'right')[]): string[] {
  const width = align.map((_, c) => Math.max(0, ...rows.map((row) => displayWidth(row[c] ?? ''))));
  return rows.map((row) =>
    align
      .map((side, c) => {
        const cell = row[c] ?? '';
        const space = ' '.repeat(Math.max(0, (width[c] ?? 0) - displayWidth(cell)));
        return side === 'left' ? cell + space : space + cell;
      })
      .join('  ')
      .trimEnd(),
  );
}

/** Characters as a terminal counts them; letters of wide scripts count twice. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text.normalize('NFC'))
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/u.test(character) ? 2 : 1;
  return width;
}

const missing = '';

/**
 * Numbers of one column with as many decimals as show `digits` significant ones of each, as R prints them; where their sizes
 * differ too much for that, each for itself.
 */
export function formatColumn(values: readonly (number | null)[], digits = 4): string[] {
  const finite = values.filter((v): v is number => v !== null && Number.isFinite(v));
  const sizes = finite.filter((v) => v !== 0).map((v) => Math.floor(Math.log10(Math.abs(v))));
  const needed = sizes.map((s) => Math.max(0, digits - 1 - s));
  const decimals = Math.max(0, ...needed);
  const common = decimals <= digits + 2 && Math.max(0, ...sizes) < 9;
  const texts = values.map((v) => {
    if (v === null || Number.isNaN(v)) return missing;
    if (!Number.isFinite(v)) return v > 0 ? 'Inf' : '-Inf';
    return common ? v.toFixed(decimals) : formatNumber(v, digits);
  });
  if (!common || decimals === 0) return texts;
  // zeros that no number needs
  let spare = decimals;
  for (const text of texts) {
    const zeros = /0*$/.exec(text)?.[0].length ?? 0;
    if (text.includes('.')) spare = Math.min(spare, zeros);
  }
  if (spare === 0) return texts;
  return texts.map((text) => (text.includes('.') ? text.slice(0, text.length - spare).replace(/\.$/, '') : text));
}

/** One number with `digits` significant digits, without trailing zeros. */
export function formatNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? missing : value > 0 ? 'Inf' : '-Inf';
  if (value === 0) return '0';
  const size = Math.floor(Math.log10(Math.abs(value)));
  if (size < -4 || size >= 9) return value.toExponential(digits - 1).replace(/\.?0+e/, 'e');
  const text = value.toFixed(Math.max(0, digits - 1 - size));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** A p value: three digits, and no claim below what rounding leaves of one. */
export function formatP(p: number | null): string {
  if (p === null || Number.isNaN(p)) return missing;
  if (p < 2.2e-16) return '< 2.2e-16';
  if (p < 1e-4) return p.toExponential(2);
  return p.toPrecision(3);
}
