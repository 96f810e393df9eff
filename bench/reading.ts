// npm run bench:reading: milliseconds that the reading of a text takes, from its characters to its tree with all that is
// said about it, for real models, damaged ones and texts made to be slow to read. The least of several times each: what a
// text needs, not what the machine does beside it.
import { readdirSync, readFileSync } from 'node:fs';
import { Report } from '../src/diagnostics/report.js';
import { parseProgram } from '../src/syntax/build-ast.js';
import { longTexts, tooDeepTexts } from '../test/syntax/hostile-texts.js';
import { randomSource, TextMaker } from '../test/syntax/random-text.js';
import { median } from './statistics.js';
import { fixed, markdownTable, number, text } from './table.js';

const damagedTexts = 2000;
const times = 5;

function leastMs(source: string): number {
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < times; k++) {
    const from = performance.now();
    parseProgram(source, new Report());
    least = Math.min(least, performance.now() - from);
  }
  return least;
}

const models = readdirSync('test/models')
  .filter((file) => file.endsWith('.mm'))
  .map((file) => readFileSync(`test/models/${file}`, 'utf8'));
const maker = new TextMaker(randomSource(1));
const damaged = Array.from({ length: damagedTexts }, () => maker.mutate(maker.pick(models)));
const soups = Array.from({ length: damagedTexts }, () => maker.soup(1 + maker.below(120)));

const groups: readonly (readonly [string, readonly string[]])[] = [
  ['real models', models],
  ['real models, damaged', damaged],
  ['words of the language in any order', soups],
  ...[...tooDeepTexts(), ...longTexts()].map(([name, source]) => [name, [source]] as const),
];

const rows = groups.map(([name, sources]) => {
  const found = sources.map(leastMs);
  const longest = Math.max(...sources.map((s) => s.length));
  return [name, `${sources.length}`, `${longest}`, fixed(median(found), 2), fixed(Math.max(...found), 2)];
});
console.log(
  markdownTable(
    [text('texts'), number('number'), number('characters, at most'), number('median ms'), number('slowest ms')],
    rows,
  ).join('\n'),
);
