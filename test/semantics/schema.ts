import type { ColumnSchema, DataSchema } from '../../src/data/table.js';

const number = (type: 'real' | 'int' | 'count' | 'bool', more: Partial<ColumnSchema> = {}): ColumnSchema => ({
  type,
  levels: null,
  distinct: null,
  ...more,
});
const factor = (...levels: string[]): ColumnSchema => ({ type: 'factor', levels, distinct: null });

/** Columns of every type, for the tests of the checker. */
export const schema: DataSchema = {
  columns: new Map<string, ColumnSchema>([
    ['Reaction', number('real', { range: [194.3, 466.4] })],
    ['Days', number('int', { range: [0, 9], distinct: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] })],
    ['Subject', factor('308', '309', '310', '330', '331')],
    ['trt', factor('placebo', 'drug', 'drug+')],
    ['Sex', factor('Male', 'Female')],
    ['dose', { type: 'ordered', levels: ['low', 'mid', 'high'], distinct: null }],
    ['period', number('int', { distinct: [1, 2, 3, 4], range: [1, 4] })],
    ['age', number('real')],
    ['x', number('real')],
    ['z', number('real')],
    ['w', number('real')],
    ['se', number('real')],
    ['size', number('int', { range: [1, 40] })],
    ['incidence', number('int', { range: [0, 12] })],
    ['seen', number('bool')],
    ['case', number('int', { distinct: [0, 1], range: [0, 1] })],
    ['herd', factor('1', '2', '3')],
    ['id', factor('a', 'b', 'c', 'd')],
    ['name', { type: 'text', levels: ['ann', 'bob'], distinct: null }],
    ['time', number('int', { range: [1, 10] })],
    ['a', factor('a1', 'a2')],
    ['b', factor('b1', 'b2', 'b3')],
  ]),
};
