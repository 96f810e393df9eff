import { type Capability, capabilities } from '../../src/plan/capabilities.js';
import type { EngineName } from '../../src/plan/engine-plan.js';

/** All engines there, each able to do whatever it will ever do: plans that do not change while engines are built. */
export function grownEngines(): Record<EngineName, Capability> {
  const grow = (c: Capability): Capability => ({
    built: true,
    features: Object.fromEntries(
      Object.entries(c.features).map(([name, ability]) => [name, ability === 'never' ? 'never' : 'yes']),
    ) as Capability['features'],
  });
  return { lmm: grow(capabilities.lmm), glmm: grow(capabilities.glmm), em: grow(capabilities.em) };
}
