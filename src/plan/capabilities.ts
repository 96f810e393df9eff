import type { EngineName } from './engine-plan.js';
import type { Feature } from './features.js';

/** `yes`; `never`: outside of what the engine computes; `not yet`: this version lacks it. */
type Ability = 'yes' | 'not yet' | 'never';

export interface Capability {
  /** False where this version has no such engine. */
  readonly built: boolean;
  readonly features: Readonly<Record<Feature, Ability>>;
}

/** What each engine can do. The one place to change when an engine learns something. */
export const capabilities: Readonly<Record<EngineName, Capability>> = {
  lmm: {
    built: true,
    features: {
      otherFamily: 'never',
      meanLink: 'never',
      randomScale: 'never',
      scalePredictor: 'yes',
      sharedParts: 'never',
      scalePriors: 'not yet',
      knownScale: 'yes',
      correlatedErrors: 'yes',
      priors: 'yes',
      penalties: 'yes',
      fixedSigma: 'yes',
      otherFixes: 'not yet',
      sdFixes: 'never',
      covarianceFixes: 'not yet',
      sumToZero: 'yes',
      mixturePerRow: 'never',
      mixturePerGroup: 'never',
      labels: 'never',
      manyPoints: 'never',
      noRandomEffects: 'yes',
    },
  },
  glmm: {
    built: true,
    features: {
      otherFamily: 'yes',
      meanLink: 'yes',
      randomScale: 'yes',
      scalePredictor: 'yes',
      sharedParts: 'yes',
      scalePriors: 'yes',
      knownScale: 'yes',
      correlatedErrors: 'never',
      priors: 'yes',
      penalties: 'yes',
      fixedSigma: 'yes',
      otherFixes: 'yes',
      sdFixes: 'yes',
      covarianceFixes: 'not yet',
      sumToZero: 'yes',
      mixturePerRow: 'yes',
      mixturePerGroup: 'never',
      labels: 'yes',
      manyPoints: 'never',
      noRandomEffects: 'yes',
    },
  },
  em: {
    built: true,
    features: {
      otherFamily: 'yes',
      meanLink: 'yes',
      randomScale: 'yes',
      scalePredictor: 'yes',
      sharedParts: 'yes',
      scalePriors: 'yes',
      knownScale: 'yes',
      correlatedErrors: 'never',
      priors: 'yes',
      penalties: 'yes',
      fixedSigma: 'yes',
      otherFixes: 'yes',
      sdFixes: 'yes',
      covarianceFixes: 'not yet',
      sumToZero: 'yes',
      mixturePerRow: 'never',
      mixturePerGroup: 'yes',
      labels: 'yes',
      manyPoints: 'never',
      noRandomEffects: 'yes',
    },
  },
};
