import { expect, test } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { countDiagnostics, renderDiagnostic, renderDiagnostics } from '../../src/diagnostics/render-text.js';

/** A diagnostic at the place between « and » in the text. */
function at(marked: string, d: Omit<Diagnostic, 'span'>): { source: string; diagnostic: Diagnostic } {
  const start = marked.indexOf('«');
  const end = marked.indexOf('»') - 1;
  return { source: marked.replace(/[«»]/g, ''), diagnostic: { ...d, span: { start, end } } };
}

const unknownColumn = {
  code: 'MM231',
  severity: 'error',
  message: "the data has no column 'subjet'",
  hint: "did you mean 'subject'?",
} as const;

function render(marked: string, d: Omit<Diagnostic, 'span'> = unknownColumn): string[] {
  const { source, diagnostic } = at(marked, d);
  return renderDiagnostic(diagnostic, source, 'sleep.mm', { color: false }).split('\n');
}

test('the source line stands under the message, its place underlined, the hint beside it', () => {
  expect(render('reaction ~ 1 + days + (1 | «subjet»)')).toEqual([
    "error[MM231]: the data has no column 'subjet'",
    '  sleep.mm:1:28 | reaction ~ 1 + days + (1 | subjet)',
    "                |                            ^^^^^^      hint: did you mean 'subject'?",
  ]);
});

test('lines are counted from one, whatever ends them', () => {
  expect(render('a\nb\n  «c»')[1]).toBe('  sleep.mm:3:3 |   c');
  expect(render('a\r\nb\r\n  «c» d\r\ne')[1]).toBe('  sleep.mm:3:3 |   c d');
});

test('an empty place gets one caret, also behind the end of the text', () => {
  expect(render('y ~ x +«»').slice(1)).toEqual([
    '  sleep.mm:1:8 | y ~ x +',
    "               |        ^      hint: did you mean 'subject'?",
  ]);
  expect(render('y ~\n«»')[1]).toBe('  sleep.mm:2:1 | ');
});

test('of several lines the first is shown', () => {
  expect(render('a\n  «class a {\n  mu = x\n  }»\nb').slice(1)).toEqual([
    '  sleep.mm:2:3 |   class a {',
    "               |   ^^^^^^^^^      hint: did you mean 'subject'?",
  ]);
});

test('tabs, wide and combining letters do not push the carets aside', () => {
  expect(render('\t«x» + y').slice(1, 3)).toEqual([
    '  sleep.mm:1:2 |   x + y',
    "               |   ^      hint: did you mean 'subject'?",
  ]);
  expect(render('日本 + «x»')[2]).toMatch(/^ {15}\| {8}\^ /);
  expect(render('e\u0301 + «x»')[2]).toMatch(/^ {15}\| {5}\^ /);
  expect(render('\u001b[31m«x»')[1]).toBe('  sleep.mm:1:6 | \ufffd[31mx');
});

test('a long line is cut around the place', () => {
  const terms = Array.from({ length: 100 }, (_, i) => `x${i}`).join(' + ');
  const [, line, carets] = render(`y ~ ${terms} + «oops» + ${terms}`);
  expect(line?.length).toBeLessThan(150);
  expect(line).toContain('oops');
  expect(line?.match(/\.\.\./g)?.length).toBe(2);
  expect(carets?.indexOf('^^^^')).toBe(line?.indexOf('oops'));
});

test('a long hint stands on a line of its own', () => {
  const hint = 'write '.repeat(30).trim();
  expect(render('«y» ~ x', { ...unknownColumn, hint }).slice(2)).toEqual(['               | ^', `  hint: ${hint}`]);
});

test('a place in the data is told by row and column', () => {
  const d = {
    code: 'MM402',
    severity: 'error',
    message: 'a count cannot be negative',
    data: { file: 'a.csv', row: 17, column: 'y' },
  } as const;
  expect(render('«y» ~ poisson(lambda)', d)).toEqual([
    'error[MM402]: a count cannot be negative',
    '  sleep.mm:1:1 | y ~ poisson(lambda)',
    '               | ^',
    "  a.csv, row 17, column 'y'",
  ]);
  const nowhere = { ...d, data: { row: 17, column: 'y' }, hint: 'remove it' };
  expect(renderDiagnostic(nowhere, 'y ~ x', 'sleep.mm', { color: false }).split('\n')).toEqual([
    'error[MM402]: a count cannot be negative',
    "  row 17, column 'y'",
    '  hint: remove it',
  ]);
});

test('colours tell errors from warnings and notes, and are the only difference', () => {
  const escapeCharacter = String.fromCharCode(27);
  const codes = (['error', 'warning', 'note'] as const).map((severity) => {
    const { source, diagnostic } = at('«y» ~ x', { ...unknownColumn, severity });
    const coloured = renderDiagnostic(diagnostic, source, 'sleep.mm', { color: true });
    const stripped = coloured.replaceAll(new RegExp(`${escapeCharacter}\\[[0-9;]*m`, 'g'), '');
    expect(stripped).toBe(renderDiagnostic(diagnostic, source, 'sleep.mm', { color: false }));
    return coloured.split('m')[0];
  });
  expect(new Set(codes).size).toBe(3);
});

test('several are rendered one after the other, and counted', () => {
  const { source, diagnostic } = at('«y» ~ x', unknownColumn);
  const two = [diagnostic, { ...diagnostic, severity: 'warning' } as const];
  expect(renderDiagnostics(two, source, 'a.mm', { color: false }).split('\n').length).toBe(7);
  expect(renderDiagnostics([], source, 'a.mm', { color: false })).toBe('');
  expect(countDiagnostics(two)).toBe('1 error, 1 warning');
  expect(countDiagnostics([...two, diagnostic])).toBe('2 errors, 1 warning');
  expect(countDiagnostics([])).toBe('');
});
