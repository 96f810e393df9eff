# Natural spline in time with 3 degrees of freedom, random intercept, REML.
model sleepstudy_ns_reml {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = ns(Days, 3) + (1 | Subject)

  fit reml
}
