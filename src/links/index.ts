import { cauchit } from './cauchit.js';
import { cloglog } from './cloglog.js';
import { identity } from './identity.js';
import { inverse } from './inverse.js';
import type { Link, LinkName } from './link.js';
import { log } from './log.js';
import { logit } from './logit.js';
import { probit } from './probit.js';
import { sqrt } from './sqrt.js';

export const links: Record<LinkName, Link> = { identity, log, logit, probit, cloglog, cauchit, inverse, sqrt };
