/** How a plot is drawn: with the dots, lines and arrows of Unicode, or with ASCII alone. */
export interface Glyphs {
  readonly horizontal: string;
  readonly vertical: string;
  readonly cross: string;
  readonly corner: string;
  readonly tickLeft: string;
  readonly tickBelow: string;
  readonly point: string;
  readonly dotsAcross: number; // per cell
  readonly dotsDown: number;
  /** The character of a cell, by its dots: bit `down * dotsAcross + across`. */
  cell(dots: number): string;
}

/** Bits of a braille cell, in the order of `cell`'s argument. */
const braille = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80];

export const unicodeGlyphs: Glyphs = {
  horizontal: '─',
  vertical: '│',
  cross: '┼',
  corner: '└',
  tickLeft: '┤',
  tickBelow: '┬',
  point: '●',
  dotsAcross: 2,
  dotsDown: 4,
  cell: (dots) => String.fromCharCode(braille.reduce((code, bit, k) => code + ((dots >> k) & 1) * bit, 0x2800)),
};

export const asciiGlyphs: Glyphs = {
  horizontal: '-',
  vertical: '|',
  cross: '+',
  corner: '+',
  tickLeft: '+',
  tickBelow: '+',
  point: 'o',
  dotsAcross: 1,
  dotsDown: 2,
  cell: (dots) => ['.', "'", '.', ':'][dots] ?? '.',
};

/** A grid of character cells, each of several dots; dots are drawn over rules. */
export class DotCanvas {
  private readonly dots: Uint8Array;
  private readonly rules: string[];

  constructor(
    readonly columns: number,
    readonly rows: number,
    private readonly glyphs: Glyphs,
  ) {
    this.dots = new Uint8Array(columns * rows);
    this.rules = new Array<string>(columns * rows).fill(' ');
  }

  get width(): number {
    return this.columns * this.glyphs.dotsAcross;
  }

  get height(): number {
    return this.rows * this.glyphs.dotsDown;
  }

  /** A dot, from the left and from the top; outside of the grid none. */
  dot(x: number, y: number): void {
    if (!(x >= 0 && x < this.width && y >= 0 && y < this.height)) return;
    const { dotsAcross, dotsDown } = this.glyphs;
    const [i, j] = [Math.floor(x), Math.floor(y)];
    const cell = Math.floor(j / dotsDown) * this.columns + Math.floor(i / dotsAcross);
    this.dots[cell] = (this.dots[cell] ?? 0) | (1 << ((j % dotsDown) * dotsAcross + (i % dotsAcross)));
  }

  line(x0: number, y0: number, x1: number, y1: number): void {
    const steps = Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0)));
    if (!Number.isFinite(steps)) return;
    for (let k = 0; k <= steps; k++) {
      const t = steps === 0 ? 0 : k / steps;
      this.dot(x0 + t * (x1 - x0), y0 + t * (y1 - y0));
    }
  }

  /** A line of characters across the whole grid, at the height of a dot. */
  ruleAcross(y: number): void {
    const row = Math.floor(y / this.glyphs.dotsDown);
    if (!(row >= 0 && row < this.rows)) return;
    for (let c = 0; c < this.columns; c++) this.rule(row * this.columns + c, this.glyphs.horizontal);
  }

  ruleDown(x: number): void {
    const column = Math.floor(x / this.glyphs.dotsAcross);
    if (!(column >= 0 && column < this.columns)) return;
    for (let r = 0; r < this.rows; r++) this.rule(r * this.columns + column, this.glyphs.vertical);
  }

  private rule(cell: number, glyph: string): void {
    const there = this.rules[cell];
    this.rules[cell] = there === ' ' || there === glyph ? glyph : this.glyphs.cross;
  }

  lines(): string[] {
    return Array.from({ length: this.rows }, (_, r) => {
      let line = '';
      for (let c = 0; c < this.columns; c++) {
        const dots = this.dots[r * this.columns + c] ?? 0;
        line += dots === 0 ? (this.rules[r * this.columns + c] ?? ' ') : this.glyphs.cell(dots);
      }
      return line;
    });
  }
}
