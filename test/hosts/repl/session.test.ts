import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { compile } from '../../../src/compile.js';
import { parseTable } from '../../../src/data/parse-table.js';
import { schemaOf } from '../../../src/data/schema-of.js';
import { fit } from '../../../src/fit.js';
import { commands } from '../../../src/hosts/repl/commands.js';
import { currentModel, type Session } from '../../../src/hosts/repl/session.js';
import { summaryText } from '../../../src/results/summary-text.js';
import { Driver } from './driver.js';

const data = (name: string): string => readFileSync(new URL(`../../data/${name}.csv`, import.meta.url), 'utf8');
const sleepstudy = data('sleepstudy');
const files = { '/place/sleepstudy.csv': sleepstudy, '/place/cbpp.csv': data('cbpp') };

/** The summary of a model that is fitted without any session. */
function fresh(source: string, csv: string, name = 'model'): string {
  const { table } = parseTable(csv, { source: 'x.csv' });
  if (table === undefined) throw new Error('no table');
  const [model] = compile(source, { schema: schemaOf(table), name }).models;
  const found = model === undefined ? undefined : fit(model, table).fit;
  if (found === undefined) throw new Error('no fit');
  return summaryText(found, { width: 80 });
}

const texts = (session: Session): string[] => currentModel(session).statements.map((s) => s.text);

let repl: Driver;
beforeEach(() => {
  repl = new Driver(files);
});

describe('statements', () => {
  beforeEach(() => {
    repl.say(':data sleepstudy.csv');
  });

  test('are taken one by one, in any order, and fitted as a file with them would be', () => {
    for (const line of ['mu = 1 + Days + (1 + Days | Subject)', 'Reaction ~ normal(mu, sigma)', 'fit ml'])
      expect(repl.say(line)).toEqual([]);
    expect(repl.text(':fit')).toBe(fresh(texts(repl.session).join('\n'), sleepstudy));
  });

  test.each([
    ['mu = 1 + Dayz', 'MM231'],
    ['Reaction ~ normal(mu, sigm', 'MM102'],
    ['beta[Dayz] ~ normal(0, 1)', 'MM213'],
    ['Reaction ~ nonsense(mu)', 'MM205'],
    ['let d = Dayz / 10', 'MM231'],
    ['data "nosuch.csv"', 'MM401'],
    ['Days ~ bernoulli(p)', 'MM440'],
  ])('%s is told at once and leaves the session as it was', (line, code) => {
    repl.say('Reaction ~ normal(mu, sigma)');
    repl.say('mu = 1 + Days');
    const before = repl.session;
    const told = repl.codes(line);
    expect(told).toEqual([code]);
    expect(repl.session.models).toEqual(before.models);
    expect(repl.session.past).toEqual(before.past);
    // and then it goes on
    expect(repl.codes('mu = 1 + Days + (1 | Subject)')).toEqual([]);
    expect(repl.text(':fit')).toBe(fresh('Reaction ~ normal(mu, sigma)\nmu = 1 + Days + (1 | Subject)', sleepstudy));
  });

  test('the place of a mistake is that in the line', () => {
    const [first] = repl.say('mu = 1 + Dayz');
    if (first?.kind !== 'problem') throw new Error('no problem');
    const { diagnostic, source } = first;
    expect(source.slice(diagnostic.span?.start, diagnostic.span?.end)).toBe('Dayz');
    expect(diagnostic.hint).toContain('Days');
  });

  test('about the same thing take the place of each other', () => {
    repl.say('Reaction ~ normal(mu, sigma)');
    repl.say('mu = 1');
    repl.say('log(sigma) = 1');
    expect(repl.info('mu = 1 + Days')).toContain('mu = 1');
    repl.say('sigma = 1 + Days');
    expect(texts(repl.session)).toEqual(['Reaction ~ normal(mu, sigma)', 'mu = 1 + Days', 'sigma = 1 + Days']);
  });

  test('a likelihood takes the place of another, whatever its left side', () => {
    repl.say('Reaction ~ Days + (1 | Subject)');
    expect(repl.info('log(Reaction) ~ Days + (1 | Subject)')).toContain('Reaction ~ Days');
    expect(texts(repl.session)).toEqual(['log(Reaction) ~ Days + (1 | Subject)']);
  });

  test('what no longer fits to a new statement is told, with its number', () => {
    repl.say('Reaction ~ normal(mu, sigma)');
    repl.say('mu = 1 + Days + (1 | Subject)');
    repl.say('sd(Subject) ~ half_t(3, 0, 20)');
    const told = repl.say('mu = 1 + Days').filter((o) => o.kind === 'problem');
    expect(told.map((o) => o.name)).toEqual(['statement 3']);
    expect(texts(repl.session)[1]).toBe('mu = 1 + Days');
    expect(repl.codes(':fit').length).toBeGreaterThan(0);
    expect(repl.codes(':delete 3')).toEqual([]);
    expect(repl.text(':fit')).toBe(fresh('Reaction ~ normal(mu, sigma)\nmu = 1 + Days', sleepstudy));
  });

  test('several on one line, blocks of several lines, comments', () => {
    repl.say('Reaction ~ normal(mu, sigma); mu = 1 + Days # days without sleep');
    expect(texts(repl.session)).toEqual(['Reaction ~ normal(mu, sigma)', 'mu = 1 + Days # days without sleep']);
  });

  test('of data come together, the last has the last word', () => {
    repl.say('data { Days: real }');
    repl.say('data { Subject: factor, Days: int }');
    expect(texts(repl.session)).toEqual(['data { Subject: factor, Days: int }']);
  });

  test('a model that is typed whole is taken whole or not at all', () => {
    expect(repl.codes('model slow {\n  Reaction ~ normal(mu, sigma)\n  mu = Dayz\n}')).toEqual(['MM231']);
    expect(repl.session.models.map((m) => m.name)).toEqual(['model']);
    expect(repl.codes('model slow {\n  Reaction ~ normal(mu, sigma)\n  mu = Days\n}')).toEqual([]);
    expect(repl.session.models.map((m) => m.name)).toEqual(['slow']);
    expect(repl.text(':fit')).toBe(fresh('Reaction ~ normal(mu, sigma)\nmu = Days', sleepstudy, 'slow'));
  });
});

describe('commands', () => {
  beforeEach(() => {
    repl.say(':data sleepstudy.csv');
    repl.say('Reaction ~ normal(mu, sigma)');
    repl.say('mu = 1 + Days + (1 + Days | Subject)');
  });

  test(':data tells the columns', () => {
    const text = repl.text(':data');
    expect(text).toContain('180 rows, 3 columns');
    expect(text).toMatch(/Days +int +0 to 9/);
  });

  test(':data FILE stands in place of what the model names', () => {
    repl.files.set('/place/two.csv', 'Reaction,Days,Subject\n1,2,a\n2,3,b\n3,1,a\n');
    repl.say('data "sleepstudy.csv" { Subject: factor }');
    repl.say(':data two.csv');
    expect(texts(repl.session)[2]).toBe('data { Subject: factor }');
    expect(repl.text(':data')).toContain('two.csv: 3 rows');
  });

  test(':model numbers the statements, :delete takes the numbers', () => {
    expect(repl.text(':model')).toBe('1  Reaction ~ normal(mu, sigma)\n2  mu = 1 + Days + (1 + Days | Subject)');
    repl.say('where Days > 1');
    repl.say('where Days < 9');
    expect(repl.codes(':delete where')).toEqual(['MM602']);
    repl.say(':delete 3-4');
    expect(texts(repl.session).length).toBe(2);
    expect(repl.codes(':delete 9')).toEqual(['MM604']);
    repl.say(':delete mu');
    expect(texts(repl.session)).toEqual(['Reaction ~ normal(mu, sigma)']);
    repl.say(':delete all');
    expect(texts(repl.session)).toEqual([]);
  });

  test(':delete tells what then does not fit', () => {
    repl.say('v = (1 | Subject)');
    repl.say('mu = 1 + Days + v');
    expect(repl.codes(':delete v')).toEqual(['MM231']);
    repl.say(':undo');
    expect(repl.codes(':fit')).toEqual([]);
  });

  test(':undo goes back, step by step, to the very beginning', () => {
    const states = [repl.session.models];
    for (const line of ['mu = 1', 'fit ml', ':copy other', 'mu = 1 + Days', ':model model', ':delete fit']) {
      repl.say(line);
      states.push(repl.session.models);
    }
    for (const state of states.toReversed().slice(1)) {
      repl.say(':undo');
      if (repl.session.models !== state) expect(repl.session.models).toEqual(state);
    }
    for (let i = 0; i < 3; i++) repl.say(':undo');
    expect(texts(repl.session)).toEqual([]);
    expect(repl.session.data).toBeNull();
    expect(repl.codes(':undo')).toEqual(['MM606']);
  });

  test(':summary, :ranef and plots are of the last fit, and say where the model has changed since', () => {
    expect(repl.codes(':summary')).toEqual(['MM603']);
    const text = repl.text(':fit');
    expect(repl.text(':summary')).toBe(text);
    expect(repl.codes(':summary')).toEqual([]);
    expect(repl.text(':ranef')).toContain('Random effects of Subject:');
    repl.say('mu = 1 + Days + (1 | Subject)');
    expect(repl.codes(':summary')).toEqual(['MM610']);
    repl.say(':undo');
    expect(repl.codes(':summary')).toEqual([]);
  });

  test(':fit METHOD stands in place of the model its own, for once', () => {
    expect(repl.text(':fit ml')).toBe(
      fresh('Reaction ~ normal(mu, sigma)\nmu = 1 + Days + (1 + Days | Subject)\nfit ml', sleepstudy),
    );
    expect(texts(repl.session).length).toBe(2);
    expect(repl.codes(':fit nonsense')).toEqual(['MM383']);
  });

  test('a fit that is stopped leaves the one before', () => {
    const text = repl.text(':fit');
    repl.stopNext = true;
    expect(repl.codes(':fit ml')).toEqual(['MM607']);
    expect(repl.text(':summary')).toBe(text);
  });

  test(':copy and :compare', () => {
    repl.say(':copy intercepts');
    repl.say('mu = 1 + Days + (1 | Subject)');
    const text = repl.text(':compare');
    // lme4: anova() of the two fits by REML, refit = FALSE
    expect(text).toMatch(/model against intercepts +42\.8/);
    expect(repl.codes(':compare model')).toEqual(['MM543']);
    expect(repl.codes(':compare model nosuch')).toEqual(['MM605']);
    expect(repl.text(':model')).toContain('* intercepts');
  });

  test(':confint by standard errors is estimate and 1.96 standard errors', () => {
    const row = /\(Intercept\) +([\d.]+) +([\d.]+) +([\d.]+)/.exec(repl.text(':confint wald'));
    const [, estimate, low, high] = (row ?? []).map(Number);
    // lme4: 251.405, standard error 6.825
    expect(estimate).toBeCloseTo(251.4, 1);
    expect((high ?? 0) - (low ?? 0)).toBeCloseTo(2 * 1.959964 * 6.825, 1);
  });

  test(':explain tells the engine', () => {
    expect(repl.text(':explain')).toContain('engine lmm');
  });

  test(':predict of the rows of the fit, and of new ones', () => {
    repl.say(':fit');
    repl.files.set('/place/new.csv', 'Days,Subject\n1,308\n2,999\n');
    expect(repl.text(':predict')).toContain('and 170 more rows');
    const outputs = repl.say(':predict new.csv');
    expect(outputs.map((o) => (o.kind === 'problem' ? o.diagnostic.code : o.kind))).toEqual(['MM582', 'result']);
    const text = outputs.map((o) => (o.kind === 'result' ? o.text : '')).join('');
    // 251.405 + 10.467 + 2.2586 + 9.1990, and 251.405 + 2 * 10.467, by fixef and ranef of lme4
    expect(text).toMatch(/1 +273\.3/);
    expect(text).toMatch(/2 +272\.3/);
    expect(repl.session.tables.has('/place/new.csv')).toBe(false);
  });

  test(':plot draws, or says why not', () => {
    expect(repl.codes(':plot residuals')).toEqual(['MM603']);
    repl.say(':fit');
    expect(repl.text(':plot caterpillar')).toContain('337 │');
    expect(repl.text(':plot res')).toContain('fitted value');
    expect(repl.text(':plot profile sigma')).toContain('zeta of sigma');
    expect(repl.codes(':plot trace')).toEqual(['MM609']);
    expect(repl.codes(':plot caterpillar nosuch')).toEqual(['MM609']);
    expect(repl.codes(':plot nonsense')).toEqual(['MM602']);
  });

  test('commands may be shortened as long as only one is meant, and a wrong one has a hint', () => {
    expect(repl.text(':expl')).toBe(repl.text(':explain'));
    expect(repl.codes(':co')).toEqual(['MM601']);
    const [first] = repl.say(':sumary');
    expect(first?.kind === 'problem' ? first.diagnostic.hint : '').toContain(':summary');
  });

  test('a command without its colon is told so', () => {
    for (const word of ['help', 'fit', 'quit', 'exit', '?']) expect(repl.codes(word)).toEqual(['MM612']);
    expect(repl.codes('Days')).not.toContain('MM612');
  });

  test(':model shows a block of a file as it stands at the margin', () => {
    repl.say(
      'model m {\n    mixture z per Subject {\n      Reaction ~ normal(mu, sigma)\n      class a, b { mu = 1 }\n    }\n}',
    );
    expect(repl.text(':model')).toContain(
      '\n1  mixture z per Subject {\n     Reaction ~ normal(mu, sigma)\n     class a, b { mu = 1 }\n   }',
    );
  });

  test(':help tells of each', () => {
    for (const { usage, name } of commands) {
      expect(repl.text(':help')).toContain(usage);
      expect(repl.text(`:help ${name}`)).toContain(usage);
    }
  });

  test(':quit leaves', () => {
    repl.say(':quit');
    expect(repl.left).toBe(true);
  });
});

describe('files', () => {
  test('what is saved is a program that fits as the session does, wherever it is put', () => {
    repl.say(':data sleepstudy.csv');
    repl.say('# a comment\nReaction ~ Days + (Days | Subject)');
    const text = repl.text(':fit');
    repl.say(':save models/sleep.mm');
    const saved = repl.files.get('/place/models/sleep.mm') ?? '';
    expect(saved).toContain('data "../sleepstudy.csv"');
    expect(saved).toContain('# a comment');
    expect(repl.codes(':save models/sleep.mm')).toEqual(['MM611']);
    expect(repl.codes(':save! models/sleep.mm')).toEqual([]);

    const other = new Driver({ ...files, '/place/models/sleep.mm': saved });
    other.say(':load models/sleep.mm');
    expect(other.session.models.map((m) => m.name)).toEqual(['sleep']);
    expect(other.text(':fit')).toBe(text.replace(/^model:/, 'sleep:'));
  });

  test('the data of a file count, unless those of the session are to', () => {
    repl.files.set('/place/m.mm', 'data "gone.csv" { Subject: factor }\nReaction ~ Days + (1 | Subject)\n');
    repl.say(':data sleepstudy.csv');
    expect(repl.codes(':load m.mm')).toEqual(['MM401']);
    expect(repl.codes(':load! m.mm')).toEqual([]);
    expect(texts(repl.session)).toEqual(['data { Subject: factor }', 'Reaction ~ Days + (1 | Subject)']);
    expect(repl.codes(':fit')).toEqual([]);
    repl.files.set('/place/bad.mm', 'data "gone.csv"\nReaction ~ Dayz\n');
    const [first] = repl.say(':load! bad.mm');
    if (first?.kind !== 'problem') throw new Error('no problem');
    expect(first.source.slice(first.diagnostic.span?.start, first.diagnostic.span?.end)).toBe('Dayz');
  });

  test('~ is the home folder', () => {
    repl.files.set('/home/me/d.csv', sleepstudy);
    expect(repl.codes(':data ~/d.csv')).toEqual([]);
    expect(repl.session.data?.path).toBe('/home/me/d.csv');
  });

  test('several models are saved and loaded under their names', () => {
    repl.say(':data sleepstudy.csv');
    repl.say('Reaction ~ Days + (Days | Subject)');
    repl.say(':copy small');
    repl.say('Reaction ~ Days + (1 | Subject)');
    repl.say(':save both.mm');
    const other = new Driver({ ...files, '/place/both.mm': repl.files.get('/place/both.mm') ?? '' });
    expect(other.codes(':load both.mm')).toEqual([]);
    expect(other.session.models.map((m) => m.name)).toEqual(['model', 'small']);
    expect(other.text(':compare')).toBe(repl.text(':compare'));
  });

  test('a file with a mistake is not loaded, and the mistake is told in the file', () => {
    repl.files.set('/place/bad.mm', 'data "sleepstudy.csv"\nReaction ~ normal(mu, sigma)\nmu = Dayz\n');
    const before = repl.session.models;
    const [first] = repl.say(':load bad.mm');
    if (first?.kind !== 'problem') throw new Error('no problem');
    expect(first.name).toBe('bad.mm');
    expect(first.source.slice(first.diagnostic.span?.start, first.diagnostic.span?.end)).toBe('Dayz');
    expect(repl.session.models).toBe(before);
    expect(repl.codes(':load nosuch.mm')).toEqual(['MM401']);
  });

  test('a fit is saved with all that is needed to go on from it', () => {
    repl.say('data "cbpp.csv" { period: factor }');
    repl.say('incidence ~ binomial(size, p)');
    repl.say('logit(p) = period + (1 | herd)');
    const text = repl.text(':fit');
    const predicted = repl.text(':predict');
    repl.say(':save cbpp.json');
    const other = new Driver({ '/place/cbpp.json': repl.files.get('/place/cbpp.json') ?? '' });
    expect(other.codes(':load cbpp.json')).toEqual([]);
    expect(other.text(':summary')).toBe(text);
    expect(other.text(':predict')).toBe(predicted);
    expect(other.text(':plot caterpillar')).toBe(repl.text(':plot caterpillar'));
  });
});

test('whatever is typed, the session goes on, and the right model is then fitted as ever', () => {
  const lines = fc.constantFrom(
    'mu = 1 +',
    ')(',
    'Reaction ~',
    'Reaction ~ poisson(lambda)',
    'mu = Dayz',
    'mu = 1',
    'mixture z per Subject { class a { mu = 1 } class b { mu = 2 } }',
    'data { Days: factor }',
    ':delete 1',
    ':undo',
    ':fit nonsense',
    ':foo',
    ':model other',
    ':copy other',
    'model x { }',
    'where Days > 100',
    '"',
    '`',
    'let Days = 2',
    'fix sigma = 1',
    'weights Days',
  );
  fc.assert(
    fc.property(fc.array(lines, { maxLength: 12 }), (typed) => {
      const session = new Driver(files);
      session.say(':data sleepstudy.csv');
      for (const line of typed) session.say(line);
      session.say(':model fresh');
      session.say('Reaction ~ normal(mu, sigma)');
      session.say('mu = 1 + Days + (1 | Subject)');
      expect(texts(session.session)).toEqual(['Reaction ~ normal(mu, sigma)', 'mu = 1 + Days + (1 | Subject)']);
      expect(session.codes(':explain')).toEqual([]);
    }),
    { numRuns: 40, seed: 7 },
  );
});
