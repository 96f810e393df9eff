import { define } from '../define.js';

const list = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');

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
};
