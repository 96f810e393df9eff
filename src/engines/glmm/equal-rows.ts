/** Numbers of each row that are compared: row i has `step` of them, from i * step on. */
export interface RowKey {
  readonly values: Float64Array | Int32Array;
  readonly step: number;
}

/** Rows in classes of equal ones, numbered in the order in which they first occur. */
export interface RowClasses {
  readonly of: Int32Array; // rows: class of each
  readonly first: Int32Array; // classes: first row of each
}

/**
 * Finds rows whose keys are all equal, by hashing: O(rows x keys). NaN equals nothing; -0 is 0.
 * @param most  classes that are worth having
 * @returns     null where there would be more
 */
export function equalRows(keys: readonly RowKey[], rows: number, most: number): RowClasses | null {
  const hash = hashes(keys, rows);
  let slots = 16;
  while (slots < 2 * Math.min(rows, most + 1)) slots *= 2;
  const table = new Int32Array(slots).fill(-1); // classes
  const of = new Int32Array(rows);
  const first = new Int32Array(Math.max(0, Math.min(rows, most)));
  let classes = 0;
  for (let i = 0; i < rows; i++) {
    let slot = hash[i] & (slots - 1);
    let found = table[slot];
    while (found >= 0 && !(hash[first[found]] === hash[i] && areEqual(keys, first[found], i))) {
      slot = (slot + 1) & (slots - 1);
      found = table[slot];
    }
    if (found < 0) {
      if (classes >= most) return null;
      found = classes++;
      table[slot] = found;
      first[found] = i;
    }
    of[i] = found;
  }
  return { of, first: first.slice(0, classes) };
}

function areEqual(keys: readonly RowKey[], a: number, b: number): boolean {
  for (const { values, step } of keys)
    for (let k = 0; k < step; k++) if (!(values[a * step + k] === values[b * step + k])) return false;
  return true;
}

function hashes(keys: readonly RowKey[], rows: number): Int32Array {
  const hash = new Int32Array(rows);
  const number = new Float64Array(1);
  const words = new Int32Array(number.buffer);
  for (const { values, step } of keys) {
    if (values instanceof Int32Array)
      for (let i = 0; i < rows; i++) for (let k = 0; k < step; k++) hash[i] = mixed(hash[i], values[i * step + k]);
    else
      for (let i = 0; i < rows; i++)
        for (let k = 0; k < step; k++) {
          number[0] = values[i * step + k] + 0; // -0 + 0 is 0
          hash[i] = mixed(mixed(hash[i], words[0]), words[1]);
        }
  }
  // the table is addressed by the low bits: let the high ones count there
  for (let i = 0; i < rows; i++) hash[i] = Math.imul(hash[i] ^ (hash[i] >>> 15), 0x2c1b3c6d) ^ (hash[i] >>> 13);
  return hash;
}

/** One step of a multiplicative hash. */
function mixed(hash: number, word: number): number {
  const t = Math.imul(word, 0x9e3779b1);
  return Math.imul(hash ^ t ^ (t >>> 16), 0x85ebca6b);
}
