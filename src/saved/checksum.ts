/**
 * 64 bits of a text as hexadecimal digits: two rounds of 32-bit multiplicative hashing with a final avalanche. It tells a file
 * that was edited or cut from the one that was written; it is no protection against intent.
 */
export function checksum(text: string): string {
  let a = 0x9e3779b9 | 0;
  let b = 0x85ebca6b | 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 0x01000193);
    b = Math.imul(b ^ c, 0x5bd1e995);
    b ^= b >>> 13;
  }
  a = avalanche(a ^ Math.imul(b, 0x27d4eb2f));
  b = avalanche(b ^ Math.imul(a, 0x165667b1));
  return [a, b].map((v) => (v >>> 0).toString(16).padStart(8, '0')).join('');
}

function avalanche(value: number): number {
  let v = value;
  v = Math.imul(v ^ (v >>> 16), 0x7feb352d);
  v = Math.imul(v ^ (v >>> 15), 0x846ca68b);
  return v ^ (v >>> 16);
}
