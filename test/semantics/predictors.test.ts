import { describe, expect, test } from 'vitest';
import { expectDiagnostics } from './expect-diagnostics.js';

describe('what a predictor is made of', () => {
  test('numbers are intercepts', () => {
    const [found] = expectDiagnostics('Reaction ~ normal(mu, sigma)\nmu = Days\n«sigma = 2»', ['MM331']);
    expect(found?.hint).toBe('to hold it write fix sigma = 2');
    expect(found?.replacement).toBe('fix sigma = 2');
    expectDiagnostics('Reaction ~ normal(mu, sigma)\n«mu = 0»', ['MM332']);
    const [arithmetic] = expectDiagnostics('Reaction ~ «2 * Days» + trt', ['MM301']);
    expect(arithmetic?.replacement).toBe('I(2 * Days)');
    expectDiagnostics('Reaction ~ Days + «2»', ['MM301']);
  });

  test('a power of one term', () => {
    const [found] = expectDiagnostics('Reaction ~ «Days^2» + (1 | Subject)', ['MM302']);
    expect(found?.replacement).toBe('I(Days^2)');
    expectDiagnostics('Reaction ~ (Days + trt)^2', []);
    expectDiagnostics('Reaction ~ I(Days^2)', []);
  });

  test('random effects, offsets and named parts are added only', () => {
    expectDiagnostics('Reaction ~ Days * «v»\nv = (1 | id)', ['MM304']);
    expectDiagnostics('Reaction ~ Days : «(1 | id)»', ['MM304']);
    expectDiagnostics('Reaction ~ Days * «offset(x)»', ['MM304']);
    expectDiagnostics('Reaction ~ v + «v»\nv = (1 | id)', ['MM305']);
    expectDiagnostics('Reaction ~ Days - «(1 | id)»', ['MM306']);
  });

  test('parameters of the model', () => {
    const [near] = expectDiagnostics('Reaction ~ normal(mu, sigma)\nmu = Days\n«sgima» = 1', ['MM211']);
    expect(near?.hint).toBe("did you mean 'sigma'?");
    expectDiagnostics('Reaction ~ normal(mu, sigma)\n«muu» = Days + (1 | Subject)', ['MM211']);
    expectDiagnostics('Reaction ~ normal(mu, sigma)\nmu = Days\nlog(«tau») = 1', ['MM211']);
    expectDiagnostics('Reaction ~ normal(mu, sigma)\nmu = Days\n«sigma[x]» = 1', ['MM336']);
    expectDiagnostics('Reaction ~ normal(mu, sigma)\nmu = Days\n«sgma» = 0 + x', ['MM211']);
  });

  test('named parts', () => {
    expectDiagnostics('Reaction ~ normal(mu, sigma)\nmu = x + common\n«common = 1 + 0»', ['MM337']);
    expectDiagnostics('Reaction ~ normal(mu, sigma)\nmu = x + common\n«common = 0 + age + (1 | herd)»', ['MM386']);
    expectDiagnostics('Reaction ~ normal(mu, sigma)\nmu = x + p1\np1 = 0 + age + «p2»\np2 = 0 + z', ['MM221']);
  });
});

describe('random effects', () => {
  test('their right side', () => {
    expectDiagnostics('Reaction ~ Days + (1 | «Subject + herd»)', ['MM318']);
    expectDiagnostics('Reaction ~ Days + (1 | «1»)', ['MM318']);
    expectDiagnostics('Reaction ~ Days + (1 | a/b) + (1 | a:herd)', []);
    expectDiagnostics('Reaction ~ Days + (1 | factor(period))', []);
  });

  test('their left side', () => {
    expectDiagnostics('Reaction ~ Days + «(0 | Subject)»', ['MM329']);
    expectDiagnostics('Reaction ~ Days + (log(«trt») | Subject)', ['MM215']);
    expectDiagnostics('Reaction ~ Days + ((«offset(x)») | Subject)', ['MM304']);
  });

  test('structures', () => {
    expectDiagnostics('Reaction ~ Days + «ar»(time | Subject)', ['MM303']);
    expectDiagnostics('Reaction ~ Days + ar1(«1 + time» | Subject)', ['MM327']);
    expectDiagnostics('Reaction ~ Days + ar1(0 + time | Subject)', []);
    expectDiagnostics('Reaction ~ Days + cs(«Days || Subject»)', ['MM328']);
    expectDiagnostics('Reaction ~ Days + car1(«trt» | Subject)', ['MM215']);
    expectDiagnostics('Reaction ~ Days + «sum_to_zero(1 + x | Subject)»', ['MM330']);
    expectDiagnostics('Reaction ~ Days + sum_to_zero(1 | Subject)', []);
    expectDiagnostics('Reaction ~ Days + «cs(x | Subject, 2)»', ['MM208']);
  });

  test('twice the same', () => {
    expectDiagnostics('Reaction ~ Days + (1 | Subject) + «(1 | Subject)»', ['MM339']);
    expectDiagnostics('Reaction ~ Days + (1 | Subject) + «(1 + Days | Subject)»', ['MM340']);
    expectDiagnostics('Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)', []);
  });

  test('a name for two blocks', () => {
    expectDiagnostics('Reaction ~ Days + v\n«v = (1 | a/b)»', ['MM338']);
  });

  test('very many variance parameters', () => {
    // 3 x 3 x 3 levels: 27 columns, 27 * 28 / 2 = 378 variances and covariances.
    const [found] = expectDiagnostics('Reaction ~ Days + «(trt * dose * b | Subject)»', ['MM378']);
    expect(found?.message).toContain('378 variance parameters');
    expect(found?.hint).toContain('27');
  });

  test('more variance parameters than levels', () => {
    // 1 + x + age + z: 10 parameters for the 5 levels of Subject.
    const [found] = expectDiagnostics('Reaction ~ x + «(x + age + z | Subject)»', ['MM378']);
    expect(found?.message).toContain('10 variance parameters for 5 levels');
  });
});
