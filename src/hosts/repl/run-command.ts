import type { CompiledModel } from '../../compile.js';
import { nearestName } from '../../data/nearest-name.js';
import { explain } from '../../explain.js';
import { summaryText } from '../../results/summary-text.js';
import { textTable } from '../../results/text-table.js';
import { saveFit } from '../../saved-fit.js';
import { randomEffectsText } from '../cli/effects-text.js';
import { checkSessionModel, dataOf } from './check-session-model.js';
import { type CommandLine, complain, fileAt, misused, readCommand, specOf, unquoted, wordsOf } from './command-line.js';
import { type CommandName, commandNamed, commands } from './commands.js';
import { dataText } from './data-text.js';
import { inStatements } from './declare.js';
import { deleteStatements } from './delete-statements.js';
import { plotCommand } from './plot-command.js';
import { predictCommand } from './predict-command.js';
import { programText } from './program-text.js';
import { fitOf, isReady, readyModel, summaryWidth } from './ready-model.js';
import {
  changed,
  currentModel,
  type Input,
  info,
  modelNamed,
  type Output,
  result,
  type Session,
  type Step,
  say,
  withModel,
} from './session.js';

/** Does what a line that starts with `:` asks for. */
export function runCommand(session: Session, input: Input): Step {
  const line = readCommand(input);
  const word = line.word === '?' ? 'help' : line.word;
  const spec = commandNamed(word);
  if (spec === undefined) {
    const near = nearestName(
      word,
      commands.map((c) => c.name),
    );
    return complain(session, line, 'MM601', { name: word, near });
  }
  const name = spec.name as CommandName;
  if (line.forced && name !== 'save' && name !== 'load') return misused(session, line, name, `:${name} takes no '!'`);
  if (spec.usage === `:${name}` && line.rest !== '') return misused(session, line, name, `:${name} takes no arguments`);
  return actions[name](session, line);
}

type Action = (session: Session, line: CommandLine) => Step;

const actions: Readonly<Record<CommandName, Action>> = {
  data: (session, line) => {
    if (line.rest !== '')
      return effect(session, { kind: 'readData', file: fileAt(session, line.rest), purpose: { kind: 'data' } });
    const file = dataOf(session, currentModel(session));
    if (file === null) return complain(session, line, 'MM608', {});
    const loaded = session.tables.get(file.path);
    if (loaded === undefined)
      return effect(session, { kind: 'readData', file, purpose: { kind: 'input', input: line.input } });
    return say(session, result(dataText(loaded.table, loaded.shown)));
  },

  model: (session, line) => {
    if (line.rest === '') return say(session, ...modelText(session));
    const name = unquoted(line.rest);
    if (/[\s"`]/.test(name)) return misused(session, line, 'model', `'${name}' is no name of a model`);
    if (name === session.current) return say(session);
    if (modelNamed(session, name) !== undefined) return say(changed(session, { current: name }, `:model ${name}`));
    const models = withModel(session.models, { name, folder: session.folder, statements: [] });
    return say(
      changed(session, { models, current: name }, `:model ${name}`),
      info(`a new model '${name}', still empty`),
    );
  },

  copy: (session, line) => {
    const name = unquoted(line.rest);
    if (name === '' || /[\s"`]/.test(name))
      return misused(session, line, 'copy', ':copy takes the name of the new model');
    if (modelNamed(session, name) !== undefined)
      return misused(session, line, 'copy', `there is a model '${name}' already`);
    const models = withModel(session.models, { ...currentModel(session), name });
    return say(changed(session, { models, current: name }, `:copy ${name}`));
  },

  delete: deleteStatements,

  undo: (session, line) => {
    const [last, ...past] = session.past;
    if (last === undefined) return complain(session, line, 'MM606', {});
    const { what, ...before } = last;
    return say({ ...session, ...before, past }, info(`undone: ${what}`));
  },

  explain: (session, line) => {
    const method = line.rest === '' ? null : line.rest;
    const checked = checkSessionModel(session, currentModel(session), method);
    const wrong = checked.diagnostics.filter((d) => d.severity === 'error');
    const text = explain(checked.compiled).trimEnd();
    const outputs: Output[] = inStatements(wrong, checked, currentModel(session));
    return say(session, ...outputs, ...(text === '' ? [] : [result(text)]));
  },

  fit: (session, line) => {
    const method = line.rest === '' ? null : line.rest;
    const ready = readyModel(session, line, currentModel(session), method);
    if (!isReady(ready)) return ready;
    const { checked, data, told } = ready;
    const { name } = currentModel(session);
    return {
      session,
      outputs: told,
      effect: {
        kind: 'run',
        job: { kind: 'fit', model: checked.compiled, table: data.table },
        purpose: { kind: 'fit', model: name, of: { source: checked.source, path: data.path, method } },
      },
    };
  },

  summary: (session, line) =>
    fitOf(session, line, ({ fit }) => [result(summaryText(fit, { width: summaryWidth(session) }))]),

  ranef: (session, line) =>
    fitOf(session, line, ({ fit }) => [
      fit.ranef.length === 0 ? info('the model has no random effects') : result(randomEffectsText(fit)),
    ]),

  confint: (session, line) => {
    const ready = readyModel(session, line, currentModel(session), null);
    if (!isReady(ready)) return ready;
    const words = wordsOf(line.rest);
    const wald = words[0] === 'wald';
    const only = words.slice(wald || words[0] === 'profile' ? 1 : 0);
    const { checked, data } = ready;
    return {
      session,
      outputs: ready.told,
      effect: {
        kind: 'run',
        job: {
          kind: 'confint',
          model: checked.compiled,
          table: data.table,
          options: { method: wald ? 'wald' : 'profile', ...(only.length === 0 ? {} : { only }) },
        },
        purpose: { kind: 'intervals', model: session.current },
      },
    };
  },

  compare: (session, line) => {
    const names = wordsOf(line.rest);
    const unknown = names.find((name) => modelNamed(session, name) === undefined);
    if (unknown !== undefined)
      return complain(session, line, 'MM605', { name: unknown, known: session.models.map((m) => m.name) });
    const models = names.length === 0 ? session.models : session.models.filter((m) => names.includes(m.name));
    if (models.length < 2) return complain(session, line, 'MM543', { model: models[0]?.name ?? session.current });
    const contenders: { name: string; file: string; model: CompiledModel; table: Parameters<typeof dataText>[0] }[] =
      [];
    for (const model of models) {
      const ready = readyModel(session, line, model, null);
      if (!isReady(ready)) return ready;
      const { checked, data } = ready;
      contenders.push({ name: model.name, file: data.shown, model: checked.compiled, table: data.table });
    }
    return {
      session,
      outputs: [],
      effect: { kind: 'run', job: { kind: 'compare', contenders }, purpose: { kind: 'comparison' } },
    };
  },

  plot: plotCommand,

  predict: (session, line) => predictCommand(session, line, null),

  save: (session, line) => {
    if (line.rest === '') return misused(session, line, 'save', ':save takes the name of a file');
    const file = fileAt(session, line.rest);
    if (file.path.endsWith('.json'))
      return fitOf(
        session,
        line,
        () => [],
        ({ fitted }) => ({
          kind: 'write',
          file,
          text: `${JSON.stringify(saveFit(fitted))}\n`,
          overwrite: line.forced,
          done: `the fit of '${session.current}' saved in ${file.shown}`,
        }),
      );
    const text = programText(session, file.path);
    if (text === '') return misused(session, line, 'save', 'there is nothing to save yet');
    const done = `saved in ${file.shown}`;
    return effect(session, { kind: 'write', file, text, overwrite: line.forced, done });
  },

  load: (session, line) =>
    line.rest === ''
      ? misused(session, line, 'load', ':load takes the name of a file')
      : effect(session, { kind: 'readModel', file: fileAt(session, line.rest), ownData: !line.forced }),

  help: (session, line) => {
    const name = line.rest.replace(/^:/, '');
    if (name === '') return say(session, result(helpText()));
    const spec = commandNamed(name);
    if (spec === undefined)
      return complain(session, line, 'MM601', {
        name,
        near: nearestName(
          name,
          commands.map((c) => c.name),
        ),
      });
    const { usage, what, more } = specOf(spec.name as CommandName);
    return say(
      session,
      result(
        [
          usage,
          `  ${what}`,
          ...(more ?? '')
            .split('\n')
            .filter((l) => l !== '')
            .map((l) => `  ${l}`),
        ].join('\n'),
      ),
    );
  },

  quit: (session) => effect(session, { kind: 'leave' }),
};

function effect(session: Session, wanted: NonNullable<Step['effect']>): Step {
  return { session, outputs: [], effect: wanted };
}

function modelText(session: Session): Output[] {
  const { name, statements } = currentModel(session);
  const width = String(statements.length).length;
  const outputs: Output[] = [];
  if (session.models.length > 1) {
    const names = session.models.map((m) => `${m.name === name ? '*' : ' '} ${m.name}`);
    outputs.push(result(names.join('\n')));
  }
  if (statements.length === 0) return [...outputs, info(`the model '${name}' has no statements yet`)];
  const numbered = statements.map(({ text }, i) => {
    const [first = '', ...rest] = unindented(text.split('\n'));
    return [`${String(i + 1).padStart(width)}  ${first}`, ...rest.map((l) => `${' '.repeat(width + 2)}${l}`)].join(
      '\n',
    );
  });
  return [...outputs, { kind: 'program', text: numbered.join('\n') }];
}

/** Lines of a block that stood deeper in its file, so that its last brace stands below its first word. */
function unindented(lines: readonly string[]): string[] {
  const depth = /^(\s*)\}/.exec(lines.at(-1) ?? '')?.[1]?.length ?? 0;
  return lines.map((line, i) => (i > 0 && line.slice(0, depth).trim() === '' ? line.slice(depth) : line));
}

function helpText(): string {
  const rows = commands.map((c) => [c.usage, c.what]);
  return [
    'Statements of the model are typed as in a file; a statement about the same thing takes the place of the old one:',
    '  Reaction ~ normal(mu, sigma)',
    '  mu = 1 + Days + (1 + Days | Subject)',
    '',
    'Commands, which may be shortened (:sum):',
    ...textTable(rows, ['left', 'left']).map((l) => `  ${l}`),
    '',
    'Tab completes names; a line that cannot be all goes on in the next; Ctrl-C leaves what is typed, or stops a fit.',
  ].join('\n');
}
