import { numberText } from './number-text.js';

export interface Coded {
  readonly codes: Int32Array; // -1: missing
  readonly levels: readonly string[];
}

const surrogate = /[\ud800-\udfff]/;

const integerText = /^[+-]?\d+$/;

/** Sorts levels as the language says: by number where every label is an integer, else by code point. */
export function sortLevels(levels: readonly string[]): string[] {
  const sorted = [...levels];
  if (sorted.every((level) => integerText.test(level))) {
    // Leading zeros can make two labels one number; their text then decides, so that the order is total.
    return sorted.sort((a, b) => Number(a) - Number(b) || compareCodePoints(a, b));
  }
  // The built-in order is by UTF-16 unit: the same but where there are surrogates, and several times faster.
  return sorted.some((level) => surrogate.test(level)) ? sorted.sort(compareCodePoints) : sorted.sort();
}

export function compareCodePoints(a: string, b: string): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      // UTF-16 puts surrogate pairs below U+E000..U+FFFF, code points put them above.
      const xHigh = x >= 0xd800 && x <= 0xdfff;
      const yHigh = y >= 0xd800 && y <= 0xdfff;
      if (xHigh !== yHigh) return xHigh ? 1 : -1;
      return x - y;
    }
  }
  return a.length - b.length;
}

/** Sorts the levels that codes stand for, and renumbers the codes. */
export function withSortedLevels(codes: Int32Array, codeOf: ReadonlyMap<string, number>): Coded {
  const sorted = sortLevels([...codeOf.keys()]);
  const newCode = new Int32Array(sorted.length);
  let moved = false;
  for (let place = 0; place < sorted.length; place++) {
    const code = codeOf.get(sorted[place]) ?? 0;
    newCode[code] = place;
    if (code !== place) moved = true;
  }
  if (!moved) return { codes, levels: sorted };
  const out = new Int32Array(codes.length);
  for (let i = 0; i < codes.length; i++) out[i] = codes[i] < 0 ? -1 : newCode[codes[i]];
  return { codes: out, levels: sorted };
}

/** A number column as a factor: one level per distinct value. O(rows); no table of rows by levels. */
export function codeNumbers(values: Float64Array): Coded {
  const first = values.findIndex((v) => !Number.isNaN(v));
  if (first < 0) return { codes: new Int32Array(values.length).fill(-1), levels: [] };
  let low = values[first];
  let high = low;
  let integers = true;
  for (let i = first; i < values.length; i++) {
    const v = values[i];
    if (Number.isNaN(v)) continue;
    if (!Number.isInteger(v)) integers = false;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  if (integers && high - low <= 4 * values.length + 1024) return codeSmallIntegers(values, low, high);
  return codeAnyNumbers(values);
}

function codeSmallIntegers(values: Float64Array, low: number, high: number): Coded {
  const codeOf = new Int32Array(high - low + 1).fill(-1);
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) codeOf[values[i] - low] = 0;
  const levels: string[] = [];
  for (let k = 0; k < codeOf.length; k++) {
    if (codeOf[k] === 0) {
      codeOf[k] = levels.length;
      levels.push(String(low + k));
    }
  }
  const codes = new Int32Array(values.length);
  for (let i = 0; i < codes.length; i++) codes[i] = Number.isNaN(values[i]) ? -1 : codeOf[values[i] - low];
  return { codes, levels };
}

function codeAnyNumbers(values: Float64Array): Coded {
  const codeOf = new Map<number, number>();
  const byLabel = new Map<string, number>();
  const codes = new Int32Array(values.length);
  for (let i = 0; i < codes.length; i++) {
    const v = values[i];
    if (Number.isNaN(v)) {
      codes[i] = -1;
      continue;
    }
    let code = codeOf.get(v);
    if (code === undefined) {
      // Values that print alike are one level, or two levels would share a name.
      const label = numberText(v);
      code = byLabel.get(label);
      if (code === undefined) {
        code = byLabel.size;
        byLabel.set(label, code);
      }
      codeOf.set(v, code);
    }
    codes[i] = code;
  }
  return withSortedLevels(codes, byLabel);
}

/** Drops the levels that no row uses. */
export function dropUnusedLevels(coded: Coded): Coded {
  const used = new Uint8Array(coded.levels.length);
  for (let i = 0; i < coded.codes.length; i++) if (coded.codes[i] >= 0) used[coded.codes[i]] = 1;
  if (!used.includes(0)) return coded;
  const levels = coded.levels.filter((_, k) => used[k] === 1);
  let next = 0;
  const newCode = Int32Array.from(used, (u) => (u === 1 ? next++ : -1));
  const codes = coded.codes.map((code) => (code < 0 ? -1 : newCode[code]));
  return { codes, levels };
}

/** Codes for the given levels; a label that is not among them gets -1. */
export function recode(coded: Coded, levels: readonly string[]): Int32Array {
  const place = new Map(levels.map((level, i) => [level, i]));
  const newCode = Int32Array.from(coded.levels, (level) => place.get(level) ?? -1);
  const codes = new Int32Array(coded.codes.length);
  for (let i = 0; i < codes.length; i++) codes[i] = coded.codes[i] < 0 ? -1 : newCode[coded.codes[i]];
  return codes;
}
