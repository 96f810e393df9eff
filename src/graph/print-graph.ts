import type {
  ContrastCoding,
  DataNode,
  FamilyArgument,
  FamilyNode,
  GatingNode,
  LikelihoodNode,
  MixtureNode,
  ModelGraph,
  PartNode,
  PenaltyNode,
  PredictorNode,
  PriorNode,
  RandomEffectNode,
} from './model-graph.js';
import { printExpression } from './print-expression.js';
import { varianceParameters } from './variance-parameters.js';
import { isConstant } from './walk-graph.js';

export interface PrintOptions {
  /** What is said of a prior beside its text: the computation it is lowered to. */
  readonly priorNote?: (prior: PriorNode) => string;
  readonly penaltyNote?: (penalty: PenaltyNode) => string;
}

/** The graph as text, one line per node: what `mm explain` and the golden tests show. */
export function printGraph(graph: ModelGraph, options: PrintOptions = {}): string {
  const lines = [
    `model ${graph.name}`,
    ...printData(graph.data),
    ...graph.likelihoods.flatMap((l) => printLikelihood(l)),
    ...graph.predictors.map((p) => printPredictor(p, graph)),
    ...graph.parts.map(printPart),
    ...graph.randomEffects.map(printEffect),
    ...(graph.mixture === null ? [] : printMixture(graph.mixture, graph)),
    ...graph.priors.map((p) => printPrior(p, graph, options)),
    ...graph.fixes.map((f) => line('fixed', `${printExpression(f.left, graph)} = ${printExpression(f.value, graph)}`)),
    ...graph.penalties.map((p) => printPenalty(p, graph, options)),
    ...(graph.method === null ? [] : [line('method', printMethod(graph))]),
  ];
  return `${lines.join('\n')}\n`;
}

function line(kind: string, text: string): string {
  return `  ${kind.padEnd(11)} ${text}`;
}

function printData(data: DataNode): string[] {
  const lines: string[] = [];
  if (data.file !== null) lines.push(line('data', JSON.stringify(data.file)));
  for (const c of data.columns) {
    const levels = c.levels === null ? '' : `(${c.levels.map((l) => JSON.stringify(l)).join(', ')})`;
    lines.push(line('column', `${c.name}: ${c.type}${levels}`));
  }
  for (const d of data.derived) lines.push(line('let', `${d.name} = ${printExpression(d.value)}`));
  for (const w of data.where) lines.push(line('where', printExpression(w.condition)));
  for (const c of data.contrasts) lines.push(line('contrasts', `${c.column} = ${printCoding(c.coding)}`));
  return lines;
}

function printCoding(coding: ContrastCoding): string {
  return coding.kind === 'treatment' && coding.ref !== null
    ? `treatment(ref = ${JSON.stringify(coding.ref)})`
    : coding.kind;
}

function printLikelihood(l: LikelihoodNode): string[] {
  const of = l.class === null ? '' : ` in class ${l.class}`;
  const lines = [line('likelihood', `${l.responseText} ~ ${printFamily(l.family)}${of}`)];
  const data = dataArguments(l.family);
  if (data.length > 0) lines.push(line('', `data: ${data.join(', ')}`));
  if (l.weights !== null)
    lines.push(line('', `weights: ${printExpression(l.weights)}, the residual variance is sigma^2 / weight`));
  if (l.correlation !== null) {
    const { structure, position, group } = l.correlation;
    lines.push(line('', `errors: ${structure} over ${printExpression(position)} within ${group.label}`));
  }
  return lines;
}

function printFamily(f: FamilyNode): string {
  const inner = f.base === null ? [] : [printFamily(f.base)];
  return `${f.name}(${[...inner, ...f.arguments.map(printArgument)].join(', ')})`;
}

function printArgument(a: FamilyArgument): string {
  switch (a.kind) {
    case 'predictor':
      return a.predictor;
    case 'data':
      return printExpression(a.value);
    case 'number':
      return a.name === 'lower' || a.name === 'upper' ? `${a.name} = ${a.value}` : String(a.value);
    case 'link':
      return a.link;
  }
}

function dataArguments(f: FamilyNode): string[] {
  const own = f.arguments.flatMap((a) => (a.kind === 'data' ? [dataText(a.name, printExpression(a.value))] : []));
  return f.base === null ? own : [...dataArguments(f.base), ...own];
}

function dataText(name: string, value: string): string {
  return name === value ? name : `${name} is ${value}`;
}

function printPredictor(p: PredictorNode, graph: ModelGraph): string {
  const left = p.link === 'identity' ? p.id : `${p.link}(${p.id})`;
  if (p.constant)
    return line('predictor', `${p.id}: an unknown constant, by its ${p.link}`.replace(', by its identity', ''));
  const sum = [
    ...(p.intercept ? ['(Intercept)'] : p.interceptAbsorbed === true || p.terms.length === 0 ? [] : ['0']),
    ...p.terms.map((t) => t.label),
    ...p.parts,
    ...p.offsets.map((o) => `offset(${printExpression(o)})`),
    ...p.randomEffects.map((id) => `[${id}]`),
  ];
  const notes = [
    ...(p.interceptAbsorbed === true ? ['thresholds in the place of an intercept'] : []),
    ...(isConstant(p) ? [] : sharing(p, graph)),
  ];
  const note = notes.length === 0 ? '' : `   (${notes.join('; ')})`;
  return line('predictor', `${left} = ${sum.length === 0 ? '0' : sum.join(' + ')}${note}`);
}

function sharing(p: PredictorNode, graph: ModelGraph): string[] {
  return graph.mixture !== null && p.class === null ? ['shared by the classes'] : [];
}

function printPart(p: PartNode): string {
  const terms = [...p.terms.map((t) => t.label), ...p.offsets.map((o) => `offset(${printExpression(o)})`)];
  const coding = p.withoutIntercept ? '0 + ' : '';
  return line('part', `${p.id} = ${coding}${terms.join(' + ')}`);
}

function printEffect(e: RandomEffectNode): string {
  const columns = e.position === null ? [...(e.intercept ? ['(Intercept)'] : []), ...e.terms.map((t) => t.label)] : [];
  const what = e.position === null ? columns.join(', ') : `positions ${printExpression(e.position)}`;
  const size = e.position === null ? e.size : 1;
  const count = size === undefined ? '' : countText(varianceParameters(e.covariance, size));
  const structure = size === 1 && e.position === null ? '' : structureText[e.covariance];
  const zero = e.constraint === 'sumToZero' ? ', conditioned on a weighted sum of zero over the levels' : '';
  const of = e.class === null ? '' : ` in class ${e.class}`;
  return line(
    'random',
    `[${e.id}] ${what} per ${e.group.label}${of}: ${[structure, count].filter((t) => t !== '').join(', ')}${zero}`,
  );
}

const structureText: Readonly<Record<RandomEffectNode['covariance'], string>> = {
  us: 'unstructured',
  diag: 'independent columns',
  cs: 'compound symmetry, an sd per column',
  homcs: 'compound symmetry, one sd',
  ar1: 'autoregressive over consecutive positions',
  car1: 'autoregressive in the distance of positions',
};

function countText(count: number): string {
  return `${count} variance parameter${count === 1 ? '' : 's'}`;
}

function printMixture(m: MixtureNode, graph: ModelGraph): string[] {
  const per = m.per === null ? 'row' : m.per.label;
  const lines = [line('mixture', `${m.name} per ${per}: ${m.classes.join(', ')}`)];
  lines.push(line('', `probabilities: ${printGating(m.gating)}`));
  if (m.labels !== null) lines.push(line('', `known classes: ${m.labels}`));
  if (m.order !== null) {
    const way = m.order.descending ? 'decreasing' : 'increasing';
    lines.push(line('', `order: ${way} in ${printExpression(m.order.by, graph)}`));
  }
  return lines;
}

function printGating(g: GatingNode): string {
  if (g.kind === 'free') return 'unknown constants that sum to one';
  return `softmax of ${g.predictors.join(', ')}; baseline ${g.baseline}`;
}

function printPrior(p: PriorNode, graph: ModelGraph, options: PrintOptions): string {
  const args = p.args.map((a) => `${a.name} = ${printExpression(a.value, graph)}`);
  const where = p.class === null ? '' : ` in class ${p.class}`;
  const text = `${printExpression(p.left, graph)} ~ ${p.distribution}(${args.join(', ')})${where}`;
  const note = options.priorNote?.(p);
  return line('prior', note === undefined ? `${text}   (${p.scale} scale)` : `${text}\n${line('', note)}`);
}

function printPenalty(p: PenaltyNode, graph: ModelGraph, options: PrintOptions): string {
  const text = line('penalty', `${printExpression(p.value, graph)} is added to the deviance`);
  const note = options.penaltyNote?.(p);
  return note === undefined ? text : `${text}\n${line('', note)}`;
}

function printMethod(graph: ModelGraph): string {
  const { method } = graph;
  if (method === null) return '';
  const options = Object.entries(method.options).map(([name, value]) =>
    method.name === 'agq' ? String(value) : `${name} = ${value}`,
  );
  if (method.sampler !== undefined) options.push(`sampler = ${method.sampler}`);
  return options.length === 0 ? method.name : `${method.name}(${options.join(', ')})`;
}
