import { assertNever } from '../diagnostics/internal-error.js';
import type { Span } from '../diagnostics/span.js';
import type {
  ClassStatement,
  ColumnDeclaration,
  Comment,
  DataStatement,
  MixtureStatement,
  Model,
  Program,
  Statement,
} from './ast.js';
import { quote } from './literals.js';
import { expressionPieces, type Piece, printExpression, printName } from './print-expression.js';

export { printExpression } from './print-expression.js';

/** Lines longer than this are wrapped where the language lets them go on. */
export const lineWidth = 120;

/**
 * The text of a program. With the source it came from, comments, blank lines and blocks on one line are kept as they
 * stood there; without it there is nothing to keep them by.
 */
export function printProgram(program: Program, source?: string): string {
  const printer = new Printer(source === undefined ? [] : program.comments, source);
  const items: Item[] = [...program.statements, ...program.models];
  if (source !== undefined) items.sort((a, b) => a.span.start - b.span.start);
  return printer.print(items, program.span.end);
}

export function printStatement(statement: Statement): string {
  return new Printer([], undefined).print([statement], statement.span.end).trimEnd();
}

type Item = Statement | Model;
type Block = Model | MixtureStatement | ClassStatement;

const indentStep = 2;

class Printer {
  private readonly lines: string[] = [];
  private indent = 0;
  private nextComment = 0;
  /** Where in the source the printing stands, for the blank lines. */
  private behind = 0;

  constructor(
    private readonly comments: readonly Comment[],
    private readonly source: string | undefined,
  ) {}

  print(items: readonly Item[], end: number): string {
    this.items(items, end);
    return this.lines.length === 0 ? '' : `${this.lines.join('\n')}\n`;
  }

  private items(items: readonly Item[], end: number): void {
    let isFirst = true;
    items.forEach((item, i) => {
      isFirst = this.commentsBefore(item.span.start, isFirst);
      this.blankLine(item.span.start, isFirst, item.kind === 'model');
      this.item(item);
      isFirst = false;
      this.behind = item.span.end;
      this.trailingComments(items[i + 1]?.span.start ?? end);
    });
    this.commentsBefore(end, isFirst);
  }

  private line(text: string): void {
    this.lines.push(' '.repeat(this.indent) + text);
  }

  private append(text: string): void {
    this.lines.push((this.lines.pop() ?? '') + text);
  }

  /** Comments on lines of their own, up to an offset. */
  private commentsBefore(offset: number, first: boolean): boolean {
    let isFirst = first;
    for (;;) {
      const comment = this.comments[this.nextComment];
      if (comment === undefined || comment.span.start >= offset) return isFirst;
      this.blankLine(comment.span.start, isFirst, false);
      this.line(comment.text);
      this.behind = comment.span.end;
      this.nextComment++;
      isFirst = false;
    }
  }

  /** Comments behind what has just been printed, on the same line of the source. */
  private trailingComments(before: number): void {
    for (;;) {
      const comment = this.comments[this.nextComment];
      if (comment === undefined || comment.span.start >= before) return;
      if (this.hasNewline(this.behind, comment.span.start)) return;
      this.append(`  ${comment.text}`);
      this.behind = comment.span.end;
      this.nextComment++;
    }
  }

  /** One blank line where the source has any; without a source, one before every model. */
  private blankLine(start: number, isFirst: boolean, isModel: boolean): void {
    if (isFirst || this.lines.length === 0) return;
    const wanted =
      this.source === undefined
        ? isModel
        : /(?:\r\n|\n|\r(?!\n))[^\S\n\r]*(?:\r\n|\n|\r)/.test(this.source.slice(this.behind, start));
    if (wanted) this.lines.push('');
  }

  private hasNewline(start: number, end: number): boolean {
    return this.source !== undefined && /[\n\r]/.test(this.source.slice(start, end));
  }

  private hasComment({ start, end }: Span): boolean {
    const comment = this.comments[this.nextComment];
    return comment !== undefined && comment.span.start >= start && comment.span.start < end;
  }

  private item(item: Item): void {
    switch (item.kind) {
      case 'model':
      case 'mixture':
      case 'class':
        this.block(item);
        break;
      default:
        if (this.hasComment(item.span)) this.asWritten(item.span);
        else this.leaf(item);
    }
  }

  /** A statement with comments inside keeps its lines; they are only moved as a whole. */
  private asWritten({ start, end }: Span): void {
    const source = this.source ?? '';
    const lineStart = Math.max(source.lastIndexOf('\n', start - 1), source.lastIndexOf('\r', start - 1)) + 1;
    const shift = this.indent - (start - lineStart);
    source
      .slice(start, end)
      .split(/\r\n|\n|\r/)
      .forEach((text, i) => {
        const line = text.trimEnd();
        const depth = line.length - line.trimStart().length;
        if (i === 0) this.line(line);
        else this.lines.push(line === '' ? '' : ' '.repeat(Math.max(0, depth + shift)) + line.trimStart());
      });
    while ((this.comments[this.nextComment]?.span.start ?? end) < end) this.nextComment++;
  }

  private block(block: Block): void {
    const head = blockHead(block);
    const brace = this.braceOf(block);
    this.commentsBefore(brace, true);
    const oneLine = this.oneLineBlock(block, head);
    if (oneLine !== undefined) {
      this.line(oneLine);
      return;
    }
    this.line(`${head} {`);
    this.behind = brace + 1;
    this.trailingComments(block.statements[0]?.span.start ?? block.span.end);
    this.indent += indentStep;
    this.items(block.statements, block.span.end - 1);
    this.indent -= indentStep;
    this.line('}');
  }

  /** Where the block's `{` stands: behind its head, with nothing but blanks and comments between. */
  private braceOf(block: Block): number {
    const source = this.source;
    if (source === undefined) return block.span.start;
    let at = headEnd(block);
    while (at < block.span.end && source[at] !== '{') {
      const comment = this.comments.find((c) => c.span.start === at);
      at = comment === undefined ? at + 1 : comment.span.end;
    }
    return at;
  }

  private oneLineBlock(block: Block, head: string): string | undefined {
    if (block.statements.some((s) => s.kind === 'mixture' || s.kind === 'class')) return undefined;
    if (block.statements.length === 0) return this.hasComment(block.span) ? undefined : `${head} { }`;
    const { start, end } = block.span;
    if (
      this.source === undefined ? block.kind !== 'class' : this.hasNewline(start, end) || this.hasComment(block.span)
    ) {
      return undefined;
    }
    const text = `${head} { ${block.statements.map(leafLine).join('; ')} }`;
    return text.length + this.indent <= lineWidth ? text : undefined;
  }

  private leaf(statement: Leaf): void {
    if (statement.kind === 'data') {
      this.data(statement);
      return;
    }
    const pieces = leafPieces(statement);
    const prefix = pieces[0]?.text.length ?? 0;
    const hang = prefix <= lineWidth / 3 ? prefix : 2 * indentStep;
    fill(pieces, lineWidth - this.indent, hang).forEach((line, i) => {
      this.line(i === 0 ? line : ' '.repeat(hang) + line);
    });
  }

  private data(statement: DataStatement): void {
    const oneLine = leafLine(statement);
    const first = statement.columns[0];
    const from = statement.file?.span.end ?? statement.span.start;
    const isSpread = first !== undefined && this.source !== undefined && this.hasNewline(from, first.span.start);
    if (first === undefined || (!isSpread && oneLine.length + this.indent <= lineWidth)) {
      this.line(oneLine);
      return;
    }
    this.line(`${dataHead(statement)} {`);
    this.indent += indentStep;
    statement.columns.forEach((column, i) => {
      const pieces = columnPieces(column, i + 1 < statement.columns.length ? ',' : '');
      fill(pieces, lineWidth - this.indent, 2 * indentStep).forEach((line, n) => {
        this.line(n === 0 ? line : ' '.repeat(2 * indentStep) + line);
      });
    });
    this.indent -= indentStep;
    this.line('}');
  }
}

function blockHead(block: Block): string {
  switch (block.kind) {
    case 'model':
      return `model ${printName(block.name)}`;
    case 'mixture': {
      const per = block.per === null ? '' : ` per ${printExpression(block.per)}`;
      return `mixture ${printName(block.name)}${per}`;
    }
    case 'class':
      return `class ${block.names.map(printName).join(', ')}`;
    default:
      return assertNever(block);
  }
}

function headEnd(block: Block): number {
  if (block.kind === 'class') return block.names.at(-1)?.span.end ?? block.span.start;
  return block.kind === 'mixture' && block.per !== null ? block.per.span.end : block.name.span.end;
}

type Leaf = Exclude<Statement, MixtureStatement | ClassStatement>;

function leafLine(statement: Statement): string {
  if (statement.kind === 'mixture' || statement.kind === 'class') return blockHead(statement);
  return leafPieces(statement)
    .map((piece) => piece.text)
    .join('');
}

/** The statement in pieces; the first is what stands before the expression that may be wrapped. */
function leafPieces(s: Leaf): Piece[] {
  const headed = (head: string, expression: Parameters<typeof expressionPieces>[0]): Piece[] => [
    { text: head, breakDepth: undefined },
    ...expressionPieces(expression),
  ];
  switch (s.kind) {
    case 'data': {
      const columns = s.columns.length === 0 ? '' : ` { ${s.columns.map(printColumn).join(', ')} }`;
      const none = s.file === null && s.columns.length === 0 ? ' { }' : '';
      return [{ text: dataHead(s) + columns + none, breakDepth: undefined }];
    }
    case 'where':
      return headed('where ', s.condition);
    case 'let':
      return headed(`let ${printName(s.name)} = `, s.value);
    case 'contrasts':
      return headed(`contrasts ${printName(s.column)} = `, s.coding);
    case 'sample':
      return headed(`${printExpression(s.left)} ~ `, s.right);
    case 'assign':
      return headed(`${printExpression(s.target)} = `, s.value);
    case 'fix':
      return headed(`fix ${printExpression(s.target)} = `, s.value);
    case 'penalize':
      return headed('penalize ', s.penalty);
    case 'labels':
      return [{ text: `labels ${printName(s.column)}`, breakDepth: undefined }];
    case 'order':
      return [
        { text: `order ${printName(s.mixture)} by `, breakDepth: undefined },
        { text: printExpression(s.by) + (s.descending ? ' descending' : ''), breakDepth: undefined },
      ];
    case 'weights':
      return headed('weights ', s.value);
    case 'fit':
      return headed('fit ', s.method);
    default:
      return assertNever(s);
  }
}

function dataHead(statement: DataStatement): string {
  return statement.file === null ? 'data' : `data ${quote(statement.file.value, '"')}`;
}

function printColumn(column: ColumnDeclaration): string {
  return columnPieces(column, '')
    .map((piece) => piece.text)
    .join('');
}

function columnPieces({ column, type, levels }: ColumnDeclaration, behind: string): Piece[] {
  const head = `${printName(column)}: ${printName(type)}`;
  if (levels === null) return [{ text: head + behind, breakDepth: undefined }];
  const values = levels.map((level, i) => ({
    text: quote(level.value, '"') + (i + 1 < levels.length ? ', ' : ''),
    breakDepth: 1,
  }));
  return [{ text: `${head}(`, breakDepth: undefined }, ...values, { text: `)${behind}`, breakDepth: undefined }];
}

/**
 * Distributes the pieces over lines: of the places where a line can end and still fits, the last one among those
 * outside of most brackets.
 * @param hang the indentation of every line but the first
 */
function fill(pieces: readonly Piece[], width: number, hang: number): string[] {
  const lines: string[] = [];
  let from = 0;
  while (from < pieces.length) {
    const room = lines.length === 0 ? width : width - hang;
    let length = 0;
    let best = -1;
    let end = from;
    for (; end < pieces.length; end++) {
      const piece = pieces[end];
      length += piece?.text.length ?? 0;
      if (length > room + trailingBlank(piece?.text) && best >= 0) break;
      const depth = piece?.breakDepth;
      if (depth !== undefined && depth <= (pieces[best]?.breakDepth ?? Number.POSITIVE_INFINITY)) best = end;
      if (length > room + trailingBlank(piece?.text) && best >= 0) break;
    }
    const last = end === pieces.length || best < 0 ? pieces.length - 1 : best;
    const text = pieces.slice(from, last + 1).map((piece) => piece.text);
    lines.push(text.join('').trimEnd());
    from = last + 1;
  }
  return lines;
}

function trailingBlank(text: string | undefined): number {
  return text?.endsWith(' ') === true ? 1 : 0;
}
