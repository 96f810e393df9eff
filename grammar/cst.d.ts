import type { CstNode, ICstVisitor, IToken } from "chevrotain";

export interface ProgramCstNode extends CstNode {
  name: "program";
  children: ProgramCstChildren;
}

export type ProgramCstChildren = {
  item?: (ItemCstNode)[];
  StatementEnd?: IToken[];
};

export interface ItemCstNode extends CstNode {
  name: "item";
  children: ItemCstChildren;
}

export type ItemCstChildren = {
  model?: ModelCstNode[];
  statement?: StatementCstNode[];
};

export interface ModelCstNode extends CstNode {
  name: "model";
  children: ModelCstChildren;
}

export type ModelCstChildren = {
  modelHead: ModelHeadCstNode[];
  block: BlockCstNode[];
};

export interface ModelHeadCstNode extends CstNode {
  name: "modelHead";
  children: ModelHeadCstChildren;
}

export type ModelHeadCstChildren = {
  Model: IToken[];
  name: NameCstNode[];
};

export interface BlockCstNode extends CstNode {
  name: "block";
  children: BlockCstChildren;
}

export type BlockCstChildren = {
  LeftBrace: IToken[];
  statement?: (StatementCstNode)[];
  StatementEnd?: IToken[];
  RightBrace: IToken[];
};

export interface StatementCstNode extends CstNode {
  name: "statement";
  children: StatementCstChildren;
}

export type StatementCstChildren = {
  dataStatement?: DataStatementCstNode[];
  whereStatement?: WhereStatementCstNode[];
  letStatement?: LetStatementCstNode[];
  contrastsStatement?: ContrastsStatementCstNode[];
  fixStatement?: FixStatementCstNode[];
  penalizeStatement?: PenalizeStatementCstNode[];
  mixtureStatement?: MixtureStatementCstNode[];
  classStatement?: ClassStatementCstNode[];
  labelsStatement?: LabelsStatementCstNode[];
  orderStatement?: OrderStatementCstNode[];
  weightsStatement?: WeightsStatementCstNode[];
  fitStatement?: FitStatementCstNode[];
  relation?: RelationCstNode[];
};

export interface DataStatementCstNode extends CstNode {
  name: "dataStatement";
  children: DataStatementCstChildren;
}

export type DataStatementCstChildren = {
  Data: IToken[];
  StringLiteral?: IToken[];
  columns?: (ColumnsCstNode)[];
};

export interface ColumnsCstNode extends CstNode {
  name: "columns";
  children: ColumnsCstChildren;
}

export type ColumnsCstChildren = {
  LeftBrace: IToken[];
  column?: (ColumnCstNode)[];
  Comma?: IToken[];
  StatementEnd?: IToken[];
  RightBrace: IToken[];
};

export interface ColumnCstNode extends CstNode {
  name: "column";
  children: ColumnCstChildren;
}

export type ColumnCstChildren = {
  name: (NameCstNode)[];
  Colon: IToken[];
  LeftParen?: IToken[];
  StringLiteral?: (IToken)[];
  Comma?: IToken[];
  RightParen?: IToken[];
};

export interface WhereStatementCstNode extends CstNode {
  name: "whereStatement";
  children: WhereStatementCstChildren;
}

export type WhereStatementCstChildren = {
  Where: IToken[];
  expression: ExpressionCstNode[];
};

export interface LetStatementCstNode extends CstNode {
  name: "letStatement";
  children: LetStatementCstChildren;
}

export type LetStatementCstChildren = {
  Let: IToken[];
  name: NameCstNode[];
  Equals: IToken[];
  expression: ExpressionCstNode[];
};

export interface ContrastsStatementCstNode extends CstNode {
  name: "contrastsStatement";
  children: ContrastsStatementCstChildren;
}

export type ContrastsStatementCstChildren = {
  Contrasts: IToken[];
  name: NameCstNode[];
  Equals: IToken[];
  expression: ExpressionCstNode[];
};

export interface FixStatementCstNode extends CstNode {
  name: "fixStatement";
  children: FixStatementCstChildren;
}

export type FixStatementCstChildren = {
  Fix: IToken[];
  expression: (ExpressionCstNode)[];
  Equals: IToken[];
};

export interface PenalizeStatementCstNode extends CstNode {
  name: "penalizeStatement";
  children: PenalizeStatementCstChildren;
}

export type PenalizeStatementCstChildren = {
  Penalize: IToken[];
  expression: ExpressionCstNode[];
};

export interface MixtureStatementCstNode extends CstNode {
  name: "mixtureStatement";
  children: MixtureStatementCstChildren;
}

export type MixtureStatementCstChildren = {
  mixtureHead: MixtureHeadCstNode[];
  block: BlockCstNode[];
};

export interface MixtureHeadCstNode extends CstNode {
  name: "mixtureHead";
  children: MixtureHeadCstChildren;
}

export type MixtureHeadCstChildren = {
  Mixture: IToken[];
  name: NameCstNode[];
  Per?: IToken[];
  expression?: ExpressionCstNode[];
};

export interface ClassStatementCstNode extends CstNode {
  name: "classStatement";
  children: ClassStatementCstChildren;
}

export type ClassStatementCstChildren = {
  classHead: ClassHeadCstNode[];
  block: BlockCstNode[];
};

export interface ClassHeadCstNode extends CstNode {
  name: "classHead";
  children: ClassHeadCstChildren;
}

export type ClassHeadCstChildren = {
  Class: IToken[];
  name: (NameCstNode)[];
  Comma?: IToken[];
};

export interface LabelsStatementCstNode extends CstNode {
  name: "labelsStatement";
  children: LabelsStatementCstChildren;
}

export type LabelsStatementCstChildren = {
  Labels: IToken[];
  name: NameCstNode[];
};

export interface OrderStatementCstNode extends CstNode {
  name: "orderStatement";
  children: OrderStatementCstChildren;
}

export type OrderStatementCstChildren = {
  Order: IToken[];
  name: NameCstNode[];
  By: IToken[];
  expression: ExpressionCstNode[];
  Descending?: IToken[];
};

export interface WeightsStatementCstNode extends CstNode {
  name: "weightsStatement";
  children: WeightsStatementCstChildren;
}

export type WeightsStatementCstChildren = {
  Weights: IToken[];
  expression: ExpressionCstNode[];
};

export interface FitStatementCstNode extends CstNode {
  name: "fitStatement";
  children: FitStatementCstChildren;
}

export type FitStatementCstChildren = {
  Fit: IToken[];
  expression: ExpressionCstNode[];
};

export interface RelationCstNode extends CstNode {
  name: "relation";
  children: RelationCstChildren;
}

export type RelationCstChildren = {
  expression: (ExpressionCstNode)[];
  Tilde?: IToken[];
  Equals?: IToken[];
};

export interface ExpressionCstNode extends CstNode {
  name: "expression";
  children: ExpressionCstChildren;
}

export type ExpressionCstChildren = {
  operand: (OperandCstNode)[];
  binaryOperator?: BinaryOperatorCstNode[];
};

export interface OperandCstNode extends CstNode {
  name: "operand";
  children: OperandCstChildren;
}

export type OperandCstChildren = {
  prefixOperator?: PrefixOperatorCstNode[];
  primary: PrimaryCstNode[];
  LeftBracket?: IToken[];
  expression?: ExpressionCstNode[];
  RightBracket?: IToken[];
};

export interface PrimaryCstNode extends CstNode {
  name: "primary";
  children: PrimaryCstChildren;
}

export type PrimaryCstChildren = {
  NumberLiteral?: IToken[];
  StringLiteral?: IToken[];
  name?: NameCstNode[];
  arguments?: ArgumentsCstNode[];
  LeftParen?: IToken[];
  barred?: BarredCstNode[];
  RightParen?: IToken[];
  list?: ListCstNode[];
};

export interface ArgumentsCstNode extends CstNode {
  name: "arguments";
  children: ArgumentsCstChildren;
}

export type ArgumentsCstChildren = {
  LeftParen: IToken[];
  argument?: (ArgumentCstNode)[];
  Comma?: IToken[];
  RightParen: IToken[];
};

export interface ArgumentCstNode extends CstNode {
  name: "argument";
  children: ArgumentCstChildren;
}

export type ArgumentCstChildren = {
  name?: NameCstNode[];
  Equals?: IToken[];
  barred: BarredCstNode[];
};

export interface BarredCstNode extends CstNode {
  name: "barred";
  children: BarredCstChildren;
}

export type BarredCstChildren = {
  expression: (ExpressionCstNode)[];
  Bar?: IToken[];
  DoubleBar?: IToken[];
};

export interface ListCstNode extends CstNode {
  name: "list";
  children: ListCstChildren;
}

export type ListCstChildren = {
  LeftBracket: IToken[];
  expression: (ExpressionCstNode)[];
  Comma?: IToken[];
  RightBracket: IToken[];
};

export interface PrefixOperatorCstNode extends CstNode {
  name: "prefixOperator";
  children: PrefixOperatorCstChildren;
}

export type PrefixOperatorCstChildren = {
  Not?: IToken[];
  Minus?: IToken[];
  Plus?: IToken[];
};

export interface BinaryOperatorCstNode extends CstNode {
  name: "binaryOperator";
  children: BinaryOperatorCstChildren;
}

export type BinaryOperatorCstChildren = {
  Or?: IToken[];
  And?: IToken[];
  EqualEqual?: IToken[];
  NotEqual?: IToken[];
  Less?: IToken[];
  LessEqual?: IToken[];
  Greater?: IToken[];
  GreaterEqual?: IToken[];
  Plus?: IToken[];
  Minus?: IToken[];
  Star?: IToken[];
  Slash?: IToken[];
  Colon?: IToken[];
  Caret?: IToken[];
};

export interface NameCstNode extends CstNode {
  name: "name";
  children: NameCstChildren;
}

export type NameCstChildren = {
  Identifier?: IToken[];
  QuotedName?: IToken[];
};
