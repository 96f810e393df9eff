import {
  type MixedRows,
  type NaturalCorrelation,
  type PreparedCorrelation,
  standardizeMixed,
} from './correlation-model.js';
import type { ErrorGroups } from './residual-rows.js';

/** How a free parameter x makes the correlation rho of rows at unit distance. */
export interface SerialDecay {
  readonly name: string;
  rho(x: number): number;
  slope(x: number): number; // drho/dx
  /** log rho^2, without cancellation where rho is near one; -Infinity at rho = 0. */
  logSquare(x: number): number;
  /** The parameter at which typical neighbours have this correlation. */
  parameter(correlation: number): number;
  /** Distance in the data that rho belongs to. */
  readonly unit: number;
}

/**
 * Correlation rho^distance between the rows of a group [LMM-RES-3]: each row but a group's first becomes
 *   (y_t - rho^g y_(t-1)) / sqrt(1 - rho^(2g)),   g the distance to the row before.
 */
export function prepareSerial(groups: ErrorGroups, decay: SerialDecay): PreparedCorrelation {
  const { rows, gaps, counts } = chainOf(groups, decay.unit);
  return {
    parameters: 1,
    rows,
    tableSize: 1 + 2 * gaps.length,
    startInto(parameters, at, correlation) {
      parameters[at] = decay.parameter(correlation);
    },
    tableInto(table, parameters, at) {
      const x = parameters[at];
      const rho = decay.rho(x);
      const logSquare = decay.logSquare(x);
      table[0] = 1;
      let logDet = 0;
      for (let j = 0; j < gaps.length; j++) {
        const q = -Math.expm1(gaps[j] * logSquare); // 1 - rho^(2g)
        if (!(q > 0)) return Number.NaN;
        const root = Math.sqrt(q);
        table[1 + 2 * j] = 1 / root;
        table[2 + 2 * j] = -(rho ** gaps[j]) / root;
        logDet += counts[j] * Math.log(q);
      }
      return logDet;
    },
    gradientInto(gradient, at, adjoint, share, table, parameters) {
      const x = parameters[at];
      const rho = decay.rho(x);
      let byRho = 0;
      for (let j = 0; j < gaps.length; j++) {
        const g = gaps[j];
        const own = table[1 + 2 * j]; // q^(-1/2)
        const power = g * rho ** (2 * g - 1) * own * own;
        byRho -= 2 * share * counts[j] * power;
        byRho += adjoint[1 + 2 * j] * power * own;
        byRho -= adjoint[2 + 2 * j] * g * rho ** (g - 1) * own * own * own;
      }
      gradient[at] += byRho * decay.slope(x);
    },
    report(parameters, at) {
      return [{ name: decay.name, value: perUnit(decay, parameters[at]) }];
    },
    reportSlopes(parameters, at) {
      const x = parameters[at];
      const rho = decay.rho(x);
      const u = 1 / decay.unit;
      return Float64Array.of(u === 1 ? decay.slope(x) : u * rho ** (u - 1) * decay.slope(x));
    },
    standardize: (errors, table) => standardizeMixed(rows, errors, table),
    natural: serialNatural,
  };
}

/** rho over one unit of the data's own distance. */
function perUnit(decay: SerialDecay, x: number): number {
  const rho = decay.rho(x);
  return decay.unit === 1 ? rho : rho ** (1 / decay.unit);
}

const serialNatural: NaturalCorrelation = {
  value: ([rho], a, b) => rho ** Math.abs(a - b),
  first([rho], a, b) {
    const d = Math.abs(a - b);
    return d === 0 ? 0 : d * rho ** (d - 1);
  },
  second([rho], a, b) {
    const d = Math.abs(a - b);
    return d === 0 || d === 1 ? 0 : d * (d - 1) * rho ** (d - 2);
  },
};

interface Chain {
  readonly rows: MixedRows;
  readonly gaps: readonly number[]; // distinct distances between neighbours, in units
  readonly counts: Float64Array; // how often each occurs
}

function chainOf(groups: ErrorGroups, unit: number): Chain {
  const { start, row, position } = groups;
  const n = row.length;
  const first = new Int32Array(n + 1);
  let entries = 2 * n;
  for (let g = 0; g + 1 < start.length; g++) if (start[g] < start[g + 1]) entries--;
  const entryRow = new Int32Array(entries);
  const coefficient = new Int32Array(entries);
  const known = new Map<number, number>();
  const counts: number[] = [];
  let at = 0;
  for (let g = 0; g + 1 < start.length; g++) {
    for (let k = start[g]; k < start[g + 1]; k++) {
      if (k === start[g]) {
        entryRow[at++] = row[k]; // coefficient 0: one
      } else {
        const gap = (position[k] - position[k - 1]) / unit;
        let index = known.get(gap);
        if (index === undefined) {
          index = known.size;
          known.set(gap, index);
          counts.push(0);
        }
        counts[index]++;
        entryRow[at] = row[k - 1];
        coefficient[at++] = 2 + 2 * index;
        entryRow[at] = row[k];
        coefficient[at++] = 1 + 2 * index;
      }
      first[k + 1] = at;
    }
  }
  return {
    rows: { start: first, row: entryRow, coefficient, weight: new Int32Array(n) },
    gaps: [...known.keys()],
    counts: Float64Array.from(counts),
  };
}

/** Distances between neighbours in a group, ascending. */
export function neighbourGaps({ start, position }: ErrorGroups): Float64Array {
  const gaps: number[] = [];
  for (let g = 0; g + 1 < start.length; g++)
    for (let k = start[g] + 1; k < start[g + 1]; k++) gaps.push(position[k] - position[k - 1]);
  return Float64Array.from(gaps).sort();
}
