import type { CovarianceStructure } from '../../../graph/model-graph.js';
import { ar1 } from './ar1.js';
import { car1 } from './car1.js';
import type { CovarianceModel } from './covariance-model.js';
import { cs } from './cs.js';
import { diag } from './diag.js';
import { homcs } from './homcs.js';
import { us } from './us.js';

/** Every covariance structure of the language. */
export const covarianceModels: Record<CovarianceStructure, CovarianceModel> = { us, diag, cs, homcs, ar1, car1 };
