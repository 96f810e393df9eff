# Orthogonal cubic polynomial in time, random intercept and slope, REML.
model sleepstudy_poly_reml {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = poly(Days, 3) + (Days | Subject)

  fit reml
}
