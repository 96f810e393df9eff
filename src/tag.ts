import { type CompiledProgram, compile } from './embed.js';
import { type AnyModel, Model } from './model.js';
import { fillHoles, type Inserted } from './syntax/holes.js';

/**
 * A model written in place: mm`Reaction ~ Days + (Days | Subject)`. It is compiled when it is first used.
 *
 * A number is put in as a number, a text as a name in backticks (of a column, a level's coefficient, a group), whatever characters it has:
 * mm`${response} ~ ${covariate} + (1 | g)`. Nothing else can be put in, so that no value changes how the rest is read. A backtick of the
 * language is written \` here, as in every template.
 * @throws TypeError at once, where a value is neither a number nor a name, or stands inside a text or a comment. What is wrong with the
 *   program is thrown as MmError when the model is used; RangeError where it has several models
 */
export function mm(pieces: TemplateStringsArray, ...values: readonly Inserted[]): Model<AnyModel> {
  const { text, problems } = fillHoles(cooked(pieces), values);
  const [first] = problems;
  if (first !== undefined) throw new TypeError(`value ${first.index + 1} of the template: ${first.reason}`);
  const program: CompiledProgram[] = [];
  const once = () => {
    program[0] ??= compile(text);
    return program[0];
  };
  return new Model((table) => once().ready(table));
}

/** Escapes as JavaScript reads them: \` stands for a backtick. */
function cooked(pieces: readonly (string | undefined)[]): string[] {
  return pieces.map((piece) => {
    if (piece === undefined) throw new TypeError('the template has an escape that JavaScript does not know');
    return piece;
  });
}
