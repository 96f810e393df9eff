import type { IRecognitionException, IToken, TokenType } from 'chevrotain';
import type { StatementRange } from '../../grammar/layout.js';
import type { LayoutProblem } from '../../grammar/layout-problem.js';
import * as t from '../../grammar/tokens.js';
import { assertNever } from '../diagnostics/internal-error.js';
import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import { likelihoodFor } from './check-shape.js';
import type { ParsedText } from './front-end.js';
import { unquote } from './literals.js';

/**
 * Puts what the layout and the parser found wrong into words. A statement gets one error of the parser at most, and none
 * where the layout has found something in it: the rest only follows from the first.
 * @returns the offsets of all errors
 */
export function reportSyntaxErrors(parsed: ParsedText, source: string, report: Report): number[] {
  const { layout, errors } = parsed;
  const damage: number[] = [];
  const explained = new Set<number>();
  for (const problem of withoutConsequences(layout.problems, source)) {
    const index = statementAt(layout.statements, problem.token.startOffset);
    if (problem.kind === 'headGoesOn' && explained.has(index)) continue; // behind a misspelt first word
    const call = assignedCallOfR(problem, layout.tokens);
    if (call === undefined) reportProblem(problem, report);
    else report.add('MM111', spanOf(call), { call: call.image });
    damage.push(problem.token.startOffset);
    explained.add(index);
  }
  for (const error of errors) {
    const span = placeOf(error, source);
    const index = statementAt(layout.statements, error.token.startOffset >= 0 ? error.token.startOffset : span.start);
    damage.push(span.start);
    if (explained.has(index)) continue;
    explained.add(index);
    new ErrorReader(error, layout.tokens, layout.statements[index], span, report).report();
  }
  return damage;
}

/** An open quotation swallows the rest of its line, and the brackets and braces there are then missed. */
function withoutConsequences(problems: readonly LayoutProblem[], source: string): readonly LayoutProblem[] {
  const swallowed = problems.filter(isOpenQuotation).map(({ token: { startOffset } }) => ({
    start: Math.max(source.lastIndexOf('\n', startOffset), source.lastIndexOf('\r', startOffset)) + 1,
    end: startOffset,
  }));
  if (swallowed.length === 0) return problems;
  return problems.filter(
    (p) =>
      isOpenQuotation(p) ||
      !(p.kind === 'unclosed' || p.kind === 'stray' || p.kind === 'mismatched' || p.kind === 'missingBrace') ||
      !swallowed.some(({ start, end }) => p.token.startOffset >= start && p.token.startOffset <= end),
  );
}

function isOpenQuotation(problem: LayoutProblem): boolean {
  return problem.kind === 'unclosed' && closers[problem.token.image] === undefined;
}

/** The last statement that starts at or before the offset; -1 before the first. */
function statementAt(statements: readonly StatementRange[], offset: number): number {
  let low = 0;
  let high = statements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((statements[middle]?.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function spanOf(token: IToken): Span {
  return { start: token.startOffset, end: token.startOffset + token.image.length };
}

/** Where a statement ends too early, the place is behind its last token: the end of the text has no offset at all. */
function placeOf(error: IRecognitionException, source: string): Span {
  const { token } = error;
  const previous = previousToken(error);
  if (token.startOffset >= 0 && !endsStatement(token)) return spanOf(token);
  const end =
    previous !== undefined && previous.startOffset >= 0
      ? previous.startOffset + previous.image.length
      : token.startOffset >= 0
        ? token.startOffset
        : source.length;
  return { start: end, end };
}

/** All errors but the one about input that is left over carry it; their common type does not say so. */
function previousToken(error: IRecognitionException): IToken | undefined {
  return 'previousToken' in error ? (error.previousToken as IToken | undefined) : undefined;
}

function endsStatement(token: IToken): boolean {
  const type = token.tokenType;
  return token.image === '' || type === t.Newline || type === t.Semicolon || type === t.RightBrace;
}

/** `m <- lmer(y ~ x)`: the lmer; there is nothing to assign. */
function assignedCallOfR(problem: LayoutProblem, tokens: readonly IToken[]): IToken | undefined {
  if (problem.kind !== 'foreignOperator' || problem.token.image !== '<-') return undefined;
  const next = tokens.find((token) => token.startOffset > problem.token.startOffset);
  return next !== undefined && callsOfR.has(next.image) ? next : undefined;
}

function reportProblem(problem: LayoutProblem, report: Report): void {
  const { token } = problem;
  const span = spanOf(token);
  switch (problem.kind) {
    case 'unclosed':
      reportUnclosed(token, report);
      break;
    case 'stray':
      report.add('MM104', span, { close: token.image });
      break;
    case 'mismatched': {
      const open = problem.open.image;
      report.add('MM105', span, { open, close: token.image, wanted: open === '(' ? ')' : ']' });
      break;
    }
    case 'missingBrace':
      report.add('MM134', span, { word: token.image });
      break;
    case 'foreignBlock':
      report.add('MM119', span, {});
      break;
    case 'foreignOperator':
      report.add('MM107', span, { written: token.image, meant: problem.written });
      break;
    case 'foreignComment':
      report.add('MM129', { start: span.start, end: span.start + 2 }, {});
      break;
    case 'percentOperator':
      report.add('MM126', span, { operator: token.image });
      break;
    case 'dollar':
      report.add('MM127', span, { column: problem.column });
      break;
    case 'curlyQuotes':
      report.add('MM128', span, {});
      break;
    case 'badNumber':
      report.add('MM118', span, { text: token.image, instead: numberMeant(token.image) });
      break;
    case 'unknownCharacters':
      report.add('MM106', span, { characters: token.image, many: [...token.image].length > 1 });
      break;
    case 'misspeltWord':
      report.add('MM110', span, { word: token.image, near: problem.near });
      break;
    case 'headGoesOn':
      report.add('MM101', span, { found: describe(token), expected: behindHead(problem.keyword) });
      break;
    case 'joinedStatements':
      report.add('MM101', span, { found: describe(token), expected: "a new line or ';' before it" });
      break;
    case 'leadingOperator':
      report.add('MM114', span, { operator: token.image });
      break;
    case 'semicolonInBrackets':
      report.add('MM121', span, {});
      break;
    case 'nestedModel':
      report.add('MM123', span, {});
      break;
    case 'tooDeep':
      report.add('MM115', span, { limit: problem.limit });
      break;
    case 'tooLong':
      report.add('MM116', span, { limit: problem.limit });
      break;
    default:
      assertNever(problem);
  }
}

function behindHead(keyword: TokenType): string {
  if (keyword === t.Class) return "',' or '{'";
  return keyword === t.Mixture ? "'per' or '{'" : "'{'";
}

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

function reportUnclosed(token: IToken, report: Report): void {
  const close = closers[token.image];
  if (close === undefined) {
    const mark = token.image[0] ?? '"';
    report.add('MM103', spanOf(token), { mark, what: mark === '`' ? 'this name' : 'this text' });
  } else {
    report.add('MM102', spanOf(token), { open: token.image, close });
  }
}

/** `2x` is 2 * x, and `1L` is R's way to write an integer. */
function numberMeant(text: string): string | undefined {
  const integer = /^(\d+)L$/.exec(text);
  if (integer?.[1] !== undefined) return integer[1];
  if (/^0[xX]/.test(text)) return undefined;
  const product = /^(\d+\.?\d*|\.\d+)([^\W\d][\w.]*)$/.exec(text);
  if (product?.[1] === undefined || product[2] === undefined || /^[eE]\d*$/.test(product[2])) return undefined;
  return `${product[1]} * ${product[2]}`;
}

/** Functions that fit models in R. */
export const callsOfR: ReadonlySet<string> = new Set([
  ...[
    'lm',
    'glm',
    'gls',
    'lme',
    'lmer',
    'glmer',
    'glmer.nb',
    'nlmer',
    'glmmTMB',
    'blmer',
    'bglmer',
    'brm',
    'gam',
    'gamm',
  ],
  ...['stan_lmer', 'stan_glmer', 'flexmix', 'mixed', 'MixedModel', 'clmm', 'rstanarm', 'bf', 'formula'],
]);
const argumentsOfR = new Set(['data', 'weights', 'method', 'REML', 'control', 'offset', 'subset', 'contrasts', 'link']);

/** Reads out of one error of the parser what somebody probably meant. */
class ErrorReader {
  private readonly rule: string;
  private readonly outer: readonly string[];

  constructor(
    private readonly error: IRecognitionException,
    private readonly tokens: readonly IToken[],
    private readonly statement: StatementRange | undefined,
    private readonly span: Span,
    private readonly found: Report,
  ) {
    this.outer = error.context.ruleStack;
    this.rule = this.outer.at(-1) ?? '';
  }

  report(): void {
    const { token } = this.error;
    if (endsStatement(token) || !(token.startOffset >= 0)) this.reportEarlyEnd();
    else if (!this.reportSlip(token)) {
      if (this.rule === 'relation') this.found.add('MM120', this.span, {});
      else this.found.add('MM101', this.span, { found: describe(token), expected: this.expected() });
    }
  }

  /** @returns whether the token says what was meant by it */
  private reportSlip(token: IToken): boolean {
    const { found: report, span } = this;
    switch (token.tokenType) {
      case t.Bar:
      case t.DoubleBar:
        report.add('MM109', span, { bar: token.image, logic: this.isCondition() });
        return true;
      case t.Equals:
        if (this.isCondition() || this.outer.includes('primary')) report.add('MM108', span, {});
        else if (this.hasRelation()) report.add('MM130', span, { operator: token.image });
        else return false;
        return true;
      case t.Tilde: {
        const call = this.callOfR();
        if (call !== undefined) report.add('MM111', spanOf(call), { call: call.image });
        else if (this.hasRelation()) report.add('MM130', span, { operator: token.image });
        else return false;
        return true;
      }
      case t.Comma:
        if (this.rule !== 'primary') return this.reportArgumentOfR();
        report.add('MM131', span, { what: 'an argument before this comma' });
        return true;
      default:
        return false;
    }
  }

  private reportEarlyEnd(): void {
    if (this.rule === 'relation' && !this.hasRelation()) {
      const start = this.statement?.start ?? this.span.start;
      this.found.add('MM120', { start: Math.min(start, this.span.end), end: this.span.end }, {});
    } else {
      this.found.add('MM113', this.span, { expected: this.expected() ?? 'more' });
    }
  }

  /** `y ~ x + (1 | g), family = poisson`: the arguments of an R call behind its formula. */
  private reportArgumentOfR(): boolean {
    const at = this.tokens.indexOf(this.error.token);
    const name = this.tokens[at + 1];
    const equals = this.tokens[at + 2];
    if (name === undefined || equals?.tokenType !== t.Equals) return false;
    if (name.image === 'family') {
      this.found.add('MM112', spanOf(name), { family: likelihoodFor(this.tokens[at + 3]?.image ?? '') });
      return true;
    }
    if (!argumentsOfR.has(name.image)) return false;
    this.found.add('MM132', spanOf(name), { word: name.image });
    return true;
  }

  /** `lmer(y ~ x)`, `m = lmer(y ~ x)`: the lmer. */
  private callOfR(): IToken | undefined {
    const start = this.statement?.start ?? 0;
    const end = this.error.token.startOffset;
    return this.tokens.find((t) => t.startOffset >= start && t.startOffset < end && callsOfR.has(t.image));
  }

  private isCondition(): boolean {
    const keyword = this.statement?.keyword;
    return keyword === t.Where || keyword === t.Penalize || (keyword === t.Let && this.hasRelation());
  }

  /** Whether the statement already has its `~` or `=` before the place of the error. */
  private hasRelation(): boolean {
    const start = this.statement?.start ?? 0;
    const end = this.error.token.startOffset;
    return this.tokens.some(
      (token) =>
        (token.tokenType === t.Tilde || token.tokenType === t.Equals) &&
        token.startOffset >= start &&
        !(token.startOffset >= end),
    );
  }

  private expected(): string | undefined {
    const { rule } = this;
    // Errors about one token carry its label as their message (see parser.ts); those about a choice carry none.
    const label = this.error.message;
    if (label === t.labelOf(t.Name)) return nameIn(rule);
    if (rule === '' || rule === 'program' || rule === 'block' || rule === 'columns') {
      if (label !== t.labelOf(t.LeftBrace)) {
        return startsTerm(this.error.token)
          ? "an operator before it; a new statement starts on a new line or behind ';'"
          : "the line's end";
      }
      return label;
    }
    if (rule === 'arguments' || rule === 'list') return `',' or ${label}`;
    if (label !== '') return label;
    if (rule === 'dataStatement') return 'the name of a file in quotes, or the columns in braces';
    return rule === 'relation' ? "'~' or '='" : 'a name, a number, a call or parentheses';
  }
}

function nameIn(rule: string): string {
  switch (rule) {
    case 'modelHead':
      return 'a name for the model';
    case 'mixtureHead':
      return 'a name for the mixture';
    case 'classHead':
      return 'a name for the class';
    case 'letStatement':
      return 'a name for the new column';
    case 'column':
      return 'the name of a column and its type, as in trt: factor';
    case 'orderStatement':
      return 'the name of a mixture';
    default:
      return 'the name of a column';
  }
}

function startsTerm(token: IToken): boolean {
  const type = token.tokenType;
  return type === t.Identifier || type === t.QuotedName || type === t.NumberLiteral || type === t.StringLiteral;
}

function describe(token: IToken): string {
  switch (token.tokenType) {
    case t.NumberLiteral:
      return `number ${token.image}`;
    case t.StringLiteral:
      return `text "${unquote(token.image).value}"`;
    case t.QuotedName:
      return `name ${token.image}`;
    case t.Identifier:
      return `name '${token.image}'`;
    default:
      return `'${token.image}'`;
  }
}
