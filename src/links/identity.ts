import type { Link } from './link.js';

export const identity: Link = {
  name: 'identity',
  link: (parameter) => parameter,
  inverse: (eta) => eta,
  derivative1: () => 1,
  derivative2: () => 0,
  derivative3: () => 0,
};
