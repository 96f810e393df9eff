import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import type { ResponseKind } from '../families/family.js';
import type { RowValue } from './bound-values.js';
import { dropUnusedLevels } from './levels.js';
import { numberText } from './number-text.js';

/** What a family asks of its response. */
export interface ResponseNeeds {
  readonly kind: ResponseKind;
  readonly zeroToo: boolean; // hurdle, zero_inflated
  readonly family: string;
}

export interface Response {
  readonly y: Float64Array;
  readonly categories: readonly string[] | null;
}

/** Numbers of rows, for messages. */
export interface RowNumbers {
  rowNumber(row: number): number; // 1-based in the source
}

interface Place {
  readonly text: string; // the response as the model writes it
  readonly span: Span;
  readonly file: string;
}

const maxRowsNamed = 3;

const needsText: Record<ResponseKind, string> = {
  real: 'numbers',
  positive: 'positive numbers',
  unit: 'numbers strictly between 0 and 1',
  count: 'counts (0, 1, 2, ...)',
  trials: 'counts of successes (0, 1, 2, ...)',
  binary: '0 and 1, true and false, or a factor with two levels',
  ordered: 'an ordered factor, or whole numbers 1, 2, ...',
};

function fits(kind: ResponseKind, y: number): boolean {
  switch (kind) {
    case 'real':
      return true;
    case 'positive':
      return y > 0;
    case 'unit':
      return y > 0 && y < 1;
    case 'count':
    case 'trials':
      return y >= 0 && Number.isInteger(y);
    case 'binary':
      return y === 0 || y === 1;
    case 'ordered':
      return y >= 1 && Number.isInteger(y);
  }
}

/**
 * The response as the family takes it: numbers; 0/1 of a binary one; 1-based categories of an ordered one. Values that do
 * not fit are reported with their rows.
 */
export function checkResponse(
  value: RowValue,
  needs: ResponseNeeds,
  place: Place,
  bound: RowNumbers,
  report: Report,
): Response | undefined {
  if (value.kind === 'matrix') {
    report.addData(
      'MM442',
      place.span,
      { file: place.file },
      { response: place.text, is: 'a matrix', ...needed(needs) },
    );
    return undefined;
  }
  if (value.kind === 'label') return labelResponse(value, needs, place, report);
  return numberResponse(value.values, value.type, needs, place, bound, report);
}

function needed(needs: ResponseNeeds): { family: string; needs: string } {
  return { family: needs.family, needs: needsText[needs.kind] };
}

function labelResponse(
  value: RowValue & { kind: 'label' },
  needs: ResponseNeeds,
  place: Place,
  report: Report,
): Response | undefined {
  const { codes, levels } = dropUnusedLevels(value);
  const data = { file: place.file };
  if (needs.kind === 'binary') {
    if (levels.length === 2) return { y: Float64Array.from(codes), categories: null };
    if (levels.length === 1) report.addData('MM441', place.span, data, { response: place.text, value: levels[0] });
    else report.addData('MM443', place.span, data, { response: place.text, levels });
    return undefined;
  }
  if (needs.kind === 'ordered') {
    if (levels.length < 2) {
      report.addData('MM441', place.span, data, { response: place.text, value: levels[0] ?? '' });
      return undefined;
    }
    if (!value.ordered) report.addData('MM444', place.span, data, { name: place.text, type: 'ordered', levels });
    return { y: Float64Array.from(codes, (code) => code + 1), categories: levels };
  }
  const is = `a factor with the levels ${levels.slice(0, 4).join(', ')}${levels.length > 4 ? ', ...' : ''}`;
  report.addData('MM442', place.span, data, { response: place.text, is, ...needed(needs) });
  return undefined;
}

function numberResponse(
  y: Float64Array,
  type: 'real' | 'int' | 'bool',
  needs: ResponseNeeds,
  place: Place,
  bound: RowNumbers,
  report: Report,
): Response | undefined {
  const rows: number[] = [];
  let more = 0;
  for (let i = 0; i < y.length; i++) {
    if (Number.isFinite(y[i]) && (fits(needs.kind, y[i]) || (needs.zeroToo && y[i] === 0))) continue;
    if (rows.length < maxRowsNamed) rows.push(i);
    else more++;
  }
  if (rows.length > 0) {
    report.addData(
      'MM440',
      place.span,
      { file: place.file, row: bound.rowNumber(rows[0]), column: place.text },
      {
        response: place.text,
        ...needed(needs),
        value: numberText(y[rows[0]]),
        rows: rows.map((i) => bound.rowNumber(i)),
        more,
        twoValues: needs.kind === 'binary' && new Set(y).size === 2,
      },
    );
    return undefined;
  }
  if (y.every((v) => v === y[0])) {
    const text = type === 'bool' ? String(y[0] === 1) : numberText(y[0]);
    report.addData('MM441', place.span, { file: place.file }, { response: place.text, value: text });
    return undefined;
  }
  if (needs.kind !== 'ordered') return { y, categories: null };
  let highest = 0;
  const seen = new Set<number>();
  for (let i = 0; i < y.length; i++) {
    if (y[i] > highest) highest = y[i];
    seen.add(y[i]);
  }
  // Codes that no row has are no categories: their thresholds would be unknown.
  const codes = [...seen].sort((a, b) => a - b);
  const place1 = new Map(codes.map((code, i) => [code, i + 1]));
  return { y: y.map((v) => place1.get(v) ?? Number.NaN), categories: codes.map(String) };
}
