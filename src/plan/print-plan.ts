import type { EnginePlan } from './engine-plan.js';

/** The engine a model goes to and why, or what keeps it from each; one line each. */
export function printPlan(plan: EnginePlan): string {
  switch (plan.engine) {
    case 'lmm':
      return `engine lmm, by ${plan.method}: ${plan.why}\n`;
    case 'glmm':
      return `engine glmm, by ${plan.integral ?? 'maximum likelihood'}${plan.method === 'ml' && plan.integral !== null ? ' (ml)' : ''}: ${plan.why}\n`;
    case 'em':
      return `engine em, by EM${plan.integral === null ? '' : ` with ${plan.integral}`}: ${plan.why}\n`;
    case 'refused': {
      const lines = plan.obstacles.map((o) => `  ${o.engine.padEnd(11)} ${wordsFor[o.kind]} ${o.what}`);
      return `no engine\n${lines.join('\n')}\n`;
    }
  }
}

const wordsFor = {
  never: 'has no place for',
  method: 'does not estimate by',
  'not yet': 'lacks in this version',
  absent: 'is not in this version, needed by',
  reml: 'cannot integrate the coefficients out with',
  unbounded: 'finds no maximum with',
};
