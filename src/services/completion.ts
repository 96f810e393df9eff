export type CompletionKind =
  | 'keyword'
  | 'family'
  | 'prior'
  | 'link'
  | 'function'
  | 'structure'
  | 'column'
  | 'level'
  | 'parameter'
  | 'coefficient'
  | 'effect'
  | 'group'
  | 'class'
  | 'method'
  | 'option'
  | 'type'
  | 'coding';

export interface CompletionItem {
  readonly name: string;
  /** What is put in the text; quoted where the name needs it. */
  readonly insert: string;
  readonly kind: CompletionKind;
  readonly detail: string;
}

/** What could stand at a place of a program. */
export interface Completion {
  /** The part of the source that an item replaces. */
  readonly start: number;
  readonly end: number;
  readonly items: readonly CompletionItem[];
  /** A file's name is wanted; which files there are, only the host knows. */
  readonly file: boolean;
}
