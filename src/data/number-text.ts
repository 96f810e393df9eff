/** 10^0 ... 10^22 are exact doubles, so a mantissa below 2^53 over one of them is correctly rounded (Clinger's fast path). */
const powersOfTen = Float64Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const infinity = /^([+-]?)inf(inity)?$/i;

/**
 * The number a cell's text spells, or NaN where it spells none. Leading zeros make text ("007" is a label, "0.5" is not),
 * as do hexadecimal, digit grouping, units, and more digits of a whole number than a double holds: two of those could become
 * one. Surrounding blanks are ignored.
 */
export function parseNumber(text: string): number {
  const end = text.length;
  let i = 0;
  let negative = false;
  let c = end > 0 ? text.charCodeAt(0) : 0;
  if (c === 45 || c === 43) {
    negative = c === 45;
    i = 1;
  }
  const firstDigit = i;
  let mantissa = 0;
  let point = -1;
  for (; i < end; i++) {
    c = text.charCodeAt(i);
    if (c >= 48 && c <= 57) mantissa = mantissa * 10 + (c - 48);
    else if (c === 46 && point < 0) point = i;
    else break;
  }
  // Everything the fast path cannot vouch for goes the slow way: exponents, long mantissas, blanks, text.
  if (i < end || !isExact(mantissa, firstDigit, point, end)) return parseSlowly(text);
  const integerDigits = (point < 0 ? end : point) - firstDigit;
  if (integerDigits > 1 && text.charCodeAt(firstDigit) === 48) return Number.NaN;
  const value = point < 0 ? mantissa : mantissa / powersOfTen[end - point - 1];
  return negative ? -value : value;
}

/** The same for a cell of bytes, and NaN also for what only `parseNumber` can tell. */
export function numberOfBytes(bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  let c = from < to ? bytes[from] : 0;
  const negative = c === 45;
  if (negative || c === 43) i++;
  const firstDigit = i;
  let mantissa = 0;
  let point = -1;
  for (; i < to; i++) {
    c = bytes[i];
    if (c >= 48 && c <= 57) mantissa = mantissa * 10 + (c - 48);
    else if (c === 46 && point < 0) point = i;
    else return Number.NaN;
  }
  if (!isExact(mantissa, firstDigit, point, to)) return Number.NaN;
  if ((point < 0 ? to : point) - firstDigit > 1 && bytes[firstDigit] === 48) return Number.NaN;
  const value = point < 0 ? mantissa : mantissa / powersOfTen[to - point - 1];
  return negative ? -value : value;
}

/** Whether there is a digit, the mantissa as it was added up is what the digits spell, and so is the power of ten. */
function isExact(mantissa: number, firstDigit: number, point: number, end: number): boolean {
  const digits = end - firstDigit - (point < 0 ? 0 : 1);
  return digits > 0 && mantissa <= Number.MAX_SAFE_INTEGER && (point < 0 || end - point - 1 < powersOfTen.length);
}

function parseSlowly(cell: string): number {
  const text = cell.trim();
  return /^[+-]?0\d/.test(text) || isRounded(text) ? Number.NaN : declaredNumber(text);
}

/** Of whole numbers: whether a double is neither what the text says nor what is written as this text. */
function isRounded(text: string): boolean {
  if (text.length <= 15 || !/^[+-]?\d+$/.test(text)) return false;
  const value = Number(text);
  return !Number.isFinite(value) || (BigInt(text) !== BigInt(value) && String(value) !== text);
}

/** The same of a cell that is declared a number, which may have leading zeros and more digits than are kept. */
export function declaredNumber(cell: string): number {
  const text = cell.trim();
  if (decimal.test(text)) return Number(text);
  const sign = infinity.exec(text);
  if (sign === null) return Number.NaN;
  return sign[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Cells that mean "no value": empty, NA, nan; blanks around them are ignored. */
export function isMissingText(text: string): boolean {
  const n = text.length;
  if (n === 0) return true;
  const c = text.charCodeAt(0);
  // N, n or a blank: everything else is answered without building a string.
  if (c !== 78 && c !== 110 && c > 32) return false;
  const trimmed = text.trim();
  return trimmed === '' || trimmed === 'NA' || (trimmed.length === 3 && trimmed.toLowerCase() === 'nan');
}

/** As a number appears in a level or a column name: 15 significant digits, so 0.1 + 0.2 is "0.3" as in R. */
export function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(15)));
}
