import type { LinkName } from '../links/link.js';
import type { FamilyParameter } from './family.js';

const realLinks: readonly LinkName[] = ['identity', 'log', 'inverse', 'sqrt'];
const positiveLinks: readonly LinkName[] = ['log', 'identity', 'inverse', 'sqrt'];
const unitLinks: readonly LinkName[] = ['logit', 'probit', 'cloglog', 'cauchit', 'log', 'identity'];

type Role = FamilyParameter['role'];

/** A location is never data: `normal(x, sigma)` is a slip far more often than a known mean. */
function parameter(
  name: string,
  role: Role,
  support: FamilyParameter['support'],
  links: readonly LinkName[],
): FamilyParameter {
  return { name, role, defaultLink: links[0] ?? 'identity', links, support, mayBeData: role !== 'location' };
}

export const real = (name: string, role: Role) => parameter(name, role, 'real', realLinks);
export const positive = (name: string, role: Role) => parameter(name, role, 'positive', positiveLinks);
export const unit = (name: string, role: Role) => parameter(name, role, 'unit', unitLinks);
