import { define } from '../define.js';

/** MM49x: files and where rows come from, as the command line sees them. */
export const fileCodes = {
  MM490: define<{ file: string; reason: string }>({
    severity: 'error',
    message: (p) => `cannot write '${p.file}': ${p.reason}`,
  }),
  MM491: define({
    severity: 'error',
    message: () => 'the model names no data',
    hint: () => 'write data "file.csv" in the model, or give --data file.csv',
  }),
  MM492: define<{ file: string }>({
    severity: 'error',
    message: (p) => `'${p.file}' looks like data, not like a model`,
    hint: (p) =>
      `a model stands in a file of its own: mm fit model.mm --data ${p.file.startsWith('<') ? 'data.csv' : p.file}`,
  }),
  MM493: define<{ model: string; reason: string }>({
    severity: 'warning',
    message: (p) => `the types of '${p.model}' are made without its data: ${p.reason}`,
    hint: () => 'names of coefficients that depend on the data stay open',
  }),
  MM494: define<{ file: string; from: string }>({
    severity: 'error',
    message: (p) => `'${p.file}' is not what '${p.from}' makes`,
    hint: () => 'run the same command without --check',
  }),
  MM495: define<{ file: string }>({
    severity: 'error',
    message: (p) => `'${p.file}' is a saved fit, not a model`,
    hint: () => 'mm summary, mm predict and mm simulate take fits; the other commands the model',
  }),
};
