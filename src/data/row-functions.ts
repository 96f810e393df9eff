/** Functions of one number, by the name the language gives them. */
export const unaryFunctions: Readonly<Record<string, (x: number) => number>> = {
  exp: Math.exp,
  expm1: Math.expm1,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  abs: Math.abs,
  floor: Math.floor,
  ceiling: Math.ceil,
  trunc: Math.trunc,
  sign: Math.sign,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  logit: (p) => Math.log(p) - Math.log1p(-p),
  inv_logit: (x) => 1 / (1 + Math.exp(-x)),
};

/** Results of these are integers where their argument is a number. */
export const integerFunctions: ReadonlySet<string> = new Set(['floor', 'ceiling', 'trunc', 'sign']);

/** Rounds to a number of decimals, halves to even as IEC 60559 and R do. */
export function roundTo(x: number, digits: number): number {
  const factor = 10 ** digits;
  const scaled = x * factor;
  if (!Number.isFinite(scaled)) return x;
  const below = Math.floor(scaled);
  const part = scaled - below;
  const whole = part < 0.5 ? below : part > 0.5 ? below + 1 : below % 2 === 0 ? below : below + 1;
  return whole / factor;
}

/** Summaries of a column over its rows, missing values left out. */
export const summaries: Readonly<Record<string, (sorted: () => Float64Array, values: Float64Array) => number>> = {
  mean: (_, values) => mean(values),
  sum: (_, values) => sum(values),
  sd: (_, values) => Math.sqrt(variance(values)),
  var: (_, values) => variance(values),
  median: (sorted) => quantile(sorted(), 0.5),
  min: (sorted) => sorted()[0] ?? Number.NaN,
  max: (sorted) => sorted().at(-1) ?? Number.NaN,
};

export function present(values: Float64Array): Float64Array {
  return values.filter((v) => !Number.isNaN(v));
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

/** Mean in two passes, as R computes it: the second takes out the rounding of the first. */
export function mean(values: Float64Array): number {
  const first = sum(values) / values.length;
  if (!Number.isFinite(first)) return first;
  let correction = 0;
  for (let i = 0; i < values.length; i++) correction += values[i] - first;
  return first + correction / values.length;
}

export function variance(values: Float64Array): number {
  const m = mean(values);
  let total = 0;
  for (let i = 0; i < values.length; i++) total += (values[i] - m) ** 2;
  return total / (values.length - 1);
}

/** Sample quantile of sorted values by linear interpolation of order statistics (R's type 7) [DATA-1]. */
export function quantile(sorted: Float64Array, p: number): number {
  const at = (sorted.length - 1) * p;
  const low = Math.floor(at);
  const part = at - low;
  return part > 0 ? (1 - part) * sorted[low] + part * sorted[low + 1] : sorted[low];
}
