import fc from 'fast-check';
import { allWords } from '../../grammar/tokens.js';
import { noSpan } from '../../src/diagnostics/span.js';
import type {
  Argument,
  BinaryOperator,
  Call,
  ColumnDeclaration,
  Expression,
  Model,
  Name,
  Program,
  Statement,
  StringLiteral,
} from '../../src/syntax/ast.js';
import { printExpression } from '../../src/syntax/print.js';

/* Random trees of everything the language can say, whether it means something or not. */

const span = noSpan;

const plainNames = fc.oneof(
  fc.constantFrom('x', 'y', 'mu', 'sigma', 'Days', 'subject', 'a.b', '_x', '.y', 'x_1.z', 'größe', '日本', 'inf', 'NA'),
  // Words of the language are names wherever they do not start a statement.
  fc.constantFrom(...allWords.filter((w) => w !== 'not')),
);
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('"', "'", '`', '\\', '\n', '\r', '\t', ' ', '#', '{', '}', 'n', 'ä') }),
);

const name: fc.Arbitrary<Name> = fc.oneof(
  { weight: 5, arbitrary: plainNames.map((n): Name => ({ kind: 'name', name: n, quoted: false, span })) },
  {
    weight: 1,
    arbitrary: anyText.filter((n) => n !== '').map((n): Name => ({ kind: 'name', name: n, quoted: true, span })),
  },
);
const string: fc.Arbitrary<StringLiteral> = anyText.map((value) => ({ kind: 'string', value, span }));
const number: fc.Arbitrary<Expression> = fc
  .constantFrom('0', '1', '2.5', '.5', '3.', '1e-3', '2E+10', '1.5e300', '007')
  .map((text) => ({ kind: 'number', value: Number(text), text, span }));

const binaryOperators: readonly BinaryOperator[] = [
  ...(['^', ':', '*', '/', '+', '-', '==', '!=', '<', '<=', '>', '>=', 'and', 'or'] as const),
];

const { expression } = fc.letrec<{ expression: Expression; barred: Expression; argument: Argument; call: Call }>(
  (tie) => ({
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      name,
      number,
      string,
      fc
        .tuple(fc.constantFrom(...binaryOperators), tie('expression'), tie('expression'))
        .map(([operator, left, right]): Expression => ({ kind: 'binary', operator, left, right, span })),
      fc
        .tuple(fc.constantFrom('-' as const, '+' as const, 'not' as const), tie('expression'))
        .map(([operator, operand]): Expression => ({ kind: 'unary', operator, operand, span })),
      tie('call'),
      fc
        .tuple(tie('expression'), tie('expression'))
        .map(([base, index]): Expression => ({ kind: 'index', base, index, span })),
      fc
        .array(tie('expression'), { minLength: 1, maxLength: 4 })
        .map((items): Expression => ({ kind: 'list', items, span })),
      tie('barred').map((inner): Expression => ({ kind: 'paren', inner, span })),
    ),
    barred: fc.oneof(
      { weight: 3, arbitrary: tie('expression') },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom('|' as const, '||' as const), tie('expression'), tie('expression'))
          .map(([operator, left, right]): Expression => ({ kind: 'bar', operator, left, right, span })),
      },
    ),
    argument: fc
      .tuple(fc.option(name), tie('barred'))
      .map(([argumentName, value]): Argument => ({ name: argumentName, value, span })),
    call: fc
      .tuple(name, fc.array(tie('argument'), { maxLength: 4 }))
      .map(([callee, args]): Call => ({ kind: 'call', callee, arguments: args, span })),
  }),
);

export const arbitraryExpression: fc.Arbitrary<Expression> = expression;

/**
 * What can be held at a value: `fix` is followed by a name, so that `fix(x) = 1` stays about a parameter `fix`;
 * and `fix and or x = 1` is read as `fix` and something.
 */
const target = expression.filter((e) => {
  const text = printExpression(e);
  return /^[^([+\-\d."']/.test(text) && !/^(?:not|(?:and|or) (?:and|or)) /.test(text);
});
/** `fix or x ~ ...` would be read as being about a parameter `or`. */
const leftSide = expression.filter((e) => !/^(?:fix|let|contrasts) (?:and|or) /.test(printExpression(e)));

const column: fc.Arbitrary<ColumnDeclaration> = fc
  .tuple(name, name, fc.option(fc.array(string, { minLength: 1, maxLength: 12 })))
  .map(([column, type, levels]) => ({ kind: 'columnDeclaration', column, type, levels, span }));

const leaf: fc.Arbitrary<Statement> = fc.oneof(
  fc
    .tuple(fc.option(string), fc.array(column, { maxLength: 5 }))
    .map(([file, columns]): Statement => ({ kind: 'data', file, columns, span })),
  expression.map((condition): Statement => ({ kind: 'where', condition, span })),
  fc.tuple(name, expression).map(([n, value]): Statement => ({ kind: 'let', name: n, value, span })),
  fc.tuple(name, expression).map(([c, coding]): Statement => ({ kind: 'contrasts', column: c, coding, span })),
  fc.tuple(leftSide, expression).map(([left, right]): Statement => ({ kind: 'sample', left, right, span })),
  fc.tuple(leftSide, expression).map(([t, value]): Statement => ({ kind: 'assign', target: t, value, span })),
  fc.tuple(target, expression).map(([t, value]): Statement => ({ kind: 'fix', target: t, value, span })),
  expression.map((penalty): Statement => ({ kind: 'penalize', penalty, span })),
  name.map((c): Statement => ({ kind: 'labels', column: c, span })),
  fc
    .tuple(name, expression, fc.boolean())
    .map(([mixture, by, descending]): Statement => ({ kind: 'order', mixture, by, descending, span })),
  expression.map((value): Statement => ({ kind: 'weights', value, span })),
  expression.map((method): Statement => ({ kind: 'fit', method, span })),
);

const { statements } = fc.letrec<{ statements: readonly Statement[] }>((tie) => ({
  statements: fc.array(
    fc.oneof(
      { depthSize: 'small', maxDepth: 3 },
      { weight: 6, arbitrary: leaf },
      {
        weight: 1,
        arbitrary: fc
          .tuple(name, fc.option(expression), tie('statements'))
          .map(([n, per, inner]): Statement => ({ kind: 'mixture', name: n, per, statements: inner, span })),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.array(name, { minLength: 1, maxLength: 3 }), tie('statements'))
          .map(([names, inner]): Statement => ({ kind: 'class', names, statements: inner, span })),
      },
    ),
    { maxLength: 5 },
  ),
}));

const model: fc.Arbitrary<Model> = fc
  .tuple(name, statements)
  .map(([n, inner]): Model => ({ kind: 'model', name: n, statements: inner, span }));

export const arbitraryProgram: fc.Arbitrary<Program> = fc
  .tuple(statements, fc.array(model, { maxLength: 3 }))
  .map(([inner, models]): Program => ({ kind: 'program', statements: inner, models, comments: [], span }));
