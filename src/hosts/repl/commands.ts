/** What a command takes, for completion. */
export type Takes =
  | 'nothing'
  | 'file'
  | 'saved'
  | 'predict'
  | 'model'
  | 'models'
  | 'method'
  | 'statement'
  | 'plot'
  | 'command'
  | 'intervals';

export interface CommandSpec {
  readonly name: string;
  readonly usage: string; // as typed
  readonly what: string;
  readonly takes: Takes;
  readonly more?: string;
}

/** Every command, in the order of `:help`. */
export const commands = [
  {
    name: 'data',
    usage: ':data [FILE]',
    what: 'the columns of the data; with a file, the rows come from there',
    takes: 'file',
    more: 'A model can also name its own: data "file.csv"',
  },
  {
    name: 'model',
    usage: ':model [NAME]',
    what: 'the statements of the model, numbered; with a name, go on with that model',
    takes: 'model',
    more: 'A name that no model has yet begins a new one.',
  },
  { name: 'copy', usage: ':copy NAME', what: 'go on with a copy of the model', takes: 'nothing' },
  {
    name: 'delete',
    usage: ':delete STATEMENT',
    what: 'take out a statement, by its number or by what it is about; "all" of them',
    takes: 'statement',
    more: 'For instance: :delete 2, :delete 2-4, :delete mu, :delete beta[Days], :delete all',
  },
  { name: 'undo', usage: ':undo', what: 'take back the last change of the models or the data', takes: 'nothing' },
  {
    name: 'explain',
    usage: ':explain [METHOD]',
    what: 'what the model means, and which engine fits it',
    takes: 'method',
  },
  {
    name: 'fit',
    usage: ':fit [METHOD]',
    what: 'fit the model and print what was found; Ctrl-C stops',
    takes: 'method',
    more: 'A method stands in place of what the model says: :fit ml, :fit agq(25)',
  },
  { name: 'summary', usage: ':summary', what: 'what the last fit found, once more', takes: 'nothing' },
  {
    name: 'predict',
    usage: ':predict [FILE] [OPTION ...]',
    what: 'predictions for the rows of a file, or for those of the fit',
    takes: 'predict',
    more: `Options: response (or link, parameters, categories, classes): what is predicted
population: without random effects
draw: levels that the fit did not see get effects that are drawn; else zero
confidence, prediction: 95% intervals; of the mean, or of a new observation`,
  },
  { name: 'ranef', usage: ':ranef', what: 'its random effects, level by level', takes: 'nothing' },
  {
    name: 'confint',
    usage: ':confint [wald] [NAME ...]',
    what: 'confidence intervals, by profile likelihood or by standard errors',
    takes: 'intervals',
  },
  {
    name: 'compare',
    usage: ':compare [MODEL ...]',
    what: 'compare the models of the session, or those named',
    takes: 'models',
  },
  {
    name: 'plot',
    usage: ':plot caterpillar|residuals|profile|trace [NAME]',
    what: 'a plot in the terminal',
    takes: 'plot',
    more: `:plot caterpillar [GROUP]   random effects with 95% intervals
:plot residuals             residuals against fitted values
:plot profile [NAME ...]    signed roots of the profile likelihood
:plot trace                 the objective of EM, round by round`,
  },
  {
    name: 'save',
    usage: ':save FILE',
    what: 'write the models (FILE.mm), or the last fit (FILE.json); :save! replaces a file',
    takes: 'saved',
  },
  {
    name: 'load',
    usage: ':load FILE',
    what: 'take models (FILE.mm) or a fit (FILE.json) into the session',
    takes: 'saved',
    more: ':load! takes the rows from the data of the session, whatever the file says.',
  },
  { name: 'help', usage: ':help [COMMAND]', what: 'this list, or more about one command', takes: 'command' },
  { name: 'quit', usage: ':quit', what: 'leave; so does Ctrl-D', takes: 'nothing' },
] as const satisfies readonly CommandSpec[];

export type CommandName = (typeof commands)[number]['name'];

/** The command a word stands for: its name, or letters that only one name starts with. */
export function commandNamed(word: string): CommandSpec | undefined {
  const exact = commands.find((c) => c.name === word);
  if (exact !== undefined) return exact;
  const found = commands.filter((c) => word !== '' && c.name.startsWith(word));
  return found.length === 1 ? found[0] : undefined;
}

/** Whether a line is a command, whatever has been typed before it. */
export function isCommand(line: string): boolean {
  const word = /^\s*:([a-z]+)!?(?=\s|$)/.exec(line)?.[1];
  return word !== undefined && commandNamed(word) !== undefined;
}
