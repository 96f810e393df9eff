/**
 * Values of a fit as JSON and back: typed arrays are marked by what they are, numbers that JSON lacks by their names. Everything
 * else is JSON already.
 */
export function encode(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : { $number: String(value) };
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Float64Array) return { $f64: Array.from(value, encodeNumber) };
  if (value instanceof Int32Array) return { $i32: Array.from(value) };
  if (Array.isArray(value)) return value.map(encode);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .map(([key, v]) => [key, encode(v)]),
  );
}

export function decode(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(decode);
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined) {
    const [key, inner] = first;
    if (key === '$number' && typeof inner === 'string') return Number(inner);
    if (key === '$f64' && Array.isArray(inner)) return Float64Array.from(inner, decodeNumber);
    if (key === '$i32' && Array.isArray(inner)) return Int32Array.from(inner);
  }
  return Object.fromEntries(entries.map(([k, v]) => [k, decode(v)]));
}

/** Missing numbers are many in some arrays, and short as null. */
function encodeNumber(value: number): number | string | null {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? null : String(value);
}

function decodeNumber(value: unknown): number {
  return value === null ? Number.NaN : Number(value);
}
