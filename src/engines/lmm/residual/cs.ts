import type { CorrelationModel } from './correlation-model.js';
import type { ErrorGroups } from './residual-rows.js';

/**
 * All rows of a group have the same correlation rho with each other [LMM-RES-4]. C^-1 = (I - w 11') / (1 - rho) with
 * w = rho / (1 + (k - 1) rho): the rows themselves, and their sum with a weight of its own. rho = (K p - 1) / (K - 1), K the size of
 * the largest group and p = 1 / (1 + exp(-x)), runs from its lower bound -1 / (K - 1) to 1.
 */
export const cs: CorrelationModel = {
  name: 'cs',
  prepare(groups) {
    const { sizes, counts, rows } = exchangeable(groups);
    const K = Math.max(2, ...sizes);
    /** 1 - rho and, per size k of a group, 1 + (k - 1) rho, as sums of positive terms. */
    const partsOf = (x: number) => {
      const p = 1 / (1 + Math.exp(-x));
      const own = K / ((K - 1) * (1 + Math.exp(x)));
      const total = sizes.map((k) => (K - k + (k - 1) * K * p) / (K - 1));
      return { rho: (K * p - 1) / (K - 1), own, total, slope: ((K / (K - 1)) * p) / (1 + Math.exp(x)) };
    };
    return {
      parameters: 1,
      rows,
      tableSize: 2 + sizes.length,
      startInto(parameters, at, correlation) {
        const p = (1 + (K - 1) * Math.max(correlation, -0.5 / (K - 1))) / K;
        parameters[at] = Math.log(p / (1 - p));
      },
      tableInto(table, parameters, at) {
        const { rho, own, total } = partsOf(parameters[at]);
        if (!(own > 0)) return Number.NaN;
        table[0] = 1;
        table[1] = 1 / own;
        let logDet = 0;
        for (let j = 0; j < sizes.length; j++) {
          if (!(total[j] > 0)) return Number.NaN;
          table[2 + j] = -rho / (own * total[j]);
          logDet += counts[j] * ((sizes[j] - 1) * Math.log(own) + Math.log(total[j]));
        }
        return logDet;
      },
      gradientInto(gradient, at, adjoint, share, _table, parameters) {
        const { rho, own, total, slope } = partsOf(parameters[at]);
        let byRho = adjoint[1] / (own * own);
        for (let j = 0; j < sizes.length; j++) {
          const k = sizes[j];
          byRho += share * counts[j] * (k - 1) * (1 / total[j] - 1 / own);
          // d [-rho / (own total)] / drho
          byRho -= (adjoint[2 + j] * (1 + (k - 1) * rho * rho)) / (own * total[j]) ** 2;
        }
        gradient[at] += byRho * slope;
      },
      report: (parameters, at) => [{ name: 'cor.cs', value: partsOf(parameters[at]).rho }],
      reportSlopes: (parameters, at) => Float64Array.of(partsOf(parameters[at]).slope),
      standardize(errors, _table, parameters, at) {
        const { rho, own } = partsOf(parameters[at]);
        const result = new Float64Array(errors.length);
        for (let g = 0; g < groups.groups; g++) {
          let before = 0; // sum of the group's errors so far
          for (let i = groups.start[g], k = 0; i < groups.start[g + 1]; i++, k++) {
            const e = errors[groups.row[i]];
            const all = 1 + (k - 1) * rho;
            // given k earlier ones: mean rho sum / (1 + (k - 1) rho), variance (1 - rho)(1 + k rho) / (1 + (k - 1) rho)
            result[groups.row[i]] = k === 0 ? e : (e - (rho * before) / all) / Math.sqrt((own * (1 + k * rho)) / all);
            before += e;
          }
        }
        return result;
      },
      natural: { value: ([rho]) => rho, first: () => 1, second: () => 0 },
    };
  },
};

/** Every row (weight 1: that of single rows 0), and after a group's rows their sum. */
function exchangeable({ start, row }: ErrorGroups) {
  const known = new Map<number, number>();
  const counts: number[] = [];
  const first = [0];
  const entryRow: number[] = [];
  const weight: number[] = [];
  for (let g = 0; g + 1 < start.length; g++) {
    const k = start[g + 1] - start[g];
    for (let i = start[g]; i < start[g + 1]; i++) {
      entryRow.push(row[i]);
      first.push(entryRow.length);
      weight.push(k > 1 ? 1 : 0);
    }
    if (k < 2) continue;
    let index = known.get(k);
    if (index === undefined) {
      index = known.size;
      known.set(k, index);
      counts.push(0);
    }
    counts[index]++;
    for (let i = start[g]; i < start[g + 1]; i++) entryRow.push(row[i]);
    first.push(entryRow.length);
    weight.push(2 + index);
  }
  const rows = {
    start: Int32Array.from(first),
    row: Int32Array.from(entryRow),
    coefficient: new Int32Array(entryRow.length),
    weight: Int32Array.from(weight),
  };
  return { sizes: [...known.keys()], counts, rows };
}
