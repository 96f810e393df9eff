import type { Engine } from './engine.js';
import { fitGlmm } from './glmm/fit-glmm.js';
import { fitLmm } from './lmm/fit-lmm.js';

export type { Engine, EngineOptions, Progress } from './engine.js';

export const lmmEngine: Engine = { name: 'lmm', fit: fitLmm };
export const glmmEngine: Engine = { name: 'glmm', fit: fitGlmm };
