# Prior weights: residual variance sigma^2 / w, random intercept and slope, REML.
model sleepstudy_weights_reml {
  data "../data/sleepstudy_wt.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  weights w
  fit reml
}
