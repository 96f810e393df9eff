/** A small seeded generator (mulberry32), so that a text that fails can be made again. */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export class TextMaker {
  constructor(private readonly random: () => number) {}

  below(n: number): number {
    return Math.floor(this.random() * n);
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  /** Tokens of the language and of others, in any order. */
  soup(length: number): string {
    return Array.from({ length }, () => this.pick(fragments)).join(this.pick(['', ' ', ' ']));
  }

  /** Any characters at all. */
  noise(length: number): string {
    return Array.from({ length }, () => {
      const kind = this.below(10);
      if (kind === 0) return String.fromCharCode(this.below(0x10000));
      if (kind === 1) return this.pick(['\n', '\r\n', '\r', '\t', '\u2028', '\ufeff', '\u0000', '\ud83d\ude00']);
      return String.fromCharCode(32 + this.below(95));
    }).join('');
  }

  mutate(text: string): string {
    let result = text;
    for (let n = 1 + this.below(5); n > 0; n--) result = this.mutateOnce(result);
    return result;
  }

  private mutateOnce(text: string): string {
    const at = this.below(text.length + 1);
    switch (this.below(9)) {
      case 0:
        return text.slice(0, at) + text.slice(at + 1);
      case 1:
        return text.slice(0, at) + (text[at] ?? '') + text.slice(at);
      case 2:
        return text.slice(0, at) + (text[at + 1] ?? '') + (text[at] ?? '') + text.slice(at + 2);
      case 3:
        return text.slice(0, at) + this.pick(fragments) + text.slice(at);
      case 4:
        return this.onParts(text, /(\s+|[A-Za-z0-9_.]+|[^\sA-Za-z0-9_.])/);
      case 5:
        return this.onParts(text, /(\n)/);
      case 6:
        return text.slice(0, at);
      case 7:
        return text.slice(at);
      default:
        return text.slice(0, at) + this.noise(1 + this.below(3)) + text.slice(at + this.below(3));
    }
  }

  /** Deletes, doubles or swaps tokens or lines. */
  private onParts(text: string, separator: RegExp): string {
    const parts = text.split(separator);
    const i = this.below(parts.length);
    const j = this.below(parts.length);
    const kind = this.below(3);
    if (kind === 0) parts.splice(i, 1);
    else if (kind === 1) parts.splice(j, 0, parts[i] ?? '');
    else [parts[i], parts[j]] = [parts[j] ?? '', parts[i] ?? ''];
    return parts.join('');
  }
}

const fragments: readonly string[] = [
  ...[
    'model',
    'data',
    'where',
    'let',
    'contrasts',
    'fix',
    'penalize',
    'mixture',
    'per',
    'class',
    'labels',
    'order',
    'by',
  ],
  ...['descending', 'weights', 'fit', 'and', 'or', 'not', 'true', 'inf', 'NA', 'y', 'x', 'mu', 'g', 'normal', 'family'],
  ...['(', ')', '[', ']', '{', '}', ',', ';', '~', '=', '+', '-', '*', '/', '^', ':', '==', '!=', '<', '<=', '>', '>='],
  ...[
    '|',
    '||',
    '\n',
    '\n',
    '\r\n',
    '1',
    '0.5',
    '1e-3',
    '2x',
    '1e',
    '"a.csv"',
    "'b'",
    '"',
    "'",
    '`',
    '`a b`',
    '#c\n',
    '#',
  ],
  ...['<-', ':=', '~~', '&&', '&', '!', '===', '%in%', '%', '$', '@', '//', '/*', '*/', '**', '\\', '\u201c', '\u201d'],
  ...[
    '\u2264',
    '\u2212',
    '\u00a0',
    '\u00e9',
    '\u4e2d',
    '.',
    '..',
    '.5',
    'em(draws = 5)',
    '(1 | g)',
    'y ~ x\n',
    'class a {',
  ],
];
