import type {
  ColumnType,
  ContrastCoding,
  Expr,
  GroupNode,
  LikelihoodNode,
  ModelGraph,
  PredictorNode,
  RandomEffectNode,
  TermNode,
} from '../../src/graph/model-graph.js';

/** Graphs written by hand, so that the data layer is tested without the language in front of it. */

const origin = { start: 0, end: 0 };

export const column = (name: string): Expr => ({ kind: 'column', name });
export const number = (value: number): Expr => ({ kind: 'number', value });
export const text = (value: string): Expr => ({ kind: 'string', value });

type Operator = Extract<Expr, { kind: 'binary' }>['operator'];

export function op(left: Expr | string | number, operator: Operator, right: Expr | string | number): Expr {
  return { kind: 'binary', operator, left: expr(left), right: expr(right) };
}

export function call(name: string, ...args: (Expr | string | number | Record<string, Expr | number>)[]): Expr {
  return {
    kind: 'call',
    name,
    args: args.flatMap((arg): { name: string | null; value: Expr }[] => {
      if (typeof arg === 'object' && !('kind' in arg)) {
        return Object.entries(arg).map(([key, value]) => ({ name: key, value: expr(value as Expr | number) }));
      }
      return [{ name: null, value: expr(arg as Expr | string | number) }];
    }),
  };
}

export function expr(value: Expr | string | number): Expr {
  if (typeof value === 'string') return column(value);
  return typeof value === 'number' ? number(value) : value;
}

/** Expressions of terms by their label; a label that is not here is a column. */
export type Labels = Readonly<Record<string, Expr>>;

export function terms(labels: readonly string[], expressions: Labels = {}): TermNode[] {
  return labels.map((label) => ({
    label,
    factors: (label in expressions ? [label] : label.split(':')).map((part) => ({
      label: part,
      value: expressions[part] ?? column(part),
    })),
    origin,
  }));
}

export function group(...columns: string[]): GroupNode {
  return { label: columns.join(':'), columns: columns.map(column) };
}

export function effect(
  groupNode: GroupNode,
  labels: readonly string[],
  more: Partial<RandomEffectNode> & { readonly expressions?: Labels } = {},
): RandomEffectNode {
  const { expressions = {}, ...rest } = more;
  const intercept = labels.includes('1');
  return {
    id: `${groupNode.label}${intercept ? '' : `|${labels.join('+')}`}`,
    name: null,
    class: null,
    group: groupNode,
    covariance: 'us',
    intercept,
    terms: terms(
      labels.filter((label) => label !== '1' && label !== '0'),
      expressions,
    ),
    position: null,
    constraint: null,
    origin,
    ...rest,
  };
}

export interface GraphParts {
  readonly response?: Expr | string;
  readonly family?: string;
  /** Labels of the mean's terms; '1' or '0' first says whether there is an intercept. */
  readonly mean?: readonly string[];
  readonly expressions?: Labels;
  readonly effects?: readonly RandomEffectNode[];
  readonly columns?: Readonly<Record<string, ColumnType | { type: ColumnType; levels: readonly string[] | null }>>;
  readonly contrasts?: Readonly<Record<string, ContrastCoding>>;
  readonly derived?: Readonly<Record<string, Expr>>;
  readonly where?: readonly Expr[];
  readonly weights?: Expr | null;
  readonly offsets?: readonly Expr[];
  readonly predictor?: Partial<PredictorNode>;
  readonly predictors?: readonly PredictorNode[];
  readonly likelihood?: Partial<LikelihoodNode>;
  readonly graph?: Partial<ModelGraph>;
}

export function predictor(
  id: string,
  labels: readonly string[],
  more: Partial<PredictorNode> & { expressions?: Labels } = {},
): PredictorNode {
  const { expressions = {}, ...rest } = more;
  return {
    id,
    parameter: id.split('@')[0],
    class: id.split('@')[1] ?? null,
    link: 'identity',
    constant: false,
    intercept: labels[0] === '1',
    terms: terms(
      labels.filter((label) => label !== '1' && label !== '0'),
      expressions,
    ),
    offsets: [],
    parts: [],
    randomEffects: [],
    origin,
    ...rest,
  };
}

/** Location arguments of the families the tests use, and the data arguments they take. */
const locations: Readonly<Record<string, string>> = {
  normal: 'mu',
  poisson: 'lambda',
  bernoulli: 'p',
  binomial: 'p',
  gamma: 'mu',
  beta: 'mu',
  cumulative: 'eta',
  inverse_gaussian: 'mu',
};

export function graphOf(parts: GraphParts): ModelGraph {
  const family = parts.family ?? 'normal';
  const location = locations[family] ?? 'mu';
  const effects = parts.effects ?? [];
  const response = expr(parts.response ?? 'y');
  const mean = predictor(location, parts.mean ?? ['1'], {
    expressions: parts.expressions ?? {},
    offsets: parts.offsets ?? [],
    randomEffects: effects.map((e) => e.id),
    ...parts.predictor,
  });
  const sigma = predictor('sigma', ['1'], { constant: true, link: 'log' });
  const normal = family === 'normal';
  return {
    kind: 'model',
    version: 1,
    name: 'test',
    data: {
      file: null,
      columns: Object.entries(parts.columns ?? {}).map(([name, type]) =>
        typeof type === 'string' ? { name, type, levels: null, origin } : { name, ...type, origin },
      ),
      where: (parts.where ?? []).map((condition) => ({ condition, origin })),
      derived: Object.entries(parts.derived ?? {}).map(([name, value]) => ({ name, value, origin })),
      contrasts: Object.entries(parts.contrasts ?? {}).map(([name, coding]) => ({ column: name, coding, origin })),
    },
    likelihoods: [
      {
        id: 'y',
        class: null,
        response,
        responseText: response.kind === 'column' ? response.name : 'response',
        family: {
          name: family,
          base: null,
          arguments: [
            { kind: 'predictor', name: location, predictor: mean.id },
            ...(normal ? [{ kind: 'predictor' as const, name: 'sigma', predictor: 'sigma' }] : []),
          ],
          origin,
        },
        weights: parts.weights ?? null,
        correlation: null,
        origin,
        ...parts.likelihood,
      },
    ],
    predictors: [mean, ...(normal ? [sigma] : []), ...(parts.predictors ?? [])],
    parts: [],
    randomEffects: effects,
    mixture: null,
    priors: [],
    fixes: [],
    penalties: [],
    method: null,
    origin,
    ...parts.graph,
  };
}
