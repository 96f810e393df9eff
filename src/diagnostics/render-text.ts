import type { DataPlace, Diagnostic, Severity } from './diagnostic.js';
import { positionAt, type Span } from './span.js';

export interface RenderOptions {
  /** Colours by ANSI escapes, for a terminal. */
  readonly color: boolean;
}

/**
 * One diagnostic as a person reads it, without a newline at the end:
 *
 *     error[MM231]: the data has no column 'subjet'
 *       sleep.mm:1:28 | reaction ~ 1 + days + (1 | subjet)
 *                     |                            ^^^^^^      hint: did you mean 'subject'?
 *
 * Of a place that spans several lines the first is shown. A place in the data stands on a line of its own.
 */
export function renderDiagnostic(d: Diagnostic, source: string, fileName: string, options: RenderOptions): string {
  const paint = options.color ? painted : plain;
  const lines = [`${paint(`${d.severity}[${d.code}]`, colours[d.severity])}: ${paint(d.message, 'bold')}`];
  const hint = d.hint === undefined || d.hint === '' ? undefined : `${paint('hint', 'green')}: ${d.hint}`;
  let hintIsShown = hint === undefined;
  if (hasPlace(d.span, source)) {
    const { line, column } = positionAt(source, d.span.start);
    const excerpt = excerptAt(source, d.span);
    const label = `  ${fileName}:${line}:${column}`;
    const margin = paint('|', 'dim');
    lines.push(`${label} ${margin} ${excerpt.text}`);
    let marked = `${' '.repeat(widthOf(label))} ${margin} ${' '.repeat(excerpt.before)}`;
    marked += paint('^'.repeat(excerpt.width), colours[d.severity]);
    const room =
      widthOf(label) + 3 + excerpt.before + excerpt.width + hintGap + (d.hint?.length ?? 0) + 'hint: '.length;
    if (hint !== undefined && room <= pageWidth) {
      marked += ' '.repeat(hintGap) + hint;
      hintIsShown = true;
    }
    lines.push(marked);
  }
  // A file alone is in the message already.
  if (d.data?.row !== undefined || d.data?.column !== undefined) lines.push(`  ${renderDataPlace(d.data)}`);
  if (!hintIsShown) lines.push(`  ${hint}`);
  return lines.join('\n');
}

/** All of them, each followed by a newline; empty for none. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  source: string,
  fileName: string,
  options: RenderOptions,
): string {
  return diagnostics.map((d) => `${renderDiagnostic(d, source, fileName, options)}\n`).join('');
}

/** As in "2 errors, 1 warning"; empty for none. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const severities: readonly Severity[] = ['error', 'warning', 'note'];
  return severities
    .map((severity) => ({ severity, n: diagnostics.filter((d) => d.severity === severity).length }))
    .filter(({ n }) => n > 0)
    .map(({ severity, n }) => `${n} ${severity}${n === 1 ? '' : 's'}`)
    .join(', ');
}

function renderDataPlace({ file, row, column }: DataPlace): string {
  const parts = [
    ...(file === undefined ? [] : [file]),
    ...(row === undefined ? [] : [`row ${row}`]),
    ...(column === undefined ? [] : [`column '${column}'`]),
  ];
  return parts.join(', ');
}

/** An empty span at the very start stands for "nowhere"; a statement never ends there. */
function hasPlace(span: Span | undefined, source: string): span is Span {
  return span !== undefined && span.end > 0 && span.start <= source.length;
}

const pageWidth = 160;
const hintGap = 6;
/** Of longer source lines only the surroundings of the place are shown. */
const excerptWidth = 120;
const tab = '  ';

interface Excerpt {
  readonly text: string;
  /** Columns before the marked place, and columns it takes; at least one. */
  readonly before: number;
  readonly width: number;
}

function excerptAt(source: string, { start, end }: Span): Excerpt {
  const lineStart = Math.max(source.lastIndexOf('\n', start - 1), source.lastIndexOf('\r', start - 1)) + 1;
  const toBreak = source.slice(start).search(/[\n\r]/);
  const lineEnd = toBreak < 0 ? source.length : start + toBreak;
  const stop = Math.min(Math.max(end, start), lineEnd);
  let from = lineStart;
  let to = lineEnd;
  if (to - from > excerptWidth) {
    from = Math.max(lineStart, Math.min(start - excerptWidth / 3, lineEnd - excerptWidth));
    to = Math.min(lineEnd, from + excerptWidth);
  }
  const opening = from > lineStart ? '...' : '';
  const closing = to < lineEnd ? '...' : '';
  const before = opening + shown(source.slice(from, start));
  const marked = shown(source.slice(start, Math.min(stop, to)));
  return {
    text: (before + marked + shown(source.slice(Math.min(stop, to), to)) + closing).trimEnd(),
    before: widthOf(before),
    width: Math.max(1, widthOf(marked)),
  };
}

/** Tabs have no width of their own, and other control characters would do things to the terminal. */
function shown(text: string): string {
  let result = '';
  for (const c of text) {
    const code = c.codePointAt(0) ?? 0;
    if (c === '\t') result += tab;
    else result += code < 32 || (code >= 127 && code < 160) ? '\ufffd' : c;
  }
  return result;
}

/** Columns a text takes in a terminal: none for combining marks, two for East Asian letters and pictures. */
function widthOf(text: string): number {
  let width = 0;
  for (const c of text) {
    const code = c.codePointAt(0) ?? 0;
    if (/\p{Mark}|\u200b|\u200d|\ufeff/u.test(c)) continue;
    const isWide =
      (code >= 0x1100 && code <= 0x115f) ||
      (code >= 0x2e80 && code <= 0xa4cf) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xfe30 && code <= 0xfe6f) ||
      (code >= 0xff00 && code <= 0xff60) ||
      code >= 0x1f300;
    width += isWide ? 2 : 1;
  }
  return width;
}

type Style = 'red' | 'yellow' | 'cyan' | 'green' | 'bold' | 'dim';

const colours: Readonly<Record<Severity, Style>> = { error: 'red', warning: 'yellow', note: 'cyan' };
const escapes: Readonly<Record<Style, string>> = {
  red: '1;31',
  yellow: '1;33',
  cyan: '1;36',
  green: '32',
  bold: '1',
  dim: '2',
};

function plain(text: string): string {
  return text;
}

function painted(text: string, style: Style): string {
  return `\u001b[${escapes[style]}m${text}\u001b[0m`;
}
