/** How many derivatives are asked for besides the value. */
export type Order = 0 | 1 | 2 | 3;
