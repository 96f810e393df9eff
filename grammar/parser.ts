import { type CstNode, CstParser, type IRecognitionException, type IToken, type TokenType } from 'chevrotain';
import { LazyLookahead } from './lazy-lookahead.js';
import * as t from './tokens.js';

/** Tokens that a decision may look at. */
export const maxLookahead = 2;

/** Types as chevrotain wants them: a parser numbers those it is given, but asks before that which have kinds. */
function numbered(types: readonly TokenType[]): TokenType[] {
  new CstParser([...types]);
  return [...types];
}

/**
 * The grammar of `mm.ebnf`, one rule per production, without actions: the result is a tree of tokens that
 * `src/syntax/build-ast.ts` reads. Precedence of operators is not a matter of the grammar (`expression` is flat) but of
 * the table in `src/syntax/precedence.ts`: a rule per level would cost a stack frame and an allocation for each of them at every name.
 *
 * `layout.ts` has prepared the tokens: words are keywords where they are meant so, brackets and braces are balanced,
 * and a statement end stands between two statements and nowhere else.
 *
 * Recovery: only statements (and the heads of blocks) pick up again after an error, at the next statement's end; a
 * resumption in the middle of an expression would only repeat the same error in other words.
 */
export class MmParser extends CstParser {
  /**
   * Any tokens to a tree, and what was wrong. `read-correct.ts` reads what is correct to the same tree without this
   * parser, which takes longer to build than a model to check.
   */
  read(tokens: IToken[]): { readonly cst: CstNode; readonly errors: readonly IRecognitionException[] } {
    for (const token of tokens) token.tokenTypeIdx = token.tokenType.tokenTypeIdx ?? t.unnumbered;
    this.input = tokens;
    const cst = this.program();
    const { errors } = this;
    this.input = []; // nothing is kept of this text
    return { cst, errors };
  }

  /** @param validate check the grammar itself, for the tests; it costs start-up time */
  constructor(validate = false) {
    super(numbered(t.languageTokens), {
      recoveryEnabled: true,
      lookaheadStrategy: new LazyLookahead({ maxLookahead }),
      maxLookahead,
      nodeLocationTracking: 'onlyOffset',
      skipValidations: !validate,
      errorMessageProvider: {
        // The messages for people are made in syntax-errors.ts; what it needs is only what was expected.
        buildMismatchTokenMessage: ({ expected }) => t.labelOf(expected),
        buildNotAllInputParsedMessage: () => "the line's end",
        buildNoViableAltMessage: () => '',
        buildEarlyExitMessage: () => '',
      },
    });
    this.performSelfAnalysis();
  }

  /** Braces come out even before the parser sees them; one made up would only shift all that follow. */
  protected override canTokenTypeBeInsertedInRecovery(type: TokenType): boolean {
    return type !== t.LeftBrace && type !== t.RightBrace;
  }

  readonly program = this.RULE('program', () => {
    this.OPTION(() => this.SUBRULE(this.item));
    this.MANY(() => {
      this.CONSUME(t.StatementEnd);
      this.SUBRULE2(this.item);
    });
  });

  readonly item = this.RULE('item', () => {
    this.OR([{ ALT: () => this.SUBRULE(this.model) }, { ALT: () => this.SUBRULE(this.statement) }]);
  });

  readonly model = this.RULE('model', () => {
    this.SUBRULE(this.modelHead);
    this.SUBRULE(this.block);
  });

  readonly modelHead = this.RULE('modelHead', () => {
    this.CONSUME(t.Model);
    this.CONSUME(t.Name);
  });

  readonly block = this.RULE('block', () => {
    this.CONSUME(t.LeftBrace);
    this.OPTION(() => this.SUBRULE(this.statement));
    this.MANY(() => {
      this.CONSUME(t.StatementEnd);
      this.SUBRULE2(this.statement);
    });
    this.CONSUME(t.RightBrace);
  });

  readonly statement = this.RULE('statement', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.dataStatement) },
      { ALT: () => this.SUBRULE(this.whereStatement) },
      { ALT: () => this.SUBRULE(this.letStatement) },
      { ALT: () => this.SUBRULE(this.contrastsStatement) },
      { ALT: () => this.SUBRULE(this.fixStatement) },
      { ALT: () => this.SUBRULE(this.penalizeStatement) },
      { ALT: () => this.SUBRULE(this.mixtureStatement) },
      { ALT: () => this.SUBRULE(this.classStatement) },
      { ALT: () => this.SUBRULE(this.labelsStatement) },
      { ALT: () => this.SUBRULE(this.orderStatement) },
      { ALT: () => this.SUBRULE(this.weightsStatement) },
      { ALT: () => this.SUBRULE(this.fitStatement) },
      { ALT: () => this.SUBRULE(this.relation) },
    ]);
  });

  readonly dataStatement = this.RULE('dataStatement', () => {
    this.CONSUME(t.Data);
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.StringLiteral);
          this.OPTION(() => this.SUBRULE(this.columns));
        },
      },
      { ALT: () => this.SUBRULE2(this.columns) },
    ]);
  });

  readonly columns = this.RULE('columns', () => {
    this.CONSUME(t.LeftBrace);
    this.OPTION(() => this.SUBRULE(this.column));
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(t.Comma) }, { ALT: () => this.CONSUME(t.StatementEnd) }]);
      this.SUBRULE2(this.column);
    });
    this.CONSUME(t.RightBrace);
  });

  readonly column = this.RULE('column', () => {
    this.CONSUME(t.Name);
    this.CONSUME(t.Colon);
    this.CONSUME2(t.Name);
    this.OPTION(() => {
      this.CONSUME(t.LeftParen);
      this.CONSUME(t.StringLiteral);
      this.MANY(() => {
        this.CONSUME(t.Comma);
        this.CONSUME2(t.StringLiteral);
      });
      this.CONSUME(t.RightParen);
    });
  });

  readonly whereStatement = this.RULE('whereStatement', () => {
    this.CONSUME(t.Where);
    this.SUBRULE(this.expression);
  });

  readonly letStatement = this.RULE('letStatement', () => {
    this.CONSUME(t.Let);
    this.CONSUME(t.Name);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.expression);
  });

  readonly contrastsStatement = this.RULE('contrastsStatement', () => {
    this.CONSUME(t.Contrasts);
    this.CONSUME(t.Name);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.expression);
  });

  readonly fixStatement = this.RULE('fixStatement', () => {
    this.CONSUME(t.Fix);
    this.SUBRULE(this.expression);
    this.CONSUME(t.Equals);
    this.SUBRULE2(this.expression);
  });

  readonly penalizeStatement = this.RULE('penalizeStatement', () => {
    this.CONSUME(t.Penalize);
    this.SUBRULE(this.expression);
  });

  readonly mixtureStatement = this.RULE('mixtureStatement', () => {
    this.SUBRULE(this.mixtureHead);
    this.SUBRULE(this.block);
  });

  readonly mixtureHead = this.RULE('mixtureHead', () => {
    this.CONSUME(t.Mixture);
    this.CONSUME(t.Name);
    this.OPTION(() => {
      this.CONSUME(t.Per);
      this.SUBRULE(this.expression);
    });
  });

  readonly classStatement = this.RULE('classStatement', () => {
    this.SUBRULE(this.classHead);
    this.SUBRULE(this.block);
  });

  readonly classHead = this.RULE('classHead', () => {
    this.CONSUME(t.Class);
    this.CONSUME(t.Name);
    this.MANY(() => {
      this.CONSUME(t.Comma);
      this.CONSUME2(t.Name);
    });
  });

  readonly labelsStatement = this.RULE('labelsStatement', () => {
    this.CONSUME(t.Labels);
    this.CONSUME(t.Name);
  });

  readonly orderStatement = this.RULE('orderStatement', () => {
    this.CONSUME(t.Order);
    this.CONSUME(t.Name);
    this.CONSUME(t.By);
    this.SUBRULE(this.expression);
    this.OPTION(() => this.CONSUME(t.Descending));
  });

  readonly weightsStatement = this.RULE('weightsStatement', () => {
    this.CONSUME(t.Weights);
    this.SUBRULE(this.expression);
  });

  readonly fitStatement = this.RULE('fitStatement', () => {
    this.CONSUME(t.Fit);
    this.SUBRULE(this.expression);
  });

  readonly relation = this.RULE('relation', () => {
    this.SUBRULE(this.expression);
    this.OR([{ ALT: () => this.CONSUME(t.Tilde) }, { ALT: () => this.CONSUME(t.Equals) }]);
    this.SUBRULE2(this.expression);
  });

  readonly expression = this.RULE(
    'expression',
    () => {
      this.SUBRULE(this.operand);
      this.MANY(() => {
        this.CONSUME(t.BinaryOperator);
        this.SUBRULE2(this.operand);
      });
    },
    { resyncEnabled: false },
  );

  readonly operand = this.RULE(
    'operand',
    () => {
      this.MANY(() => this.CONSUME(t.PrefixOperator));
      this.SUBRULE(this.primary);
      this.MANY2(() => {
        this.CONSUME(t.LeftBracket);
        this.SUBRULE(this.expression);
        this.CONSUME(t.RightBracket);
      });
    },
    { resyncEnabled: false },
  );

  readonly primary = this.RULE(
    'primary',
    () => {
      this.OR([
        { ALT: () => this.CONSUME(t.NumberLiteral) },
        { ALT: () => this.CONSUME(t.StringLiteral) },
        {
          ALT: () => {
            this.CONSUME(t.Name);
            this.OPTION(() => this.SUBRULE(this.arguments));
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.LeftParen);
            this.SUBRULE(this.barred);
            this.CONSUME(t.RightParen);
          },
        },
        { ALT: () => this.SUBRULE(this.list) },
      ]);
    },
    { resyncEnabled: false },
  );

  readonly arguments = this.RULE(
    'arguments',
    () => {
      this.CONSUME(t.LeftParen);
      this.OPTION(() => {
        this.SUBRULE(this.argument);
        this.MANY(() => {
          this.CONSUME(t.Comma);
          this.SUBRULE2(this.argument);
        });
      });
      this.CONSUME(t.RightParen);
    },
    { resyncEnabled: false },
  );

  readonly argument = this.RULE(
    'argument',
    () => {
      this.OPTION(() => {
        this.CONSUME(t.Name);
        this.CONSUME(t.Equals);
      });
      this.SUBRULE(this.barred);
    },
    { resyncEnabled: false },
  );

  readonly barred = this.RULE(
    'barred',
    () => {
      this.SUBRULE(this.expression);
      this.OPTION(() => {
        this.CONSUME(t.RandomBar);
        this.SUBRULE2(this.expression);
      });
    },
    { resyncEnabled: false },
  );

  readonly list = this.RULE(
    'list',
    () => {
      this.CONSUME(t.LeftBracket);
      this.SUBRULE(this.expression);
      this.MANY(() => {
        this.CONSUME(t.Comma);
        this.SUBRULE2(this.expression);
      });
      this.CONSUME(t.RightBracket);
    },
    { resyncEnabled: false },
  );
}
