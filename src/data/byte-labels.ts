const firstSlots = 1 << 8;

/** Codes of labels by their bytes: a label that was seen before is found without being made a string. */
export class ByteLabels {
  private slots = new Int32Array(firstSlots).fill(-1); // entry
  private hashes = new Int32Array(firstSlots);
  private starts = new Int32Array(firstSlots + 1); // entry: where its bytes begin in `bytes`
  private codes = new Int32Array(firstSlots);
  private bytes = new Uint8Array(firstSlots * 8);
  private entries = 0;

  /** The code of bytes[from .. to), or -1. */
  find(bytes: Uint8Array, from: number, to: number): number {
    const hash = hashOf(bytes, from, to);
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = this.slots[slot];
      if (entry < 0) return -1;
      if (this.hashes[entry] === hash && this.isAt(entry, bytes, from, to)) return this.codes[entry];
    }
  }

  /** Bytes that were not there. */
  add(bytes: Uint8Array, from: number, to: number, code: number): void {
    if (2 * (this.entries + 1) > this.slots.length) this.grow();
    const entry = this.entries++;
    const start = this.starts[entry];
    const end = start + to - from;
    if (end > this.bytes.length) {
      const more = new Uint8Array(Math.max(2 * this.bytes.length, end));
      more.set(this.bytes);
      this.bytes = more;
    }
    for (let i = from, at = start; i < to; i++, at++) this.bytes[at] = bytes[i];
    this.starts[entry + 1] = end;
    this.hashes[entry] = hashOf(bytes, from, to);
    this.codes[entry] = code;
    this.place(entry);
  }

  private isAt(entry: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.starts[entry];
    if (this.starts[entry + 1] - start !== to - from) return false;
    for (let i = from, at = start; i < to; i++, at++) if (this.bytes[at] !== bytes[i]) return false;
    return true;
  }

  private place(entry: number): void {
    const mask = this.slots.length - 1;
    let slot = this.hashes[entry] & mask;
    while (this.slots[slot] >= 0) slot = (slot + 1) & mask;
    this.slots[slot] = entry;
  }

  private grow(): void {
    const size = 2 * this.slots.length;
    this.slots = new Int32Array(size).fill(-1);
    this.hashes = grown(this.hashes, size);
    this.codes = grown(this.codes, size);
    this.starts = grown(this.starts, size + 1);
    for (let entry = 0; entry < this.entries; entry++) this.place(entry);
  }
}

function grown(of: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const out = new Int32Array(length);
  out.set(of);
  return out;
}

/** FNV-1a. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return hash ^ (hash >>> 15);
}
