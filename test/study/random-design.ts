import seedrandom from 'seedrandom';
import type { Column, LabelColumn, NumberColumn, Table } from '../../src/data/table.js';

/** A simulated data set with a model for it. */
export interface RandomDesign {
  readonly label: string; // what kind, for the table of figures
  readonly source: string; // the .mm text
  readonly table: Table;
}

export const designKinds = ['balanced', 'unbalanced', 'singular', 'tiny groups', 'crossed', 'nested'] as const;
type DesignKind = (typeof designKinds)[number];

interface Chance {
  uniform(): number;
  normal(): number;
  whole(from: number, to: number): number; // both included
}

function chanceOf(seed: string): Chance {
  const uniform = seedrandom(seed);
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    whole: (from, to) => from + Math.floor(uniform() * (to - from + 1)),
  };
}

/** A grouping factor with the true effects of its levels, `size` of them per level. */
interface Grouping {
  readonly name: string;
  readonly codes: Int32Array;
  readonly size: number; // columns of the random effect: 1, x, z
  readonly independent: boolean; // written with ||
  readonly effects: readonly Float64Array[];
}

/**
 * The design of a number: its kind goes round `designKinds`, everything else is drawn. Response
 * y = 1 + 0.5 x - 0.3 z + sum over groupings of (1, x, z)[0..size) . b[level] + e, with e ~ N(0, sigma^2).
 * One with as many random effects as rows, where sigma cannot be estimated, is drawn again.
 */
export function randomDesign(seed: number): RandomDesign {
  const kind = designKinds[seed % designKinds.length];
  for (let attempt = 0; ; attempt++) {
    const design = drawDesign(kind, chanceOf(`design ${seed} ${attempt}`));
    if (design !== null) return design;
  }
}

function drawDesign(kind: DesignKind, chance: Chance): RandomDesign | null {
  const layout = groupLayout(kind, chance);
  const rows = layout[0].codes.length;
  const x = Float64Array.from({ length: rows }, chance.normal);
  const z = Float64Array.from({ length: rows }, () => (chance.uniform() < 0.5 ? -1 : 1));
  const groupings = layout.map(({ name, codes, levels }) => drawEffects(kind, name, codes, levels, chance));
  if (groupings.some((g) => g.effects.length * g.size >= rows)) return null;
  const sigma = Math.exp(chance.normal());
  const y = Float64Array.from({ length: rows }, (_, i) => {
    const row = [1, x[i], z[i]];
    const random = groupings.reduce((sum, g) => sum + g.effects[g.codes[i]].reduce((s, b, c) => s + row[c] * b, 0), 0);
    return 1 + 0.5 * x[i] - 0.3 * z[i] + random + sigma * chance.normal();
  });
  const method = chance.uniform() < 0.5 ? 'reml' : 'ml';
  const terms = groupings.map(
    (g) => `(${['1', 'x', 'z'].slice(0, g.size).join(' + ')} ${g.independent ? '||' : '|'} ${g.name})`,
  );
  return {
    label: kind,
    source: `model study {\n  y ~ normal(mu, sigma)\n  mu = 1 + x + z + ${terms.join(' + ')}\n  fit ${method}\n}\n`,
    table: tableOf([
      numbers('y', y),
      numbers('x', x),
      numbers('z', z),
      ...groupings.map((g) => labels(g.name, g.codes)),
    ]),
  };
}

interface Layout {
  readonly name: string;
  readonly codes: Int32Array;
  readonly levels: number;
}

function groupLayout(kind: DesignKind, chance: Chance): Layout[] {
  const repeat = (sizes: readonly number[]) => Int32Array.from(sizes.flatMap((n, g) => new Array<number>(n).fill(g)));
  switch (kind) {
    case 'balanced':
    case 'singular': {
      const levels = chance.whole(6, 20);
      const each = chance.whole(4, 10);
      return [{ name: 'g', codes: repeat(new Array<number>(levels).fill(each)), levels }];
    }
    case 'unbalanced': {
      const levels = chance.whole(8, 25);
      const sizes = Array.from({ length: levels }, () => 1 + Math.floor(-6 * Math.log(1 - chance.uniform())));
      return [{ name: 'g', codes: repeat(sizes), levels }];
    }
    case 'tiny groups': {
      const levels = chance.whole(15, 50);
      return [{ name: 'g', codes: repeat(Array.from({ length: levels }, () => chance.whole(1, 3))), levels }];
    }
    case 'crossed': {
      const rows = chance.whole(80, 300);
      const sizes = [chance.whole(5, 20), chance.whole(4, 12)];
      return sizes.map((levels, k) => ({
        name: 'gh'[k],
        codes: Int32Array.from({ length: rows }, () => chance.whole(0, levels - 1)),
        levels,
      }));
    }
    case 'nested': {
      const outer = chance.whole(5, 12);
      const inner = chance.whole(2, 5);
      const each = chance.whole(3, 6);
      const codes = repeat(new Array<number>(outer * inner).fill(each));
      return [
        { name: 'g', codes: codes.map((c) => Math.floor(c / inner)), levels: outer },
        { name: 'h', codes, levels: outer * inner },
      ];
    }
  }
}

function drawEffects(kind: DesignKind, name: string, codes: Int32Array, levels: number, chance: Chance): Grouping {
  const size = kind === 'tiny groups' ? chance.whole(1, 2) : chance.whole(1, 3);
  const independent = size > 1 && chance.uniform() < 0.3;
  // A true covariance of rank one, or none at all, makes most estimates singular.
  const rank = kind === 'singular' ? chance.whole(0, 1) : size;
  const factor = Array.from({ length: size }, () => Float64Array.from({ length: rank }, () => 0.8 * chance.normal()));
  const effects = Array.from({ length: levels }, () => {
    const u = Float64Array.from({ length: rank }, chance.normal);
    return Float64Array.from(factor, (row) => row.reduce((sum, f, k) => sum + f * u[k], 0));
  });
  return { name, codes, size, independent, effects };
}

function numbers(name: string, values: Float64Array): NumberColumn {
  return { kind: 'number', name, type: 'real', values };
}

/** Labels in the language's order for integers: numeric. Levels that no row has are left out. */
function labels(name: string, codes: Int32Array): LabelColumn {
  const used = [...new Set(codes)].sort((a, b) => a - b);
  const rank = new Map(used.map((code, k) => [code, k]));
  return { kind: 'label', name, type: 'factor', codes: codes.map((c) => rank.get(c) ?? -1), levels: used.map(String) };
}

function tableOf(columns: readonly Column[]): Table {
  const first = columns[0];
  const rows = first.kind === 'number' ? first.values.length : first.codes.length;
  return { rows, columns: new Map(columns.map((column) => [column.name, column])), source: 'simulated' };
}
