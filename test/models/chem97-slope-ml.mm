# Chemistry scores with a quadratic and a random slope per school, ML.
model chem97_slope_ml {
  data "../data/Chem97.csv" { gender: factor("M", "F") }

  score ~ normal(mu, sigma)
  mu = gcsecnt + I(gcsecnt^2) + gender + (gcsecnt | school) + (1 | lea)

  fit ml
}
