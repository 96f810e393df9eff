/** Models that this version refuses, and what the refusal must name. The only list of them. */
export const awaited: readonly { readonly refusal: RegExp; readonly models: RegExp }[] = [];
