import type { Family } from './family.js';

/** Ordered categories: P(y <= k) = F(threshold[k] - eta), F the inverse of the link. */
export const cumulative: Family = {
  name: 'cumulative',
  order: ['eta', 'link'],
  parameters: [
    { name: 'eta', role: 'location', defaultLink: 'identity', links: ['identity'], support: 'real', mayBeData: false },
  ],
  dataArguments: [{ name: 'link', kind: 'link', required: false }],
  response: 'ordered',
  hasScale: false,
};
