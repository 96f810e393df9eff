# Likelihood ratio tests of the random part, model 2 of 0 to 2: correlated intercept and slope, ML.
model lrt_sleepstudy_2 {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  fit ml
}
