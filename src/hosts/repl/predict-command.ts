import type { Table } from '../../data/table.js';
import { type PredictionType, type PredictOptions, predictionTypes } from '../../predict.js';
import { type CommandLine, fileAt, misused, wordsOf } from './command-line.js';
import { fitOf } from './ready-model.js';
import type { Session, Step } from './session.js';

/** Words of `:predict` that are no files. */
export const predictWords: readonly string[] = [...predictionTypes, 'population', 'draw', 'confidence', 'prediction'];

/**
 * `:predict [FILE] [OPTION ...]`.
 * @param table  the new rows, where they have been read; null: not yet, or there are none
 */
export function predictCommand(session: Session, line: CommandLine, table: Table | null): Step {
  const words = wordsOf(line.rest);
  const [file, ...others] = words.filter((word) => !predictWords.includes(word));
  if (others.length > 0) return misused(session, line, 'predict', `there is no option '${others[0]}' of :predict`);
  const options = optionsFrom(words);
  const of = file === undefined ? null : fileAt(session, file);
  return fitOf(
    session,
    line,
    () => [],
    ({ fitted, fit }) =>
      of !== null && table === null
        ? { kind: 'readData', file: of, purpose: { kind: 'predict', input: line.input } }
        : {
            kind: 'run',
            job: { kind: 'predict', fitted, table, options },
            purpose: { kind: 'prediction', what: `${fit.model}, ${of === null ? 'the rows of the fit' : of.shown}` },
          },
  );
}

function optionsFrom(words: readonly string[]): PredictOptions {
  const has = (word: string): boolean => words.includes(word);
  const type: PredictionType | undefined = predictionTypes.find(has);
  const interval = has('prediction') ? 'prediction' : has('confidence') ? 'confidence' : undefined;
  return {
    se: true,
    ...(type === undefined ? {} : { type }),
    ...(interval === undefined ? {} : { interval }),
    ...(has('population') ? { effects: 'exclude' } : {}),
    ...(has('draw') ? { levels: 'draw' } : {}),
  };
}
