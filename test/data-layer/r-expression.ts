import type { Expr } from '../../src/graph/model-graph.js';

/** Reads the few expressions of R's term labels that the tests use: numbers, names, calls, `+ - * / ^ >`, brackets. */
export function parseR(text: string): Expr {
  const tokens = text.match(/\d+\.?\d*|[A-Za-z_.][\w.]*|[-+*/^>(),=]/g) ?? [];
  let at = 0;
  const next = () => tokens[at++] ?? '';
  const levels = [['>'], ['+', '-'], ['*', '/'], ['^']] as const;
  const binary = (depth: number): Expr => {
    if (depth === levels.length) return atom();
    let left = binary(depth + 1);
    while ((levels[depth] as readonly string[]).includes(tokens[at] ?? '')) {
      const operator = next() as '+';
      left = { kind: 'binary', operator, left, right: binary(depth + 1) };
    }
    return left;
  };
  const atom = (): Expr => {
    const token = next();
    if (token === '(') {
      const inner = binary(0);
      next();
      return inner;
    }
    if (/^\d/.test(token)) return { kind: 'number', value: Number(token) };
    if (token === 'TRUE' || token === 'FALSE') return { kind: 'bool', value: token === 'TRUE' };
    if (tokens[at] !== '(') return { kind: 'column', name: token };
    next();
    const args: { name: string | null; value: Expr }[] = [];
    while (tokens[at] !== ')') {
      const name = tokens[at + 1] === '=' ? next() : null;
      if (name !== null) next();
      args.push({ name, value: binary(0) });
      if (tokens[at] === ',') next();
    }
    next();
    return token === 'c' ? { kind: 'list', items: args.map((arg) => arg.value) } : { kind: 'call', name: token, args };
  };
  return binary(0);
}

/** The variables of a term label: `a:poly(x, 2)` has two. */
export function variablesOf(label: string): string[] {
  return label.split(/:(?![^(]*\))/);
}
