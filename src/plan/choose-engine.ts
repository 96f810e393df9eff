import type { Report } from '../diagnostics/report.js';
import type { MethodNode, ModelGraph } from '../graph/model-graph.js';
import { capabilities } from './capabilities.js';
import type { EngineName, EnginePlan, Obstacle } from './engine-plan.js';
import { type Feature, featureFinders } from './features.js';

type Method = MethodNode['name'];

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
export function chooseEngine(graph: ModelGraph): EnginePlan {
  const obstacles: Obstacle[] = [];
  for (const engine of candidates(graph)) {
    const found = obstaclesOf(engine, graph);
    if (found.length === 0) return planFor(engine, graph);
    obstacles.push(...found);
  }
  return { engine: 'refused', obstacles, why: refusal(obstacles) };
}

/** Engines that a model of this shape could go to, the preferred one first. */
function candidates(graph: ModelGraph): EngineName[] {
  if (graph.mixture !== null) return graph.mixture.per === null ? ['glmm'] : ['em'];
  const method = graph.method?.name;
  // Asked for by name, Laplace and quadrature are the GLMM engine's, also for a normal response.
  return method === 'laplace' || method === 'agq' ? ['glmm'] : ['lmm', 'glmm'];
}

function obstaclesOf(engine: EngineName, graph: ModelGraph): Obstacle[] {
  const { built, features } = capabilities[engine];
  const obstacles: Obstacle[] = [];
  for (const [feature, find] of Object.entries(featureFinders)) {
    const ability = features[feature as Feature];
    if (ability === 'yes') continue;
    obstacles.push(
      ...find(graph).map(({ at, what }): Obstacle => ({ engine, at, what, kind: ability, isMethod: false })),
    );
  }
  const method = graph.method;
  if (method !== null && !methodsOf[engine].includes(method.name)) {
    const at = method.origin ?? graph.origin;
    obstacles.push({ engine, at, what: `the method ${method.name}`, kind: 'never', isMethod: true });
  }
  if (!built && obstacles.length === 0) {
    const at = graph.likelihoods[0]?.origin ?? graph.origin;
    obstacles.push({ engine, at, what: 'this model', kind: 'not yet', isMethod: false });
  }
  return obstacles;
}

function planFor(engine: EngineName, graph: ModelGraph): EnginePlan {
  const method = graph.method;
  switch (engine) {
    case 'lmm':
      return {
        engine,
        method: method?.name === 'ml' ? 'ml' : 'reml',
        why: 'a normal response whose mean is linear in its effects',
      };
    case 'glmm': {
      const name = method?.name === 'ml' || method?.name === 'agq' ? method.name : 'laplace';
      return { engine, method: name, points: method?.options.points ?? 1, why: whyGlmm(graph) };
    }
    case 'em': {
      const classes = graph.mixture?.classes.length ?? 0;
      const why = `${classes} latent classes per ${graph.mixture?.per?.label ?? 'group'}`;
      return { engine, method: method?.name === 'ml' ? 'ml' : 'em', classes, why };
    }
  }
}

/** What keeps the model from the LMM engine. */
function whyGlmm(graph: ModelGraph): string {
  if (graph.mixture !== null) return 'a mixture per row, summed in closed form';
  const [first] = obstaclesOf('lmm', graph);
  return first === undefined ? 'a model beyond the LMM engine' : `${first.what} is beyond the lmm engine`;
}

function refusal(obstacles: readonly Obstacle[]): string {
  return obstacles
    .map((o) => `${o.what}: ${o.kind === 'never' ? 'not by' : 'not yet by'} the ${o.engine} engine`)
    .join('; ');
}

/**
 * Says of each statement in the way which engine it rules out. It speaks of the engine that the model is for: the first
 * whose bounds no statement oversteps, else the most general one.
 */
export function reportRefusal(plan: EnginePlan, graph: ModelGraph, report: Report): void {
  if (plan.engine !== 'refused') return;
  const engines = [...new Set(plan.obstacles.map((o) => o.engine))];
  const own = (engine: EngineName) => plan.obstacles.filter((o) => o.engine === engine);
  const overstepped = (engine: EngineName) => own(engine).some((o) => o.kind === 'never' && !o.isMethod);
  const meant = engines.find((e) => !overstepped(e)) ?? engines.at(-1);
  if (meant === undefined) return;
  const method = own(meant).find((o) => o.isMethod);
  if (method !== undefined && !overstepped(meant)) {
    const known = methodsOf[meant].join(', ');
    report.add('MM382', method.at, { method: graph.method?.name ?? '', engine: meant, known });
    return;
  }
  const elsewhere = engines
    .filter((e) => e !== meant)
    .flatMap((e) => own(e).slice(0, 1))
    .map((o) => `${o.what} rules out the ${o.engine} engine`);
  for (const o of own(meant)) {
    if (o.kind === 'never') report.add('MM341', o.at, { engine: o.engine, what: o.what, elsewhere });
    else report.add('MM381', o.at, { engine: o.engine, what: o.what, elsewhere });
  }
}
