/** Models that this version refuses, and what the refusal must name. The only list of them. */
export const awaited: readonly { readonly refusal: RegExp; readonly models: RegExp }[] = [
  { refusal: /a mixture per \w+ needs the em engine/, models: /^mix-(?!npreg-obs)/ },
  {
    refusal: /lacks (correlated errors|the predictor of sigma)/,
    models:
      /^(disp-gauss-reml|orthodont-(cs-tmb|gls-ar1-ml|gls-cs-reml|lme-ar1-reml|lme-varident-reml)|sleepstudy-(ar1-tmb|gls-ar1-varpower))$/,
  },
];
