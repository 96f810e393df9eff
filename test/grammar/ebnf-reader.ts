/** A grammar as plain structure, comparable with another one. */
export type Shape =
  | { readonly kind: 'terminal' | 'rule'; readonly name: string }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Shape[] }
  | { readonly kind: 'option' | 'repetition'; readonly part: Shape };

export function sequence(parts: readonly Shape[]): Shape {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: 'sequence', parts };
}

export function choice(parts: readonly Shape[]): Shape {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: 'choice', parts };
}

/** Reads the notation of grammar/mm.ebnf. */
export function readEbnf(text: string): Map<string, Shape> {
  const tokens = text.replace(/\(\*[\s\S]*?\*\)/g, ' ').match(/"[^"]*"|[A-Za-z]+|[=;|{}[\]()]/g) ?? [];
  let at = 0;
  const take = (expected: string): void => {
    if (tokens[at] !== expected) throw new Error(`expected ${expected}, found ${tokens[at]} (token ${at})`);
    at++;
  };
  const readChoice = (): Shape => {
    const parts = [readSequence()];
    while (tokens[at] === '|') {
      at++;
      parts.push(readSequence());
    }
    return choice(parts);
  };
  const readSequence = (): Shape => {
    const parts: Shape[] = [];
    while (!['|', '}', ']', ')', ';', undefined].includes(tokens[at])) parts.push(readPart());
    return sequence(parts);
  };
  const readPart = (): Shape => {
    const token = tokens[at++] ?? '';
    const enclosed = (close: string): Shape => {
      const inside = readChoice();
      take(close);
      return inside;
    };
    if (token === '{') return { kind: 'repetition', part: enclosed('}') };
    if (token === '[') return { kind: 'option', part: enclosed(']') };
    if (token === '(') return enclosed(')');
    const isRule = /^[a-z]/.test(token);
    return { kind: isRule ? 'rule' : 'terminal', name: token };
  };

  const productions = new Map<string, Shape>();
  while (at < tokens.length) {
    const name = tokens[at++] ?? '';
    take('=');
    if (productions.has(name)) throw new Error(`${name} is defined twice`);
    productions.set(name, readChoice());
    take(';');
  }
  return productions;
}
