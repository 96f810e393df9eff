import type { Report } from '../diagnostics/report.js';
import type { ColumnType, ContrastCoding } from '../graph/model-graph.js';
import type { ColumnDeclaration, ContrastsStatement, Expression, Statement } from '../syntax/ast.js';
import type { CheckedData } from './checked-model.js';
import { type ColumnContext, checkColumnExpression, type ValueType } from './column-expression.js';
import type { ColumnScope } from './column-scope.js';
import { nearest } from './spelling.js';

export const columnTypes = ['real', 'int', 'count', 'bool', 'factor', 'ordered', 'text'] as const;

function isColumnType(name: string): name is ColumnType {
  return (columnTypes as readonly string[]).includes(name);
}

/** Checks `data`, `let`, `where` and `contrasts` and puts the columns they make into the scope. */
export function checkData(statements: readonly Statement[], scope: ColumnScope, report: Report): CheckedData {
  const context: ColumnContext = { scope, report, inTerm: false };
  let file: string | null = null;
  const columns: CheckedData['columns'][number][] = [];
  const derived: CheckedData['derived'][number][] = [];
  const where: Expression[] = [];
  const contrasts: CheckedData['contrasts'][number][] = [];

  for (const s of statements) {
    if (s.kind !== 'data') continue;
    if (s.file !== null) {
      if (file !== null) report.add('MM312', s.file.span, { first: file });
      file ??= s.file.value;
    }
    for (const declaration of s.columns) {
      const checked = checkDeclaration(declaration, scope, report);
      if (checked === null) continue;
      if (columns.some((c) => c.name === checked.name)) {
        report.add('MM203', declaration.column.span, { what: 'column', name: checked.name });
      } else columns.push(checked);
    }
  }
  for (const c of columns) scope.declare(c.name, c.type, c.levels);

  // each may use those above it; none is assumed to be a column of data that are not there to ask
  for (const s of statements)
    if (s.kind === 'let' && scope.known(s.name.name) === undefined)
      scope.reserve(s.name.name, 'a derived column that is not made yet');
  for (const s of statements) {
    if (s.kind !== 'let') continue;
    const { name } = s.name;
    const type = checkColumnExpression(s.value, context);
    if (derived.some((d) => d.name === name)) report.add('MM203', s.name.span, { what: 'column', name });
    else if (scope.known(name) !== undefined) report.add('MM202', s.name.span, { what: 'derived column', name });
    derived.push({ name, value: s.value, span: s.span });
    scope.derive(name, columnTypeOf(type), null);
  }

  for (const s of statements) {
    if (s.kind === 'where') {
      const type = checkColumnExpression(s.condition, context);
      if (type !== 'wrong' && type !== 'bool' && type !== 'unknown') report.add('MM313', s.condition.span, {});
      where.push(s.condition);
      scope.filtered = true;
    }
    if (s.kind === 'contrasts') {
      const coding = checkContrasts(s, scope, report);
      if (contrasts.some((c) => c.column === s.column.name)) {
        report.add('MM203', s.column.span, { what: 'contrasts of', name: s.column.name });
      } else if (coding !== null) contrasts.push({ column: s.column.name, coding, span: s.span });
    }
  }
  return { file, columns, where, derived, contrasts };
}

function checkDeclaration(
  d: ColumnDeclaration,
  scope: ColumnScope,
  report: Report,
): CheckedData['columns'][number] | null {
  const name = d.column.name;
  if (scope.complete && scope.known(name) === undefined) {
    report.add('MM231', d.column.span, { name, near: nearest(name, scope.names) });
  }
  const type = d.type.name;
  if (!isColumnType(type)) {
    report.add('MM216', d.type.span, { name: type, near: nearest(type, columnTypes) });
    return null;
  }
  let levels: string[] | null = null;
  if (d.levels !== null) {
    if (type !== 'factor' && type !== 'ordered') report.add('MM224', d.type.span, { name, type });
    else {
      levels = [];
      for (const level of d.levels) {
        if (levels.includes(level.value)) report.add('MM223', level.span, { name, value: level.value });
        else levels.push(level.value);
      }
    }
  }
  return { name, type, levels, span: d.span };
}

function columnTypeOf(type: ValueType): ColumnType | 'unknown' {
  switch (type) {
    case 'number':
      return 'real';
    case 'bool':
    case 'factor':
    case 'ordered':
    case 'text':
      return type;
    case 'string':
      return 'text';
    case 'matrix':
    case 'unknown':
    case 'wrong':
      return 'unknown';
  }
}

const codings = ['treatment', 'sum', 'helmert', 'poly'] as const;

function checkContrasts(s: ContrastsStatement, scope: ColumnScope, report: Report): ContrastCoding | null {
  const column = s.column.name;
  const info = scope.lookup(column);
  if (info === undefined) report.add('MM231', s.column.span, { name: column, near: nearest(column, scope.names) });
  else if (info.type === 'real' || (info.declared && (info.type === 'int' || info.type === 'count'))) {
    report.add('MM314', s.column.span, { name: column });
  }
  const called = s.coding.kind === 'call' ? s.coding.callee : s.coding;
  if (called.kind !== 'name' || !(codings as readonly string[]).includes(called.name)) {
    const name = called.kind === 'name' ? called.name : '';
    report.add('MM315', s.coding.span, { near: nearest(name, codings) });
    return null;
  }
  const kind = called.name as (typeof codings)[number];
  const args = s.coding.kind === 'call' ? s.coding.arguments : [];
  if (kind !== 'treatment') {
    if (args.length > 0)
      report.add('MM208', s.coding.span, { name: kind, expected: 'no arguments', found: args.length });
    return { kind };
  }
  const first = args[0];
  if (first === undefined) return { kind, ref: null };
  const value = first.value;
  if (
    args.length > 1 ||
    (first.name !== null && first.name.name !== 'ref') ||
    !(value.kind === 'string' || value.kind === 'number')
  ) {
    report.add('MM316', s.coding.span, {});
    return { kind, ref: null };
  }
  const ref = value.kind === 'string' ? value.value : value.text;
  if (info?.levels && !info.levels.includes(ref)) {
    const known = info.levels.join(', ');
    report.add('MM217', value.span, { column, level: ref, near: nearest(ref, info.levels), known });
  }
  return { kind, ref };
}
