import type { CstNode, IToken } from 'chevrotain';
import { ruleTable } from './rule-table.js';
import type { Guarded, RulePart } from './rules.js';

/** The tree that the parser gives, where the tokens are of the language; undefined where the parser finds an error. */
export function readCorrect(tokens: readonly IToken[]): CstNode | undefined {
  return new Reader(tokens).program();
}

class Reader {
  private at = 0;

  constructor(private readonly tokens: readonly IToken[]) {}

  program(): CstNode | undefined {
    const node = this.rule('program', ruleTable.program ?? []);
    return this.at === this.tokens.length ? node : undefined;
  }

  private rule(name: string, parts: readonly RulePart[]): CstNode | undefined {
    const node: Located = { name, children: {}, location: { startOffset: Number.NaN, endOffset: Number.NaN } };
    return this.parts(parts, node) ? node : undefined;
  }

  /** @returns whether all of them were found; they are put into the node */
  private parts(parts: readonly RulePart[], node: Located): boolean {
    for (const part of parts) {
      const found =
        typeof part === 'string'
          ? this.element(part, node)
          : 'choices' in part
            ? this.choice(part.choices, node)
            : this.optional(part, part.repeated, node);
      if (!found) return false;
    }
    return true;
  }

  private element(name: string, node: Located): boolean {
    const parts = ruleTable[name];
    if (parts === undefined) {
      const token = this.tokens[this.at];
      if (token === undefined || !isOfType(token, name)) return false;
      this.at++;
      add(node, name, token, token.startOffset, token.endOffset ?? Number.NaN);
      return true;
    }
    const child = this.rule(name, parts);
    if (child?.location === undefined) return false;
    add(node, name, child, child.location.startOffset, child.location.endOffset ?? Number.NaN);
    return true;
  }

  private choice(choices: readonly Guarded[], node: Located): boolean {
    const chosen = choices.find(({ when }) => this.sees(when));
    return chosen !== undefined && this.parts(chosen.parts, node);
  }

  private optional(part: Guarded, repeated: boolean, node: Located): boolean {
    while (this.sees(part.when)) {
      if (!this.parts(part.parts, node)) return false;
      if (!repeated) break;
    }
    return true;
  }

  private sees(when: Guarded['when']): boolean {
    return when.some((types) =>
      types.every((type, k) => {
        const token = this.tokens[this.at + k];
        return token !== undefined && isOfType(token, type);
      }),
    );
  }
}

interface Located extends CstNode {
  location: { startOffset: number; endOffset: number };
}

function isOfType({ tokenType }: IToken, name: string): boolean {
  return tokenType.name === name || (tokenType.CATEGORIES?.some((category) => category.name === name) ?? false);
}

/** A node reaches over what is in it; tokens that stand for missing ones are empty and may lie before others. */
function add(node: Located, name: string, child: IToken | CstNode, start: number, end: number): void {
  const { children, location } = node;
  const found = children[name];
  if (found === undefined) children[name] = [child];
  else found.push(child);
  if (Number.isNaN(location.startOffset)) {
    location.startOffset = start;
    location.endOffset = end;
  } else if (location.endOffset < end) {
    location.endOffset = end;
  }
}
