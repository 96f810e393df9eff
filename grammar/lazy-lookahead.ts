import { type BaseParser, type ILookaheadStrategy, LLkLookaheadStrategy } from 'chevrotain';

type AlternationOptions = Parameters<ILookaheadStrategy['buildLookaheadForAlternation']>[0];
type OptionalOptions = Parameters<ILookaheadStrategy['buildLookaheadForOptional']>[0];
type Alternation = ReturnType<ILookaheadStrategy['buildLookaheadForAlternation']>;
type Optional = ReturnType<ILookaheadStrategy['buildLookaheadForOptional']>;

/** LL(k) whose decisions are computed when first needed: one model uses few of them, and all of them would delay its start. */
export class LazyLookahead extends LLkLookaheadStrategy {
  override buildLookaheadForAlternation(options: AlternationOptions): Alternation {
    const build = () => super.buildLookaheadForAlternation(options);
    let decide: Alternation | undefined;
    return function (this: BaseParser, alternatives) {
      decide ??= build();
      return decide.call(this, alternatives);
    };
  }

  override buildLookaheadForOptional(options: OptionalOptions): Optional {
    const build = () => super.buildLookaheadForOptional(options);
    let decide: Optional | undefined;
    return function (this: BaseParser) {
      decide ??= build();
      return decide.call(this);
    };
  }
}
