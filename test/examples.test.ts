import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  countTruth,
  type GeneClass,
  type Screen,
  screenTruth,
  simulateCounts,
  simulateScreen,
} from '../examples/simulate-crispr.js';
import { compile, dataFiles } from '../src/compile.js';
import { schemaOf } from '../src/data/schema-of.js';
import { Report } from '../src/diagnostics/report.js';
import { fit } from '../src/fit.js';
import { readTable } from '../src/hosts/read-file.js';
import type { Fit } from '../src/results/fit.js';
import { parseProgram } from '../src/syntax/build-ast.js';
import { root, runMm } from './hosts/run-mm.js';
import { disagreements } from './reference/agreement.js';
import { exampleDisagreements } from './reference/examples/example-agreement.js';
import { mixtureDisagreements } from './reference/mixture-agreement.js';
import { isMixture, readReferenceCase } from './reference/reference-case.js';

const folder = join(root, 'examples');
const examples = readdirSync(folder).filter((name) => name.endsWith('.mm'));

/** Cases of test/reference that fit the same model to the same data. */
const references: Readonly<Record<string, string>> = {
  'sleepstudy.mm': 'sleepstudy-slope-reml',
  'sleepstudy-priors.mm': 'blme-sleepstudy-combo-absolute-reml',
  'penicillin.mm': 'penicillin-reml',
  'pastes.mm': 'pastes-nested-reml',
  'cbpp.mm': 'cbpp-logit-laplace',
};
/** Their references stand in test/reference/examples and test/reference/residual. */
const others = ['salamanders.mm', 'respiratory.mm', 'faithful.mm', 'orthodont.mm'];
const sampled = 'epil-classes.mm';
const simulated = 'crispr.mm';
const simulatedCounts = 'crispr-counts.mm';

async function fitExample(name: string): Promise<Fit> {
  const source = readFileSync(join(folder, name), 'utf8');
  const [request] = dataFiles(parseProgram(source, new Report()));
  const { table } = await readTable(join(folder, request?.file ?? ''));
  if (table === undefined) throw new Error(`${name} has no data`);
  const [model] = compile(source, { schema: schemaOf(table), name }).models;
  const { fit: found, diagnostics } = fit(model, table);
  expect(diagnostics).toEqual([]);
  if (found === undefined) throw new Error(`${name} was not fitted`);
  expect(found.warnings).toEqual([]);
  expect(found.converged).toBe(true);
  return found;
}

test('every example is held against something', () => {
  expect(examples.toSorted()).toEqual(
    [...Object.keys(references), ...others, sampled, simulated, simulatedCounts].toSorted(),
  );
});

test('the examples compile silently and are in the standard layout', async () => {
  for (const name of examples)
    expect(await runMm(['check', join('examples', name)])).toMatchObject({ status: 0, stderr: '' });
  const { status, stdout, stderr } = await runMm(['fmt', '--check', ...examples.map((name) => join('examples', name))]);
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
});

describe('fits agree with their references', () => {
  test.each(Object.entries(references))('%s: %s', async (name, reference) => {
    expect(disagreements(readReferenceCase(reference), await fitExample(name))).toEqual([]);
  });

  test.each(others)('%s', async (name) => {
    expect(exampleDisagreements(name, await fitExample(name))).toEqual([]);
  });
});

test('a fit by draws agrees with one by quadrature as far as its own error says', async () => {
  const reference = readReferenceCase('mix-epil-two');
  if (!isMixture(reference)) throw new Error('no mixture');
  const found = await fitExample(sampled);
  expect(mixtureDisagreements(reference, reference, found)).toEqual([]);
  const error = found.mixture?.logLikMcse ?? Number.NaN;
  expect(error).toBeGreaterThan(0);
  expect(error).toBeLessThan(0.01);
  expect(Math.abs(found.logLik - reference.logLik)).toBeLessThan(3 * error);
});

describe('the screen is found again', async () => {
  const screen = simulateScreen();
  const found = await fitExample(simulated);
  const { mixture } = found;
  if (mixture === null) throw new Error('no classes');
  const classes = mixture.classes as readonly GeneClass[];
  const probability = (gene: string, of: GeneClass): number => probabilityOf(found, gene, of);
  const rowsPerGuide = found.rows / (found.groups.guide ?? Number.NaN);

  test('the data are what the script makes', () => {
    expect(readFileSync(join(folder, 'crispr.csv'), 'utf8')).toBe(screen.csv);
    expect(readFileSync(join(folder, 'crispr-counts.csv'), 'utf8')).toBe(simulateCounts().csv);
  });

  test('genes are in their class, those of known class for certain', () => {
    const known = new Set([...screen.csv.matchAll(/^(\w+),.*,(?:neutral|essential)$/gm)].map(([, gene]) => gene));
    const right = [...screen.classOf].filter(([gene, own]) => probability(gene, own) > 0.5);
    expect(known.size).toBe(screen.classOf.size / 10);
    for (const gene of known) expect(probability(gene, screen.classOf.get(gene) ?? 'neutral')).toBe(1);
    // where the densities of gene means cross, a gene in a hundred is on the wrong side
    expect(right.length / screen.classOf.size).toBeGreaterThan(0.97);
  });

  test.each(['neutral', 'essential'] as const)('the parameters of %s genes are near the truth', (own) => {
    const truth = screenTruth[own];
    const effects = screen.guideEffects[own];
    // the constraint makes the intercept the mean of the guides at hand, not of all that could have been
    const mean = truth.mean + effects.reduce((s, e) => s + e, 0) / effects.length;
    const row = found.fixef.find((f) => f.class === own);
    expect(Math.abs((row?.estimate ?? Number.NaN) - mean)).toBeLessThan(3 * (row?.se ?? Number.NaN));
    // the variance of a guide's mean has the relative error sqrt(2 / n)
    const sd = found.varcorr.find((v) => v.class === own && v.group === 'guide')?.sd[0] ?? Number.NaN;
    const variance = truth.guideSd ** 2 + screenTruth.noise ** 2 / rowsPerGuide;
    const error = (variance * Math.sqrt(2 / effects.length)) / (2 * truth.guideSd);
    expect(Math.abs(sd - truth.guideSd)).toBeLessThan(3 * error);
    const share = mixture.weights[classes.indexOf(own)] ?? Number.NaN;
    expect(Math.abs(share - truth.share)).toBeLessThan(3 * (mixture.weightsSe?.[0] ?? Number.NaN));
  });

  test.each(['neutral', 'essential'] as const)('the weighted sum of guide effects is zero in class %s', (own) => {
    expect(relativeSum(found, own)).toBeLessThan(1e-6);
  });

  test('mm fit --posterior writes the class probabilities', async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'mm-examples-'));
    try {
      const file = join(scratch, 'genes.csv');
      const ran = await runMm(['fit', join('examples', simulated), '--posterior', file]);
      expect(ran).toMatchObject({ status: 0, stderr: '' });
      const [header, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
      expect(header).toBe('gene,neutral,essential,class');
      expect(lines.length).toBe(screen.classOf.size);
      for (const line of lines) {
        const [gene, neutral, essential, named] = line.split(',');
        expect(Number(neutral)).toBeCloseTo(probability(gene, 'neutral'), 8);
        expect(named).toBe(Number(neutral) > Number(essential) ? 'neutral' : 'essential');
      }
    } finally {
      rmSync(scratch, { recursive: true });
    }
  });
});

test('a screen of counts is found again by importance sampling', async () => {
  const screen: Screen = simulateCounts();
  const found = await fitExample(simulatedCounts);
  const { mixture } = found;
  if (mixture === null) throw new Error('no classes');
  expect(mixture.logLikMcse).toBeGreaterThan(0);
  const right = [...screen.classOf].filter(([gene, own]) => probabilityOf(found, gene, own) > 0.5);
  expect(right.length / screen.classOf.size).toBeGreaterThan(0.95);
  for (const own of ['neutral', 'essential'] as const) {
    const effects = screen.guideEffects[own];
    const mean = countTruth[own].mean + effects.reduce((s, e) => s + e, 0) / effects.length;
    const row = found.fixef.find((f) => f.class === own);
    expect(Math.abs((row?.estimate ?? Number.NaN) - mean)).toBeLessThan(3 * (row?.se ?? Number.NaN));
    const sd = found.varcorr.find((v) => v.class === own)?.sd[0] ?? Number.NaN;
    // the logarithm of the sum of two counts of 25 exp(mean) has this variance
    const noise = 1 / (2 * 25 * Math.exp(countTruth[own].mean));
    const variance = countTruth[own].guideSd ** 2 + noise;
    const error = (variance * Math.sqrt(2 / effects.length)) / (2 * countTruth[own].guideSd);
    expect(Math.abs(sd - countTruth[own].guideSd)).toBeLessThan(3 * error);
    expect(relativeSum(found, own)).toBeLessThan(1e-6);
  }
});

/** Posterior probability of a gene's class. */
function probabilityOf({ mixture }: Fit, gene: string, of: GeneClass): number {
  const row = mixture?.posterior.levels.indexOf(gene) ?? -1;
  return mixture?.posterior.probabilities[row]?.[mixture.classes.indexOf(of)] ?? Number.NaN;
}

/** Sum of a class's guide effects, each times the responsibilities of its rows, relative to that of their sizes. */
function relativeSum(found: Fit, own: GeneClass): number {
  const block = found.ranef.find((r) => r.class === own && r.group === 'guide');
  const rowsPerGuide = found.rows / (found.groups.guide ?? Number.NaN);
  const terms = block?.levels.map(
    (guide, l) =>
      rowsPerGuide * probabilityOf(found, guide.replace(/_\d$/, ''), own) * (block.mode[l]?.[0] ?? Number.NaN),
  );
  const size = terms?.reduce((s, t) => s + Math.abs(t), 0) ?? 0;
  expect(size).toBeGreaterThan(1);
  return Math.abs(terms?.reduce((s, t) => s + t, 0) ?? Number.NaN) / size;
}

test('the sessions that README.md shows are what the command prints', async () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/```\n\$ ([^\n]+)\n([\s\S]*?)\n(?:\.\.\.\n)?```/g)];
  expect(blocks.length).toBeGreaterThan(1);
  for (const [, command, shown] of blocks) {
    const [input, call] = command.includes(' | mm ') ? command.split(' | mm ') : ['', command.replace(/^mm /, '')];
    const { stdout, stderr } = await runMm(call.split(' '), { input: input.replace(/^echo '(.*)'$/, '$1\n') });
    expect(stdout + stderr).toContain(shown);
  }
});
