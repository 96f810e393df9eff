import { define } from '../define.js';

/** MM58x: predictions, new responses and the bootstrap; MM59x: saved fits. */
export const predictionCodes = {
  MM581: define<{ group: string; levels: readonly string[]; more: number }>({
    severity: 'error',
    message: (p) =>
      `the fit did not see these levels of ${p.group}: ${p.levels.join(', ')}${p.more > 0 ? ', ...' : ''}`,
    hint: () =>
      'population predicts for them with random effects of zero, draw with effects drawn from their distribution',
  }),
  MM582: define<{ group: string; levels: readonly string[]; more: number; how: 'population' | 'draw' }>({
    severity: 'note',
    message: (p) =>
      `the fit did not see these levels of ${p.group}: ${p.levels.join(', ')}${p.more > 0 ? ` and ${p.more} more` : ''}; ${
        p.how === 'draw' ? 'their effects are drawn' : 'their random effects are taken as zero'
      }`,
  }),
  MM583: define<{ name: string; what: string }>({
    severity: 'error',
    message: (p) => `the new rows do not say ${p.name}, on which ${p.what} depends`,
    hint: () => 'link and parameters can be predicted without it',
  }),
  MM584: define<{ type: string; reason: string }>({
    severity: 'error',
    message: (p) => `${p.type} cannot be predicted: ${p.reason}`,
  }),
  MM585: define<{ rows: number; first: number; what: string }>({
    severity: 'warning',
    message: (p) =>
      `${p.rows === 1 ? `row ${p.first} has` : `${p.rows} rows have`} a missing value that the model needs${
        p.rows === 1 ? '' : `, row ${p.first} first`
      }: there is no ${p.what}`,
  }),
  MM586: define<{ failed: number; of: number; reason: string }>({
    severity: 'warning',
    message: (p) => `${p.failed} of ${p.of} refits came to nothing: ${p.reason}`,
    hint: () => 'they are left out; where they are many the intervals are of the others only',
  }),
  MM587: define<{ unconverged: number; of: number }>({
    severity: 'warning',
    message: (p) => `${p.unconverged} of ${p.of} refits have not converged; they are counted`,
  }),
  MM588: define<{ file: string; reason: string }>({
    severity: 'error',
    message: (p) => `'${p.file}' cannot be gone on with: ${p.reason}`,
    hint: () => 'name another file, or delete this one to begin anew',
  }),
  MM589: define<{ reason: string }>({
    severity: 'error',
    message: (p) => `new responses cannot be drawn: ${p.reason}`,
  }),
  MM590: define<{ done: number; of: number }>({
    severity: 'note',
    message: (p) => `stopped after ${p.done} of ${p.of} refits`,
    hint: () => 'the same command with --resume goes on from there, where a file was named',
  }),
  MM591: define<{ file: string; reason: string }>({
    severity: 'error',
    message: (p) => `'${p.file}' is no saved fit: ${p.reason}`,
    hint: () => 'a saved fit is what mm fit --save writes',
  }),
  MM592: define<{ file: string; version: string }>({
    severity: 'error',
    message: (p) => `'${p.file}' was saved in the form ${p.version}, which this version does not read`,
    hint: () => 'this version reads mm.saved-fit/1',
  }),
  MM593: define<{ file: string }>({
    severity: 'error',
    message: (p) => `'${p.file}' was changed or damaged after it was saved`,
    hint: () => 'save the fit again',
  }),
  MM594: define({
    severity: 'error',
    message: () => 'the fit was saved without its rows',
    hint: () => 'give new rows: --newdata FILE',
  }),
  MM595: define<{ models: readonly string[] }>({
    severity: 'error',
    message: (p) => `the file has several models: ${p.models.join(', ')}`,
    hint: () => 'choose one: --model NAME',
  }),
  MM596: define<{ option: string }>({
    severity: 'error',
    message: (p) => `--${p.option} is for models, and this is a saved fit: it has its model and its data`,
    hint: (p) => (p.option === 'data' ? 'name new rows by --newdata FILE' : 'leave it out'),
  }),
};
