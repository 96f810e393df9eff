import { define } from '../define.js';

const list = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');

const some = (names: readonly string[]) => names.slice(0, 8).join(', ') + (names.length > 8 ? ', ...' : '');

/** `row 5`, `rows 5, 9, 12 and 40 more`. */
function rowsText({ rows, more }: { readonly rows: readonly number[]; readonly more: number }): string {
  if (rows.length === 1 && more === 0) return `row ${rows[0]}`;
  return `rows ${rows.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function notOfType(type: string): string {
  switch (type) {
    case 'real':
      return 'no number';
    case 'int':
      return 'no whole number';
    case 'count':
      return 'no count (0, 1, 2, ...)';
    default:
      return 'neither true nor false';
  }
}

/** MM4xx: the data. */
export const dataCodes = {
  // ── reading ──
  MM401: define<{ file: string; reason: string }>({
    severity: 'error',
    message: (p) => `cannot read '${p.file}': ${p.reason}`,
  }),
  MM402: define<{ file: string }>({
    severity: 'error',
    message: (p) => `'${p.file}' is empty`,
    hint: () => 'the first line names the columns, each further line is a row',
  }),
  MM403: define<{ file: string }>({
    severity: 'error',
    message: (p) => `'${p.file}' has a header and no rows`,
  }),
  MM404: define<{ name: string; columns: readonly number[] }>({
    severity: 'error',
    message: (p) => `the data have ${p.columns.length} columns named '${p.name}' (columns ${p.columns.join(', ')})`,
    hint: () => 'give each column its own name in the header',
  }),
  MM405: define<{ row: number; found: number; expected: number }>({
    severity: 'error',
    message: (p) => `row ${p.row} has ${p.found} ${p.found === 1 ? 'field' : 'fields'}, the header has ${p.expected}`,
    hint: (p) =>
      p.found === p.expected + 1
        ? 'a header without a name for row names? add one for the first column; a field that holds the separator must be quoted'
        : 'a field that holds the separator or a line end must be quoted',
  }),
  MM406: define<{ count: number }>({
    severity: 'error',
    message: (p) =>
      `${p.count} more ${p.count === 1 ? 'row has' : 'rows have'} another number of fields than the header`,
  }),
  MM407: define<{ row: number; open: boolean }>({
    severity: 'error',
    message: (p) =>
      `${p.row > 0 ? `row ${p.row}` : 'the header'}: ${p.open ? 'a quoted field is never closed' : 'text follows the end of a quoted field'}`,
    hint: () => 'a quote inside a quoted field is written twice: "5"" pipe"',
  }),
  MM408: define<{ columns: readonly string[] }>({
    severity: 'note',
    message: (p) => `${list(p.columns)}: commas read as decimal points`,
    hint: (p) => `declare ${p.columns.length === 1 ? 'it' : 'them'} as factor if these are labels`,
  }),
  MM409: define<{ encoding: string }>({
    severity: 'note',
    message: (p) => `the data are not UTF-8; read as ${p.encoding}`,
  }),
  MM410: define<{ file: string; format: string }>({
    severity: 'error',
    message: (p) =>
      p.format === 'binary'
        ? `'${p.file}' is neither text nor a known data format`
        : `'${p.file}' is ${p.format}, which cannot be read as text`,
    hint: () => 'data can be CSV, TSV, JSON, Parquet or Arrow, each also compressed by gzip',
  }),
  MM411: define<{ file: string; reason: string }>({
    severity: 'error',
    message: (p) => `'${p.file}' is JSON that holds no table: ${p.reason}`,
    hint: () => 'give an array of row objects, or an object of column arrays',
  }),
  MM412: define<{ file: string; format: string; reason: string }>({
    severity: 'error',
    message: (p) => `'${p.file}' cannot be read as ${p.format}: ${p.reason}`,
  }),

  // ── expressions of columns ──
  MM420: define<{ name: string; near: string | undefined }>({
    severity: 'error',
    message: (p) => `the data have no column '${p.name}'`,
    hint: (p) => (p.near === undefined ? undefined : `did you mean '${p.near}'?`),
    replacement: (p) => p.near,
  }),
  MM421: define<{ text: string; reason: string }>({
    severity: 'error',
    message: (p) => `'${p.text}' cannot be computed: ${p.reason}`,
  }),
  MM422: define<{ name: string; near: string | undefined }>({
    severity: 'error',
    message: (p) => `there is no function '${p.name}' of columns`,
    hint: (p) => (p.near === undefined ? undefined : `did you mean '${p.near}'?`),
    replacement: (p) => p.near,
  }),
  MM423: define<{ name: string; reason: string }>({
    severity: 'error',
    message: (p) => `${p.name}(): ${p.reason}`,
  }),
  MM424: define<{ text: string; rows: number; row: number }>({
    severity: 'warning',
    message: (p) =>
      `'${p.text}' is not a number in ${p.rows === 1 ? `row ${p.row}` : `${p.rows} rows, the first of them row ${p.row}`}`,
    hint: () => 'these rows count as missing',
  }),
  MM425: define<{ text: string; near: string | undefined }>({
    severity: 'warning',
    message: (p) => `${p.text} is no level in the data, so nothing equals it`,
    hint: (p) => (p.near === undefined ? undefined : `did you mean "${p.near}"?`),
  }),
  MM426: define<{ factor: string; level: string; levels: readonly string[] }>({
    severity: 'error',
    message: (p) => `'${p.factor}' has no level "${p.level}" to be the reference`,
    hint: (p) => `its levels are ${some(p.levels)}`,
  }),
  MM427: define<{ column: string; type: string; value: string; rows: readonly number[]; more: number }>({
    severity: 'error',
    message: (p) => `'${p.column}' is declared ${p.type}, and ${p.value} is ${notOfType(p.type)} (${rowsText(p)})`,
  }),
  MM428: define<{
    column: string;
    value: string;
    levels: readonly string[];
    rows: readonly number[];
    more: number;
    near: string | undefined;
  }>({
    severity: 'error',
    message: (p) => `"${p.value}" is not among the declared levels of '${p.column}' (${rowsText(p)})`,
    hint: (p) => (p.near === undefined ? `declared are ${some(p.levels)}` : `did you mean "${p.near}"?`),
  }),

  // ── rows ──
  MM430: define<{ rows: number }>({
    severity: 'error',
    message: (p) => `'where' keeps none of the ${p.rows} rows`,
  }),
  MM431: define<{ rows: number; text: string; missing: number }>({
    severity: 'error',
    message: (p) => `no row is left: each of the ${p.rows} rows misses a value of some variable of the model`,
    hint: (p) => `'${p.text}' is missing in ${p.missing === p.rows ? 'all of them' : `${p.missing} of them`}`,
  }),

  // ── responses, weights, data arguments ──
  MM440: define<{
    response: string;
    family: string;
    needs: string;
    value: string;
    rows: readonly number[];
    more: number;
    twoValues: boolean;
  }>({
    severity: 'error',
    message: (p) => `the response of ${p.family} is ${p.needs}, and '${p.response}' is ${p.value} (${rowsText(p)})`,
    hint: (p) => (p.twoValues ? `declare '${p.response}' as factor: its second level is then the success` : undefined),
  }),
  MM441: define<{ response: string; value: string }>({
    severity: 'error',
    message: (p) => `the response '${p.response}' is ${p.value} in every row: there is nothing to explain`,
  }),
  MM442: define<{ response: string; is: string; family: string; needs: string }>({
    severity: 'error',
    message: (p) => `the response of ${p.family} is ${p.needs}, and '${p.response}' is ${p.is}`,
  }),
  MM443: define<{ response: string; levels: readonly string[] }>({
    severity: 'error',
    message: (p) => `'${p.response}' has ${p.levels.length} levels, a binary response has two`,
    hint: (p) => `compare it with a level (${p.response} == "${p.levels[p.levels.length - 1]}"), or use cumulative`,
  }),
  MM444: define<{ name: string; type: 'factor' | 'ordered'; levels: readonly string[] }>({
    severity: 'note',
    message: (p) => `the levels of '${p.name}' are taken in the order ${some(p.levels)}`,
    hint: (p) =>
      `declare the order that is meant: ${p.name}: ${p.type}(${p.levels.map((l) => JSON.stringify(l)).join(', ')})`,
  }),
  MM445: define<{
    response: string;
    value: string;
    what: string;
    limit: string;
    bound: string;
    rows: readonly number[];
    more: number;
  }>({
    severity: 'error',
    message: (p) => `'${p.response}' is ${p.value}, ${p.what} its ${p.limit} of ${p.bound} (${rowsText(p)})`,
  }),
  MM446: define<{ text: string; needs: string; value: string; rows: readonly number[]; more: number }>({
    severity: 'error',
    message: (p) => `'${p.text}' must be ${p.needs}, and it is ${p.value} (${rowsText(p)})`,
    hint: (p) =>
      p.value === '0' ? `rows that are to count for nothing are left out by \`where ${p.text} > 0\`` : undefined,
  }),
  MM447: define<{ text: string; value: string; row: number }>({
    severity: 'error',
    message: (p) => `'${p.text}' is ${p.value} in row ${p.row}`,
    hint: () => 'leave the row out (where), or mend the value; log(0) is -Infinity',
  }),

  // ── factors, groups, rank ──
  MM448: define<{ group: string; columns: number; rows: number }>({
    severity: 'error',
    message: (p) =>
      `the random effect of '${p.group}' has ${p.columns} columns for ${p.rows} rows, more than memory can hold`,
    hint: () => 'what stands left of | should be a few columns; factors with many levels stand right of it',
  }),
  MM450: define<{ factor: string; level: string; dropped: boolean }>({
    severity: 'error',
    message: (p) =>
      `the factor '${p.factor}' has the one level "${p.level}"${p.dropped ? ' in the rows that remain' : ''}, so it has no effect to estimate`,
    hint: () => 'take it out of the predictor',
  }),
  MM451: define<{ group: string; level: string }>({
    severity: 'warning',
    message: (p) =>
      `the grouping '${p.group}' has the one level "${p.level}": its variance cannot be told from the data`,
    hint: (p) => `take the random effect of '${p.group}' out, or give its sd a prior`,
  }),
  MM452: define<{ group: string; levels: number; rows: number }>({
    severity: 'error',
    message: (p) =>
      `'${p.group}' has a level for every row (${p.levels} levels, ${p.rows} rows), so its effects cannot be told from the residuals`,
    hint: () => 'group by something that repeats, or fix sigma',
  }),
  MM453: define<{ group: string; levels: number; rows: number; terms: readonly string[]; effects: number }>({
    severity: 'error',
    message: (p) =>
      `${p.effects} random effects for ${p.rows} rows: ${p.terms.length} for each of the ${p.levels} levels of '${p.group}' (${some(p.terms)})`,
    hint: () => 'fewer terms left of the bar would do, or a fixed sigma',
  }),
  MM454: define<{ parameter: string; names: readonly string[] }>({
    severity: 'warning',
    message: (p) => `${p.parameter}: dropped ${list(p.names)}, which the other columns determine`,
  }),
  MM455: define<{ parameter: string; columns: number; rows: number }>({
    severity: 'error',
    message: (p) =>
      `the predictor of ${p.parameter} has ${p.columns} columns for ${p.rows} rows, more than memory can hold`,
    hint: () => 'make the factor with many levels a random effect: (1 | factor)',
  }),
  MM456: define<{ factor: string; levels: number; rows: number }>({
    severity: 'error',
    message: (p) =>
      `'${p.factor}' has ${p.levels} levels, and a column for each of them in ${p.rows} rows is more than memory can hold`,
    hint: (p) => `make it a random effect, (1 | ${p.factor}), or a number`,
  }),
  MM457: define<{ coefficients: number; rows: number }>({
    severity: 'error',
    message: (p) => `${p.coefficients} coefficients for ${p.rows} rows: nothing is left to estimate sigma from`,
    hint: () => 'a simpler predictor, or a fixed sigma',
  }),
  MM458: define<{ structure: string; position: string; group: string; rows: readonly number[] }>({
    severity: 'error',
    message: (p) =>
      `${p.group} has two rows at ${p.position} (rows ${p.rows.join(' and ')}), which ${p.structure} errors cannot have`,
    hint: () => 'give each row of a group a position of its own, or make the group finer',
  }),
  MM459: define<{ column: string; value: string; row: number; classes: readonly string[]; near: string | undefined }>({
    severity: 'error',
    message: (p) => `'${p.column}' is "${p.value}" in row ${p.row}, which is no class`,
    hint: (p) => (p.near === undefined ? `the classes are ${p.classes.join(', ')}` : `did you mean "${p.near}"?`),
  }),
  MM460: define<{ group: string; classes: readonly string[]; rows: readonly number[] }>({
    severity: 'error',
    message: (p) => `${p.group} is known to be ${p.classes.join(' and ')} at once (rows ${p.rows.join(' and ')})`,
    hint: () => 'a class is drawn once per group, so its rows have one class',
  }),

  // ── new rows ──
  MM461: define<{ factor: string; level: string; row: number; levels: readonly string[] }>({
    severity: 'error',
    message: (p) => `"${p.level}" (row ${p.row}) is a level of '${p.factor}' that the fit did not see`,
    hint: (p) => `it saw ${some(p.levels)}`,
  }),
  MM462: define<{ text: string }>({
    severity: 'error',
    message: (p) => `'${p.text}' is of another type in the new data than in those of the fit`,
  }),
  MM463: define<{ text: string; argument: string; found: number; needed: number }>({
    severity: 'error',
    message: (p) =>
      `with these data the left side of '${p.text}' has dimension ${p.needed}, and its ${p.argument} has ${p.found}`,
  }),
  MM464: define<{ group: string }>({
    severity: 'error',
    message: (p) => `no ${p.group} has two rows, so nothing is known of the correlation of its errors`,
    hint: () => 'leave `cor =` out, or name the group that rows share',
  }),
  MM465: define<{ positions: number; correlations: number; rows: number }>({
    severity: 'error',
    message: (p) =>
      `us errors at ${p.positions} positions have ${p.correlations} correlations, more than the ${p.rows} rows`,
    hint: () => 'for many positions: ar1, car1 (distances) or cs (one correlation)',
  }),
  MM466: define<{ group: string; first: string; second: string }>({
    severity: 'error',
    message: (p) =>
      `no ${p.group} was seen at both ${p.first} and ${p.second}, so the correlation of their errors cannot be estimated`,
    hint: () => 'ar1, car1 and cs need no pair of positions to be seen together',
  }),
  MM467: define<{ text: string; largest: string; scale: string }>({
    severity: 'error',
    message: (p) => `the largest of '${p.text}' is ${p.largest}, and no number can hold the squares of such`,
    hint: (p) => `use it in another unit: let scaled = ${p.text} / ${p.scale}`,
  }),
  MM468: define<{ first: string; second: string; term: string }>({
    severity: 'warning',
    message: (p) =>
      p.first === p.second
        ? `${p.term} has two random effects by '${p.first}': only the sum of their variances can be estimated`
        : `'${p.first}' and '${p.second}' group the rows in the same way: of the variances of ${p.term} only the sum can be estimated`,
    hint: (p) => `leave one of them out, or give the sd of '${p.second}' a prior`,
  }),
  MM469: define<{ column: string; levels: number; rows: number; first: string }>({
    severity: 'warning',
    message: (p) => `'${p.column}' is text: a factor with ${p.levels} levels in ${p.rows} rows`,
    hint: (p) =>
      `"${p.first}" is no number (nor are dates, units and grouped digits); if it names groups, write (1 | ${p.column})`,
  }),
};
