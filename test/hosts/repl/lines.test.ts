import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { completeLine } from '../../../src/hosts/repl/complete-line.js';
import { historyFile, readHistory, remember } from '../../../src/hosts/repl/history.js';
import { paint } from '../../../src/hosts/repl/paint.js';
import { gather, type Unfinished } from '../../../src/hosts/repl/typed-lines.js';
import { Driver } from './driver.js';

/** What comes out of lines, and what is left open at the end. */
function gathered(...lines: string[]) {
  const inputs: { text: string; line: number }[] = [];
  let unfinished: Unfinished | null = null;
  lines.forEach((line, i) => {
    const found = gather(unfinished, line, i + 1);
    inputs.push(...found.inputs);
    unfinished = found.unfinished;
  });
  return { inputs, open: unfinished !== null };
}

describe('lines are gathered', () => {
  test('until a statement is all there', () => {
    expect(gathered('mu = 1 +', '  Days', 'fit ml')).toEqual({
      inputs: [
        { text: 'mu = 1 +\n  Days', line: 1 },
        { text: 'fit ml', line: 3 },
      ],
      open: false,
    });
    expect(gathered('model m {', '', '  y ~ x').open).toBe(true);
  });

  test('an empty line ends what only an operator has left open', () => {
    expect(gathered('mu = 1 +', '').inputs).toEqual([{ text: 'mu = 1 +\n', line: 1 }]);
    expect(gathered('mu = (1 +', '').open).toBe(true);
  });

  test('a command ends anything, but what only looks like one does not', () => {
    expect(gathered('model m {', ':fit').inputs.map((i) => i.text)).toEqual(['model m {', ':fit']);
    expect(gathered('mu = (Days', ':Subject)').inputs.map((i) => i.text)).toEqual(['mu = (Days\n:Subject)']);
  });
});

test('colours change nothing of the text', () => {
  const esc = String.fromCharCode(27);
  const text = 'mixture z per g {  # classes\n  y ~ normal(mu, "x")\n}\nlet a = poly(b, 2) + )';
  const painted = paint(text);
  expect(painted).not.toBe(text);
  expect(painted.replaceAll(new RegExp(`${esc}\\[[0-9;]*m`, 'g'), '')).toBe(text);
});

describe('Tab', () => {
  const repl = new Driver({ '/place/d.csv': 'y,my x,g\n1,2,a\n3,4,b\n2,2,a\n5,4,b\n4,1,a\n' });
  repl.say(':data d.csv');
  repl.say('y ~ normal(mu, sigma)');
  repl.say('mu = 1 + (1 | g)');
  const files = (start: string) => ['d.csv', 'm.mm', 'f.json', 'old/'].filter((f) => f.startsWith(start));
  const tab = (line: string, above: readonly string[] = []) => completeLine(repl.session, line, above, files).inserts;

  test('knows the model, also from the lines above', () => {
    expect(tab('sd(')).toEqual(['g']);
    expect(tab('m')).toEqual(expect.arrayContaining(['mu', 'mixture ', '`my x`']));
    expect(tab('m', ['mu = 1 +'])).toEqual(['`my x`', 'mean(', 'median(', 'min(', 'max(']);
  });

  test('knows commands and what they take', () => {
    expect(tab(':s')).toEqual([':summary', ':save']);
    expect(tab(':plot ')).toEqual(['caterpillar', 'residuals', 'profile', 'trace']);
    expect(tab(':fit a')).toEqual(['agq']);
    expect(tab(':data ')).toEqual(['d.csv', 'm.mm', 'f.json', 'old/']);
    expect(tab(':load ')).toEqual(['m.mm', 'f.json', 'old/']);
    expect(tab(':delete m')).toEqual(['mu']);
    expect(tab(':help ex')).toEqual(['explain']);
    expect(tab(':predict po')).toEqual(['population']);
    expect(tab('data "d')).toEqual(['d.csv']);
    repl.say(':fit');
    expect(tab(':plot caterpillar ')).toEqual(['g']);
    expect(tab(':confint s')).toEqual(['sd_(Intercept)|g', 'sigma']);
    repl.say(':copy other');
    expect(tab(':compare mod')).toEqual(['model']);
    expect(tab(':nonsense x')).toEqual([]);
  });
});

describe('the history', () => {
  test('stands in the XDG state folder, which must be absolute', () => {
    expect(historyFile({ XDG_STATE_HOME: '/state' })).toBe('/state/mmlang/history');
    expect(historyFile({ XDG_STATE_HOME: 'state' })).toMatch(/\.local\/state\/mmlang\/history$/);
    expect(historyFile({})).toMatch(/\.local\/state\/mmlang\/history$/);
  });

  test('keeps lines, the latest first, and never fails', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mm-history-'));
    try {
      const file = join(folder, 'deep', 'history');
      expect(await readHistory(file)).toEqual([]);
      for (const line of ['first', '', 'second']) await remember(file, line);
      expect(await readHistory(file)).toEqual(['second', 'first']);
      writeFileSync(join(folder, 'blocked'), '');
      await remember(join(folder, 'blocked', 'history'), 'lost');
      expect(await readHistory(join(folder, 'blocked', 'history'))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
