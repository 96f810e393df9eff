import { describe, expect, test } from 'vitest';
import type { ComparedJson } from '../../src/results/comparison-json.js';
import type { IntervalsJson } from '../../src/results/intervals-json.js';
import { runMm } from './run-mm.js';

const slope = 'test/models/sleepstudy-slope-reml.mm';

describe('mm confint', () => {
  test('prints a table of profile intervals, and says on stderr what was profiled', async () => {
    const { status, stdout, stderr } = await runMm(['confint', slope]);
    expect(status).toBe(0);
    expect(stdout).toContain('95 % confidence intervals by profiles of the ML deviance');
    expect(stdout).toMatch(/Estimate +2\.5 % +97\.5 %/);
    // confint(fm1) of lme4
    expect(stdout).toMatch(/sd_\(Intercept\)\|Subject +23\.780\d* +14\.381\d* +37\.71\d*/);
    expect(stdout).toMatch(/cor_Days\.\(Intercept\)\|Subject +0\.081\d* +-0\.4815 +0\.6850/);
    expect(stderr).toMatch(/^note\[MM531\]/);
  });

  test('--json, --level and --parameter', async () => {
    const { status, stdout } = await runMm([
      'confint',
      slope,
      '--json',
      '--level',
      '0.9',
      '--parameter',
      'Days',
      'sigma',
      '--points',
      '3',
    ]);
    expect(status).toBe(0);
    const found = JSON.parse(stdout) as IntervalsJson;
    expect(found).toMatchObject({
      schema: 'mm.confint/1',
      method: 'profile',
      level: 0.9,
      criterion: 'ml',
      converged: true,
    });
    expect(found.intervals.map((i) => i.name)).toEqual(['sigma', 'Days']);
    const [, days] = found.intervals;
    expect(days).toMatchObject({ kind: 'coefficient', predictor: 'mu', lowerStatus: 'found', upperStatus: 'found' });
    // inside of the interval of level 0.95, which is 7.36 to 13.58
    expect(days?.lower).toBeGreaterThan(7.4);
    expect(days?.upper).toBeLessThan(13.5);
    expect(days?.points?.length).toBeGreaterThan(6);
  });

  test('--method wald has no profiles and no variances', async () => {
    const { status, stdout, stderr } = await runMm([
      'confint',
      'test/models/cbpp-logit-laplace.mm',
      '--method',
      'wald',
      '--json',
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const found = JSON.parse(stdout) as IntervalsJson;
    expect(found.intervals.map((i) => i.name)).toEqual(['(Intercept)', 'period2', 'period3', 'period4']);
    expect(found.intervals.every((i) => i.points === undefined)).toBe(true);
  });

  test('an end of the range is marked', async () => {
    const { stdout } = await runMm(['confint', 'test/models/dyestuff2-ml.mm', '--quiet']);
    expect(stdout).toMatch(/sd_\(Intercept\)\|Batch +0(\.0+)? +\*0(\.0+)? +\d/);
    expect(stdout).toContain('* the end of the range');
  });

  test('a parameter that does not exist is wrong, and those that do are listed', async () => {
    const { status, stdout, stderr } = await runMm(['confint', slope, '--parameter', 'Dayz']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/error\[MM536\][\s\S]*Days/);
  });

  test.each([
    ['a level that is none', ['--level', '95'], /between 0 and 1/],
    ['an unknown way', ['--method', 'bayes'], /Allowed choices are profile, wald/],
  ])('wrong usage: %s', async (_, options, message) => {
    const { status, stdout, stderr } = await runMm(['confint', slope, ...options]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('a wrong model is status 1', async () => {
    const { status, stdout } = await runMm(['confint', '-', '--data', 'test/data/sleepstudy.csv'], {
      input: 'Reaction ~ Dayz\n',
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });
});

describe('mm compare', () => {
  const files = ['0', '1', '2'].map((k) => `test/models/lrt-sleepstudy-${k}.mm`);

  test('prints criteria and tests', async () => {
    const { status, stdout, stderr } = await runMm(['compare', ...files]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/lrt_sleepstudy_1 against lrt_sleepstudy_0 +42\.075 +1 +8\.78e-11 +4\.39e-11/);
    expect(stdout).toContain('end of its range');
  });

  test('--json prints an array of rows', async () => {
    const { status, stdout } = await runMm(['compare', ...files, '--json']);
    expect(status).toBe(0);
    const rows = JSON.parse(stdout) as ComparedJson[];
    expect(rows.map((r) => r.model)).toEqual(['lrt_sleepstudy_0', 'lrt_sleepstudy_1', 'lrt_sleepstudy_2']);
    expect(rows[0]).toMatchObject({ schema: 'mm.compare/1', test: null, icl: null, parameters: 4, rows: 180 });
    expect(rows[2]?.test).toMatchObject({ against: 'lrt_sleepstudy_1', df: 1, sdsAtZero: 0, pBoundary: null });
  });

  test('several models of one file, and the same model twice', async () => {
    const input = `model a { data "test/data/sleepstudy.csv"; Reaction ~ Days + (1 | Subject); fit ml }
model b { data "test/data/sleepstudy.csv"; Reaction ~ Days + (Days | Subject); fit ml }\n`;
    const { status, stdout } = await runMm(['compare', '-', files[0] ?? '', files[0] ?? '', '--json'], { input });
    expect(status).toBe(0);
    const rows = JSON.parse(stdout) as ComparedJson[];
    expect(rows.map((r) => r.model).sort()).toEqual([
      'a',
      'b',
      'lrt-sleepstudy-0:lrt_sleepstudy_0 (3)',
      'lrt-sleepstudy-0:lrt_sleepstudy_0 (4)',
    ]);
    expect(rows.filter((r) => /same model/.test(r.notTested ?? '')).length).toBe(2);
  });

  test('one model, other rows and a wrong file are status 1 with nothing on stdout', async () => {
    for (const args of [
      [files[0]],
      [files[0], 'test/models/sleepstudy-na-reml.mm'],
      [files[0], 'test/models/none.mm'],
    ]) {
      const { status, stdout, stderr } = await runMm(['compare', ...args.map(String)]);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toMatch(/error\[MM(541|543|401)\]/);
    }
  });

  test('REML fits are fitted again, which is said', async () => {
    const { status, stderr } = await runMm(['compare', files[0] ?? '', slope]);
    expect(status).toBe(0);
    expect(stderr).toMatch(/note\[MM542\]: fitted again by ML: sleepstudy_slope_reml/);
  });
});
