import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compile } from '../../../src/compile.js';
import { parseTable } from '../../../src/data/parse-table.js';
import { schemaOf } from '../../../src/data/schema-of.js';
import { lmmEngine } from '../../../src/engines/index.js';
import { fitLmm } from '../../../src/engines/lmm/fit-lmm.js';
import { bindData } from '../../../src/fit.js';
import { withOwn } from '../../../src/results/with-own.js';

const root = new URL('../../', import.meta.url);

/** Binds anew each time: a fit and another one must share no storage here. */
function bound(model: string, data: string) {
  const { table } = parseTable(readFileSync(new URL(`data/${data}.csv`, root)));
  if (table === undefined) throw new Error(data);
  const text = readFileSync(new URL(`models/${model}.mm`, root), 'utf8');
  const { graph } = compile(text, { name: model, schema: schemaOf(table) }).models[0];
  if (graph === undefined) throw new Error(model);
  const { design } = bindData(graph, 'lmm', table);
  if (design === undefined) throw new Error(model);
  return { graph, design };
}

const cases = [
  ['sleepstudy-slope-reml', 'sleepstudy'],
  ['sleepstudy-weights-ml', 'sleepstudy_wt'],
  ['sleepstudy-offset-reml', 'sleepstudy_wt'],
  ['cake-interaction-reml', 'cake'],
  ['penicillin-reml', 'Penicillin'],
] as const;

describe('what is per row or level and computed when it is asked for', () => {
  test.each(cases)('%s: is what is computed at once', (model, data) => {
    const { graph, design } = bound(model, data);
    const now = fitLmm(graph, design, {});
    const other = bound(model, data);
    const { fit, estimates } = lmmEngine.solve(other.graph, other.design, {});
    expect(fit.residuals).toEqual(now.residuals); // before the fitted values, and after them
    const { mode } = estimates().effects[0];
    expect(fit.fitted).toEqual(now.fitted);
    expect(fit.linear).toBe(fit.fitted);
    expect(fit.residuals.map((r, i) => r + fit.fitted[i])).toEqual(
      Float64Array.from(design.likelihoods[0].y, (y, i) => y - fit.fitted[i] + fit.fitted[i]),
    );
    expect(fit.ranef).toEqual(now.ranef);
    expect(fit.ranef.flatMap((r) => r.mode.flat())).toEqual([...mode]);
    expect(fit).toEqual(now);
    expect(structuredClone(fit)).toEqual(structuredClone(now));
  });

  test('properties beside others are not asked for', () => {
    let asked = 0;
    const late = {
      get rows() {
        asked++;
        return 3;
      },
      name: 'a',
    };
    const both = withOwn(late, { name: 'b', more: true });
    expect([both.name, both.more, asked]).toEqual(['b', true, 0]);
    expect([both.rows, asked]).toEqual([3, 1]);
    expect(Object.keys(both)).toEqual(['rows', 'name', 'more']);
  });
});
