import { ar1 } from './ar1.js';
import { car1 } from './car1.js';
import type { CorrelationModel } from './correlation-model.js';
import { cs } from './cs.js';
import type { ErrorStructure } from './residual-rows.js';
import { us } from './us.js';

/** Every structure of correlated errors. */
export const correlationModels: Record<ErrorStructure, CorrelationModel> = { ar1, car1, cs, us };
