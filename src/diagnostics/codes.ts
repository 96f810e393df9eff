import { dataCodes } from './codes/data.js';
import { fileCodes } from './codes/files.js';
import { fittingCodes } from './codes/fitting.js';
import { inferenceCodes } from './codes/inference.js';
import { mixtureCodes } from './codes/mixtures.js';
import { nameCodes } from './codes/names.js';
import { predictionCodes } from './codes/prediction.js';
import { sessionCodes } from './codes/session.js';
import { structureCodes } from './codes/structure.js';
import { syntaxCodes } from './codes/syntax.js';
import type { CodeEntry } from './define.js';

/** Every message the project can give, by code. `spec/diagnostics.md` has a section for each. */
export const codes = {
  ...syntaxCodes,
  ...nameCodes,
  ...structureCodes,
  ...dataCodes,
  ...fileCodes,
  ...fittingCodes,
  ...inferenceCodes,
  ...mixtureCodes,
  ...predictionCodes,
  ...sessionCodes,
};

export type Code = keyof typeof codes;
export type CodeParameters<C extends Code> = (typeof codes)[C] extends CodeEntry<infer P> ? P : never;
