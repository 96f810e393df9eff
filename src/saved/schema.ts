import * as z from 'zod/mini';

/** Numbers in double precision; null: NaN. */
const doubles = z.strictObject({
  $f64: z.array(z.nullable(z.union([z.number(), z.literal(['Infinity', '-Infinity'])]))),
});
const integers = z.strictObject({ $i32: z.array(z.int()) });
/** One number, which JSON may lack. */
const number = z.union([z.number(), z.strictObject({ $number: z.literal(['NaN', 'Infinity', '-Infinity']) })]);
const text = z.string();

const node = z.looseObject({ id: text });

/** spec/model-graph.md says what is in it; references are checked besides. */
const graph = z.looseObject({
  kind: z.literal('model'),
  version: z.literal(1),
  name: text,
  data: z.looseObject({
    columns: z.array(z.looseObject({ name: text })),
    derived: z.array(z.looseObject({ name: text })),
  }),
  likelihoods: z.array(z.looseObject({ id: text, family: z.looseObject({ name: text }) })).check(z.minLength(1)),
  predictors: z.array(node),
  parts: z.array(node),
  randomEffects: z.array(node),
  mixture: z.nullable(z.looseObject({ name: text, classes: z.array(text) })),
  priors: z.array(node),
  fixes: z.array(z.looseObject({ text })),
  penalties: z.array(z.looseObject({ text })),
});

const fixedEffect = z.looseObject({
  name: text,
  predictor: text,
  class: z.nullable(text),
  estimate: z.nullable(number),
  se: z.nullable(number),
});

/** What `mm fit --json` prints and the tables are made from. */
const fit = z.looseObject({
  model: text,
  engine: z.enum(['lmm', 'glmm', 'em']),
  method: z.enum(['reml', 'ml', 'laplace', 'agq', 'em']),
  family: text,
  link: text,
  rows: z.int(),
  dropped: z.int(),
  groups: z.record(text, z.int()),
  converged: z.boolean(),
  singular: z.boolean(),
  warnings: z.array(z.looseObject({ code: text, message: text })),
  logLik: number,
  deviance: number,
  objective: number,
  fixef: z.array(fixedEffect),
  vcov: doubles,
  varcorr: z.array(z.looseObject({ group: text, terms: z.array(text), sd: z.array(number) })),
  sigma: z.nullable(number),
  theta: doubles,
  familyParameters: z.record(text, number),
  ranef: z.array(z.looseObject({ group: text, levels: z.array(text), terms: z.array(text) })),
  fitted: doubles,
  linear: doubles,
  residuals: doubles,
});

const effects = z.strictObject({
  class: z.nullable(text),
  blocks: z.array(z.int()),
  nodeStart: integers,
  rowStart: integers,
  mode: doubles,
  modeAxes: doubles,
  factorStart: integers,
  factors: doubles,
  precision: z.strictObject({ rows: integers, columns: integers, values: doubles }),
  constraints: z.int(),
  normals: doubles,
});

/** Estimates and their joint uncertainty [PRED-1]. */
const estimates = z.strictObject({
  coefficients: doubles,
  cuts: z.array(z.nullable(doubles)),
  gates: z.nullable(doubles),
  axes: z.int(),
  coefficientAxes: doubles,
  cutAxes: z.array(z.nullable(doubles)),
  gateAxes: z.nullable(doubles),
  blocks: z.array(
    z.strictObject({ class: z.nullable(text), size: z.int(), covariance: doubles, correlation: z.nullable(number) }),
  ),
  effects: z.array(effects).check(z.minLength(1)),
  posterior: z.nullable(z.strictObject({ probabilities: doubles, axes: doubles })),
});

/** How rows are coded: levels, contrasts, knots and the like. */
const memory = z.strictObject({
  version: z.literal(1),
  json: z.looseObject({
    version: z.literal(1),
    variables: z.array(z.looseObject({ kind: z.enum(['number', 'matrix', 'factor']), label: text })),
    predictors: z.array(node),
    blocks: z.array(node),
    likelihoods: z.array(node),
  }),
});

const column = z.union([
  z.strictObject({
    kind: z.literal('number'),
    name: text,
    type: z.enum(['real', 'int', 'count', 'bool']),
    values: doubles,
  }),
  z.strictObject({
    kind: z.literal('label'),
    name: text,
    type: z.enum(['factor', 'ordered', 'text']),
    codes: integers,
    levels: z.array(text),
  }),
]);

export const savedForm = 'mm.saved-fit/1';

/** A saved fit, as it stands in the file. */
export const savedSchema = z.strictObject({
  schema: z.literal(savedForm),
  checksum: text.check(z.regex(/^[0-9a-f]{16}$/)),
  content: z.strictObject({
    graph,
    fit,
    estimates,
    memory,
    categories: z.nullable(z.array(text)),
    /** The rows that were used, in the columns that the model reads; null: they were not saved. */
    frame: z.nullable(z.strictObject({ rows: z.int(), columns: z.array(column) })),
  }),
});

/** The same as JSON Schema; what `spec/saved-fit.schema.json` holds. */
export function savedJsonSchema(): unknown {
  return z.toJSONSchema(savedSchema);
}

/** The first place that is not as it should be, and what is wrong there; undefined where the shape is right. */
export function shapeProblem(value: unknown): string | undefined {
  const found = savedSchema.safeParse(value);
  if (found.success) return undefined;
  const [issue] = found.error.issues;
  if (issue === undefined) return 'its shape is wrong';
  const place = issue.path.map(String).join('.');
  return `${place === '' ? 'the whole' : place} ${complaint(issue)}`;
}

function complaint(issue: {
  readonly code?: string;
  readonly expected?: unknown;
  readonly keys?: readonly string[];
}): string {
  if (issue.code === 'unrecognized_keys')
    return `has an entry that does not belong there: ${issue.keys?.join(', ') ?? ''}`;
  if (typeof issue.expected === 'string') return `should be of type ${issue.expected}`;
  return 'is not what it should be';
}
