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
  Name: IToken[];
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
  Name: (IToken)[];
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
  Name: IToken[];
  Equals: IToken[];
  expression: ExpressionCstNode[];
};

export interface ContrastsStatementCstNode extends CstNode {
  name: "contrastsStatement";
  children: ContrastsStatementCstChildren;
}

export type ContrastsStatementCstChildren = {
  Contrasts: IToken[];
  Name: IToken[];
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
  Name: IToken[];
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
  Name: (IToken)[];
  Comma?: IToken[];
};

export interface LabelsStatementCstNode extends CstNode {
  name: "labelsStatement";
  children: LabelsStatementCstChildren;
}

export type LabelsStatementCstChildren = {
  Labels: IToken[];
  Name: IToken[];
};

export interface OrderStatementCstNode extends CstNode {
  name: "orderStatement";
  children: OrderStatementCstChildren;
}

export type OrderStatementCstChildren = {
  Order: IToken[];
  Name: IToken[];
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
  BinaryOperator?: IToken[];
};

export interface OperandCstNode extends CstNode {
  name: "operand";
  children: OperandCstChildren;
}

export type OperandCstChildren = {
  PrefixOperator?: IToken[];
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
  Name?: IToken[];
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
  Name?: IToken[];
  Equals?: IToken[];
  barred: BarredCstNode[];
};

export interface BarredCstNode extends CstNode {
  name: "barred";
  children: BarredCstChildren;
}

export type BarredCstChildren = {
  expression: (ExpressionCstNode)[];
  RandomBar?: IToken[];
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
