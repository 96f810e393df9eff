import type { DataNode } from '../graph/model-graph.js';
import { DataProblem } from './data-problem.js';
import { codeNumbers, recode } from './levels.js';
import { nearestName } from './nearest-name.js';
import { declaredNumber, numberText, parseNumber } from './number-text.js';
import type { Column, LabelColumn, NumberColumn } from './table.js';

export type Declaration = DataNode['columns'][number];

const maxRowsNamed = 3;

/**
 * A column as its declaration says it is.
 * @param moreLevels  labels that were not declared follow those that were (new rows); else they are wrong
 * @throws DataProblem where a value does not fit, with its row
 */
export function asDeclared(
  column: Column,
  declared: Declaration,
  rowNumber: (row: number) => number,
  moreLevels = false,
): Column {
  switch (declared.type) {
    case 'real':
    case 'int':
    case 'count':
      return asNumber(column, declared, rowNumber);
    case 'bool':
      return asBool(column, declared, rowNumber);
    case 'factor':
    case 'ordered':
    case 'text':
      return asLabels(column, declared, rowNumber, moreLevels);
  }
}

/** Where a value does not fit: the first rows, and how many there are. */
function misfits(length: number, bad: (row: number) => boolean, rowNumber: (row: number) => number) {
  const rows: number[] = [];
  let more = 0;
  for (let i = 0; i < length; i++) {
    if (!bad(i)) continue;
    if (rows.length < maxRowsNamed) rows.push(i);
    else more++;
  }
  return rows.length === 0 ? undefined : { first: rows[0], rows: rows.map(rowNumber), more };
}

function refuseType(column: Column, declared: Declaration, bad: NonNullable<ReturnType<typeof misfits>>): DataProblem {
  return DataProblem.of(
    'MM427',
    { column: column.name, type: declared.type, value: cellText(column, bad.first), rows: bad.rows, more: bad.more },
    { row: bad.rows[0], column: column.name },
  );
}

function cellText(column: Column, row: number): string {
  return column.kind === 'label' ? `"${column.levels[column.codes[row]]}"` : numberText(column.values[row]);
}

function asNumber(column: Column, declared: Declaration, rowNumber: (row: number) => number): NumberColumn {
  const type = declared.type === 'real' ? 'real' : declared.type === 'int' ? 'int' : 'count';
  let values: Float64Array;
  if (column.kind === 'label') {
    const number = column.levels.map(declaredNumber);
    const bad = misfits(
      column.codes.length,
      (i) => column.codes[i] >= 0 && Number.isNaN(number[column.codes[i]]),
      rowNumber,
    );
    if (bad !== undefined) throw refuseType(column, declared, bad);
    values = Float64Array.from(column.codes, (code) => (code < 0 ? Number.NaN : number[code]));
  } else values = column.values;
  if (type !== 'real') {
    const least = type === 'count' ? 0 : Number.NEGATIVE_INFINITY;
    const bad = misfits(
      values.length,
      (i) => !Number.isNaN(values[i]) && !(Number.isInteger(values[i]) && values[i] >= least),
      rowNumber,
    );
    if (bad !== undefined) throw refuseType(column, declared, bad);
  }
  return { kind: 'number', name: column.name, type, values };
}

const truths: ReadonlyMap<string, number> = new Map([
  ['true', 1],
  ['t', 1],
  ['yes', 1],
  ['false', 0],
  ['f', 0],
  ['no', 0],
]);

function asBool(column: Column, declared: Declaration, rowNumber: (row: number) => number): NumberColumn {
  let values: Float64Array;
  if (column.kind === 'label') {
    const truth = column.levels.map((level) => truths.get(level.toLowerCase()) ?? Number.NaN);
    const bad = misfits(
      column.codes.length,
      (i) => column.codes[i] >= 0 && Number.isNaN(truth[column.codes[i]]),
      rowNumber,
    );
    if (bad !== undefined) throw refuseType(column, declared, bad);
    values = Float64Array.from(column.codes, (code) => (code < 0 ? Number.NaN : truth[code]));
  } else {
    values = column.values;
    const bad = misfits(
      values.length,
      (i) => !Number.isNaN(values[i]) && values[i] !== 0 && values[i] !== 1,
      rowNumber,
    );
    if (bad !== undefined) throw refuseType(column, declared, bad);
  }
  return { kind: 'number', name: column.name, type: 'bool', values };
}

function asLabels(
  column: Column,
  declared: Declaration,
  rowNumber: (row: number) => number,
  moreLevels: boolean,
): LabelColumn {
  const type = declared.type === 'ordered' ? 'ordered' : declared.type === 'text' ? 'text' : 'factor';
  const coded =
    column.kind === 'label'
      ? column
      : column.type === 'bool'
        ? {
            codes: Int32Array.from(column.values, (v) => (Number.isNaN(v) ? -1 : v)),
            levels: boolLevels(declared.levels),
          }
        : codeNumbers(column.values);
  if (declared.levels === null) {
    return { kind: 'label', name: column.name, type, codes: coded.codes, levels: coded.levels };
  }
  // A number in the file and a level in the program are the same where they are the same number: 1.0 and "1".
  const levels =
    column.kind === 'number'
      ? declared.levels.map((level) => {
          const value = parseNumber(level);
          return Number.isNaN(value) ? level : numberText(value);
        })
      : declared.levels;
  if (moreLevels) {
    const all = [...declared.levels, ...coded.levels.filter((level) => !levels.includes(level))];
    const codes = recode(coded, [...levels, ...all.slice(levels.length)]);
    return { kind: 'label', name: column.name, type, codes, levels: all };
  }
  const codes = recode(coded, levels);
  const bad = misfits(codes.length, (i) => codes[i] < 0 && coded.codes[i] >= 0, rowNumber);
  if (bad !== undefined) {
    const value = coded.levels[coded.codes[bad.first]];
    throw DataProblem.of(
      'MM428',
      {
        column: column.name,
        value,
        levels: declared.levels,
        rows: bad.rows,
        more: bad.more,
        near: nearestName(value, declared.levels),
      },
      { row: bad.rows[0], column: column.name },
    );
  }
  return { kind: 'label', name: column.name, type, codes, levels: declared.levels };
}

/** true/false in a file may be declared in either case. */
function boolLevels(declared: readonly string[] | null): readonly string[] {
  return declared?.includes('true') === true || declared?.includes('false') === true
    ? ['false', 'true']
    : ['FALSE', 'TRUE'];
}
