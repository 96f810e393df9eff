import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ResultTable } from './result-table.js';

interface Quantity {
  readonly name: string;
  readonly class: string | null;
  readonly fit: Float64Array;
  readonly se: Float64Array | null;
  readonly lower: Float64Array | null;
  readonly upper: Float64Array | null;
}

interface Predicted {
  readonly rows: number;
  readonly type: string;
  readonly level: number;
  readonly interval: string | null;
  readonly quantities: readonly Quantity[];
}

/** A line per row: `fit`, `se`, `lower`, `upper`; of several quantities `sigma.fit` and so on, of a class `response@low.fit`. */
export function predictionTable({ rows, quantities }: Predicted): ResultTable {
  return {
    name: 'predictions',
    columns: [
      { name: 'row', values: Array.from({ length: rows }, (_, i) => i + 1) },
      ...quantities.flatMap((q) => {
        const before = quantities.length === 1 ? '' : `${q.name}${q.class === null ? '' : `@${q.class}`}.`;
        return (['fit', 'se', 'lower', 'upper'] as const).flatMap((part) => {
          const values = q[part];
          return values === null ? [] : [{ name: `${before}${part}`, values }];
        });
      }),
    ],
  };
}

/** What `mm predict --json` prints; a value that does not exist is null. */
export function predictionJson(predicted: Predicted, model: string, diagnostics: readonly Diagnostic[]) {
  const numbers = (values: Float64Array | null) =>
    values === null ? null : Array.from(values, (v) => (Number.isFinite(v) ? v : null));
  const { rows, type, level, interval, quantities } = predicted;
  return {
    schema: 'mm.predict/1',
    model,
    type,
    rows,
    level,
    interval,
    quantities: quantities.map((q) => ({
      name: q.name,
      class: q.class,
      fit: numbers(q.fit),
      se: numbers(q.se),
      lower: numbers(q.lower),
      upper: numbers(q.upper),
    })),
    warnings: diagnostics.map(({ code, message }) => ({ code, message })),
  };
}

/** A line per row and a column per response: `sim_1`, `sim_2` ...; classes as `class_1` ... */
export function simulationTable(
  responses: readonly Float64Array[],
  classes: readonly (readonly string[])[],
  categories: readonly string[] | null,
): ResultTable {
  const rows = responses[0]?.length ?? 0;
  return {
    name: 'responses',
    columns: [
      { name: 'row', values: Array.from({ length: rows }, (_, i) => i + 1) },
      ...responses.map((y, k) => ({
        name: `sim_${k + 1}`,
        values: categories === null ? y : Array.from(y, (v) => categories[v - 1] ?? null),
      })),
      ...classes.map((values, k) => ({ name: `class_${k + 1}`, values })),
    ],
  };
}
