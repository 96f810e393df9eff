import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import { hasClosedForm } from '../graph/closed-form.js';
import type { MethodNode, ModelGraph } from '../graph/model-graph.js';
import { predictorsOf } from '../graph/walk-graph.js';
import { beyondReml, lmmMethod } from '../priors/lmm-prior.js';
import { unboundedWhere } from '../priors/unbounded.js';
import { type Capability, capabilities } from './capabilities.js';
import type { EngineName, EnginePlan, Obstacle } from './engine-plan.js';
import { type Feature, featureFinders } from './features.js';

type Method = MethodNode['name'];
type Capabilities = Readonly<Record<EngineName, Capability>>;

/** Which methods each engine has, its default first. */
const methodsOf: Readonly<Record<EngineName, readonly Method[]>> = {
  lmm: ['reml', 'ml'],
  glmm: ['laplace', 'ml', 'agq'],
  em: ['em', 'ml'],
};

/**
 * The one decision which engine fits a model. Engines are tried from the most special to the most general; the first
 * that can do all of what the model uses, by the method it asks for, fits it.
 */
export function chooseEngine(graph: ModelGraph, able: Capabilities = capabilities): EnginePlan {
  const engines = candidates(graph);
  const obstacles: Obstacle[] = [];
  for (const engine of engines) {
    const found = obstaclesOf(engine, graph, able);
    if (found.length === 0) return planFor(engine, graph, able);
    obstacles.push(...found);
  }
  const overstepped = (engine: EngineName) => obstacles.some((o) => o.engine === engine && o.kind === 'never');
  const meant = engines.find((e) => !overstepped(e)) ?? engines.at(-1) ?? 'lmm';
  return { engine: 'refused', meant, obstacles, why: refusal(obstacles) };
}

/** Engines that a model of this shape could go to, the preferred one first. */
function candidates(graph: ModelGraph): EngineName[] {
  if (graph.mixture !== null) return graph.mixture.per === null ? ['glmm'] : ['em'];
  const method = graph.method?.name;
  // Asked for by name, Laplace and quadrature are the GLMM engine's, also for a normal response.
  return method === 'laplace' || method === 'agq' ? ['glmm'] : ['lmm', 'glmm'];
}

function obstaclesOf(engine: EngineName, graph: ModelGraph, able: Capabilities): Obstacle[] {
  const { built, features } = able[engine];
  const obstacles: Obstacle[] = [];
  for (const [feature, find] of Object.entries(featureFinders)) {
    const ability = features[feature as Feature];
    if (ability === 'yes') continue;
    obstacles.push(...find(graph).map(({ at, what }): Obstacle => ({ engine, at, what, kind: ability })));
  }
  const method = graph.method;
  // A mixture per row asked for by em gets what em would find: its sum over the classes has a closed form.
  const summed = engine === 'glmm' && graph.mixture !== null && method?.name === 'em';
  if (method !== null && !summed && !methodsOf[engine].includes(method.name)) {
    const at = method.origin ?? graph.origin;
    obstacles.push({ engine, at, what: `the method ${method.name}`, kind: 'method' });
  }
  if (engine === 'lmm' && method?.name === 'reml')
    for (const { origin, text } of beyondReml(graph)) obstacles.push({ engine, at: origin, what: text, kind: 'reml' });
  for (const prior of graph.priors) {
    const where = unboundedWhere(prior, graph);
    if (where !== null) obstacles.push({ engine, at: prior.origin, what: prior.text, kind: 'unbounded', where });
  }
  if (!built) obstacles.push({ engine, ...reasonFor(engine, graph, able), kind: 'absent' });
  return obstacles;
}

function planFor(engine: EngineName, graph: ModelGraph, able: Capabilities): EnginePlan {
  const method = graph.method;
  switch (engine) {
    case 'lmm':
      return {
        engine,
        method: lmmMethod(graph),
        why: 'a normal response whose mean is linear in its effects',
      };
    case 'glmm': {
      const name = method?.name === 'ml' || method?.name === 'agq' ? method.name : 'laplace';
      const points = method?.options.points ?? 1;
      const rule = name === 'agq' ? `${points}-point adaptive Gauss-Hermite quadrature` : 'the Laplace approximation';
      const integral = graph.randomEffects.length === 0 ? null : rule;
      return { engine, method: name, points, integral, why: whyGlmm(graph, able) };
    }
    case 'em': {
      const classes = graph.mixture?.classes.length ?? 0;
      const why = `${classes} latent classes per ${graph.mixture?.per?.label ?? 'group'}`;
      return { engine, method: method?.name === 'ml' ? 'ml' : 'em', classes, integral: emIntegral(graph), why };
    }
  }
}

/** How the EM engine integrates over the effects of a group. */
function emIntegral(graph: ModelGraph): string | null {
  const integrals = graph.likelihoods.filter((l) => predictorsOf(graph, l).some((p) => p.randomEffects.length > 0));
  if (integrals.length === 0) return null;
  if (integrals.every((l) => hasClosedForm(graph, l))) return 'integrals in closed form';
  const nodes = graph.method?.options.quadrature;
  return nodes === undefined ? 'importance sampling' : `${nodes}-point adaptive Gauss-Hermite quadrature`;
}

/** What keeps the model from the LMM engine. */
function whyGlmm(graph: ModelGraph, able: Capabilities): string {
  if (graph.mixture !== null) return 'a mixture per row, summed in closed form';
  const [first] = obstaclesOf('lmm', graph, able);
  if (first === undefined) return 'a model beyond the lmm engine';
  const { what, kind } = first;
  return kind === 'not yet' ? `the lmm engine of this version lacks ${what}` : `${what} is beyond the lmm engine`;
}

/** The statement that sends a model to an engine. */
function reasonFor(engine: EngineName, graph: ModelGraph, able: Capabilities): { at: Span; what: string } {
  if (graph.mixture !== null) {
    return { at: graph.mixture.origin, what: `a mixture per ${graph.mixture.per?.label ?? 'row'}` };
  }
  const beyond =
    engine === 'lmm'
      ? undefined
      : obstaclesOf('lmm', graph, able).find((o) => o.kind === 'never' || o.kind === 'method');
  if (beyond !== undefined) return { at: beyond.at, what: beyond.what };
  return { at: graph.likelihoods[0]?.origin ?? graph.origin, what: 'this model' };
}

function refusal(obstacles: readonly Obstacle[]): string {
  return obstacles.map((o) => `${o.engine}: ${o.what}`).join('; ');
}

/** What was taken for granted where the program does not say it. */
export function reportChoices(plan: EnginePlan, graph: ModelGraph, report: Report): void {
  const [first] = beyondReml(graph);
  if (plan.engine === 'lmm' && graph.method === null && first !== undefined)
    report.add('MM389', first.origin, { text: first.text });
  if (plan.engine === 'glmm' && graph.mixture !== null && graph.method?.name === 'em')
    report.add('MM392', graph.method.origin ?? graph.mixture.origin, { name: graph.mixture.name });
}

/** Says of each statement in the way of the engine that the model is for what it keeps from being fitted. */
export function reportRefusal(plan: EnginePlan, graph: ModelGraph, report: Report): void {
  if (plan.engine !== 'refused') return;
  const { meant } = plan;
  const own = plan.obstacles.filter((o) => o.engine === meant);
  const method = own.find((o) => o.kind === 'method');
  if (method !== undefined && !own.some((o) => o.kind === 'never')) {
    const known = methodsOf[meant].join(', ');
    report.add('MM382', method.at, { method: graph.method?.name ?? '', engine: meant, known });
    return;
  }
  const elsewhere = candidates(graph)
    .filter((e) => e !== meant)
    .flatMap((e) =>
      plan.obstacles.filter((o) => o.engine === e && (o.kind === 'never' || o.kind === 'method')).slice(0, 1),
    )
    .map((o) => `the ${o.engine} engine has no place for ${o.what}`);
  for (const o of own) {
    const parameters = { engine: o.engine, what: o.what, elsewhere };
    if (o.kind === 'never') report.add('MM341', o.at, parameters);
    else if (o.kind === 'absent') report.add('MM385', o.at, parameters);
    else if (o.kind === 'reml') report.add('MM388', o.at, { text: o.what });
    else if (o.kind === 'unbounded') report.add('MM390', o.at, { text: o.what, where: o.where ?? '' });
    else report.add('MM381', o.at, parameters);
  }
}
