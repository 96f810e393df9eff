import type { Report } from '../diagnostics/report.js';
import type { Expression, Statement } from '../syntax/ast.js';
import type { CheckedMethod, MethodName } from './checked-model.js';
import { constantValue } from './constant.js';
import { deparse } from './deparse.js';
import { nearest } from './spelling.js';
import { stripParens } from './walk-expression.js';

/** How to estimate, and the options each way takes. */
export const methods: Readonly<
  Record<MethodName, { readonly options: readonly string[]; readonly positional: string | null }>
> = {
  reml: { options: [], positional: null },
  ml: { options: [], positional: null },
  laplace: { options: [], positional: null },
  agq: { options: ['points'], positional: 'points' },
  em: { options: ['draws', 'quadrature', 'starts', 'seed', 'df', 'sampler'], positional: null },
};

export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(methods, name);
}

/** How to estimate: the method given from outside, else the model's own statement, else null (the engine's default). */
export function checkMethod(
  statements: readonly Statement[],
  outside: CheckedMethod | null,
  report: Report,
): CheckedMethod | null {
  let found: CheckedMethod | null = null;
  let count = 0;
  for (const s of statements) {
    if (s.kind !== 'fit') continue;
    count++;
    if (count === 2) report.add('MM203', s.span, { what: 'the method', name: deparse(s.method) });
    found = readMethod(s.method, report) ?? found;
  }
  return outside ?? found;
}

/** Reads `reml`, `agq(25)`, `em(draws = 500, seed = 1)`. */
export function readMethod(expression: Expression, report: Report): CheckedMethod | null {
  const e = stripParens(expression);
  const name = e.kind === 'name' ? e : e.kind === 'call' ? e.callee : null;
  if (name === null || !isMethodName(name.name)) {
    report.add('MM346', e.span, {
      name: deparse(e),
      near: nearest(name?.name.toLowerCase() ?? '', Object.keys(methods)),
    });
    return null;
  }
  const { options: known, positional } = methods[name.name];
  const options: Record<string, number> = {};
  let sampler: CheckedMethod['sampler'];
  for (const a of e.kind === 'call' ? e.arguments : []) {
    const option = a.name?.name ?? positional;
    if (option === 'sampler' && known.includes(option)) {
      sampler = readSampler(a.value, report) ?? sampler;
      continue;
    }
    const value = constantValue(a.value);
    if (option === null || !known.includes(option)) {
      const argument = a.name?.name ?? deparse(a.value);
      report.add('MM226', a.span, { name: name.name, argument, known: known.join(', ') });
    } else if (value === null || !Number.isInteger(value) || value < (option === 'seed' ? 0 : 1)) {
      report.add('MM347', a.value.span, { option, value: deparse(a.value) });
    } else if (option in options) report.add('MM203', a.span, { what: 'the option', name: option });
    else options[option] = value;
  }
  if (name.name === 'agq' && options.points === undefined) {
    if (e.kind !== 'call' || e.arguments.length === 0) report.add('MM348', e.span, {});
    return null;
  }
  return { name: name.name, options, ...(sampler === undefined ? {} : { sampler }), span: e.span };
}

const samplers = ['sobol', 'halton', 'random'] as const;

/** The kind of draws, a name. */
function readSampler(value: Expression, report: Report): CheckedMethod['sampler'] {
  const e = stripParens(value);
  const found = e.kind === 'name' ? samplers.find((s) => s === e.name) : undefined;
  if (found === undefined) {
    const near = e.kind === 'name' ? nearest(e.name, samplers) : undefined;
    report.add('MM393', e.span, { value: deparse(e), near, known: samplers.join(', ') });
  }
  return found;
}
