import type { ColumnType, ContrastCoding, Expr } from '../../src/graph/model-graph.js';
import { call, column, type Labels, number, op } from './graph-helper.js';

/** The fixed effects of the reference cases, by the right side of their formula without random effects. */
export interface FixedPart {
  readonly labels: readonly string[];
  readonly expressions?: Labels;
  readonly offsets?: readonly Expr[];
}

const one = (...labels: string[]): FixedPart => ({ labels: ['1', ...labels] });

export const fixedParts: Readonly<Record<string, FixedPart>> = {
  '1': one(),
  'trt + I(week > 2)': { ...one('trt', 'I(week > 2)'), expressions: { 'I(week > 2)': call('I', op('week', '>', 2)) } },
  period: one('period'),
  'lbase * trt + lage + V4': one('lbase', 'trt', 'lage', 'V4', 'lbase:trt'),
  arm: one('arm'),
  'age * Sex': one('age', 'Sex', 'age:Sex'),
  Days: one('Days'),
  'recipe * temp': one('recipe', 'temp', 'recipe:temp'),
  'recipe * temperature': one('recipe', 'temperature', 'recipe:temperature'),
  'recipe + temperature + temp': one('recipe', 'temperature', 'temp'),
  'recipe + temp': one('recipe', 'temp'),
  'gcsecnt + gender': one('gcsecnt', 'gender'),
  'gcsecnt + I(gcsecnt^2) + gender': {
    ...one('gcsecnt', 'I(gcsecnt^2)', 'gender'),
    expressions: { 'I(gcsecnt^2)': call('I', op('gcsecnt', '^', 2)) },
  },
  x: one('x'),
  'trt + lage + V4 + offset(log(base/4))': {
    ...one('trt', 'lage', 'V4'),
    offsets: [call('log', op('base', '/', 4))],
  },
  'lbase + trt + period': one('lbase', 'trt', 'period'),
  'x + z': one('x', 'z'),
  'YEAR + cHEIGHT': one('YEAR', 'cHEIGHT'),
  'studage + lectage + service': one('studage', 'lectage', 'service'),
  '1 + service': one('service'),
  '1 + service * dept': one('service', 'dept', 'service:dept'),
  'A * B': one('A', 'B', 'A:B'),
  '0 + Sex + Sex:age': { labels: ['0', 'Sex', 'Sex:age'] },
  'I(age - 11) * Sex': {
    ...one('I(age - 11)', 'Sex', 'I(age - 11):Sex'),
    expressions: { 'I(age - 11)': call('I', op('age', '-', 11)) },
  },
  'verbal + sex + social': one('verbal', 'sex', 'social'),
  'verbal * sex': one('verbal', 'sex', 'verbal:sex'),
  'ns(Days, 3)': { ...one('ns(Days, 3)'), expressions: { 'ns(Days, 3)': call('ns', 'Days', 3) } },
  'Days + offset(off)': { ...one('Days'), offsets: [column('off')] },
  'poly(Days, 3)': { ...one('poly(Days, 3)'), expressions: { 'poly(Days, 3)': call('poly', 'Days', 3) } },
  'Days + I(Days^2)': { ...one('Days', 'I(Days^2)'), expressions: { 'I(Days^2)': call('I', op('Days', '^', 2)) } },
  'Days + I(2 * Days + 1)': {
    ...one('Days', 'I(2 * Days + 1)'),
    expressions: { 'I(2 * Days + 1)': call('I', op(op(2, '*', 'Days'), '+', number(1))) },
  },
  'x1 + x2 + x3 + x4 + x5 + x6 + x7': one('x1', 'x2', 'x3', 'x4', 'x5', 'x6', 'x7'),
  'btype + situ + mode': one('btype', 'situ', 'mode'),
  'Anger + Gender + btype + situ': one('Anger', 'Gender', 'btype', 'situ'),
};

/** The right side of a formula up to its first random effect. */
export function fixedText(formula: string): string {
  const right = formula.slice(formula.indexOf('~') + 1);
  const bar = right.search(/\+?\s*\((?:[^()]|\([^()]*\))*\|/);
  return (bar < 0 ? right : right.slice(0, bar)).trim().replace(/\s*\+$/, '');
}

/** What a case says of a factor; of those with many levels it does not list them. */
export interface CaseFactor {
  readonly ordered: boolean;
  readonly levels?: readonly string[];
  readonly contrasts: string;
}

/** A case's factors as declarations. */
export function declarationsOf(factors: Readonly<Record<string, CaseFactor>>): {
  columns: Record<string, { type: ColumnType; levels: readonly string[] | null }>;
  contrasts: Record<string, ContrastCoding>;
} {
  const columns: Record<string, { type: ColumnType; levels: readonly string[] | null }> = {};
  const contrasts: Record<string, ContrastCoding> = {};
  for (const [name, factor] of Object.entries(factors)) {
    columns[name] = { type: factor.ordered ? 'ordered' : 'factor', levels: factor.levels ?? null };
    if (factor.contrasts === 'contr.sum') contrasts[name] = { kind: 'sum' };
    if (factor.contrasts === 'contr.helmert') contrasts[name] = { kind: 'helmert' };
    if (factor.contrasts === 'contr.poly') contrasts[name] = { kind: 'poly' };
  }
  return { columns, contrasts };
}
