import { expect, test } from 'vitest';
import { progressLine } from '../../src/hosts/cli/progress-line.js';
import { type Terminal, usesColor } from '../../src/hosts/cli/terminal.js';

function fakeTerminal(changes: Partial<Terminal> = {}) {
  const written: string[] = [];
  const clock = { now: 0 };
  const terminal: Terminal = {
    out: () => {},
    err: (text) => void written.push(text),
    stdinBytes: async () => new Uint8Array(),
    interactive: true,
    outIsTerminal: true,
    columns: 80,
    now: () => clock.now,
    environment: {},
    ...changes,
  };
  return { terminal, written, clock };
}

const progress = { stage: 'optimize', evaluations: 12, objective: 1743.62827 };

test('a fit of less than a second shows nothing and clears nothing', () => {
  const { terminal, written, clock } = fakeTerminal();
  const line = progressLine(terminal, 'sleepstudy');
  for (clock.now = 0; clock.now < 1000; clock.now += 50) line.update(progress);
  line.clear();
  expect(written).toEqual([]);
});

test('a longer one rewrites a single line, ten times a second at most, and leaves it empty', () => {
  const { terminal, written, clock } = fakeTerminal();
  const line = progressLine(terminal, 'sleepstudy');
  for (clock.now = 0; clock.now < 2000; clock.now += 10) line.update(progress);
  expect(written).toHaveLength(10);
  for (const text of written)
    expect(text).toBe('\r\u001b[2Ksleepstudy: optimize, 12 evaluations, objective 1743.6283, 1 s');
  line.clear();
  expect(written.at(-1)).toBe('\r\u001b[2K');
});

test('of many rows it says at once that they are being fitted', () => {
  const { terminal, written } = fakeTerminal();
  const line = progressLine(terminal, 'large');
  line.begin(49_999);
  expect(written).toEqual([]);
  line.begin(50_000);
  expect(written).toEqual(['\r\u001b[2Klarge: 50000 rows']);
  line.clear();
  expect(written.at(-1)).toBe('\r\u001b[2K');
});

test('the line is never wider than the terminal, or it could not be rewritten', () => {
  const { terminal, written, clock } = fakeTerminal({ columns: 30 });
  const line = progressLine(terminal, 'a_model_with_a_long_name');
  clock.now = 1500;
  line.update(progress);
  expect(written[0]).toHaveLength('\r\u001b[2K'.length + 29);
});

test('stderr that is no terminal gets nothing', () => {
  const { terminal, written, clock } = fakeTerminal({ interactive: false });
  const line = progressLine(terminal, 'sleepstudy');
  clock.now = 5000;
  line.update(progress);
  line.clear();
  expect(written).toEqual([]);
});

test('colour: the option counts most, then the environment, then the terminal', () => {
  const of = (option: boolean | undefined, isTerminal: boolean, environment: Record<string, string>) =>
    usesColor(option, isTerminal, fakeTerminal({ environment }).terminal);
  expect(of(undefined, true, {})).toBe(true);
  expect(of(undefined, false, {})).toBe(false);
  expect(of(undefined, true, { NO_COLOR: '1' })).toBe(false);
  expect(of(true, false, { NO_COLOR: '1' })).toBe(true);
  expect(of(false, true, { FORCE_COLOR: '1' })).toBe(false);
  expect(of(undefined, false, { FORCE_COLOR: '1' })).toBe(true);
  expect(of(undefined, true, { FORCE_COLOR: '0' })).toBe(false);
  expect(of(undefined, true, { TERM: 'dumb' })).toBe(false);
});

test('a round of EM says which it is, and how many draws are effective', () => {
  const { terminal, written, clock } = fakeTerminal({ columns: 120 });
  const line = progressLine(terminal, 'm');
  clock.now = 1500;
  line.update({ ...progress, stage: 'E-step', round: { iteration: 3, effectiveDraws: 41.7 } });
  expect(written).toEqual([
    '\r\u001b[2Km: E-step 3, 12 evaluations, objective 1743.6283, least effective draws 42, 1 s',
  ]);
});
