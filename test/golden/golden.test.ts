import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { compile, dataFiles } from '../../src/compile.js';
import { parseTable } from '../../src/data/parse-table.js';
import { schemaOf } from '../../src/data/schema-of.js';
import type { DataSchema } from '../../src/data/table.js';
import { explain } from '../../src/explain.js';
import { chooseEngine } from '../../src/plan/choose-engine.js';
import { grownEngines } from '../plan/grown-engines.js';

/** One or two models of each kind; the files beside this one show source, graph and plan together. */
const names = [
  'sleepstudy-slope-reml',
  'sleepstudy-uncor-ml',
  'sleepstudy-weights-ml',
  'sleepstudy-ns-reml',
  'cake-interaction-reml',
  'pastes-nested-reml',
  'insteval-servicedept-ml',
  'orthodont-catslope-reml',
  'orthodont-cs-tmb',
  'ar1-intercept-nugget-tmb',
  'blme-sleepstudy-combo-ml',
  'blme-sleepstudy-combo-absolute-reml',
  'blme-sleepstudy-t-common-ml',
  'blme-penicillin-two',
  'cbpp-logit-agq11',
  'epil-nbinom2-disp',
  'epil-offset',
  'zinb-re',
  'zip-x',
  'hurdle-nb2',
  'mix-gauss-poor2',
  'mix-gauss-poor2-class',
  'mix-npreg-obs',
  'extra/bacteria-penalize',
  'extra/betablocker-dirichlet',
  'extra/epil-draws',
  'extra/maximal-lkj',
  'extra/npreg-labels',
  'extra/orthodont-sqrt-invwishart',
  'extra/scotssec-sum-to-zero',
  'extra/sleepstudy-families',
  'extra/verbagg-cumulative',
  'extra/verbagg-gating',
];

const models = join(import.meta.dirname, '..', 'models');

test.each(names)('%s', async (name) => {
  const path = join(models, `${name}.mm`);
  const source = readFileSync(path, 'utf8');
  const files = new Map(dataFiles(compile(source).ast).map((request) => [request.model, request.file]));
  const schema = (_: string | null, model: string): DataSchema | undefined => {
    const file = files.get(model);
    if (file === null || file === undefined) return undefined;
    const { table } = parseTable(readFileSync(join(dirname(path), file)), { source: file });
    return table === undefined ? undefined : schemaOf(table);
  };
  const able = grownEngines();
  const shown = compile(source, { schema }).models.map((model) => {
    if (model.graph === undefined) throw new Error(model.diagnostics.map((d) => d.message).join('\n'));
    return explain({ ...model, plan: chooseEngine(model.graph, able) });
  });
  const text = [source.trimEnd(), ...shown.map((s) => s.trimEnd())].join('\n\n----\n\n');
  await expect(`${text}\n`).toMatchFileSnapshot(join(import.meta.dirname, `${name.replace('extra/', '')}.txt`));
});
