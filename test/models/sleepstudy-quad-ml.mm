# Quadratic in time by I(), random intercept and slope, ML.
model sleepstudy_quad_ml {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + I(Days^2) + (Days | Subject)

  fit ml
}
