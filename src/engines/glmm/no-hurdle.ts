/** Logit of a hurdle that no row fails: what is above it is then looked at by itself. */
export const noHurdle = -40;
