# Likelihood ratio tests of the random part, model 0 of 0 to 2: random intercept, ML.
model lrt_sleepstudy_0 {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (1 | Subject)

  fit ml
}
