import * as chevrotain from 'chevrotain';
import {
  Alternation,
  Alternative,
  type IProduction,
  NonTerminal,
  Option,
  Repetition,
  type Rule,
  Terminal,
  type TokenType,
} from 'chevrotain';
import { type MmParser, maxLookahead } from './parser.js';
import type { RulePart, Rules } from './rules.js';
import { languageTokens } from './tokens.js';

declare module 'chevrotain' {
  /** Which tokens decide for each alternative of a choice, or for and against an optional part. */
  export function getLookaheadPaths(options: {
    readonly occurrence: number;
    readonly rule: Rule;
    readonly prodType: 'Alternation' | 'Option' | 'Repetition';
    readonly maxLookahead: number;
  }): TokenType[][][];
}

/** The parser's rules with its own decisions, as data. */
export function rulesOf(parser: MmParser): Rules {
  const rules = Object.values(parser.getGAstProductions());
  return Object.fromEntries(rules.map((rule) => [rule.name, rule.definition.map((part) => partOf(part, rule))]));
}

function partOf(part: IProduction, rule: Rule): RulePart {
  if (part instanceof Terminal) return part.terminalType.name;
  if (part instanceof NonTerminal) return part.nonTerminalName;
  const within = (definition: readonly IProduction[]) => definition.map((inner) => partOf(inner, rule));
  if (part instanceof Alternation) {
    const when = decisions('Alternation', part.idx, rule);
    return {
      choices: part.definition.map((one, k) => ({
        when: when[k] ?? [],
        parts: one instanceof Alternative ? within(one.definition) : within([one]),
      })),
    };
  }
  if (part instanceof Option) {
    const [when = []] = decisions('Option', part.idx, rule);
    return { repeated: false, when, parts: within(part.definition) };
  }
  if (part instanceof Repetition) {
    const [when = []] = decisions('Repetition', part.idx, rule);
    return { repeated: true, when, parts: within(part.definition) };
  }
  throw new Error(`a grammar as data has no ${part.constructor.name}`);
}

/** By alternative: which tokens decide for it, no more of them than it takes to tell it from the others. */
function decisions(prodType: 'Alternation' | 'Option' | 'Repetition', occurrence: number, rule: Rule): string[][][] {
  const alternatives = chevrotain.getLookaheadPaths({ occurrence, rule, prodType, maxLookahead });
  return alternatives.map((paths, k) => {
    const others = alternatives.filter((_, j) => j !== k).flat();
    const rows = paths.map((path) => {
      const enough = path.findIndex((_, last) => !others.some((other) => agree(path.slice(0, last + 1), other)));
      return path.slice(0, enough < 0 ? path.length : enough + 1).map((type) => type.name);
    });
    return [...new Map(rows.map((row) => [row.join(), row])).values()];
  });
}

/** Whether some tokens are both; an empty row, of what may be left out, says nothing. */
function agree(path: readonly TokenType[], other: readonly TokenType[]): boolean {
  if (other.length < path.length) return false;
  return path.every((type, k) => members(type).some((member) => members(other[k]).includes(member)));
}

function members(type: TokenType | undefined): readonly TokenType[] {
  const found = languageTokens.filter(({ CATEGORIES = [] }) => type !== undefined && CATEGORIES.includes(type));
  return type !== undefined && found.length === 0 ? [type] : found;
}
