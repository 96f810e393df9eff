# Likelihood ratio tests of the random part, model 1 of 0 to 2: intercept and slope without correlation, ML.
model lrt_sleepstudy_1 {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days || Subject)

  fit ml
}
