import type { IToken } from 'chevrotain';
import type * as cst from '../../grammar/cst.js';
import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import type {
  ColumnDeclaration,
  Expression,
  Model,
  Name,
  OrderStatement,
  Program,
  SampleStatement,
  Statement,
} from './ast.js';
import { buildExpression, buildName, buildString, type Reading, spanOfNode } from './build-expression.js';
import { checkShape } from './check-shape.js';
import { parseText } from './front-end.js';
import { reportSyntaxErrors } from './syntax-errors.js';

/**
 * Text to tree. Any text gives a tree: what could not be read is reported, and in the tree it is a name without letters
 * (`isMissing`), or left out where nothing of the statement was left. A program, model, mixture or class that lost
 * something is marked `damaged`.
 */
export function parseProgram(source: string, report: Report): Program {
  const parsed = parseText(source);
  const damage = reportSyntaxErrors(parsed, source, report);
  const bracesAreSound = !parsed.layout.problems.some((p) => /^[{}]$/.test(p.token.image));
  const builder = new TreeBuilder({ report, end: source.length }, source, damage, bracesAreSound);
  // The node is what the rule `program` gives, with whatever children the recovery left.
  return builder.program(parsed.cst as cst.ProgramCstNode, parsed.comments);
}

/** After error recovery any child may be absent, whatever the generated types promise. */
type Absent<T> = { readonly [K in keyof T]?: T[K] };

class TreeBuilder {
  constructor(
    private readonly reading: Reading,
    private readonly source: string,
    /** Offsets of the errors found so far. */
    private readonly damage: readonly number[],
    /** Else a statement behind a model may be one that should have been inside. */
    private readonly bracesAreSound: boolean,
  ) {}

  program(node: cst.ProgramCstNode, comments: Program['comments']): Program {
    const statements: Statement[] = [];
    const models: Model[] = [];
    for (const item of node.children.item ?? []) {
      const model = item.children.model?.[0];
      if (model !== undefined) {
        models.push(this.model(model));
        continue;
      }
      const statement = this.statement(item.children.statement?.[0]);
      if (statement === undefined) continue;
      if (models.length > 0 && this.bracesAreSound) this.reading.report.add('MM124', statement.span, {});
      statements.push(statement);
    }
    const span = { start: 0, end: this.reading.end };
    return { kind: 'program', statements, models, comments, span, ...this.damagedWithin(span) };
  }

  private model(node: cst.ModelCstNode): Model {
    const span = spanOfNode(node, this.reading);
    const head: Absent<cst.ModelHeadCstChildren> = node.children.modelHead?.[0]?.children ?? {};
    const name = buildName(head.Name?.[0], this.reading, { start: span.start, end: span.start });
    const statements = this.block(node.children.block?.[0]);
    return { kind: 'model', name, statements, span, ...this.damagedWithin(span) };
  }

  private damagedWithin(span: Span): { readonly damaged?: true } {
    return this.damage.some((offset) => offset >= span.start && offset <= span.end) ? { damaged: true } : {};
  }

  private block(node: cst.BlockCstNode | undefined): Statement[] {
    const children: Absent<cst.BlockCstChildren> = node?.children ?? {};
    return (children.statement ?? []).map((s) => this.statement(s)).filter((s) => s !== undefined);
  }

  private statement(node: cst.StatementCstNode | undefined): Statement | undefined {
    if (node === undefined) return undefined;
    const span = spanOfNode(node, this.reading);
    const statement = this.anyStatement(node.children, span);
    if (statement !== undefined) checkShape(statement, this.source, this.reading.report);
    return statement;
  }

  private anyStatement(s: cst.StatementCstChildren, span: Span): Statement | undefined {
    const data = s.dataStatement?.[0];
    if (data !== undefined) return this.data(data.children, span);
    const relation = s.relation?.[0];
    if (relation !== undefined) return this.relation(relation.children, span);
    const where = s.whereStatement?.[0];
    if (where !== undefined) return { kind: 'where', condition: this.expression(where.children, 0, span), span };
    const letNode = s.letStatement?.[0];
    if (letNode !== undefined) {
      const { children } = letNode;
      return { kind: 'let', name: this.name(children, span), value: this.expression(children, 0, span), span };
    }
    const contrasts = s.contrastsStatement?.[0];
    if (contrasts !== undefined) {
      const { children } = contrasts;
      return { kind: 'contrasts', column: this.name(children, span), coding: this.expression(children, 0, span), span };
    }
    const fix = s.fixStatement?.[0];
    if (fix !== undefined) {
      const { children } = fix;
      const target = this.expression(children, 0, span);
      return { kind: 'fix', target, value: this.expression(children, 1, span), span };
    }
    const penalize = s.penalizeStatement?.[0];
    if (penalize !== undefined) return { kind: 'penalize', penalty: this.expression(penalize.children, 0, span), span };
    const mixture = s.mixtureStatement?.[0];
    if (mixture !== undefined) return this.mixture(mixture.children, span);
    const classNode = s.classStatement?.[0];
    if (classNode !== undefined) return this.class(classNode.children, span);
    const labels = s.labelsStatement?.[0];
    if (labels !== undefined) return { kind: 'labels', column: this.name(labels.children, span), span };
    const order = s.orderStatement?.[0];
    if (order !== undefined) return this.order(order.children, span);
    const weights = s.weightsStatement?.[0];
    if (weights !== undefined) return { kind: 'weights', value: this.expression(weights.children, 0, span), span };
    const fit = s.fitStatement?.[0];
    if (fit !== undefined) return { kind: 'fit', method: this.expression(fit.children, 0, span), span };
    return undefined;
  }

  private data(children: Absent<cst.DataStatementCstChildren>, span: Span): Statement {
    const file = written(children.StringLiteral?.[0]);
    const columns = children.columns?.[0]?.children.column ?? [];
    return {
      kind: 'data',
      file: file === undefined ? null : buildString(file, this.reading),
      columns: columns.map((c) => this.column(c)),
      span,
    };
  }

  private column(node: cst.ColumnCstNode): ColumnDeclaration {
    const span = spanOfNode(node, this.reading);
    const children: Absent<cst.ColumnCstChildren> = node.children;
    const levels = (children.StringLiteral ?? []).filter((l) => written(l) !== undefined);
    return {
      kind: 'columnDeclaration',
      column: buildName(children.Name?.[0], this.reading, span),
      type: buildName(children.Name?.[1], this.reading, { start: span.end, end: span.end }),
      levels: children.LeftParen === undefined ? null : levels.map((l) => buildString(l, this.reading)),
      span,
    };
  }

  /** Without its left side nothing is left of a relation. */
  private relation(children: Absent<cst.RelationCstChildren>, span: Span): Statement | undefined {
    if (children.expression === undefined) return undefined;
    const left = this.expression(children, 0, span);
    const right = this.expression(children, 1, span);
    if (children.Tilde !== undefined) return { kind: 'sample', left, right, span } satisfies SampleStatement;
    return children.Equals === undefined ? undefined : { kind: 'assign', target: left, value: right, span };
  }

  private mixture(children: Absent<cst.MixtureStatementCstChildren>, span: Span): Statement {
    const head: Absent<cst.MixtureHeadCstChildren> = children.mixtureHead?.[0]?.children ?? {};
    const per = head.Per === undefined ? null : this.expression(head, 0, span);
    const statements = this.block(children.block?.[0]);
    return { kind: 'mixture', name: this.name(head, span), per, statements, span, ...this.damagedWithin(span) };
  }

  private class(children: Absent<cst.ClassStatementCstChildren>, span: Span): Statement {
    const head: Absent<cst.ClassHeadCstChildren> = children.classHead?.[0]?.children ?? {};
    const names = (head.Name ?? [undefined]).map((n) =>
      buildName(n, this.reading, { start: span.start, end: span.start }),
    );
    return { kind: 'class', names, statements: this.block(children.block?.[0]), span, ...this.damagedWithin(span) };
  }

  private order(children: Absent<cst.OrderStatementCstChildren>, span: Span): OrderStatement {
    return {
      kind: 'order',
      mixture: this.name(children, span),
      by: this.expression(children, 0, span),
      descending: children.Descending !== undefined,
      span,
    };
  }

  private name(children: { readonly Name?: readonly IToken[] }, span: Span): Name {
    return buildName(children.Name?.[0], this.reading, { start: span.end, end: span.end });
  }

  private expression(
    children: { readonly expression?: readonly cst.ExpressionCstNode[] },
    index: number,
    span: Span,
  ): Expression {
    return buildExpression(children.expression?.[index], this.reading, { start: span.end, end: span.end });
  }
}

/** Tokens that the recovery put in are empty. */
function written(token: IToken | undefined): IToken | undefined {
  return token === undefined || token.image === '' ? undefined : token;
}
